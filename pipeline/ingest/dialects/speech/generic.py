"""JSON of tools not known by name: a list of objects with text and speaker, told by their keys."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from pipeline.errors import RejectedInput
from pipeline.ingest.clock import milliseconds
from pipeline.ingest.content import Content
from pipeline.ingest.dialects.speech.words import Word, cues_of_words, numbered, rows, table, text_of
from pipeline.ingest.draft import Cue, Draft

_TEXT = (
    "text",
    "transcript",
    "body",
    "content",
    "sentence",
    "utterance",
    "message",
    "line",
    "caption",
    "word",
)
_SPEAKER = (
    "speaker_name",
    "speakerName",
    "speakerDisplayName",
    "display_name",
    "displayName",
    "speaker",
    "speakerLabel",
    "speaker_label",
    "speaker_id",
    "speakerId",
    "participant",
    "participantName",
    "author",
    "who",
    "name",
    "role",
    "channel",
)
_START = (
    "start_ms",
    "startMs",
    "start",
    "start_time",
    "startTime",
    "begin",
    "from",
    "offset",
    "startOffset",
    "ts",
    "timestamp",
    "time",
    "data_start",
)
_END = ("end_ms", "endMs", "end", "end_time", "endTime", "to", "endOffset", "end_ts", "data_end")
_LISTS = 2_000
"""Lists and objects looked at for a transcript before the search is given up."""


def detect(content: Content) -> bool:
    """Whether some list in the document holds objects with text."""
    return content.document is not None and bool(_best(content.document)[0])


def read(content: Content) -> list[Draft]:
    """The interview of that list; a warning says that the tool is not known.

    Raises:
        RejectedInput: ``no_speakers``.
    """
    listed, has_speakers = _best(content.document)
    if not has_speakers:
        raise RejectedInput("no_speakers", "the JSON has text, but no key that names who speaks")
    cues = _timed(listed)
    warnings = ["JSON of no known tool, read by the names of its keys"]
    if any(_time_value(row, _START) is not None for row in listed) and all(
        cue.start_ms is None for cue in cues
    ):
        warnings.append("times are left out: their unit is not known")
    words = [len(text_of(_value(row, _TEXT)).split()) for row in listed]
    if sum(words) <= 1.2 * len(words):
        cues = cues_of_words(
            Word(cue.speaker, cue.text.strip(), cue.start_ms, cue.end_ms) for cue in cues if cue.text.strip()
        )
    return [Draft("json", cues, warnings=warnings)]


def _best(document: Any) -> tuple[list[dict[str, Any]], bool]:
    """The list with most text among those with speakers, else among all."""
    best: tuple[bool, int] = (False, 0)
    chosen: list[dict[str, Any]] = []
    for listed in _lists(document):
        texts = [row for row in listed if isinstance(_value(row, _TEXT), str)]
        if len(texts) < 0.5 * len(listed) or not texts:
            continue
        rank = (
            any(numbered(_value(row, _SPEAKER)) for row in texts),
            sum(len(_value(row, _TEXT)) for row in texts),
        )
        if rank > best:
            best, chosen = rank, texts
    return chosen, best[0]


def _lists(document: Any) -> Iterator[list[dict[str, Any]]]:
    queue: deque[Any] = deque([document])
    seen = 0
    while queue and seen < _LISTS:
        seen += 1
        value = queue.popleft()
        if isinstance(value, dict):
            queue.extend(entry for entry in value.values() if isinstance(entry, dict | list))
        elif isinstance(value, list):
            found = list(rows(value))
            if found and len(found) == len(value):
                yield [_unfolded(row) for row in found]
            queue.extend(entry for entry in value[:50] if isinstance(entry, dict | list))


def _unfolded(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the text of its words, where it has none of its own."""
    if isinstance(_value(row, _TEXT), str) or not isinstance(row.get("words"), list):
        return row
    words = [text_of(_value(word, _TEXT)).strip() for word in rows(row["words"])]
    inner = list(rows(row["words"]))
    if not inner:
        return row
    edges = {"start": _value(inner[0], _START), "end": _value(inner[-1], _END)}
    return {**edges, **row, "text": " ".join(word for word in words if word)}


def _value(row: dict[str, Any], keys: tuple[str, ...]) -> Any:
    return next((row[key] for key in keys if row.get(key) is not None and row.get(key) != ""), None)


def _time_value(row: dict[str, Any], keys: tuple[str, ...]) -> float | None:
    value = _value(row, keys)
    if isinstance(value, str):
        clock = milliseconds(value)
        if clock is not None:
            return clock / 1000
        try:
            return float(value)
        except ValueError:
            return None
    if isinstance(value, dict):
        value = table(value).get("seconds")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _timed(listed: list[dict[str, Any]]) -> list[Cue]:
    factor = _factor(listed)
    return [
        Cue(
            numbered(_value(row, _SPEAKER)),
            text_of(_value(row, _TEXT)),
            _scaled(row, _START, factor),
            _scaled(row, _END, factor),
        )
        for row in listed
    ]


def _scaled(row: dict[str, Any], keys: tuple[str, ...], factor: int) -> int | None:
    value = _time_value(row, keys)
    return round(value * factor) if factor and value is not None and 0 <= value < 1e10 else None


def _factor(listed: list[dict[str, Any]]) -> int:
    """Milliseconds in the unit of the times: that of a believable rate of speech, 0 where none is."""
    starts = [value for row in listed if (value := _time_value(row, _START)) is not None]
    if not starts or starts != sorted(starts):
        return 0
    if any(isinstance(_value(row, _START), str) and ":" in _value(row, _START) for row in listed):
        return 1000
    span = max(starts[-1], _time_value(listed[-1], _END) or 0) - starts[0]
    words = sum(len(text_of(_value(row, _TEXT)).split()) for row in listed)
    for factor in (1000, 1):
        seconds = span * factor / 1000
        if seconds and 0.2 <= words / seconds <= 8:
            return factor
    return 0
