"""AssemblyAI: utterances, else words, in milliseconds."""

from __future__ import annotations

from typing import Any

from pipeline.ingest.clock import of_milliseconds, of_seconds
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
from pipeline.ingest.draft import Cue, Draft


def detect(content: Content) -> bool:
    """Whether the document is an AssemblyAI transcript: words or utterances beside its own keys."""
    document = table(content.document)
    own = {
        "audio_url",
        "acoustic_model",
        "language_model",
        "audio_duration",
        "speech_model",
        "speaker_labels",
    }
    return bool(own & document.keys()) and (
        "utterances" in document or "text" in first(document.get("words"))
    )


def read(content: Content) -> list[Draft]:
    """The interview of the utterances."""
    document = table(content.document)
    cues = [
        Cue(
            _speaker(entry),
            text_of(entry.get("text")),
            of_milliseconds(entry.get("start")),
            of_milliseconds(entry.get("end")),
        )
        for entry in rows(document.get("utterances"))
    ] or cues_of_words(
        Word(
            _speaker(word),
            text_of(word.get("text")),
            of_milliseconds(word.get("start")),
            of_milliseconds(word.get("end")),
        )
        for word in rows(document.get("words"))
    )
    told(cues, "transcribe with speaker_labels on")
    duration = of_seconds(document.get("audio_duration"))
    return [speech_draft("assemblyai", cues, duration_ms=duration, language=document.get("language_code"))]


def _speaker(entry: dict[str, Any]) -> str | None:
    channel = numbered(entry.get("channel"), "Channel ")
    return numbered(entry.get("speaker")) or channel
