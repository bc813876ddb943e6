"""SubRip captions: comma or dot, with or without numbers and blank lines between."""

from __future__ import annotations

from pipeline.ingest.content import Content
from pipeline.ingest.dialects import captions
from pipeline.ingest.dialects.cues import TIME_LINE, parse
from pipeline.ingest.draft import Draft

_PROBE = 4_000
"""Characters in which the first two time lines must stand."""


def detect(content: Content) -> bool:
    """Whether the file's beginning holds captions' time lines."""
    return b"-->" in content.data[:_PROBE].replace(b"\x00", b"") and is_captions(content.text)


def is_captions(text: str) -> bool:
    """Whether most of the arrows at the text's beginning stand in time lines."""
    lines = [line for line in text[:_PROBE].split("\n") if "-->" in line]
    return sum(bool(TIME_LINE.match(line)) for line in lines) > len(lines) / 2


def read(content: Content) -> list[Draft]:
    """The interview of a SubRip file."""
    return [captions.draft("srt", parse(content.text))]
