"""Azure Speech: batch and fast transcription, and Video Indexer."""

from __future__ import annotations

import re
from typing import Any

from pipeline.ingest.clock import milliseconds, of_milliseconds
from pipeline.ingest.content import Content
from pipeline.ingest.dialects.speech.words import first, numbered, rows, speech_draft, table, text_of, told
from pipeline.ingest.draft import Cue, Draft

_ISO = re.compile(r"PT(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?$")
_TICKS = 10_000
"""Azure's ticks (100 nanoseconds) in a millisecond."""


def detect(content: Content) -> bool:
    """Whether the document has Azure's phrases, or a Video Indexer's insights."""
    document = table(content.document)
    fast = first(document.get("phrases"))
    return bool(
        "recognizedPhrases" in document
        or "offsetMilliseconds" in fast
        or "offset" in fast
        or _insights(document)
    )


def read(content: Content) -> list[Draft]:
    """The interview of the phrases, by speaker, else by channel."""
    document = table(content.document)
    if insights := _insights(document):
        return [speech_draft("azure", told(_indexed(insights), "index with speakers on"))]
    phrases = list(rows(document.get("recognizedPhrases"))) or list(rows(document.get("phrases")))
    channels = {text_of(phrase.get("channel")) for phrase in phrases}
    cues = [_cue(phrase, by_channel=len(channels) > 1) for phrase in phrases]
    if len(channels) > 1:
        cues.sort(key=lambda cue: cue.start_ms or 0)
    told(cues, "transcribe with diarization on")
    return [speech_draft("azure", cues, duration_ms=_length(document), language=first(phrases).get("locale"))]


def _insights(document: dict[str, Any]) -> dict[str, Any]:
    insights = table(first(document.get("videos")).get("insights"))
    return insights if "transcript" in insights else {}


def _indexed(insights: dict[str, Any]) -> list[Cue]:
    names = {text_of(entry.get("id")): text_of(entry.get("name")) for entry in rows(insights.get("speakers"))}
    return [
        Cue(
            names.get(speaker) or numbered(speaker),
            text_of(line.get("text")),
            milliseconds(text_of(first(line.get("instances")).get("start"))),
            milliseconds(text_of(first(line.get("instances")).get("end"))),
        )
        for line in rows(insights["transcript"])
        for speaker in (text_of(line.get("speakerId")),)
    ]


def _cue(phrase: dict[str, Any], *, by_channel: bool) -> Cue:
    speaker = numbered(phrase.get("speaker"))
    if speaker is None and by_channel:
        speaker = f"Channel {text_of(phrase.get('channel'))}"
    best = first(phrase.get("nBest"))
    start = _ms(phrase, "offset")
    length = _ms(phrase, "duration")
    text = text_of(best.get("display")) or text_of(phrase.get("text")) or text_of(best.get("lexical"))
    return Cue(speaker, text, start, None if start is None or length is None else start + length)


def _ms(phrase: dict[str, Any], key: str) -> int | None:
    for suffix, per_ms in (("Milliseconds", 1), ("InTicks", _TICKS), ("", 1)):
        value = of_milliseconds(phrase.get(key + suffix), per_ms)
        if value is not None:
            return value
    return _iso(text_of(phrase.get(key)))


def _iso(text: str) -> int | None:
    found = _ISO.match(text)
    if not found or text == "PT":
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return round(((hours * 60 + minutes) * 60 + seconds) * 1000)


def _length(document: dict[str, Any]) -> int | None:
    value = of_milliseconds(document.get("durationMilliseconds"))
    return value if value is not None else _iso(text_of(document.get("duration")))
