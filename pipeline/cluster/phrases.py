"""The phrases of a text that can name a theme: things, and what is done to them, as people say it.

Names of people, places and products are left out: what the tagger finds, and every word that the texts write
with a capital where no sentence starts.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

WORDS = {
    kind: frozenset(words.split())
    for kind, words in tomllib.loads(
        Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
    ).items()
}
NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "NORP", "WORK_OF_ART", "EVENT"})
BEFORE = frozenset({"det", "poss", "amod", "compound", "nummod"})
"""What may stand between a verb and its object in a title."""
PLAIN_DETERMINERS = frozenset({"a", "an", "the", "no", "any", "every"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase by its lemmas, as people say it, and whether it can stand in a title.

    Whole is a thing, or a deed with what it is done to; a verb alone is half a phrase.
    """

    key: str
    shown: str
    is_whole: bool = True


def phrases(nlp: Language, texts: Sequence[str]) -> list[list[Phrase]]:
    """The distinct phrases of each text, in order of appearance, without names."""
    docs = list(nlp.pipe(texts, batch_size=64))
    capital = _written_with_a_capital(docs)
    return [_distinct(_of_doc(doc, _names(doc, capital))) for doc in docs]


def _written_with_a_capital(docs: Iterable[Doc]) -> frozenset[str]:
    """Words that stand with a capital within sentences more often than without."""
    seen: Counter[str] = Counter()
    for doc in docs:
        for token in doc:
            if token.is_alpha and not token.is_sent_start:
                seen[token.lower_] += 1 if token.text[0].isupper() else -1
    return frozenset(word for word, surplus in seen.items() if surplus > 0)


def _names(doc: Doc, capital: frozenset[str]) -> frozenset[int]:
    named = {token.i for entity in doc.ents if entity.label_ in NAMES for token in entity}
    return frozenset(named | {token.i for token in doc if token.lower_ in capital or token.pos_ == "PROPN"})


def _of_doc(doc: Doc, named: frozenset[int]) -> Iterator[Phrase]:
    for chunk in doc.noun_chunks:
        yield from _things(chunk.root, named)
    for token in doc:
        if token.pos_ == "VERB" and token.i not in named:
            yield from _deeds(token, named)


def _things(head: Token, named: frozenset[int]) -> Iterator[Phrase]:
    """The noun, and the noun with the word right before it where that tells what kind it is."""
    if not _telling(head, named) or head.pos_ != "NOUN":
        return
    if head.lemma_.lower() not in WORDS["vague"]:
        yield Phrase(head.lemma_.lower(), head.lower_)
    kind = head.nbor(-1) if head.i else head
    if kind.head == head and kind.dep_ in ("amod", "compound") and _telling(kind, named):
        if kind.lemma_.lower() in WORDS["plain"] or head.lemma_.lower() in WORDS["empty_things"]:
            return
        yield Phrase(f"{kind.lemma_.lower()} {head.lemma_.lower()}", f"{kind.lower_} {head.lower_}")


def _deeds(verb: Token, named: frozenset[int]) -> Iterator[Phrase]:
    lemma = verb.lemma_.lower()
    if not lemma.isalpha():
        return
    particle = next((child.lower_ for child in verb.children if child.dep_ == "prt"), "")
    said = f"{lemma} {particle}".strip()
    if lemma not in WORDS["light"] and len(lemma) > 2:
        yield Phrase(said, said, is_whole=False)
    if lemma in WORDS["empty"] and not particle:
        return
    for child in verb.children:
        if child.dep_ == "dobj" and child.pos_ == "NOUN" and _telling(child, named):
            if child.lemma_.lower() in WORDS["vague"]:
                continue
            yield Phrase(f"{said} {child.lemma_.lower()}", f"{said} {_object(child, named)}")


def _object(noun: Token, named: frozenset[int]) -> str:
    """The object as said, with its article and one word of kind: ``the record cards``; whose it is left out."""
    before = []
    for token in noun.lefts:
        if token.dep_ not in BEFORE or token.i in named:
            continue
        if token.dep_ in ("det", "poss"):
            before.append(token.lower_ if token.lower_ in PLAIN_DETERMINERS else "the")
        elif token.i == noun.i - 1 and _telling(token, named) and token.lemma_.lower() not in WORDS["plain"]:
            before.append(token.lower_)
    if before[-1:] in (["a"], ["an"]):
        before[-1] = "an" if noun.lower_[0] in "aeiou" else "a"
    return " ".join([*before, noun.lower_])


def _telling(token: Token, named: frozenset[int]) -> bool:
    return (
        token.pos_ in ("NOUN", "ADJ")
        and token.i not in named
        and token.is_alpha
        and len(token) > 2
        and not token.is_stop
    )


def _distinct(found: Iterable[Phrase]) -> list[Phrase]:
    return list({phrase.key: phrase for phrase in found}.values())
