"""Whisper and its kin: OpenAI, WhisperX, whisper-timestamped, faster-whisper, whisper.cpp."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.ingest.clock import of_milliseconds, of_seconds
from pipeline.ingest.content import Content
from pipeline.ingest.dialects import captions
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

_TOLD, _SLOWEST = 10, 0.05
"""Words from which the pace is told, and words per second below which it is none."""
_REMEDY = "diarize it (WhisperX, for one), or export with speaker labels"


def detect(content: Content) -> bool:
    """Whether the document has segments with text and times in seconds, or whisper.cpp's transcription."""
    segment = first(_segments(content.document))
    if {"text", "start", "end"} <= segment.keys():
        clock = isinstance(segment["start"], str) and ":" in segment["start"]
        return not clock and not _is_slow(list(rows(_segments(content.document))))
    return {"offsets", "text"} <= first(table(content.document).get("transcription")).keys()


def read(content: Content) -> list[Draft]:
    """The interview of the segments: by word where words tell the speaker."""
    document = content.document
    holder = table(document)
    segments = list(rows(_segments(document)))
    if not segments:
        cues = [_offset_cue(entry) for entry in rows(holder.get("transcription"))]
    else:
        cues = [cue for segment in segments for cue in _cues(segment)]
    if any(cue.text.strip() for cue in cues) and not any(cue.speaker for cue in cues):
        return [
            captions.label_cues("whisper", [cue._replace(text=cue.text.strip()) for cue in cues], _REMEDY)
        ]
    language = holder.get("language") or table(holder.get("result")).get("language")
    duration = of_seconds(holder.get("duration"))
    return [speech_draft("whisper", told(cues, _REMEDY), duration_ms=duration, language=language)]


def _is_slow(segments: list[dict[str, Any]]) -> bool:
    """Whether nobody speaks so slowly: the times are in another unit than seconds, and the tool is another."""
    words = sum(len(text_of(segment.get("text")).split()) for segment in segments)
    ends = [end for segment in segments if (end := of_seconds(segment.get("end"))) is not None]
    return words >= _TOLD and bool(ends) and words < _SLOWEST * max(ends) / 1000


def _segments(document: Any) -> Any:
    return document if isinstance(document, list) else table(document).get("segments")


def _cues(segment: dict[str, Any]) -> list[Cue]:
    speaker = numbered(segment.get("speaker"))
    words = list(rows(segment.get("words")))
    if any(word.get("speaker") is not None for word in words):
        return cues_of_words(_words(words, speaker))
    start, end = of_seconds(segment.get("start")), of_seconds(segment.get("end"))
    return [Cue(speaker, text_of(segment.get("text")).strip(), start, end)]


def _words(words: list[dict[str, Any]], speaker: str | None) -> Iterator[Word]:
    """The segment's words; one that alignment left without a speaker goes with the word before it."""
    for word in words:
        text = (text_of(word.get("word")) or text_of(word.get("text"))).strip()
        speaker = numbered(word.get("speaker")) or speaker
        yield Word(speaker, text, of_seconds(word.get("start")), of_seconds(word.get("end")))


def _offset_cue(entry: dict[str, Any]) -> Cue:
    offsets = table(entry.get("offsets"))
    return Cue(
        numbered(entry.get("speaker")),
        text_of(entry.get("text")).strip(),
        of_milliseconds(offsets.get("from")),
        of_milliseconds(offsets.get("to")),
    )
