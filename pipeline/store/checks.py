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
"""Interviews below which statements per interview say nothing."""


def doubts(
    state: duckdb.DuckDBPyConnection, path: Path, counts: Mapping[str, Any], limits: PublishSettings
) -> list[str]:
    """The reasons not to publish, each with its number and its limit; empty when all is well."""
    found = (
        _rejects(counts, limits.max_reject_share),
        _statements(state, path, counts, limits.max_statement_drop),
    )
    return [reason for reason in found if reason]


def _rejects(counts: Mapping[str, Any], limit: float) -> str | None:
    rejected = counts["rejects"] - counts["duplicates"]
    read = counts["interviews"] + rejected
    share = rejected / read if read else 0.0
    if share <= limit:
        return None
    return f"{rejected} of {read} inputs were rejected ({share:.0%}; publish.max_reject_share allows {limit:.0%})"


def _statements(
    state: duckdb.DuckDBPyConnection, path: Path, counts: Mapping[str, Any], limit: float
) -> str | None:
    past = state.execute(
        "SELECT counts FROM publications WHERE name = ? AND counts IS NOT NULL ORDER BY number DESC LIMIT ?",
        [path.name, PAST],
    ).fetchall()
    known = [json.loads(row[0]) for row in past]
    rates = [_per_interview(before) for before in known if before["interviews"] >= FEWEST]
    if not rates or counts["interviews"] < FEWEST:
        return None
    usual, now = statistics.median(rates), _per_interview(counts)
    if now >= usual * (1 - limit):
        return None
    return (
        f"{now:.1f} statements per interview, {usual:.1f} in past runs (a fall of {1 - now / usual:.0%}; "
        f"publish.max_statement_drop allows {limit:.0%})"
    )


def _per_interview(counts: Mapping[str, Any]) -> float:
    return float(sum(counts["statements"].values())) / max(int(counts["interviews"]), 1)
