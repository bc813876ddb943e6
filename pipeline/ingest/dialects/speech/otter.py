"""Otter's JSON: transcripts with offsets in samples of 16 kHz."""

from __future__ import annotations

from typing import Any

from pipeline.ingest.clock import of_milliseconds
from pipeline.ingest.content import Content
from pipeline.ingest.dialects.speech.words import first, numbered, rows, speech_draft, table, text_of, told
from pipeline.ingest.draft import Cue, Draft

_SAMPLES_PER_MS = 16


def detect(content: Content) -> bool:
    """Whether transcripts have Otter's offsets."""
    return {"transcript", "start_offset"} <= first(_speech(content).get("transcripts")).keys()


def read(content: Content) -> list[Draft]:
    """The interview of the transcripts."""
    speech = _speech(content)
    names = {
        text_of(entry.get("id")): text_of(entry.get("speaker_name")) for entry in rows(speech.get("speakers"))
    }
    cues = [
        Cue(
            _name(entry, names),
            text_of(entry.get("transcript")),
            of_milliseconds(entry.get("start_offset"), _SAMPLES_PER_MS),
            of_milliseconds(entry.get("end_offset"), _SAMPLES_PER_MS),
        )
        for entry in rows(speech.get("transcripts"))
    ]
    return [speech_draft("otter", told(cues, "tag the speakers in Otter"))]


def _speech(content: Content) -> dict[str, Any]:
    document = table(content.document)
    return table(document.get("speech")) or document


def _name(entry: dict[str, Any], names: dict[str, str]) -> str | None:
    given = text_of(entry.get("speaker_name")) or text_of(table(entry.get("speaker")).get("speaker_name"))
    known = given or names.get(text_of(entry.get("speaker_id")))
    return known or numbered(entry.get("label")) or numbered(entry.get("speaker_model_label"))
