"""The life of one interview: when it was found, read, extracted, renamed, missing, and by which runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import UsageError
from pipeline.state import hold, state_path
from pipeline.state.lock import holder
from pipeline.state.schema import schema_version
from pipeline.state.store import state_error

WORDS = {
    "found": "found as {source}",
    "changed": "{source} changed its content",
    "renamed": "renamed to {source} (before: {detail})",
    "copied": "found again as {source}",
    "back": "{source} is back",
    "missing": "{source} is gone; the interview is kept",
    "unreadable": "{source} could not be read",
    "refused": "{source} refused: {detail}",
    "gone": "{source} is gone",
    "pruned": "{source} is gone; dropped by --prune",
    "read": "read: {detail}",
    "rejected": "rejected: {detail}",
    "extracted": "extracted: {detail}",
    "set_aside": "given up, nothing of it is shown: {detail}",
    "dropped": "dropped: no file holds this content any more",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event, in words, with the run in which it happened."""

    run_number: int
    run_id: str
    started_at: datetime
    event: str
    said: str


def last_run(published: Path) -> str:
    """The last run that the state saw, in words, whether it published or not; empty without a state."""
    path = state_path(published)
    if not path.is_file():
        return ""
    if who := holder(path):
        return f"one is at work: {who}"
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute(
                "SELECT number, status, run_id, started_at FROM runs ORDER BY number DESC LIMIT 1"
            ).fetchone()
    except duckdb.Error:  # held by a program, of an earlier version or damaged: `whyswitch doctor` tells
        return "unknown: the state cannot be read, see `whyswitch doctor`"
    return f"run {row[0]} ({row[1]}), {row[2]}, started {row[3]:%Y-%m-%d %H:%M:%S} UTC" if row else ""


def history(published: Path, name: str) -> list[Event]:
    """The events of a transcript (by its id), a source (by its name) or a content (by its sha256), oldest first.

    Raises:
        UsageError: there is no state, or nothing of that name was ever in it.
        StateHeldError: a run is at work on the state.
    """
    path = state_path(published)
    if not path.is_file():
        raise UsageError(
            f"there is no {path}", "The history lies in the working state beside the published file."
        )
    try:
        with hold(path), duckdb.connect(str(path), read_only=True) as connection:
            contents = _contents(connection, name)
            found = _events(connection, contents)
    except duckdb.Error as error:
        raise state_error(path, error) from error
    if not found:
        raise UsageError(
            f"nothing called '{name}' was ever in {path}",
            "Give a transcript_id, a source as in `transcripts.source`, or a sha256.",
        )
    return found


def _contents(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """The contents that the name ever stood for."""
    shown = "shown" if (schema_version(connection) or 0) > 2 else "NULL"
    rows = connection.execute(
        f"""
        SELECT DISTINCT sha256 FROM (
            SELECT sha256, transcript_id, source FROM journal
            UNION ALL SELECT sha256, transcript_id, NULL FROM transcripts
            UNION ALL SELECT sha256, NULL, source FROM sources
            UNION ALL SELECT sha256, NULL, {shown} FROM sources)
        WHERE sha256 IS NOT NULL AND (transcript_id = $1 OR source = $1 OR sha256 = $1)
        """,
        [name],
    ).fetchall()
    return [row[0] for row in rows]


def _events(connection: duckdb.DuckDBPyConnection, contents: list[str]) -> list[Event]:
    rows = connection.execute(
        """
        WITH ids AS (
            SELECT transcript_id FROM journal WHERE sha256 IN (SELECT unnest($1::VARCHAR[]))
            UNION SELECT transcript_id FROM transcripts WHERE sha256 IN (SELECT unnest($1::VARCHAR[])))
        SELECT r.number, j.run_id, r.started_at, j.event, j.source, j.detail
        FROM (SELECT *, rowid AS place FROM journal) j JOIN runs r USING (run_id)
        WHERE j.sha256 IN (SELECT unnest($1::VARCHAR[])) OR j.transcript_id IN (FROM ids)
        ORDER BY r.number, j.place
        """,
        [contents],
    ).fetchall()
    return [_event(*row) for row in rows]


def _event(number: int, run_id: str, started: datetime, event: str, *rest: Any) -> Event:
    source, detail = rest
    said = WORDS[event].format(source=source, detail=detail)
    return Event(number, run_id, started, event, said)
