"""Plain text and markdown in which a label opens each turn: ``Name: text``, ``**Name:** text``."""

from __future__ import annotations

import re

from pipeline.errors import RejectedInput
from pipeline.ingest import frontmatter
from pipeline.ingest.clock import STAMP, milliseconds
from pipeline.ingest.content import Content
from pipeline.ingest.draft import Cue, Draft

_STAMP = rf"\\?[\[(#]?\\?{STAMP}\\?[\])#]?"
_LABEL = re.compile(
    rf"^[ \t>]*(?:(?P<before>{_STAMP})[ \t]*)?(?:\*\*|__)?(?P<name>[^\W_][^\n:*_\[\]{{}}<>?!;\"“”]{{0,60}}?)"
    rf"[ \t]*(?:(?P<inner>{_STAMP}))?[ \t]*(?:(?:\*\*|__)?[ \t]*:(?:\*\*|__)?)(?=\s)[ \t]*"
    rf"(?:(?P<after>{_STAMP})[ \t]*)?",
    re.M,
)
_SENTENCE = re.compile(r"[.,] |\.\w|,$")


def detect(content: Content) -> bool:
    """Whether labels open turns."""
    return len(_found(frontmatter.split(content.text)[1])) >= 2


def read(content: Content) -> list[Draft]:
    """The interview of a labelled text."""
    metadata, text = frontmatter.split(content.text)
    marks = _found(text)
    if not marks:
        raise RejectedInput("no_speakers", "no line begins with a speaker's label")
    cues = []
    for place, mark in enumerate(marks):
        until = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        stamp = mark["before"] or mark["inner"] or mark["after"]
        start = milliseconds(stamp.strip("\\[]()#")) if stamp else None
        cues.append(Cue(" ".join(mark["name"].split()), _plain(text[mark.end() : until]), start))
    return [Draft("labels", cues, metadata)]


def _found(text: str) -> list[re.Match[str]]:
    return [mark for mark in _LABEL.finditer(text) if _may_be_name(mark["name"])]


def _may_be_name(name: str) -> bool:
    words = name.split()
    return len(words) <= 5 and (words[0][0].isupper() or len(words) == 1)


def _plain(text: str) -> str:
    if "\\" in text:
        text = re.sub(r"\\([\[\]\\*_#.!-])", r"\1", text)
    if "](" in text:
        text = re.sub(r"\[([^\[\]\n]+)\]\([^()\s]+\)", r"\1", text)
    return text
