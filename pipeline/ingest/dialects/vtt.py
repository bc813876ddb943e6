"""WebVTT captions, under whatever file ending (Zoom, Teams, Descript, Riverside, YouTube, ...)."""

from __future__ import annotations

from pipeline.ingest.content import Content
from pipeline.ingest.dialects import captions
from pipeline.ingest.dialects.cues import parse
from pipeline.ingest.draft import Draft


def detect(content: Content) -> bool:
    """Whether the file begins with the WEBVTT signature."""
    start = content.data[:128].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"WEBVTT")


def read(content: Content) -> list[Draft]:
    """The interview of a WebVTT file."""
    return [captions.draft("vtt", parse(content.text))]
