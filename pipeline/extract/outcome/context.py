"""When, where and for whom: which words of a clause are its context."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Token

from pipeline.extract.outcome.lexicon import Lexicon
from pipeline.extract.outcome.times import TIMES

OPENING = frozenset({"when", "while", "before", "after", "if", "until", "till", "once", "whenever", "unless"})
TIMED = frozenset(
    {"by", "on", "at", "in", "during", "before", "after", "until", "till", "within", "of", "inside", "for"}
)
CLOCK = frozenset(
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
)


def context_of(heads: Iterable[Token], lexicon: Lexicon) -> list[Token]:
    """Tokens that say when, where or for whom, among what hangs on some heads, in order."""
    found: dict[int, Token] = {}
    for head in heads:
        for child in head.children:
            if _is_context(child, lexicon):
                found |= {t.i: t for t in child.subtree}
    return [found[i] for i in sorted(found)]


def is_time(token: Token, lexicon: Lexicon) -> bool:
    """A stretch or a point of time: ``Friday``, ``half an hour``, ``eight``."""
    if ("unit", token.lemma_.lower()) in lexicon.measures or token.lower_ in TIMES:
        return True
    return token.dep_ == "pobj" and (token.pos_ == "NUM" or token.lower_ in CLOCK)


def _is_context(child: Token, lexicon: Lexicon) -> bool:
    if child.dep_ == "advcl":
        opening = [t.lower_ for t in child.children if t.dep_ in ("mark", "advmod")]
        return any(word in OPENING for word in opening)
    if child.dep_ == "npadvmod":
        return is_time(child, lexicon)
    if child.dep_ == "prep" and child.lower_ in ("from", "to", "through"):
        return _is_stretch(child)
    if child.dep_ in ("prep", "agent") and child.lower_ in TIMED:
        return any(is_time(t, lexicon) for t in child.children if t.dep_ in ("pobj", "pcomp"))
    return False


def _is_stretch(prep: Token) -> bool:
    """Whether it is an end of a stretch of time: ``from Monday``, the "to Thursday" behind it."""
    timed = any(t.lower_ in TIMES for t in prep.children if t.dep_ == "pobj")
    behind = prep.i > 0 and prep.nbor(-1).lower_ in TIMES
    return timed and (behind or prep.lower_ == "from")
