"""SubRip captions: with comma or dot, with or without numbers and blank lines between."""

from __future__ import annotations

import re

from pipeline.ingest.content import Content
from pipeline.ingest.dialects.captions import drafted, parse
from pipeline.ingest.draft import Draft

_ARROW = re.compile(r"^[ \t]*(?:\d+:)?\d+:\d\d[.,]\d+[ \t]*-->[ \t]*(?:\d+:)?\d+:\d\d[.,]\d+", re.M)


def detect(content: Content) -> bool:
    """Whether a line of the file's beginning is a caption's time line."""
    return b"-->" in content.data[:20_000].replace(b"\x00", b"") and bool(_ARROW.search(content.text, 0, 20_000))


def read(content: Content) -> list[Draft]:
    """The interview of a caption file."""
    return [drafted("srt", parse(content.text))]
