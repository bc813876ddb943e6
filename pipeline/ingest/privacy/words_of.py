"""A text as words that can be names: where they stand, how they are written, what they can be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.ingest.privacy.lexicon import Kind, Lexicon, fold

Shape = Literal["lower", "title", "upper"]

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s$|['’]$", re.I)
_OPENING = re.compile(r"(?:^|[.!?…:\n]|--|\.\.)[\s\"'“”‘(\[-]*$")
_SHORTENED = frozenset("mr mrs ms dr prof rev st sgt capt lt col gen jr sr messrs drs mt".split())
_CONTRACTED = frozenset(
    "it's that's this's he's she's what's who's there's here's let's name's where's how's when's why's one's".split()
)
"""A small word and ``is``: nobody's possession."""
_EYE = frozenset({"i", "i'm", "i've", "i'll", "i'd"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text; offsets are code points, without a possessive 's."""

    start: int
    end: int
    text: str
    folded: str
    full: str
    """Folded with its possessive 's, apostrophes left out: what product names are compared with."""
    gap: str
    """The text between the word before and this one."""
    shape: Shape
    kind: Kind
    opens: bool
    """Whether it begins a sentence, where a capital says nothing."""
    owns: bool
    """Whether a possessive 's follows."""

    @property
    def is_initial(self) -> bool:
        """Whether it is one capital letter."""
        return len(self.text) == 1 and self.shape == "upper"


def words_of(text: str, lexicon: Lexicon) -> list[Word]:
    """The words of a text, in order."""
    found: list[Word] = []
    last = 0
    for match in _WORD.finditer(text):
        raw = match.group()
        bare = raw if fold(raw) in _CONTRACTED else _POSSESSIVE.sub("", raw)
        owns = len(bare) < len(raw)
        gap = text[last : match.start()]
        folded = fold(bare)
        opens = bool(_OPENING.search(text[max(0, match.start() - 6) : match.start()])) and not _goes_on(
            gap, found
        )
        found.append(
            Word(
                match.start(), match.start() + len(bare), bare, folded, fold(raw).replace("'", ""), gap,
                _shape(bare), lexicon.kind(folded), opens or last == 0, owns,
            )
        )  # fmt: skip
        last = match.end()
    return found


def _goes_on(gap: str, before: Sequence[Word]) -> bool:
    """Whether a full stop only ends a title or an initial."""
    return (
        bool(before) and gap.strip(" ") == "." and (before[-1].is_initial or before[-1].folded in _SHORTENED)
    )


def _shape(word: str) -> Shape:
    if not word[0].isupper():
        return "lower"
    return "upper" if word.isupper() else "title"


def is_uncased(words: Sequence[Word]) -> bool:
    """Whether a text is written without capitals (but for I), as some recognisers write."""
    return not any(word.shape != "lower" and word.folded not in _EYE for word in words)


def is_shouted(words: Sequence[Word]) -> bool:
    """Whether a text is written in capitals alone, as some captions are."""
    long = [word for word in words if len(word.text) > 1]
    return len(long) > 2 and all(word.shape == "upper" for word in long)


def capitalised(text: str, words: Sequence[Word]) -> str:
    """The text in the same length with a capital on every word that may be a name, for a tagger that goes by them."""
    chars = list(text.lower()) if len(text.lower()) == len(text) else list(text)
    for word in words:
        first = chars[word.start].upper()
        if len(first) == 1 and (
            word.opens
            or word.folded in _EYE
            or not word.kind & Kind.COMMON
            or word.kind & (Kind.GIVEN | Kind.SURNAME)
        ):
            chars[word.start] = first
    return "".join(chars)
