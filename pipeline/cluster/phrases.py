"""The phrases of a text that can name a theme: what is done, and what it is done to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
VAGUE = frozenset(WORDS["vague"].split())
LIGHT = frozenset(WORDS["light"].split())
NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "NORP", "WORK_OF_ART", "EVENT"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase by its lemmas, as it can be shown, and whether it says what is done."""

    key: str
    shown: str
    is_action: bool


def phrases(nlp: Language, texts: Sequence[str]) -> list[list[Phrase]]:
    """The distinct phrases of each text, in order of appearance; personal and product names are left out."""
    return [_distinct(_of_doc(doc)) for doc in nlp.pipe(texts, batch_size=64)]


def _of_doc(doc: Doc) -> Iterator[Phrase]:
    named = {token.i for entity in doc.ents if entity.label_ in NAMES for token in entity}
    for chunk in doc.noun_chunks:
        tokens = [token for token in chunk if _telling(token, named)]
        if tokens and tokens[-1].i == chunk.root.i:
            yield from _things(tokens)
    for token in doc:
        if token.pos_ == "VERB" and token.i not in named:
            yield from _actions(token, named)


def _things(tokens: Sequence[Token]) -> Iterator[Phrase]:
    head = tokens[-1]
    if head.lemma_.lower() in VAGUE:
        return
    yield Phrase(head.lemma_.lower(), head.lemma_.lower(), is_action=False)
    if len(tokens) > 1:
        pair = tokens[-2:]
        key = " ".join(token.lemma_.lower() for token in pair)
        yield Phrase(key, f"{pair[0].lower_} {head.lemma_.lower()}", is_action=False)


def _actions(verb: Token, named: set[int]) -> Iterator[Phrase]:
    lemma = verb.lemma_.lower()
    particle = next((child.lower_ for child in verb.children if child.dep_ == "prt"), "")
    said = f"{lemma} {particle}".strip()
    if lemma not in LIGHT and lemma.isalpha() and len(lemma) > 2:
        yield Phrase(said, said, is_action=True)
    for child in verb.children:
        if child.dep_ == "dobj" and _telling(child, named) and child.lemma_.lower() not in VAGUE:
            key = f"{said} {child.lemma_.lower()}"
            yield Phrase(key, key, is_action=True)


def _telling(token: Token, named: set[int]) -> bool:
    return (
        token.pos_ in ("NOUN", "ADJ")
        and token.i not in named
        and token.is_alpha
        and len(token) > 2
        and not token.is_stop
    )


def _distinct(found: Iterable[Phrase]) -> list[Phrase]:
    return list({phrase.key: phrase for phrase in found}.values())
