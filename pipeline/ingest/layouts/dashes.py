"""``I - text``: a short label and a dash (or a full stop after Q and A, or a tab) opens the turn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.ingest.layouts.header import Header
from pipeline.ingest.layouts.labels import name_shaped
from pipeline.ingest.layouts.marks import Mark
from pipeline.ingest.lexicon import NOT_NAMES, fold, is_generic, role_word

_DASHED = re.compile(
    r"\s*(?:\*\*|__)?([^\W_][\w .'’()/-]{0,30}?)(?:\*\*|__)?(?:\s+[-–—]+\s+|\s*[–—]\s*|\t+)(?=\S)"
)
_DOTTED = re.compile(r"\s*([QA])(?:\.|\))\s+(?=\S)")
_COVERAGE = 0.5
"""Share of the paragraphs that must open with a label before a dash is believed."""


def find(lines: Sequence[str], header: Header) -> list[Mark]:
    """The marks of a text with dashed labels; none where they are too few to be labels."""
    for pattern in (_DASHED, _DOTTED):
        found = [(place, match) for place, line in enumerate(lines) if (match := pattern.match(line[:60]))]
        counts = Counter(match.group(1) for _, match in found)
        names = {name for name, count in counts.items() if _is_sure(name, count, header)}
        marks = [
            Mark(place, " ".join(match.group(1).split()), None, None, match.end())
            for place, match in found
            if match.group(1) in names
        ]
        if len(names) > 1 and _covers(marks, lines):
            return marks
    return []


def _is_sure(name: str, count: int, header: Header) -> bool:
    if fold(name) in header.names or name in header.roles:
        return True
    if fold(name) in NOT_NAMES:
        return False
    return (
        count > 1
        and (role_word(name) is not None or is_generic(name) or name_shaped(name))
        and len(name.split()) < 4
    )


def _covers(marks: list[Mark], lines: Sequence[str]) -> bool:
    opening = sum(
        bool(lines[place].strip()) and (place == 0 or not lines[place - 1].strip())
        for place in range(len(lines))
    )
    return len(marks) >= _COVERAGE * max(1, opening)
