"""A transcript as the story's readers see it: sentences as words, each with its place and its labels."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc

from pipeline.extract.pieces import Pieces
from pipeline.extract.sentences import Sentence
from pipeline.records import Statement

Tagger = Callable[[Doc], Doc]
"""What marks the names in a parsed doc: the English model's ``ner``."""
WORD = re.compile(r"[^\W_][\w’'&+-]*[\w+]|[^\W_]|[^\w\s]")
STOPS = frozenset('.!?;:"“”()…')


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark; ``start`` and ``end`` are code points of the sentence."""

    text: str
    start: int
    end: int

    @property
    def plain(self) -> str:
        """Lower case, straight apostrophe, without a possessive ending."""
        word = self.text.lower().replace("’", "'")
        return word[:-2] if word.endswith("'s") else word


@dataclass(frozen=True)
class Line:
    """One sentence; ``start`` is its offset in the turn."""

    turn_index: int
    speaker: str
    asks: bool
    """Whether an interviewer or a third voice says it."""
    start: int
    text: str
    labels: frozenset[str] = frozenset()
    entities: tuple[tuple[int, int, str], ...] = ()
    """(start, end, kind) of persons, places and other names as the English model sees them."""
    pieces: Pieces | None = None
    """What the dialogue reader says of its words."""

    def kind_at(self, start: int, end: int) -> str:
        """The kind of the entity that covers a stretch of the sentence; empty where there is none."""
        return next((kind for a, b, kind in self.entities if a <= start < b or start <= a < end), "")

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words and marks."""
        return tuple(Token(m.group(), m.start(), m.end()) for m in WORD.finditer(self.text))

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """Its words in plain form."""
        return tuple(token.plain for token in self.tokens)


def is_cased(lines: Sequence[Line]) -> bool:
    """Whether capitals can be trusted: raw speech-to-text has none, or nearly none."""
    words = [t.text for line in lines for t in line.tokens[1:] if t.text[0].isalpha()]
    capitals = sum(word[0].isupper() and word.split("'")[0] != "I" for word in words)
    return capitals > 0.008 * max(len(words), 1)


def lines_of(
    dialogue: Sequence[Sentence],
    statements: Sequence[Statement],
    ner: Tagger | None = None,
    pieces: Sequence[Pieces] = (),
) -> list[Line]:
    """The sentences of a dialogue with the labels of the statements that cover them, and their names by ``ner``.

    ``pieces`` is what the reader says of the words, one for each sentence, or nothing.
    """
    spans: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for s in statements:
        if not s.needs_review:
            spans[s.turn_index].append((s.char_start, s.char_end, s.label))
    seen = _entities(dialogue, ner) if ner is not None else {}
    return [
        Line(
            one.turn_index,
            one.speaker,
            one.role != "participant",
            one.start,
            one.text,
            frozenset(label for a, b, label in spans[one.turn_index] if a <= one.start and one.end <= b),
            seen.get(number, ()),
            pieces[number] if pieces else None,
        )
        for number, one in enumerate(dialogue)
    ]


def _entities(dialogue: Sequence[Sentence], ner: Tagger) -> dict[int, tuple[tuple[int, int, str], ...]]:
    """Per sentence the names in it; docs without a capital inside a sentence are not looked at."""
    found = {}
    looked: dict[int, Doc] = {}
    for number, one in enumerate(dialogue):
        span = one.span
        if span is None or not any(token.text[0].isupper() and token.text[0] != "I" for token in span[1:]):
            continue
        doc = looked.setdefault(id(span.doc), span.doc)
        if not doc.ents and not doc.has_annotation("ENT_IOB"):
            ner(doc)
        start = doc.text.index(one.text, span.start_char)
        inside = [e for e in doc.ents if span.start <= e.start < span.end]
        found[number] = tuple((e.start_char - start, e.end_char - start, e.label_) for e in inside)
    return found
