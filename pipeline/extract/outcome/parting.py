"""A compound wish as the single ones that it is made of, each with its own stretch of the sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from pipeline.extract.outcome.draft import Draft, drafted, framed
from pipeline.extract.outcome.frames import find
from pipeline.extract.outcome.grammar import VERBAL, conjuncts
from pipeline.extract.outcome.lexicon import Lexicon
from pipeline.extract.outcome.wishing import wishes

JOINING = frozenset({"and", "but", "or", "then", ",", ";", "plus", "also", "so"})


@dataclass(frozen=True, slots=True)
class Single:
    """One of several wishes of a sentence: its words, and its draft."""

    span: Span
    draft: Draft


def singles(span: Span, lexicon: Lexicon, kind: str | None = None) -> tuple[Single, ...]:
    """The wishes of a sentence that says two; none where it says one, or one is not sound.

    The second may point back to the first by a pronoun, and then says so by its verdict.
    """
    if framed(span, lexicon, kind).verdict != "compound":
        return ()
    found = tuple(_by_wish(span, lexicon, kind)) or tuple(_by_doing(span, lexicon, kind))
    verdicts = tuple(one.draft.verdict for one in found)
    return found if verdicts in (("ok", "ok"), ("ok", "vague_object")) else ()


def _by_wish(span: Span, lexicon: Lexicon, kind: str | None) -> Iterator[Single]:
    """``I want to be warm and I want to pay less``."""
    frames = wishes(span, lexicon)
    starts = [min(t.i for t in (*frame.outer, frame.head)) for frame in frames]
    if len(frames) != 2 or starts[0] >= starts[1]:
        return
    verb = span.doc[starts[1]]
    for part in _cut(span, _opening(verb)):
        yield Single(part, framed(part, lexicon, kind))


def _by_doing(span: Span, lexicon: Lexicon, kind: str | None) -> Iterator[Single]:
    """``I want to find the file and send it before lunch``: the second doing has the first one's frame."""
    frame = find(span, lexicon, kind)
    joined = [t for t in conjuncts(frame.head) if t.pos_ in VERBAL] if frame is not None else []
    if frame is None or len(joined) != 1 or frame.head.pos_ not in VERBAL:
        return
    parts = _cut(span, _opening(joined[0]))
    if len(parts) == 2:
        yield Single(parts[0], drafted(frame, parts[0], lexicon, _words(joined)))
        yield Single(parts[1], drafted(replace(frame, head=joined[0]), parts[1], lexicon, frozenset()))


def _opening(verb: Token) -> int:
    first = [
        c.i for c in verb.children if c.i < verb.i and c.dep_ in ("nsubj", "aux", "neg", "advmod", "auxpass")
    ]
    return min(first, default=verb.i)


def _words(joined: Sequence[Token]) -> frozenset[int]:
    return frozenset(t.i for verb in joined for t in verb.subtree)


def _cut(span: Span, at: int) -> tuple[Span, ...]:
    """The two stretches around a position, without what joins them."""
    end = at
    while end > span.start and span.doc[end - 1].lower_ in JOINING:
        end -= 1
    return (span.doc[span.start : end], span.doc[at : span.end]) if span.start < end else ()
