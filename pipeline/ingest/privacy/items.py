"""What is found in a text: a kind and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("name", "email", "phone", "card", "number", "address", "link", "term")
"""Everything that is replaced, by the word that stands for it under ``mask``."""


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of a text to replace; offsets are code points."""

    kind: str
    start: int
    end: int


def resolved(items: list[Item]) -> list[Item]:
    """Items in order without overlaps: of two that overlap the longer stands, stretched over both."""
    kept: list[Item] = []
    for item in sorted(items, key=lambda one: (one.start, -one.end)):
        if kept and item.start < kept[-1].end:
            last = kept[-1]
            longer = last if last.end - last.start >= item.end - item.start else item
            kept[-1] = Item(longer.kind, last.start, max(last.end, item.end))
        else:
            kept.append(item)
    return kept
