"""IBM Watson Speech to Text: words with times, speaker labels by the time a word begins."""

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
    told,
)
from pipeline.ingest.draft import Draft


def detect(content: Content) -> bool:
    """Whether results have alternatives with ``timestamps`` rows of word, begin and end."""
    return any(
        "timestamps" in first(result.get("alternatives")) for _, result in _results(table(content.document))
    )


def read(content: Content) -> list[Draft]:
    """The interview of the words, each spoken by whom the label of its begin names."""
    document = table(content.document)
    words = []
    for labels, result in _results(document):
        stamps = first(result.get("alternatives")).get("timestamps")
        for word in stamps if isinstance(stamps, list) else ():
            if isinstance(word, list) and len(word) >= 3 and isinstance(word[0], str):
                start, end = of_seconds(word[1]), of_seconds(word[2])
                words.append(Word(labels.get(start), word[0], start, end))
    return [speech_draft("ibm", told(cues_of_words(words), "transcribe with speaker_labels=true"))]


def _results(document: dict[str, Any]) -> Iterator[tuple[dict[int | None, str | None], dict[str, Any]]]:
    """Each result with the speakers of its holder by begin in milliseconds; holders may be nested once."""
    holders = [document, *(entry for entry in rows(document.get("results")) if "results" in entry)]
    for holder in holders:
        labels = {
            of_seconds(entry.get("from")): numbered(entry.get("speaker"))
            for entry in rows(holder.get("speaker_labels"))
        }
        for result in rows(holder.get("results")):
            if "alternatives" in result:
                yield labels, result
