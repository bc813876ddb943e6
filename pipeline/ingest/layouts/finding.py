"""The layout that explains a text's lines best, and its marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.ingest.layouts import dashes, heads, labels
from pipeline.ingest.layouts.header import Header
from pipeline.ingest.layouts.marks import Mark

LAYOUTS: tuple[tuple[str, Callable[[Sequence[str], Header], list[Mark]]], ...] = (
    ("labels", labels.find),
    ("heads", heads.find),
    ("dashes", dashes.find),
)
_PLENTY = 0.2
"""Marks per line from which no other layout is tried."""


def find_marks(lines: Sequence[str], header: Header) -> tuple[str, list[Mark]]:
    """The name of the layout that explains the lines best, and its marks ('' and none where none does)."""
    best: tuple[str, list[Mark]] = ("", [])
    for name, find in LAYOUTS:
        marks = find(lines, header)
        if len(marks) > max(1, len(best[1])):
            best = (name, marks)
        if len(marks) > _PLENTY * len(lines):
            break
    return best
