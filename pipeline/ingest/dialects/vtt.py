"""WebVTT captions, under whatever file ending."""

from __future__ import annotations

from pipeline.ingest.content import Content
from pipeline.ingest.dialects.captions import drafted, parse
from pipeline.ingest.draft import Draft


def detect(content: Content) -> bool:
    """Whether the file begins with the WEBVTT signature."""
    start = content.data[:128].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\xfe\xff \t\r\n")
    return start.startswith(b"WEBVTT")


def read(content: Content) -> list[Draft]:
    """The interview of a caption file."""
    return [drafted("vtt", parse(content.text))]
