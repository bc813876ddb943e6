"""Speechmatics: version 1 (words and a list of speakers by time) and version 2 (typed results)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
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

_MARKS = frozenset(".,?!;:…")


def detect(content: Content) -> bool:
    """Whether the document has a job with words and speakers (1), or typed results (2)."""
    document = table(content.document)
    if "job" in document and "duration" in first(document.get("words")):
        return True
    return "alternatives" in (entry := first(document.get("results"))) and "type" in entry


def read(content: Content) -> list[Draft]:
    """The interview of the words."""
    document = table(content.document)
    old = "words" in document
    cues = told(cues_of_words(_old(document) if old else _new(document)), "transcribe with diarization on")
    job = table(document.get("job"))
    config = table(table(document.get("metadata")).get("transcription_config"))
    return [
        speech_draft(
            "speechmatics",
            cues,
            duration_ms=of_seconds(job.get("duration")),
            language=config.get("language") or job.get("lang"),
        )
    ]


def _old(document: dict[str, Any]) -> Iterator[Word]:
    speakers = sorted(
        (begin, name)
        for entry in rows(document.get("speakers"))
        if (begin := of_seconds(entry.get("time"))) is not None and (name := numbered(entry.get("name")))
    )
    begins = [begin for begin, _ in speakers]
    for word in rows(document.get("words")):
        start, length = of_seconds(word.get("time")), of_seconds(word.get("duration"))
        text = text_of(word.get("name"))
        place = bisect_right(begins, start if start is not None else -1) - 1
        speaker = speakers[max(place, 0)][1] if speakers else None
        yield Word(
            speaker, text, start, None if start is None or length is None else start + length, text in _MARKS
        )


def _new(document: dict[str, Any]) -> Iterator[Word]:
    for result in rows(document.get("results")):
        best = first(result.get("alternatives"))
        text = text_of(best.get("content"))
        if result.get("type") not in ("word", "punctuation", "entity", None) or not text:
            continue
        glued = result.get("attaches_to") in ("previous", "both") or (
            result.get("type") == "punctuation" and text in _MARKS
        )
        speaker = numbered(best.get("speaker")) or numbered(result.get("channel"))
        if speaker == "UU":
            speaker = "Unknown (UU)"
        yield Word(
            speaker, text, of_seconds(result.get("start_time")), of_seconds(result.get("end_time")), glued
        )
