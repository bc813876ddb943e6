"""Words with speakers and times to cues, and access to documents whose shape nobody vouches for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pipeline.errors import RejectedInput
from pipeline.ingest.draft import Cue, Draft


class Word(NamedTuple):
    """One word or mark as a service gives it; ``glued``: no blank before it (punctuation)."""

    speaker: str | None
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    glued: bool = False


def cues_of_words(words: Iterable[Word]) -> list[Cue]:
    """Runs of words of one speaker as cues; words without a speaker, and marks, go with the word before."""
    cues: list[Cue] = []
    parts: list[str] = []
    speaker: str | None = None
    start: int | None = None
    end: int | None = None
    for word in words:
        changed = word.speaker is not None and word.speaker != speaker and not (word.glued and parts)
        if changed:
            if parts:
                cues.append(Cue(speaker, "".join(parts), start, end))
            speaker, parts, start, end = word.speaker, [], None, None
        parts.append(word.text if word.glued or not parts else " " + word.text)
        if not word.glued:
            start = word.start_ms if start is None else start
            end = word.end_ms if word.end_ms is not None else end
    if parts:
        cues.append(Cue(speaker, "".join(parts), start, end))
    return cues


def told(cues: list[Cue], remedy: str) -> list[Cue]:
    """The cues, if any has a speaker.

    Raises:
        RejectedInput: ``no_speakers`` with the remedy, or ``no_text`` where there is not a word.
    """
    if not any(cue.text.strip() for cue in cues):
        raise RejectedInput("no_text", "the transcript holds no words")
    if not any(cue.speaker for cue in cues):
        raise RejectedInput("no_speakers", f"the transcript does not say who speaks: {remedy}")
    return cues


def speech_draft(
    name: str, cues: list[Cue], *, duration_ms: int | None = None, language: object = None
) -> Draft:
    """The draft of told cues."""
    return Draft(
        name, cues, duration_ms=duration_ms, language=language if isinstance(language, str) else None
    )


def table(value: Any) -> dict[str, Any]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON list, in order; nothing for anything else."""
    if isinstance(value, list):
        for entry in value:
            if isinstance(entry, dict):
                yield entry


def first(value: Any) -> dict[str, Any]:
    """The first object of a JSON list, or an empty one."""
    return next(rows(value), {})


def text_of(value: Any) -> str:
    """The value if it is text, a number as text, else nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def numbered(value: Any, prefix: str = "Speaker ") -> str | None:
    """A speaker's name: text as it is, a bare number after ``prefix``, None for nothing."""
    if value is None or isinstance(value, bool | list):
        return None
    if isinstance(value, dict):
        return next(
            (name for key in ("name", "display_name", "id") if (name := numbered(value.get(key), prefix))),
            None,
        )
    text = text_of(value).strip()
    if not text:
        return None
    return f"{prefix}{text}" if text.isdigit() or (len(text) == 1 and text.isalpha()) else text
