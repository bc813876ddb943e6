"""From the working state to the published file: written beside it, checked, then renamed over it."""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.disk import sync
from pipeline.errors import PublishError
from pipeline.sql import literal
from pipeline.store.history import keep_old, made_by
from pipeline.store.laws import broken_laws
from pipeline.store.tables import TABLES, VIEWS, Table

STORAGE = "v1.2.0"
"""The oldest DuckDB that must open the file: analysts' tools lag behind."""

DEFINITION = hashlib.sha256(repr((TABLES, VIEWS, STORAGE)).encode("utf-8")).hexdigest()
"""Changes whenever the same state would be published differently."""

INPUTS = """
SELECT (SELECT count(*) FROM sources WHERE status IN ('present', 'refused')) + (SELECT count(sha256) FROM
(SELECT sha256 FROM sources WHERE status = 'missing' EXCEPT SELECT sha256 FROM sources WHERE status = 'present'))
"""
"""Inputs that are there, and contents that are kept although their files are gone."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """The publishing run's own row, as it will stand when all is done."""

    run_id: str
    number: int
    ended: Sequence[Any]
    """finished_at, status, counts, work, reason."""


@dataclass(frozen=True, slots=True)
class Published:
    """The file that was made."""

    path: Path
    size: int
    mtime_ns: int
    seconds: float


def fingerprint(state: duckdb.DuckDBPyConnection) -> str:
    """Covers everything in the state that the published file shows, cheaply: fingerprints, not rows.

    The run of each result is covered too: it is shown, and a forced stage may give another result from the same.
    """
    parts = [DEFINITION]
    for sql in (
        "SELECT source, shown, sha256, status, reason, detail FROM sources",
        "SELECT sha256, fingerprint, run_id FROM readings",
        "SELECT source, sha256, stage, reason, detail FROM rejects",
        "SELECT transcript_id, fingerprint, run_id FROM extractions",
        "SELECT recipe, run_id, count(*) FROM vectors GROUP BY ALL",
        "SELECT fingerprint, run_id FROM clusterings",
        "SELECT statement_id, segment, respondents, importance, satisfaction, file, run_id FROM ratings",
    ):
        row = state.execute(
            f"SELECT count(*), sum(md5_number_lower(q::VARCHAR)), sum(md5_number_upper(q::VARCHAR)) FROM ({sql}) q"
        ).fetchone()
        parts.append(str(row))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()


def is_published(state: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether the file at ``path`` is the one that shows what stands in the state."""
    row = last_publication(state, path)
    return row is not None and row[0] == fingerprint(state)


def last_publication(state: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, int, str] | None:
    """Fingerprint, run number and run id of the file at ``path``; None where it is not the last published one."""
    row = state.execute(
        "SELECT size, mtime_ns, fingerprint, number, run_id FROM publications WHERE name = ? "
        "ORDER BY number DESC LIMIT 1",
        [path.name],
    ).fetchone()
    if row is None or not path.is_file():
        return None
    status = path.stat()
    return (row[2], row[3], row[4]) if row[:2] == (status.st_size, status.st_mtime_ns) else None


def publish(state: duckdb.DuckDBPyConnection, path: Path, run: RunRow, *, keep: int | None = 0) -> Published:
    """Replace the file at ``path`` by what stands in the state; readers of the old one keep it.

    A link is followed, and the file's permissions are kept. ``keep`` older files stay in
    ``NAME.history``; with None, those that are there, and the present one does not join them.

    Raises:
        PublishError: it could not be written, or a law does not hold on it; the old file stands.
    """
    clock = time.monotonic()
    target = path.resolve() if path.is_symlink() else path
    beside = target.with_name(f".{target.name}.{run.run_id}")
    try:
        _write(state, beside, run)
        if target.is_file():
            beside.chmod(target.stat().st_mode)
        sync(beside)
        if keep is not None:
            last = last_publication(state, path)
            keep_old(path, keep, last[1:] if last else made_by(path) if keep else None)
        beside.replace(target)
        sync(target.parent)
        status = target.stat()
    except (OSError, duckdb.Error) as error:
        raise PublishError(
            f"cannot publish {path}: {_said(error)}",
            "Check the disk's space and the folder's permissions; the file of the last run stands.",
        ) from error
    finally:
        with contextlib.suppress(OSError):  # a folder that turned read-only is already the error that is told
            _clear(beside)
    return Published(path, status.st_size, status.st_mtime_ns, time.monotonic() - clock)


def record(state: duckdb.DuckDBPyConnection, made: Published, run: RunRow) -> None:
    """Write down, in the caller's transaction, that the file shows what stands in the state."""
    state.execute(
        "INSERT INTO publications VALUES (?, ?, ?, ?, ?, ?, ?)",
        [made.path.name, fingerprint(state), run.run_id, run.number, made.size, made.mtime_ns, run.ended[2]],
    )


def clear_left_over(path: Path) -> None:
    """Remove what killed runs left beside a file that is replaced as a whole; only the lock's holder may."""
    target = path.resolve() if path.is_symlink() else path
    pattern = re.compile(rf"\.{re.escape(target.name)}\.(run-[0-9A-Za-z-]+|\d+)(\.wal)?")
    for left in target.parent.glob(f".{'?' * len(target.name)}.*"):
        if pattern.fullmatch(left.name):
            left.unlink(missing_ok=True)


def count(state: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What stands in the state: inputs, interviews, turns, statements per label, themes, rejects, noise."""

    def one(sql: str) -> int:
        row = state.execute(sql).fetchone()
        return int(row[0]) if row else 0

    labels = state.execute(
        "SELECT label, count(*) FROM statements WHERE NOT needs_review GROUP BY label ORDER BY label"
    ).fetchall()
    noise = state.execute(
        "SELECT label, count(*) FROM statements ANTI JOIN theme_members USING (statement_id) "
        "WHERE NOT needs_review GROUP BY label ORDER BY label"
    ).fetchall()
    rejected = next(table.query for table in TABLES if table.name == "rejects").replace("state.", "")
    return {
        "inputs": one(INPUTS),
        "interviews": one("SELECT count(*) FROM transcripts"),
        "turns": one("SELECT count(*) FROM turns"),
        "words": one("SELECT coalesce(sum(n_words), 0) FROM transcripts"),
        "statements": dict(labels),
        "needs_review": one("SELECT count(*) FROM statements WHERE needs_review"),
        "themes": one("SELECT count(*) FROM themes WHERE status = 'active'"),
        "noise": dict(noise),
        "curation_conflicts": one("SELECT count(*) FROM theme_curation WHERE status = 'conflict'"),
        "rejects": one(f"SELECT count(*) FROM ({rejected})"),
        "duplicates": one(f"SELECT count(*) FROM ({rejected}) WHERE reason = 'duplicate'"),
        "missing": one("SELECT count(*) FROM sources WHERE status = 'missing'"),
        "waiting": one("SELECT count(*) FROM waiting"),
    }


def _write(state: duckdb.DuckDBPyConnection, beside: Path, run: RunRow) -> None:
    row = state.execute("SELECT current_database()").fetchone()
    assert row is not None
    name = str(row[0])
    state.execute(f"ATTACH {literal(beside)} AS published (STORAGE_VERSION '{STORAGE}')")
    try:
        state.execute("USE published")
        for table in TABLES:
            _write_table(state, table, name)
        state.execute(
            "UPDATE runs SET finished_at = ?, status = ?, counts = ?, work = ?, reason = ? WHERE run_id = ?",
            [*run.ended, run.run_id],
        )
        for view in VIEWS:
            state.execute(f"CREATE VIEW {view.name} AS {view.query}")
            state.execute(f"COMMENT ON VIEW {view.name} IS {literal(view.comment)}")
            for column, comment in view.columns:
                state.execute(f"COMMENT ON COLUMN {view.name}.{column} IS {literal(comment)}")
        broken = broken_laws(state, state=name)
        if broken:
            raise PublishError(
                f"{len(broken)} law(s) do not hold on what would be published: {'; '.join(broken)}",
                "The file of the last run stands. Please report this.",
            )
        state.execute("CHECKPOINT published")
    finally:
        state.execute(f'USE "{name}"')
        state.execute("DETACH published")


def _write_table(state: duckdb.DuckDBPyConnection, table: Table, name: str) -> None:
    columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    state.execute(f"CREATE TABLE {table.name} ({columns})")
    state.execute(f"INSERT INTO {table.name} " + table.query.replace("state.", f'"{name}".'))
    state.execute(f"COMMENT ON TABLE {table.name} IS {literal(table.comment)}")
    for column in table.columns:
        state.execute(f'COMMENT ON COLUMN {table.name}."{column.name}" IS {literal(column.comment)}')


def _clear(beside: Path) -> None:
    for left in (beside, beside.with_name(beside.name + ".wal")):
        left.unlink(missing_ok=True)


def _said(error: Exception) -> str:
    """What a failure says, without rows: only the system's and the file layer's own words are passed on."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    told = str(error).partition("\n")[0][:200] if isinstance(error, duckdb.IOException) else ""
    return told or type(error).__name__
