"""AWS Transcribe: speaker labels in their old and new forms, channels, audio segments, call analytics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.ingest.clock import of_seconds
from pipeline.ingest.content import Content
from pipeline.ingest.dialects.speech.words import (
    Word,
    cues_of_words,
    first,
    rows,
    speech_draft,
    table,
    text_of,
    told,
)
from pipeline.ingest.draft import Cue, Draft

_REMEDY = "run the job with speaker partitioning or channel identification"


def detect(content: Content) -> bool:
    """Whether the document is the result of a Transcribe job, or of call analytics."""
    document = table(content.document)
    results = table(document.get("results"))
    return ("transcripts" in results and "items" in results) or _is_call(document)


def read(content: Content) -> list[Draft]:
    """The interview of a job's result."""
    document = table(content.document)
    if _is_call(document):
        return [speech_draft("aws", told(_calls(document), _REMEDY), language=document.get("LanguageCode"))]
    results = table(document["results"])
    channels = list(rows(table(results.get("channel_labels")).get("channels")))
    words = _by_channel(channels) if channels else _by_item(results)
    cues = told(cues_of_words(words), _REMEDY)
    return [speech_draft("aws", cues, language=results.get("language_code"))]


def _is_call(document: dict[str, Any]) -> bool:
    return "ParticipantRole" in first(document.get("Transcript"))


def _calls(document: dict[str, Any]) -> list[Cue]:
    return [
        Cue(
            text_of(entry.get("ParticipantRole")).capitalize() or None,
            text_of(entry.get("Content")),
            _whole(entry.get("BeginOffsetMillis")),
            _whole(entry.get("EndOffsetMillis")),
        )
        for entry in rows(document.get("Transcript"))
    ]


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _by_item(results: dict[str, Any]) -> Iterator[Word]:
    speaker_at = _speakers(results)
    for item in rows(results.get("items")):
        begin = text_of(item.get("start_time"))
        label = text_of(item.get("speaker_label")) or speaker_at.get(begin)
        yield _word(item, label)


def _speakers(results: dict[str, Any]) -> dict[str, str]:
    """Who speaks the word that begins at each time (times as written)."""
    return {
        text_of(item.get("start_time")): label
        for segment in rows(table(results.get("speaker_labels")).get("segments"))
        for item in rows(segment.get("items"))
        if (label := text_of(item.get("speaker_label")) or text_of(segment.get("speaker_label")))
    }


def _by_channel(channels: list[dict[str, Any]]) -> list[Word]:
    """The words of all channels by time, each mark kept with the word before it."""
    groups: list[list[Word]] = []
    for number, channel in enumerate(channels):
        label = text_of(channel.get("channel_label")) or f"ch_{number}"
        for item in rows(channel.get("items")):
            word = _word(item, label)
            if word.glued and groups and groups[-1][0].speaker == label:
                groups[-1].append(word)
            else:
                groups.append([word])
    groups.sort(key=lambda group: group[0].start_ms or 0)
    return [word for group in groups for word in group]


def _word(item: dict[str, Any], speaker: str | None) -> Word:
    text = text_of(first(item.get("alternatives")).get("content"))
    mark = item.get("type") == "punctuation"
    return Word(
        speaker or None, text, of_seconds(item.get("start_time")), of_seconds(item.get("end_time")), mark
    )
