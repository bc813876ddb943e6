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
    """The interview: the last result's words where it tells the others again (v1), else each result's own.

    A result may tell nothing but a time, as for silence: it counts for nothing.
    """
    results = list(_results(content.document))
    spoken = [entry for entry in results if _says(entry)]
    language = text_of(results[0].get("languageCode")) or text_of(results[0].get("language_code"))
    if not any(_tag(word) for entry in spoken for word in _words(entry)):
        cues = _by_channel(spoken)
        return [speech_draft("google", told(cues, "turn speaker diarization on"), language=language or None)]
    words = [word for entry in (spoken[-1:] if _repeats(spoken) else spoken) for word in _spoken(entry)]
    draft = speech_draft("google", told(cues_of_words(words), ""), language=language or None)
    if n_untold := sum(word.speaker is None for word in words):
        draft.warnings.append(f"{n_untold} words without a speaker go with the speaker before")
    return [draft]


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


def _says(result: dict[str, Any]) -> bool:
    """Whether a word is told in it."""
    return any(_words(result)) or bool(_transcript(result).strip())


def _transcript(result: dict[str, Any]) -> str:
    return text_of(first(result.get("alternatives")).get("transcript"))


def _spoken(result: dict[str, Any]) -> list[Word]:
    """The words of a result; its text as one, where it is not cut into words."""
    return [_word(word, _tag(word)) for word in _words(result)] or [Word(None, _transcript(result).strip())]


def _repeats(results: list[dict[str, Any]]) -> bool:
    """Whether the last result, tags and all, tells again what the others told.

    It begins where the first one does; where that has no words, it holds as many as all the others' texts.
    """
    last = list(_words(results[-1]))
    if len(results) < 2 or not any(_tag(word) for word in last):
        return False
    if begun := next(_words(results[0]), None):
        return _word(begun, None).start_ms == _word(last[0], None).start_ms
    return len(last) >= sum(len(_transcript(entry).split()) for entry in results[:-1])


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
        text = _transcript(entry)
        start, end = (words[0].start_ms, words[-1].end_ms) if words else (None, None)
        cues.append(Cue(f"Channel {channel}" if channel and len(channels) > 1 else None, text, start, end))
    return sorted(cues, key=lambda cue: cue.start_ms or 0) if len(channels) > 1 else cues
