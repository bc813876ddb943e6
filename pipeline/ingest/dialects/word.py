"""Word documents (docx): paragraphs with labels, or tables with a speaker's column."""

from __future__ import annotations

import io

import docx

from pipeline.ingest.content import Content
from pipeline.ingest.dialects import labels
from pipeline.ingest.draft import Draft


def detect(content: Content) -> bool:
    """Whether the file is a zip that holds a Word document."""
    return content.data.startswith(b"PK\x03\x04") and b"word/" in content.data


def read(content: Content) -> list[Draft]:
    """The interview of the document's paragraphs."""
    document = docx.Document(io.BytesIO(content.data))
    text = "\n\n".join(paragraph.text for paragraph in document.paragraphs)
    drafts = labels.read(Content(content.name, text.encode("utf-8")))
    for draft in drafts:
        draft.format = "docx"
    return drafts
