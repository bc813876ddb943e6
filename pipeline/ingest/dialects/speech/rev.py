"""Rev and Rev.ai: monologues of elements."""

from __future__ import annotations

from typing import Any

from pipeline.ingest.clock import milliseconds, of_seconds
from pipeline.ingest.content import Content
from pipeline.ingest.dialects.speech.words import first, numbered, rows, speech_draft, table, text_of, told
from pipeline.ingest.draft import Cue, Draft


def detect(content: Content) -> bool:
    """Whether the document has monologues with elements."""
    return "elements" in first(table(content.document).get("monologues"))


def read(content: Content) -> list[Draft]:
    """The interview of the monologues."""
    document = table(content.document)
    names = {
        text_of(entry.get("id")): name
        for entry in rows(document.get("speakers"))
        if (name := text_of(entry.get("name")) or text_of(entry.get("display_name")))
    }
    cues = [_cue(monologue, names) for monologue in rows(document.get("monologues"))]
    return [speech_draft("rev", told(cues, "order it with speaker names"), language=document.get("language"))]


def _cue(monologue: dict[str, Any], names: dict[str, str]) -> Cue:
    info = table(monologue.get("speaker_info"))
    speaker = (
        text_of(monologue.get("speaker_name"))
        or text_of(info.get("display_name"))
        or names.get(text_of(monologue.get("speaker")))
        or numbered(monologue.get("speaker"))
    )
    elements = list(rows(monologue.get("elements")))
    starts = [time for element in elements if (time := _time(element, "")) is not None]
    ends = [time for element in elements if (time := _time(element, "end_")) is not None]
    return Cue(speaker, _text(elements), starts[0] if starts else None, ends[-1] if ends else None)


def _text(elements: list[dict[str, Any]]) -> str:
    """The elements' values; blanks between words are elements of their own, or have to be put in."""
    values = [text_of(element.get("value")) for element in elements]
    if any(value.isspace() for value in values):
        return "".join(values)
    parts = [
        value if element.get("type") == "punct" else f" {value}"
        for element, value in zip(elements, values, strict=True)
    ]
    return "".join(parts).strip()


def _time(element: dict[str, Any], edge: str) -> int | None:
    seconds = of_seconds(element.get(f"{edge}ts"))
    return seconds if seconds is not None else milliseconds(text_of(element.get(f"{edge}timestamp")))
