"""``I - text``: a short label and a dash (or a full stop after Q and A, or a tab) opens the turn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.ingest.clock import STAMP
from pipeline.ingest.layouts.belief import name_shaped
from pipeline.ingest.layouts.header import Header
from pipeline.ingest.layouts.marks import Mark, clock_times
from pipeline.ingest.lexicon import NOT_NAMES, fold, is_generic, role_word

_REACH = 110
_CLOCK = rf"[\[(]?{STAMP}(?:\s*(?:-->|->|-|–|to)\s*{STAMP}|\s?[AaPp][Mm]\b)?[\])]?"
_DASHED = re.compile(
    r"\s*(?:\*\*|__)?([^\W_][\w .'’()/-]{0,30}?)(?:\*\*|__)?(?:\s+[-–—]+\s+|\s*[–—]\s*|\t+)(?=\S)"
)
_DOTTED = re.compile(r"\s*([QA])(?:\d{1,3})?(?:\.|\))\s+(?=\S)")
_BRACKETED = re.compile(rf"\s*(?:{_CLOCK}\s*)?[\[<(]([^\W_][\w .'’-]{{0,40}})[\])>]\s+(?=\S)")
_GENERIC = re.compile(rf"\s*{_CLOCK}\s+((?:Speaker|SPEAKER|speaker|S)[ _]?\d{{1,2}})\s+(?=\S)")
_STAMPED = re.compile(rf"\s*([^\W_][\w .'’-]{{0,40}}?)\s+{_CLOCK}\s+(?=\S)")
_COVERAGE = 0.5
"""Share of the paragraphs that must open with a label before a dash is believed."""


def find(lines: Sequence[str], header: Header) -> list[Mark]:
    """The marks of a text with dashed labels; none where they are too few to be labels."""
    for pattern in (_DASHED, _DOTTED, _BRACKETED, _GENERIC, _STAMPED):
        marks = _find(pattern, lines, header)
        if len({mark.name for mark in marks}) > 1 and _covers(marks, lines):
            return marks
    return []


def find_bracketed(lines: Sequence[str], header: Header, opens: Sequence[bool] = ()) -> list[Mark]:
    """The marks of lines in which a name in brackets opens the talk: ``[Dana] It broke.``"""
    marks = _find(_BRACKETED, lines, header)
    return marks if len({mark.name for mark in marks}) > 1 or len(marks) > sum(opens) / 2 else []


def _find(pattern: re.Pattern[str], lines: Sequence[str], header: Header) -> list[Mark]:
    found = [(place, match) for place, line in enumerate(lines) if (match := pattern.match(line[:_REACH]))]
    counts = Counter(match.group(1) for _, match in found)
    names = {name for name, count in counts.items() if _is_sure(name, count, header)}
    return [
        Mark(place, " ".join(match.group(1).split()), *clock_times(match.group()), match.end())
        for place, match in found
        if match.group(1) in names
    ]


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
