"""Podcasting 2.0 transcripts: segments with speaker, startTime, endTime and body."""

from __future__ import annotations

from pipeline.ingest.clock import of_seconds
from pipeline.ingest.content import Content
from pipeline.ingest.dialects import captions
from pipeline.ingest.dialects.speech.words import first, rows, speech_draft, table, text_of
from pipeline.ingest.draft import Cue, Draft


def detect(content: Content) -> bool:
    """Whether segments have a body."""
    return "body" in first(table(content.document).get("segments"))


def read(content: Content) -> list[Draft]:
    """The interview of the segments; one without a speaker goes on with the one before."""
    cues = [
        Cue(
            text_of(entry.get("speaker")).strip() or None,
            text_of(entry.get("body")),
            of_seconds(entry.get("startTime")),
            of_seconds(entry.get("endTime")),
        )
        for entry in rows(table(content.document).get("segments"))
    ]
    if not any(cue.speaker for cue in cues):
        return [captions.label_cues("podcast", cues)]
    return [speech_draft("podcast", cues)]
