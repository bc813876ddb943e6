"""A turn cut into pieces: what a statement covers, what surrounds it, what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WORD = 40
"""Characters within which a space is looked for, so that no word is cut; longer runs are cut anywhere."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a statement lies in a turn's text: code points from ``start`` to ``end``, exclusive."""

    statement_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a turn's text that is covered by the same statements."""

    text: str
    covering: tuple[str, ...] = ()
    """Ids of the statements that cover it, longest first, so that marks can be nested."""
    starting: tuple[str, ...] = ()
    """Ids of the statements that begin here."""
    skipped: int = 0
    """Characters left out before it."""


def pieces(text: str, spans: Sequence[Span], margin: int) -> list[Piece]:
    """The text around the spans, in order, with ``margin`` characters kept on either side of each."""
    cuts = sorted({0, len(text)} | {edge for span in spans for edge in (span.start, span.end)})
    kept = _kept(text, spans, margin)
    found: list[Piece] = []
    skipped = 0
    for left, right in pairwise(cuts):
        covering = sorted((s for s in spans if s.start <= left and right <= s.end), key=_longest_first)
        for start, end in _clipped(left, right, kept):
            found.append(
                Piece(
                    text[start:end],
                    tuple(s.statement_id for s in covering),
                    tuple(s.statement_id for s in covering if s.start == start),
                    skipped=start - skipped,
                )
            )
            skipped = end
    if skipped < len(text):
        found.append(Piece("", skipped=len(text) - skipped))
    return found


def _kept(text: str, spans: Sequence[Span], margin: int) -> list[tuple[int, int]]:
    """Stretches to keep: the spans with their margins, cut at spaces; gaps not worth a cut are kept."""
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda s: s.start):
        start, end = max(0, span.start - margin), min(len(text), span.end + margin)
        if start:
            space = text.find(" ", start - 1, min(start + WORD, span.start))
            start = space + 1 if space >= 0 else start
        if end < len(text):
            space = text.rfind(" ", max(end - WORD, span.end), end + 1)
            end = space if space >= 0 else end
        start = 0 if start < margin // 2 else start
        end = len(text) if len(text) - end < margin // 2 else end
        if kept and start - kept[-1][1] < margin // 2:
            kept[-1] = (kept[-1][0], max(kept[-1][1], end))
        else:
            kept.append((start, end))
    return kept


def _clipped(left: int, right: int, kept: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    overlaps = ((max(left, start), min(right, end)) for start, end in kept)
    return [(start, end) for start, end in overlaps if start < end]


def _longest_first(span: Span) -> tuple[int, int, str]:
    return (span.start - span.end, span.start, span.statement_id)
