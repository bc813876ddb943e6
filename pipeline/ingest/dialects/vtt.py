"""WebVTT captions, under whatever file ending (Zoom, Teams, Descript, Riverside, YouTube, ...)."""

from __future__ import annotations

import re

from pipeline.ingest.content import Content
from pipeline.ingest.dialects import captions
from pipeline.ingest.dialects.cues import parse
from pipeline.ingest.draft import Draft

_NAMED_ID = re.compile(r'^\d+ "([^"<>\n]{1,100})" \(\d+\)\n([^\n]*-->[^\n]*)\n', re.M)
_PROBE = 2_000


def detect(content: Content) -> bool:
    """Whether the file begins with the WEBVTT signature."""
    start = content.data[:128].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"WEBVTT")


def read(content: Content) -> list[Draft]:
    """The interview of a WebVTT file; where cue ids name the speaker (Webex), by these."""
    text = content.text
    if '" (' in text[:_PROBE]:
        text = _NAMED_ID.sub(r"\2\n<v \1>", text)
    return [captions.draft("vtt", parse(text))]
