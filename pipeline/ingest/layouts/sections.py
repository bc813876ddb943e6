"""Several interviews in one file: where each begins."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_INTERVIEW = re.compile(
    r"(?:#{1,4}\s+|={2,}\s*|-{3,}\s*|\*\*|\[)?\s*"
    r"(?:interview|transcript|participant|respondent|interviewee|session|conversation|call)\b[\s#:.–—-]*"
    r"(?:(?:no\.?|number|id)?[\s#:.–—-]*[a-z]{0,4}[-_]?\d+[a-z]?\b|(?:with|of)\s+\S).{0,80}?"
    r"\s*(?:=*|-*|\*\*|\])\s*$",
    re.I,
)


_FIRST = frozenset("#=-*[ \tITPRSCitprsc")
"""What a heading that names an interview may begin with."""
_HEADING = 140


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one interview, and what its heading says of it."""

    lines: Sequence[str]
    metadata: dict[str, str] = field(default_factory=dict)


def split_sections(lines: Sequence[str]) -> list[Section]:
    """The interviews of a file: one, unless two headings or more each name an interview."""
    starts = [
        place
        for place, line in enumerate(lines)
        if line and line[0] in _FIRST and len(line) < _HEADING and _opens(line, lines, place)
    ]
    if len(starts) < 2:
        return [Section(lines)]
    bounds = [*starts, len(lines)]
    parts = [
        Section(lines[begin + 1 : end], {"title": _title(lines[begin])})
        for begin, end in itertools.pairwise(bounds)
    ]
    return [part for part in parts if sum(1 for line in part.lines if line.strip()) > 1] or [Section(lines)]


def _opens(line: str, lines: Sequence[str], place: int) -> bool:
    """Whether the line stands alone and names an interview."""
    if line.rstrip().endswith(("?", ".", ",", ":")) or not _INTERVIEW.match(line.strip()):
        return False
    return place == 0 or not lines[place - 1].strip() or line.startswith(("#", "=", "-"))


def _title(line: str) -> str:
    return " ".join(line.strip(" #=*-[]\t").split())
