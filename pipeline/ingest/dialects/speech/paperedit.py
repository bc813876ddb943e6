"""Digital Paper Edit: words with times, and paragraphs that say who speaks from when to when."""

from __future__ import annotations

from bisect import bisect_right

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


def detect(content: Content) -> bool:
    """Whether words stand beside paragraphs without words of their own."""
    document = table(content.document)
    paragraph = first(document.get("paragraphs"))
    return "text" in first(document.get("words")) and "speaker" in paragraph and "text" not in paragraph


def read(content: Content) -> list[Draft]:
    """The interview of the words, each spoken by whom the paragraph of its begin names."""
    document = table(content.document)
    paragraphs = [
        (of_seconds(entry.get("start")) or 0, numbered(entry.get("speaker")))
        for entry in rows(document.get("paragraphs"))
    ]
    paragraphs.sort(key=lambda paragraph: paragraph[0])
    begins = [begin for begin, _ in paragraphs]
    words = []
    for entry in rows(document.get("words")):
        start = of_seconds(entry.get("start"))
        place = max(bisect_right(begins, start or 0) - 1, 0)
        words.append(
            Word(paragraphs[place][1], text_of(entry.get("text")), start, of_seconds(entry.get("end")))
        )
    return [speech_draft("paperedit", told(cues_of_words(words), "name the speakers of the paragraphs"))]
