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
_PREAMBLE_WORDS = 40
"""Words above the first mark that are taken for a title or a note without a warning."""


class Mark(NamedTuple):
    """Where a speaker begins: the line, the name, the times told, and where in the line the talk begins."""

    line: int
    name: str
    start_ms: int | None = None
    end_ms: int | None = None
    column: int | None = None
    """Where the talk begins in the mark's own line; None: in the line after."""


def cut(lines: Sequence[str], marks: Sequence[Mark]) -> Draft:
    """The draft of the talk between the marks; what stands above the first one is dropped and counted."""
    n_before = sum(len(line.split()) for line in lines[: marks[0].line])
    warnings = (
        [f"{n_before} words above the first speaker are not read"] if n_before > _PREAMBLE_WORDS else []
    )
    cues = []
    for place, mark in enumerate(marks):
        until = marks[place + 1].line if place + 1 < len(marks) else len(lines)
        own = () if mark.column is None else (lines[mark.line][mark.column :],)
        text = "\n".join((*own, *lines[mark.line + 1 : until])) if until > mark.line + 1 else "".join(own)
        cues.append(Cue(mark.name, text, mark.start_ms, mark.end_ms))
    return Draft("", _stamped([cue._replace(text=plain(cue.text)) for cue in cues]), warnings=warnings)


def plain(text: str) -> str:
    """Markdown written out: escapes resolved, links and bold reduced to their words."""
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


def _stamped(cues: list[Cue]) -> list[Cue]:
    """Cues with the times that stand in their text: ``[12:21]`` at the front, ``#00:01:22-6#`` anywhere."""
    if any("#" in cue.text for cue in cues):
        cues = _hash_stamped(cues)
    timed = []
    for cue in cues:
        found = _STAMP_FIRST.match(cue.text) if cue.start_ms is None else None
        timed.append(
            cue._replace(text=cue.text[found.end() :], start_ms=milliseconds(found.group(1)))
            if found
            else cue
        )
    return timed


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
