"""The published file, opened for drawing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.config import ReportSettings
from pipeline.store import open_published

PREPARE = (
    """
    CREATE TEMP TABLE studies AS
    SELECT (row_number() OVER (ORDER BY study NULLS LAST) - 1)::INTEGER AS study_no, study
    FROM (SELECT DISTINCT study FROM transcripts)
    """,
    """
    CREATE TEMP TABLE interviews AS
    SELECT t.*, s.study_no, count(c.statement_id) AS n_statements
    FROM transcripts t JOIN studies s ON s.study IS NOT DISTINCT FROM t.study
    LEFT JOIN statements c USING (transcript_id) GROUP BY ALL
    """,
    """
    CREATE TEMP TABLE stories AS
    SELECT transcript_id, theme_id, rank, theme_rank, want_id, job_story FROM job_stories
    WHERE rank = 1 OR theme_rank = 1
    """,
    """
    CREATE TEMP TABLE gaps AS
    SELECT transcript_id, aspect, value, place, ask_next_time FROM coverage WHERE ask_next_time IS NOT NULL
    """,
    """
    CREATE TEMP TABLE shown AS
    SELECT transcript_id FROM interviews ORDER BY n_statements DESC, source, transcript_id LIMIT $limit
    """,
    """
    CREATE TEMP TABLE stops AS
    SELECT transcript_id, outcome_id, rank, label, quote, reason, statement_id
    FROM impediments SEMI JOIN shown USING (transcript_id) WHERE rank <= 3
    """,
)
"""Studies by number, interviews, job stories, gaps, the interviews that get a section, what stops them there: in the
connection's own memory."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A connection to a published file and what the report is to show of it."""

    connection: duckdb.DuckDBPyConnection
    settings: ReportSettings

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """All rows of a query, by column name; parameters are written ``$name`` in it."""
        cursor = self.connection.execute(sql, parameters or None)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def number(self, sql: str, **parameters: Any) -> int:
        """The one number that a query gives; 0 for null."""
        row = self.connection.execute(sql, parameters or None).fetchone()
        return int(row[0] or 0) if row else 0


@contextlib.contextmanager
def opened(published: Path, settings: ReportSettings) -> Iterator[Evidence]:
    """The evidence of a published file for the length of the block.

    Raises:
        UsageError: there is no such file, or it is no published file.
    """
    connection = open_published(published)
    try:
        for sql in PREPARE:
            connection.execute(sql, {"limit": settings.interviews} if "$limit" in sql else None)
        yield Evidence(connection, settings)
    finally:
        connection.close()
