"""Several interviews in one file: where each begins."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.ingest.layouts.finding import find_marks
from pipeline.ingest.layouts.header import Header, read_header
from pipeline.ingest.layouts.marks import unread
from pipeline.ingest.lexicon import fold, given_names, is_generic, role_word

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
_MARKDOWN = re.compile(r"(#{1,4})\s+([^\W_].{0,80}?)[\s#]*$")
_PARTS = 500
"""Markdown headings of one level beyond which they are none of interviews."""
_PERSON_ID = re.compile(r"(?:p|pp|pt|r|id|u|participant|respondent|user)[-_ ]?\d{1,4}[a-z]?", re.I)
_OF_PERSON = re.compile(
    r"(?:interview|transcript|participant|respondent|interviewee)\b(?:\s*[:.–—-]|\s+with\b)?\s*(\S.*)", re.I
)
_NAME = re.compile(r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,2}")


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one interview, and what its heading, and the lines above all headings, say of it."""

    lines: Sequence[str]
    metadata: dict[str, str] = field(default_factory=dict)
    above: Header = field(default_factory=Header)
    warnings: tuple[str, ...] = ()


def split_sections(lines: Sequence[str]) -> list[Section]:
    """The interviews of a file: one, unless two headings or more each name an interview or a person.

    Talk above the first heading is an interview of its own; a header there is that of all.
    """
    starts = max(_named(lines), _headed(lines), key=len)
    if len(starts) < 2:
        return [Section(lines)]
    parts = [
        Section(lines[begin + 1 : end], {"title": _title(lines[begin])})
        for begin, end in itertools.pairwise([*starts, len(lines)])
    ]
    parts = [part for part in parts if sum(1 for line in part.lines if line.strip()) > 1]
    return _below(lines[: starts[0]], parts) if parts else [Section(lines)]


def _below(above: Sequence[str], parts: list[Section]) -> list[Section]:
    """The interviews, with what stands above the first heading."""
    if len(_speakers(above)) > 1:
        return [Section(above), *parts]
    header = read_header(above, {})
    told = unread(above[header.n_lines :], "the first interview")
    parts = [replace(part, above=header) for part in parts]
    return [replace(parts[0], warnings=told), *parts[1:]]


def _named(lines: Sequence[str]) -> list[int]:
    """The lines that stand alone and name an interview."""
    return [
        place
        for place, line in enumerate(lines)
        if line and line[0] in _FIRST and len(line) < _HEADING and _opens(line, lines, place)
    ]


def _opens(line: str, lines: Sequence[str], place: int) -> bool:
    """Whether the line stands alone and names an interview."""
    if line.rstrip().endswith(("?", ".", ",", ":")) or not _INTERVIEW.match(line.strip()):
        return False
    return place == 0 or not lines[place - 1].strip() or line.startswith(("#", "=", "-"))


def _headed(lines: Sequence[str]) -> list[int]:
    """The markdown headings of one level under which other people talk each time."""
    levels: dict[int, list[int]] = {}
    for place, line in enumerate(lines):
        if line.startswith("#") and len(line) < _HEADING and (found := _MARKDOWN.match(line)):
            levels.setdefault(len(found[1]), []).append(place)
    for level in sorted(levels):
        if not 1 < len(levels[level]) <= _PARTS:
            continue
        talks = [
            (begin, speakers)
            for begin, end in itertools.pairwise([*levels[level], len(lines)])
            if len(speakers := _speakers(lines[begin + 1 : end])) > 1
        ]
        titles = [_title(lines[begin]) for begin, _ in talks]
        if len(talks) > 1 and _are_interviews(titles, [speakers for _, speakers in talks]):
            return [begin for begin, _ in talks]
    return []


def _speakers(lines: Sequence[str]) -> frozenset[str]:
    """The folded labels of the talk in the lines; none where there is no labelled talk."""
    header = read_header(lines, {})
    _, marks = find_marks(lines[header.n_lines :], header)
    return frozenset(fold(mark.name) for mark in marks)


def _are_interviews(titles: Sequence[str], speakers: Sequence[frozenset[str]]) -> bool:
    """Whether parts are interviews, not topics of one: each has a speaker of its own, or is named for a person.

    Where the same named people talk under all headings, the headings are topics.
    """
    common = frozenset.intersection(*speakers)
    own = [names - common for names in speakers]
    if all(own) and len(frozenset().union(*own)) == sum(map(len, own)):
        return True
    return all(map(_is_person, titles)) and all(any(map(_is_anybody, names)) for names in speakers)


def _is_anybody(label: str) -> bool:
    """Whether the label may stand for another participant in each interview."""
    return is_generic(label) and role_word(label) != "interviewer"


def _is_person(title: str) -> bool:
    """Whether a heading is a person's id or name, or says whose interview it is."""
    if _PERSON_ID.fullmatch(title):
        return True
    if found := _OF_PERSON.fullmatch(title):
        return bool(_NAME.fullmatch(found[1]) or _PERSON_ID.fullmatch(found[1]))
    return bool(_NAME.fullmatch(title)) and title.split()[0].casefold() in given_names()


def _title(line: str) -> str:
    return " ".join(line.strip(" #=*-[]\t").split())
