"""Deepgram: words, paragraphs and utterances, diarized or by channel."""

from __future__ import annotations

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


def detect(content: Content) -> bool:
    """Whether the document has results by channel with alternatives, or bare utterances of Deepgram's."""
    results = table(table(content.document).get("results"))
    return "alternatives" in first(results.get("channels")) or "channel" in first(results.get("utterances"))


def read(content: Content) -> list[Draft]:
    """The interview: by word where words tell the speaker, else by paragraph, utterance or channel."""
    document = table(content.document)
    results = table(document["results"])
    channels = [first(channel.get("alternatives")) for channel in rows(results.get("channels"))]
    cues = _diarized(channels, results) or _by_channel(channels, results)
    metadata = table(document.get("metadata"))
    told(cues, "transcribe with diarize=true or multichannel=true")
    return [speech_draft("deepgram", cues, duration_ms=of_seconds(metadata.get("duration")))]


def _diarized(channels: list[dict[str, Any]], results: dict[str, Any]) -> list[Cue]:
    if len(channels) > 1:
        return []
    if channels and any("speaker" in word for word in rows(channels[0].get("words"))):
        return cues_of_words(_words(rows(channels[0].get("words")), None))
    for entries in (
        table(channels[0].get("paragraphs")).get("paragraphs") if channels else None,
        results.get("utterances"),
    ):
        cues = [_cue(entry) for entry in rows(entries)]
        if any(cue.speaker for cue in cues):
            return cues
    return []


def _words(words: Iterator[dict[str, Any]], speaker: str | None) -> Iterator[Word]:
    for word in words:
        yield Word(
            speaker or numbered(word.get("speaker")),
            text_of(word.get("punctuated_word")) or text_of(word.get("word")),
            of_seconds(word.get("start")),
            of_seconds(word.get("end")),
        )


def _cue(entry: dict[str, Any]) -> Cue:
    sentences = " ".join(text_of(sentence.get("text")) for sentence in rows(entry.get("sentences")))
    text = sentences or text_of(entry.get("transcript"))
    return Cue(
        numbered(entry.get("speaker")), text, of_seconds(entry.get("start")), of_seconds(entry.get("end"))
    )


def _by_channel(channels: list[dict[str, Any]], results: dict[str, Any]) -> list[Cue]:
    """Utterances by their channel where there are several; all words in order of time otherwise."""
    utterances = list(rows(results.get("utterances")))
    if len({text_of(entry.get("channel")) for entry in utterances}) > 1:
        cues = [
            _cue(entry)._replace(speaker=f"Channel {text_of(entry.get('channel'))}") for entry in utterances
        ]
        return sorted(cues, key=lambda cue: cue.start_ms or 0)
    if len(channels) > 1:
        named = [
            word
            for number, channel in enumerate(channels)
            for word in _words(rows(channel.get("words")), f"Channel {number}")
        ]
        return cues_of_words(sorted(named, key=lambda word: word.start_ms or 0))
    return [_cue(entry) for entry in utterances] or [
        Cue(None, text_of(channel.get("transcript"))) for channel in channels
    ]
