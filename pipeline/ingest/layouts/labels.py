"""``Name: text``: a label with a colon opens the turn, plain or bold, with or without a stamp."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.ingest.clock import STAMP
from pipeline.ingest.layouts.belief import Candidate, Label, believed
from pipeline.ingest.layouts.header import Header
from pipeline.ingest.layouts.marks import Mark, clock_times

_REACH = 110
"""Characters of a line in which a label's colon must stand."""

_CLOCK = (
    rf"\\?[\[({{#]?\\?{STAMP}(?:-\d{{1,3}}(?=#)|\s*(?:-->|->|-|–|to)\s*{STAMP}|\s?[AaPp][Mm]\b)?\\?[\])}}#]?"
)
_LABEL = re.compile(
    rf"[\s>*_#•|-]*?(?:\d{{1,5}}[.)]?[ \t]+(?=[^\W\d]))?"
    rf"(?:(?P<before>{_CLOCK})[\s|,–-]*)?(?P<bold>\*\*|__)?[\[<]?"
    rf"(?P<name>[^\W_][^\n:*\[\]{{}}<>?!;\"“”|=]{{0,60}}?)[\]>]?"
    rf"[ \t]*(?P<inner>{_CLOCK})?[ \t]*(?P<shut>\*\*|__|[*_])?[ \t]*[:：](?!//|(?<=\d:)\d)"
    rf"(?:[ \t]*(?P=name)[:：])?(?P<bold2>\*\*|__)?(?:[*_](?=\s|$))?"
    rf"(?P<gap>[ \t]*)(?:(?P<after>{_CLOCK})(?=\s|\*|$)[\s-]*)?"
)

_ALONE = re.compile(rf"\s*{_CLOCK}\s*$")
_COLON = re.compile(r"[:：](?!(?<=\d:)\d)")
"""A colon that is none of a clock reading: without one there is no label."""


def find(lines: Sequence[str], header: Header, opens: Sequence[bool] = ()) -> list[Mark]:
    """The marks of a labelled text; none where no labels are believable.

    Args:
        lines: the text.
        header: who is announced above it.
        opens: whether each line opens a paragraph; told by blank lines where it is not given.
    """
    candidates = _candidates(lines, opens)
    names = believed(candidates, lines, header)
    return [
        Mark(line, label.name, *clock_times(label.stamp or _above(lines, line)), label.column)
        for line, label, _, _ in candidates
        if label.name in names
    ]


def _above(lines: Sequence[str], place: int) -> str | None:
    """The line right above a label, where it is a time alone."""
    line = lines[place - 1] if place else ""
    return (
        line
        if 3 < len(line) < _REACH and line[-2:].strip("])}")[-1:].isdigit() and _ALONE.match(line)
        else None
    )


def _candidates(lines: Sequence[str], opens: Sequence[bool]) -> list[Candidate]:
    """The lines with a label's shape; the shape of a label that comes again is not worked out again."""
    found = []
    known: dict[str, Label | None] = {}
    blank = True
    for place, line in enumerate(lines):
        if not line:
            blank = True
            continue
        colon = line.find(":", 0, _REACH)
        if colon >= 0 or "：" in line[:_REACH]:
            label = _label(line, colon, known)
            if label:
                small = line[label.column : label.column + 1].islower()
                found.append(Candidate(place, label, opens[place] if opens else blank, small))
        blank = line.isspace()
    return found


def _label(line: str, colon: int, known: dict[str, Label | None]) -> Label | None:
    after = line[colon + 1 : colon + 5].lstrip("*")
    if colon < 0 or not (after[:1] == " " and after[1:2].isalpha()):
        return _matched(line)
    key = line[: colon + 5 - len(after) + 1] if after else line
    if key not in known:
        known[key] = _matched(line)
    label = known[key]
    if label and line.startswith(label.name, label.column):
        return _matched(line)
    return label


def _matched(line: str) -> Label | None:
    head = line[:_REACH]
    match = _LABEL.match(head) if _COLON.search(head) else None
    if not match:
        return None
    column = match.end()
    return Label(
        " ".join(match["name"].split()),
        column,
        match["before"] or match["inner"] or match["after"],
        bool(match["bold"] and (match["shut"] or match["bold2"])),
        column >= len(line) or bool(match["gap"]) or bool(match["bold2"]),
    )
