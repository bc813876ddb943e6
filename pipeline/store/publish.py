"""From the working state to the published file: written beside it, checked, then renamed over it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import PublishError
from pipeline.store.laws import broken_laws
from pipeline.store.tables import TABLES, VIEWS, Table

VERSION = "2"
STORAGE = "v1.2.0"
"""The oldest DuckDB that must open the file: analysts' tools lag behind."""


def is_published(state: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether the file at ``path`` shows what stands in the state."""
    row = state.execute("SELECT fingerprint FROM publications WHERE path = ?", [str(path)]).fetchone()
    return path.is_file() and row is not None and row[0] == _fingerprint(state)


def publish(state: duckdb.DuckDBPyConnection, path: Path, run_id: str) -> None:
    """Replace the file at ``path`` by what stands in the state; readers of the old one keep it.

    Raises:
        PublishError: it could not be written, or a law does not hold on it; the old file stands.
    """
    beside = path.with_name(f".{path.name}.{run_id}")
    try:
        _write(state, beside)
        _sync(beside)
        beside.replace(path)
        _sync(path.parent)
    except (OSError, duckdb.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else type(error).__name__
        raise PublishError(
            f"cannot publish {path}: {reason}", "Check the disk's space and the folder's permissions."
        ) from error
    finally:
        for left in (beside, beside.with_name(beside.name + ".wal")):
            left.unlink(missing_ok=True)
    mark = _fingerprint(state)
    state.begin()
    state.execute("DELETE FROM publications WHERE path = ?", [str(path)])
    state.execute("INSERT INTO publications VALUES (?, ?, ?)", [str(path), mark, run_id])
    state.commit()


def count(state: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What stands in the state: interviews, turns, statements per label, themes, rejects, noise."""

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
    duplicates = (
        "SELECT count(*) - count(DISTINCT sha256) FROM sources WHERE status IN ('present', 'missing')"
    )
    refused = "SELECT count(*) FROM sources WHERE status = 'refused'"
    rejected = "SELECT count(*) FROM rejects"
    return {
        "interviews": one("SELECT count(*) FROM transcripts"),
        "turns": one("SELECT count(*) FROM turns"),
        "words": one("SELECT coalesce(sum(n_words), 0) FROM transcripts"),
        "statements": dict(labels),
        "needs_review": one("SELECT count(*) FROM statements WHERE needs_review"),
        "themes": one("SELECT count(*) FROM themes WHERE status = 'active'"),
        "noise": dict(noise),
        "rejects": one(rejected) + one(refused) + one(duplicates),
    }


def _fingerprint(state: duckdb.DuckDBPyConnection) -> str:
    """Covers everything in the state that the published file shows, cheaply: fingerprints, not rows."""
    parts = [VERSION]
    for sql in (
        "SELECT source, sha256, status, reason FROM sources ORDER BY ALL",
        "SELECT sha256, fingerprint FROM readings ORDER BY ALL",
        "SELECT transcript_id, fingerprint FROM extractions ORDER BY ALL",
        "SELECT fingerprint FROM clusterings ORDER BY ALL",
    ):
        digest = state.execute(f"SELECT sha256(coalesce(string_agg(q::VARCHAR, chr(10)), '')) FROM ({sql}) q")
        row = digest.fetchone()
        parts.append(str(row[0]) if row else "")
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()


def _write(state: duckdb.DuckDBPyConnection, beside: Path) -> None:
    row = state.execute("SELECT current_database()").fetchone()
    assert row is not None
    name = str(row[0])
    state.execute(f"ATTACH '{_quoted(str(beside))}' AS published (STORAGE_VERSION '{STORAGE}')")
    try:
        state.execute("USE published")
        for table in TABLES:
            _write_table(state, table, name)
        for view in VIEWS:
            state.execute(f"CREATE VIEW {view.name} AS {view.query}")
            state.execute(f"COMMENT ON VIEW {view.name} IS '{_quoted(view.comment)}'")
            for column, comment in view.columns:
                state.execute(f"COMMENT ON COLUMN {view.name}.{column} IS '{_quoted(comment)}'")
        broken = broken_laws(state)
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
    state.execute(f"COMMENT ON TABLE {table.name} IS '{_quoted(table.comment)}'")
    for column in table.columns:
        state.execute(f"COMMENT ON COLUMN {table.name}.\"{column.name}\" IS '{_quoted(column.comment)}'")


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
