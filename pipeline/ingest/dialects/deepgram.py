"""Deepgram JSON: utterances."""

from __future__ import annotations

from pipeline.errors import RejectedInput
from pipeline.ingest.clock import of_seconds
from pipeline.ingest.content import Content
from pipeline.ingest.draft import Cue, Draft


def detect(content: Content) -> bool:
    """Whether the document has Deepgram's results by channel."""
    document = content.document
    return isinstance(document, dict) and isinstance(document.get("results"), dict) and "channels" in document["results"]


def read(content: Content) -> list[Draft]:
    """The interview of the utterances."""
    document = content.document
    cues = [
        Cue(
            f"Speaker {entry['speaker']}" if entry.get("speaker") is not None else None,
            entry["transcript"],
            of_seconds(entry.get("start")),
            of_seconds(entry.get("end")),
        )
        for entry in document["results"].get("utterances") or ()
    ]
    if not any(cue.speaker for cue in cues):
        raise RejectedInput("no_speakers", "the utterances carry no speaker: transcribe with diarization on")
    return [Draft("deepgram", cues, duration_ms=of_seconds(document.get("metadata", {}).get("duration")))]
