"""What, besides a broken law, stops publishing: signs that a night went wrong although nothing failed."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from pipeline.config import PublishSettings

PAST = 5
"""Publications that the present one is compared with."""
FEWEST = 10
"""Interviews below which statements per interview, and what came in a night, say nothing."""

SINCE = " since the last publication"

_FRESH = "WITH fresh AS (SELECT run_id FROM runs WHERE number > ?)"
"""The runs after the last publication, not the present one alone: else an empty night would publish the one before."""


def doubts(
    state: duckdb.DuckDBPyConnection, path: Path, counts: Mapping[str, Any], limits: PublishSettings
) -> list[str]:
    """The reasons not to publish, each with its number and its limit; empty when all is well.

    What came since the last publication is judged apart, too: among many old interviews a bad night is a small share.
    """
    rejected = counts["rejects"] - counts["duplicates"]
    usual = _usual(state, path)
    last = state.execute("SELECT max(number) FROM publications WHERE name = ?", [path.name]).fetchone()
    found = [
        _rejects(rejected, counts["interviews"] + rejected, limits.max_reject_share),
        _statements(
            sum(counts["statements"].values()), counts["interviews"], usual, limits.max_statement_drop
        ),
    ]
    if last and last[0] is not None:
        refused, inputs = _fresh_inputs(state, last[0])
        if inputs >= FEWEST:
            found[0] = found[0] or _rejects(refused, inputs, limits.max_reject_share, SINCE)
        fresh = _fresh_statements(state, last[0])
        found[1] = found[1] or _statements(*fresh, usual, limits.max_statement_drop, SINCE)
    return [reason for reason in found if reason]


def _rejects(rejected: int, inputs: int, limit: float, when: str = "") -> str | None:
    share = rejected / inputs if inputs else 0.0
    if share <= limit:
        return None
    return (
        f"{rejected} of {inputs} inputs{when} were rejected "
        f"({share:.0%}; publish.max_reject_share allows {limit:.0%})"
    )


def _statements(
    statements: int, interviews: int, usual: float | None, limit: float, when: str = ""
) -> str | None:
    now = statements / max(interviews, 1)
    if usual is None or interviews < FEWEST or now >= usual * (1 - limit):
        return None
    return (
        f"{now:.1f} statements per interview{when}, {usual:.1f} in past runs (a fall of {1 - now / usual:.0%}; "
        f"publish.max_statement_drop allows {limit:.0%})"
    )


def _usual(state: duckdb.DuckDBPyConnection, path: Path) -> float | None:
    """Statements per interview of the last publications; None where none had interviews enough."""
    past = state.execute(
        "SELECT counts FROM publications WHERE name = ? AND counts IS NOT NULL ORDER BY number DESC LIMIT ?",
        [path.name, PAST],
    ).fetchall()
    known = [json.loads(row[0]) for row in past]
    rates = [
        sum(before["statements"].values()) / before["interviews"]
        for before in known
        if before["interviews"] >= FEWEST
    ]
    return float(statistics.median(rates)) if rates else None


def _fresh_inputs(state: duckdb.DuckDBPyConnection, last: int) -> tuple[int, int]:
    """Of the inputs that were worked on after a run, how many are refused, and all."""
    row = state.execute(
        f"""
        {_FRESH}
        SELECT count(DISTINCT input) FILTER (refused), count(DISTINCT input) FROM (
            SELECT sha256 AS input, false AS refused FROM transcripts SEMI JOIN fresh USING (run_id)
            UNION ALL
            SELECT t.sha256, false FROM extractions e SEMI JOIN fresh USING (run_id)
            JOIN transcripts t USING (transcript_id)
            UNION ALL SELECT coalesce(sha256, source), true FROM rejects SEMI JOIN fresh USING (run_id)
            UNION ALL SELECT source, true FROM sources SEMI JOIN fresh USING (run_id) WHERE status = 'refused')
        """,
        [last],
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _fresh_statements(state: duckdb.DuckDBPyConnection, last: int) -> tuple[int, int]:
    """The statements found after a run, those for review left out, and the interviews looked through for them."""
    row = state.execute(
        f"""
        {_FRESH}
        SELECT (SELECT count(*) FROM statements SEMI JOIN fresh USING (run_id) WHERE NOT needs_review),
               (SELECT count(*) FROM extractions SEMI JOIN fresh USING (run_id))
        """,
        [last],
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])
