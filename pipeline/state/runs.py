"""The runs and what each did."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pipeline.state.store import State

PAST = 20
"""Runs that an estimate rests on at most."""

Status = Literal["done", "failed", "interrupted"]


@dataclass(frozen=True, slots=True)
class Start:
    """What is known of a run when it starts."""

    run_id: str
    started_at: datetime
    version: str
    config: str
    """All settings, as JSON; secrets are masked."""
    models: str
    """Every stage's recipe, as JSON."""


@dataclass(frozen=True, slots=True)
class End:
    """How a run ended; ``work`` is stage -> items and seconds."""

    finished_at: datetime
    status: Status
    counts: Mapping[str, Any]
    work: Mapping[str, Mapping[str, float]]
    reason: str | None = None

    def row(self) -> list[Any]:
        """The values of finished_at, status, counts, work, reason."""
        counts = json.dumps(dict(self.counts)) if self.counts else None
        return [self.finished_at, self.status, counts, json.dumps(dict(self.work)), self.reason]


def begin(state: State, start: Start, *, above: int = 0) -> int:
    """Write down that a run started and give its number; one that never ended is ``broken_off`` from now on.

    ``above`` is the last number that files beside the state bear: of a state that was lost, or is older than they.
    """
    with state.transaction():
        state.run("UPDATE runs SET status = 'broken_off' WHERE status = 'running'")
        number = max(int(state.value("SELECT coalesce(max(number), 0) FROM runs")), above) + 1
        state.run(
            "INSERT INTO runs (run_id, started_at, status, version, config, models, number) "
            "VALUES (?, ?, 'running', ?, ?, ?, ?)",
            [start.run_id, start.started_at, start.version, start.config, start.models, number],
        )
    return number


def end(state: State, run_id: str, ended: End) -> None:
    """Write down how a run ended."""
    with state.transaction():
        state.run(
            "UPDATE runs SET finished_at = ?, status = ?, counts = ?, work = ?, reason = ? WHERE run_id = ?",
            [*ended.row(), run_id],
        )


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a stage takes by past runs: so many seconds to start, and so many for each item."""

    start: float
    each: float
    rough: bool
    """Whether no past run worked by the present recipe, so that those of others must do."""

    def seconds(self, items: int) -> float:
        """For so many items."""
        return self.start + self.each * items if items else 0.0


def paces(state: State, recipes: Mapping[str, str]) -> dict[str, Pace]:
    """The pace of each stage over the last runs that worked on any item, by the present recipe where some did.

    ``recipes`` is stage -> the fingerprint of its recipe.
    """
    told: dict[str, list[tuple[bool, float, float]]] = {}
    for work, models in state.rows(
        "SELECT work, models FROM runs WHERE work IS NOT NULL AND work <> '{}' ORDER BY number DESC LIMIT ?",
        [2 * PAST],
    ):
        made_by = {stage: one.get("fingerprint") for stage, one in json.loads(models or "{}").items()}
        for stage, one in json.loads(work).items():
            if one["items"]:
                alike = made_by.get(stage) == recipes.get(stage)
                told.setdefault(stage, []).append((alike, one["items"], one["seconds"]))
    return {stage: _pace(points) for stage, points in told.items()}


def _pace(points: Sequence[tuple[bool, float, float]]) -> Pace:
    alike = [point for point in points if point[0]]
    items, seconds = zip(*[point[1:] for point in (alike or points)[:PAST]], strict=True)
    if len(set(items)) > 1:
        each, start = statistics.linear_regression(items, seconds)
        if each > 0 and start >= 0:
            return Pace(start, each, not alike)
    return Pace(0.0, sum(seconds) / sum(items), not alike)
