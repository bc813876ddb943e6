"""AWS Transcribe: speaker labels in their old and new forms, channels, audio segments, call analytics."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from pipeline.ingest.clock import of_milliseconds, of_seconds
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
    if not results["items"] and results.get("audio_segments"):
        return [
            speech_draft(
                "aws", told(_audio_segments(results), _REMEDY), language=results.get("language_code")
            )
        ]
    channels = list(rows(table(results.get("channel_labels")).get("channels")))
    words = _by_channel(channels) if channels else _by_item(results)
    cues = told(cues_of_words(words), _REMEDY)
    return [speech_draft("aws", cues, language=results.get("language_code"))]


def _audio_segments(results: dict[str, Any]) -> list[Cue]:
    return [
        Cue(
            text_of(entry.get("speaker_label")) or text_of(entry.get("channel_label")) or None,
            text_of(entry.get("transcript")),
            of_seconds(entry.get("start_time")),
            of_seconds(entry.get("end_time")),
        )
        for entry in rows(results["audio_segments"])
    ]


def _is_call(document: dict[str, Any]) -> bool:
    return "ParticipantRole" in first(document.get("Transcript"))


def _calls(document: dict[str, Any]) -> list[Cue]:
    return [
        Cue(
            text_of(entry.get("ParticipantRole")).capitalize() or None,
            text_of(entry.get("Content")),
            of_milliseconds(entry.get("BeginOffsetMillis")),
            of_milliseconds(entry.get("EndOffsetMillis")),
        )
        for entry in rows(document.get("Transcript"))
    ]


def _by_item(results: dict[str, Any]) -> Iterator[Word]:
    speaker_at = _speakers(results)
    spans = [] if speaker_at else _spans(results)
    for item in rows(results.get("items")):
        begin = text_of(item.get("start_time"))
        label = (
            text_of(item.get("speaker_label")) or speaker_at.get(begin) or _within(spans, of_seconds(begin))
        )
        yield _word(item, label)


def _speakers(results: dict[str, Any]) -> dict[str, str]:
    """Who speaks the word that begins at each time (times as written)."""
    return {
        text_of(item.get("start_time")): label
        for segment in rows(table(results.get("speaker_labels")).get("segments"))
        for item in rows(segment.get("items"))
        if (label := text_of(item.get("speaker_label")) or text_of(segment.get("speaker_label")))
    }


def _spans(results: dict[str, Any]) -> list[tuple[int, int, str]]:
    """Begin, end and speaker of the segments, for jobs whose segments do not list their words."""
    return [
        (begin, end, text_of(segment.get("speaker_label")))
        for segment in rows(table(results.get("speaker_labels")).get("segments"))
        if (begin := of_seconds(segment.get("start_time"))) is not None
        and (end := of_seconds(segment.get("end_time"))) is not None
    ]


def _within(spans: list[tuple[int, int, str]], time: int | None) -> str | None:
    place = bisect_right(spans, (time, 1 << 60, "")) - 1 if time is not None else -1
    return spans[place][2] if place >= 0 and time is not None and time <= spans[place][1] else None


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
