"""Plain text and markdown: the layouts of ``pipeline.ingest.layouts``."""

from __future__ import annotations

from pipeline.errors import RejectedInput
from pipeline.ingest.content import Content
from pipeline.ingest.draft import Draft
from pipeline.ingest.layouts import read_text


def detect(content: Content) -> bool:
    """Whether the file is text at all; it is tried last."""
    return bool(content.text.strip())


def read(content: Content) -> list[Draft]:
    """The interviews of a text.

    Raises:
        RejectedInput: ``no_speakers``, ``no_text``; ``unknown_format`` for JSON that no other dialect knew.
    """
    if content.document is not None:
        raise RejectedInput("unknown_format", "JSON, but of no transcript that is known")
    return read_text(content.text)
