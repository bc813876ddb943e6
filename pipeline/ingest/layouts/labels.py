"""``Name: text``: a label with a colon opens the turn, plain or bold, with or without a stamp."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.ingest.clock import STAMP
from pipeline.ingest.layouts.belief import Candidate, believed
from pipeline.ingest.layouts.header import Header
from pipeline.ingest.layouts.marks import Mark, clock_times

_REACH = 110
"""Characters of a line in which a label's colon must stand."""

_CLOCK = rf"\\?[\[({{#]?\\?{STAMP}(?:-\d{{1,3}}(?=#)|\s*(?:-->|->|-|–|to)\s*{STAMP})?\\?[\])}}#]?"
_LABEL = re.compile(
    rf"[\s>*_#•|-]*?(?:\d{{1,5}}[.)]?[ \t]+(?=[^\W\d]))?"
    rf"(?:(?P<before>{_CLOCK})[\s|,–-]*)?(?P<bold>\*\*|__)?[\[<]?"
    rf"(?P<name>[^\W_][^\n:*\[\]{{}}<>?!;\"“”|=]{{0,60}}?)[\]>]?"
    rf"[ \t]*(?P<inner>{_CLOCK})?[ \t]*(?P<shut>\*\*|__)?[ \t]*[:：](?!//|(?<=\d:)\d)"
    rf"(?:[ \t]*(?P=name)[:：])?(?P<bold2>\*\*|__)?"
    rf"(?P<gap>[ \t]*)(?:(?P<after>{_CLOCK})(?=\s|\*|$)[\s-]*)?"
)


def find(lines: Sequence[str], header: Header) -> list[Mark]:
    """The marks of a labelled text; none where no labels are believable."""
    candidates = _candidates(lines)
    names = believed(candidates, lines, header)
    marks = []
    for one in candidates:
        if one.name in names:
            marks.append(Mark(one.line, one.name, *clock_times(one.stamp), one.column))
    return marks


def _candidates(lines: Sequence[str]) -> list[Candidate]:
    found = []
    blank = True
    for place, line in enumerate(lines):
        head = line[:_REACH]
        if ":" in head or "：" in head:
            match = _LABEL.match(head)
            if match:
                found.append(_candidate(place, match, line, blank=blank))
        blank = not line or line.isspace()
    return found


def _candidate(place: int, match: re.Match[str], line: str, *, blank: bool) -> Candidate:
    column = match.end()
    return Candidate(
        place,
        " ".join(match["name"].split()),
        column,
        match["before"] or match["inner"] or match["after"],
        bool(match["bold"] and (match["shut"] or match["bold2"])),
        column >= len(line) or bool(match["gap"]) or bool(match["bold2"]),
        blank,
        line[column : column + 1].islower(),
    )
