"""Google Speech-to-Text, v1 and v2: speaker tags on words, channel tags on results."""

from __future__ import annotations

import re
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
from pipeline.ingest.draft import Cue, Draft

_SECONDS = re.compile(r"(\d+(?:\.\d+)?)s$")


def detect(content: Content) -> bool:
    """Whether the document is a list of results with alternatives whose words have Google's time keys."""
    result = next(
        (entry for entry in _results(content.document) if first(entry.get("alternatives")).get("words")), {}
    )
    word = first(first(result.get("alternatives")).get("words"))
    if word:
        return any(
            key in word
            for key in ("startTime", "startOffset", "start_time", "start_offset", "endTime", "endOffset")
        )
    listed = list(_results(content.document))
    return (
        bool(listed)
        and all(
            "transcript" in first(entry.get("alternatives"))
            and "timestamps" not in first(entry.get("alternatives"))
            for entry in listed
            if entry.get("alternatives")
        )
        and any(
            key in entry
            for entry in listed
            for key in ("languageCode", "language_code", "resultEndTime", "resultEndOffset", "channelTag")
        )
    )


def read(content: Content) -> list[Draft]:
    """The interview: the last result's words where they carry all tags (v1), else each result's own."""
    results = list(_results(content.document))
    tagged = [entry for entry in results if any(_tag(word) for word in _words(entry))]
    language = text_of(results[0].get("languageCode")) or text_of(results[0].get("language_code"))
    if tagged:
        whole = tagged[-1:] if len(tagged) < len(results) or _repeats(results) else tagged
        cues = cues_of_words(_word(word, _tag(word)) for entry in whole for word in _words(entry))
    else:
        cues = _by_channel(results)
    return [speech_draft("google", told(cues, "turn speaker diarization on"), language=language or None)]


def _results(document: Any) -> Iterator[dict[str, Any]]:
    holder = table(document)
    holder = table(holder.get("response")) or holder
    yield from rows(holder.get("results"))


def _words(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return rows(first(result.get("alternatives")).get("words"))


def _tag(word: dict[str, Any]) -> str | None:
    for key in ("speakerLabel", "speaker_label", "speakerTag", "speaker_tag"):
        if word.get(key):
            return numbered(word[key])
    return None


def _repeats(results: list[dict[str, Any]]) -> bool:
    """Whether the last result tells again what the others told: it begins where the first one does."""
    if len(results) < 2:
        return False
    begins = [
        _word(word, None).start_ms for entry in (results[0], results[-1]) for word in list(_words(entry))[:1]
    ]
    return len(begins) == 2 and begins[0] == begins[1]


def _word(word: dict[str, Any], speaker: str | None) -> Word:
    return Word(speaker, text_of(word.get("word")), _time(word, "start"), _time(word, "end"))


def _time(word: dict[str, Any], edge: str) -> int | None:
    value = next(
        (
            word[key]
            for key in (f"{edge}Time", f"{edge}Offset", f"{edge}_time", f"{edge}_offset")
            if key in word
        ),
        None,
    )
    if isinstance(value, dict):
        whole, nanos = of_seconds(value.get("seconds") or 0), value.get("nanos") or 0
        return None if whole is None or not isinstance(nanos, int) else whole + nanos // 1_000_000
    if isinstance(value, str) and (found := _SECONDS.match(value)):
        return of_seconds(found.group(1))
    if value is None and edge == "start":
        return 0 if word else None
    return of_seconds(value)


def _by_channel(results: list[dict[str, Any]]) -> list[Cue]:
    channels = {text_of(entry.get("channelTag") or entry.get("channel_tag")) for entry in results}
    cues = []
    for entry in results:
        channel = text_of(entry.get("channelTag") or entry.get("channel_tag"))
        words = [_word(word, None) for word in _words(entry)]
        text = text_of(first(entry.get("alternatives")).get("transcript"))
        start, end = (words[0].start_ms, words[-1].end_ms) if words else (None, None)
        cues.append(Cue(f"Channel {channel}" if channel and len(channels) > 1 else None, text, start, end))
    return sorted(cues, key=lambda cue: cue.start_ms or 0) if len(channels) > 1 else cues
