"""Rows and columns: which column says who speaks, what, when; for CSV, workbooks, tables in documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.errors import RejectedInput
from pipeline.ingest.clock import milliseconds
from pipeline.ingest.dialects import captions
from pipeline.ingest.draft import Cue, Draft
from pipeline.ingest.lexicon import COLUMNS, role_of
from pipeline.records import Role

_MILLISECONDS = re.compile(r"(?:^|_)(?:ms|msec|millis|milliseconds)$|startms|endms")
_RANGE = re.compile(r"\s*(?:-->|->|–|—|-)\s*")
_RULE = re.compile(r"[\s:|-]*")
"""What the cells of the line under a markdown table's header hold."""
_HEADING = 60
"""Characters that a column's heading has at most."""
_HEADER_ROWS = 12
"""Rows at the top in which the header may stand."""
_HEADINGS = frozenset().union(*COLUMNS.values())


class Columns(NamedTuple):
    """The places of the columns by kind, and the row after the header."""

    at: dict[str, int]
    first_row: int
    names: tuple[str, ...] = ()


def find_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """The columns a header row names (a text column and one more), or None."""
    for number, row in enumerate(rows[:_HEADER_ROWS]):
        if len(row) < 2 or max(map(len, row)) > _HEADING:
            continue
        names = tuple(_heading(cell) for cell in row)
        at: dict[str, int] = {}
        for kind, known in COLUMNS.items():
            places = [place for place, name in enumerate(names) if name in known and place not in at.values()]
            full = rows[number + 1 :] if kind == "text" and len(places) > 1 else ()
            place = max(places, key=lambda one: sum(len(_cell(row, one)) for row in full), default=None)
            if place is None and kind == "start":
                place = next(
                    (place for place, name in enumerate(names) if name.startswith(("start_", "time_"))), None
                )
            if place is not None:
                at[kind] = place
        if "question" in at and "text" in at and names[at["text"]] in COLUMNS["answer"]:
            at.setdefault("answer", at["text"])
        if "question" in at and "answer" in at:
            at["text"] = at["answer"]
        if "speaker" not in at and "role" in at:
            at["speaker"] = at["role"]
        if "speaker" not in at and "participant" in names and "text" in at:
            at["speaker"] = names.index("participant")
        if "text" in at and len(at) > 1:
            return Columns(at, number + 1, names)
    return None


def infer_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """The columns of a table without header: times look like times, speakers are few, text is long."""
    width = max((len(row) for row in rows), default=0)
    if width < 2 or len(rows) < 2:
        return None
    columns = [[row[place].strip() if place < len(row) else "" for row in rows] for place in range(width)]
    n_rows = sum(any(map(str.strip, row)) for row in rows)
    times = [
        place
        for place, cells in enumerate(columns)
        if sum(bool(milliseconds(_bare(cell)) is not None) for cell in cells) > 0.6 * n_rows
    ]
    rest = [place for place in range(width) if place not in times and any(columns[place])]
    if not rest:
        return None
    text = max(rest, key=lambda place: sum(map(len, columns[place])))
    few = [
        place
        for place in rest
        if place != text
        and 1 < len(set(filter(None, columns[place]))) <= max(2, n_rows // 2)
        and max(map(len, columns[place])) <= 60
        and sum(map(bool, columns[place])) > 0.4 * n_rows
    ]
    if not few:
        return None
    at = {"text": text, "speaker": few[0]}
    at.update(zip(("start", "end"), times, strict=False))
    return Columns(at, _titles(columns[few[0]], columns[times[0]] if times else None))


def _titles(speakers: Sequence[str], times: Sequence[str] | None) -> int:
    """The rows of headings that are not known: above the first time, or with a known heading for a speaker."""
    top = range(min(_HEADER_ROWS, len(speakers)))
    if times:
        return next((row for row in top if milliseconds(_bare(times[row])) is not None), 0)
    return int(_heading(speakers[0]) in _HEADINGS)


def _heading(cell: str) -> str:
    return re.sub(r"[^\w]+", "_", cell.strip().casefold()).strip("_")


def read_rows(name: str, rows: Sequence[Sequence[str]], columns: Columns) -> list[Draft]:
    """The interviews of a table: one, or one for each value of a column that names the interview."""
    body = [row for row in rows[columns.first_row :] if not all(_RULE.fullmatch(cell) for cell in row)]
    if not body:
        raise RejectedInput("no_text", "the table has a header, but no rows")
    key = columns.at.get("interview")
    if key is None:
        return [_draft(name, body, columns)]
    groups: dict[str, list[Sequence[str]]] = {}
    for row in body:
        groups.setdefault(_cell(row, key), []).append(row)
    drafts = []
    for value, group in groups.items():
        drafted = _draft(name, group, columns)
        if value:
            drafted.metadata["interview"] = value
        drafts.append(drafted)
    return drafts


def _draft(name: str, body: Sequence[Sequence[str]], columns: Columns) -> Draft:
    at = columns.at
    starts = _times(body, at.get("start"), columns)
    ends = _times(body, at["end"], columns) if "end" in at else _range_ends(body, at.get("start"))
    cues = [
        cue
        for row, start, end in zip(body, starts, ends, strict=True)
        for cue in _row_cues(row, at, start, end)
    ]
    if not any(cue.speaker for cue in cues):
        return captions.label_cues(name, cues)
    drafted = Draft(name, cues, roles=_roles(body, at))
    if (
        "start" in at
        and any(_cell(row, at["start"]) for row in body)
        and all(start is None for start in starts)
    ):
        drafted.warnings.append("times are left out: their unit is not known")
    return drafted


def _row_cues(row: Sequence[str], at: dict[str, int], start: int | None, end: int | None) -> tuple[Cue, ...]:
    """What is said in a row: by a speaker, or a question and its answer."""
    speaker = _cell(row, at.get("speaker")) or None
    if "question" not in at or "answer" not in at:
        return (Cue(speaker, _cell(row, at["text"]), start, end),)
    return (
        Cue("Interviewer", _cell(row, at["question"]), start, None),
        Cue(speaker or "Participant", _cell(row, at["answer"]), None, end),
    )


def _roles(body: Sequence[Sequence[str]], at: dict[str, int]) -> dict[str, Role]:
    """The roles a role column states; the first one of each speaker."""
    roles: dict[str, Role] = {}
    if "role" in at and at["role"] != at["speaker"]:
        for row in body:
            if role := role_of(_cell(row, at["role"])):
                roles.setdefault(_cell(row, at["speaker"]), role)
    return roles


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _bare(cell: str) -> str:
    return cell.strip(" []()#")


def _times(body: Sequence[Sequence[str]], place: int | None, columns: Columns) -> list[int | None]:
    """Times of a column: clock readings, or numbers in the unit that its name or the rate of speech tells."""
    cells = [_bare(_cell(row, place)) for row in body]
    if any(":" in cell for cell in cells):
        return [milliseconds(_RANGE.split(cell)[0]) for cell in cells]
    numbers = [_number(cell) for cell in cells]
    name = columns.names[place] if place is not None and place < len(columns.names) else ""
    factor = 1 if _MILLISECONDS.search(name) else _factor(numbers, body, columns.at["text"])
    return [None if number is None or not factor else round(number * factor) for number in numbers]


def _range_ends(body: Sequence[Sequence[str]], place: int | None) -> list[int | None]:
    """The ends of a column of ranges, as in ``0:00.0 - 0:12.3``."""
    parts = [_RANGE.split(_bare(_cell(row, place)), maxsplit=1) for row in body]
    return [milliseconds(part[1]) if len(part) > 1 else None for part in parts]


def _number(cell: str) -> float | None:
    try:
        value = float(cell.replace(",", ".")) if cell else None
    except ValueError:
        return None
    return value if value is not None and 0 <= value < 1e10 else None


def _factor(numbers: Sequence[float | None], body: Sequence[Sequence[str]], text: int) -> int:
    known = [number for number in numbers if number is not None]
    if len(known) < 2 or known != sorted(known):
        return 0
    words = sum(len(_cell(row, text).split()) for row in body)
    for factor in (1000, 1):
        seconds = (known[-1] - known[0]) * factor / 1000
        if seconds and 0.2 <= words / seconds <= 8:
            return factor
    return 0
