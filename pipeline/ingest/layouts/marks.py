"""A mark is a line at which a speaker begins; cutting the lines at the marks gives the cues."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.ingest.clock import STAMP, milliseconds
from pipeline.ingest.draft import Cue, Draft

_ESCAPED = re.compile(r"\\([\[\]\\*_#.!()>+-])")
_LINK = re.compile(r"!?\[([^\[\]\n]{1,200})\]\((?:https?://|www\.|/|#|mailto:)[^()\s]{0,500}\)")
_STAMP_FIRST = re.compile(rf"\s*[\[(]({STAMP})[\])][ \t]*")
_HASH_STAMP = re.compile(r"[ \t]*#(\d{1,2}:\d\d:\d\d(?:[-.,]\d{1,3})?)#[ \t]*")
_LOUD = re.compile(r"\*\*(?=\S)([^*\n]{1,2000}?\S)\*\*")
_STARTS = re.compile(STAMP)
_NO_TALK = re.compile(
    rf"^[ \t]*(?:#{{1,6}}[ \t]+[^\n]*|[\[(]?{STAMP}(?:[ \t,–>-]+{STAMP})?[\])]?|"
    r"[-–—\[( \t]*[Pp](?:age|AGE)[ \t]+\d{1,4}(?:[ \t]*(?:of|OF|/)[ \t]*\d{1,4})?[-–—\]) \t]*)[ \t]*$",
    re.M,
)
"""Lines within a turn that nobody says: a markdown heading, a time alone, a page number."""
_NUMBER_LINE = re.compile(r"\n[ \t]*[\[(]?\d|\n[-–—\[( \t]*[Pp](?:age|AGE)[ \t]+\d")
_OF_DAY = re.compile(r"\d[ \t]?[AaPp]\.?[Mm]\b")
_OPENING = ("[", "(")
_PREAMBLE_WORDS = 40
"""Words above the first mark that are taken for a title or a note without a warning."""


class Mark(NamedTuple):
    """Where a speaker begins: the line, the name, the times told, and where in the line the talk begins."""

    line: int
    name: str
    start_ms: int | None = None
    end_ms: int | None = None
    column: int | None = None
    """Where the talk begins in the mark's own line; None: in a line after it."""
    last: int | None = None
    """The last line of a head that takes more than one."""


def cut(lines: Sequence[str], marks: Sequence[Mark]) -> Draft:
    """The draft of the talk between the marks; what stands above the first one is dropped and counted."""
    warnings = list(unread(lines[: marks[0].line], "the first speaker"))
    untils = [mark.line for mark in marks[1:]] + [len(lines)]
    cues = []
    n_silent = 0
    for (line, name, start, end, column, last), until in zip(marks, untils, strict=True):
        after = (line if last is None else last) + 1
        text = "" if column is None else lines[line][column:]
        if until > after:
            text = "\n".join((text, *lines[after:until]))
        text, silent = _spoken(text)
        n_silent += silent
        cues.append(Cue(name, plain(text), start, end))
    if n_silent:
        warnings.append(f"{n_silent} lines that nobody says dropped: times, headings, page numbers")
    return Draft("", _stamped(cues), warnings=warnings)


def unread(lines: Sequence[str], place: str) -> tuple[str, ...]:
    """The warning that the lines above a place are not read, unless they are a mere title or note.

    A question among them may be the interviewer's first one.
    """
    n_words = sum(len(line.split()) for line in lines)
    asks = any(line.rstrip().endswith("?") for line in lines)
    return (f"{n_words} words above {place} are not read",) if asks or n_words > _PREAMBLE_WORDS else ()


def _spoken(text: str) -> tuple[str, int]:
    """The text without the lines that nobody says, and their number."""
    if "\n" in text and ("\n#" in text or _NUMBER_LINE.search(text)):
        return _NO_TALK.subn("", text)
    return text, 0


def plain(text: str) -> str:
    """Running text: escapes resolved, links and bold made words."""
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "**" in text:
        text = _LOUD.sub(r"\1", text)
    return text


def stamp_ms(found: str | None) -> int | None:
    """The milliseconds of a stamp with its brackets, None where there is none."""
    return milliseconds(found.strip("\\[](){}# \t").replace("-", ".")) if found else None


def clock_times(text: str | None) -> tuple[int | None, int | None]:
    """The first two clock readings in a text: when a turn begins and, if told, ends; none for times of day."""
    if not text or _OF_DAY.search(text):
        return None, None
    if "#" in text:
        return stamp_ms(text), None
    found = _STARTS.findall(text)
    return stamp_ms(found[0]) if found else None, stamp_ms(found[1]) if len(found) > 1 else None


def _stamped(cues: list[Cue]) -> list[Cue]:
    """Cues with the times that stand in their text: ``[12:21]`` at the front, ``#00:01:22-6#`` anywhere."""
    if any("#" in cue.text and _HASH_STAMP.search(cue.text) for cue in cues):
        cues = _hash_stamped(cues)
    return [
        _fronted(cue) if cue.start_ms is None and cue.text.lstrip()[:1] in _OPENING else cue for cue in cues
    ]


def _fronted(cue: Cue) -> Cue:
    found = _STAMP_FIRST.match(cue.text)
    return cue._replace(text=cue.text[found.end() :], start_ms=milliseconds(found.group(1))) if found else cue


def _hash_stamped(cues: list[Cue]) -> list[Cue]:
    """f4 and MAXQDA stamps: one that closes a turn is its end and the next one's beginning."""
    result: list[Cue] = []
    before: int | None = None
    for cue in cues:
        stamps = list(_HASH_STAMP.finditer(cue.text))
        if not stamps:
            result.append(
                cue if cue.start_ms is not None or before is None else cue._replace(start_ms=before)
            )
            before = None
            continue
        start, end = cue.start_ms, None
        if not cue.text[: stamps[0].start()].strip():
            start = stamp_ms(stamps[0].group(1)) if start is None else start
        if not cue.text[stamps[-1].end() :].strip() and (
            len(stamps) > 1 or cue.text[: stamps[-1].start()].strip()
        ):
            end = stamp_ms(stamps[-1].group(1))
        result.append(
            Cue(cue.speaker, _HASH_STAMP.sub(" ", cue.text), before if start is None else start, end)
        )
        before = end
    return result
