"""SBV captions (YouTube): begin and end on one line, parted by a comma."""

from __future__ import annotations

import re

from pipeline.ingest.content import Content
from pipeline.ingest.dialects import captions
from pipeline.ingest.dialects.cues import parse
from pipeline.ingest.draft import Draft

_TIMES = re.compile(r"^(\d+:\d\d:\d\d\.\d{3}),(\d+:\d\d:\d\d\.\d{3})[ \t]*$", re.M)


def detect(content: Content) -> bool:
    """Whether the first line that holds anything is a time line."""
    head = content.text[:400].lstrip()
    return bool(_TIMES.match(head.split("\n", 1)[0]))


def read(content: Content) -> list[Draft]:
    """The interview of an SBV file."""
    return [captions.draft("sbv", parse(_TIMES.sub(r"\1 --> \2", content.text)))]
