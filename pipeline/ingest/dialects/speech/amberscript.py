"""Amberscript: segments of words, speakers named in a list."""

from __future__ import annotations

from typing import Any

from pipeline.ingest.clock import of_seconds
from pipeline.ingest.content import Content
from pipeline.ingest.dialects.speech.words import (
    Word,
    cues_of_words,
    first,
    numbered,
    rows,
    speech_draft,
    table,
    text_of,
    told,
)
from pipeline.ingest.draft import Draft


def detect(content: Content) -> bool:
    """Whether segments are lists of words, and speakers have Amberscript's ids."""
    document = table(content.document)
    segment = first(document.get("segments"))
    return "words" in segment and "text" not in segment and ("speakers" in document or "speaker" in segment)


def read(content: Content) -> list[Draft]:
    """The interview of the segments."""
    document = table(content.document)
    names = {
        text_of(entry.get("spkid")): text_of(entry.get("name")) for entry in rows(document.get("speakers"))
    }
    words = [
        Word(
            _name(segment, names),
            text_of(word.get("text")),
            of_seconds(word.get("start")),
            of_seconds(word.get("end")),
        )
        for segment in rows(document.get("segments"))
        for word in rows(segment.get("words"))
    ]
    return [speech_draft("amberscript", told(cues_of_words(words), "export it with speakers"))]


def _name(segment: dict[str, Any], names: dict[str, str]) -> str | None:
    label = text_of(segment.get("speaker"))
    return names.get(label) or numbered(label)
