"""The runs and what each did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pipeline.state.store import State

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


def begin(state: State, start: Start) -> int:
    """Write down that a run started and give its number; one that never ended is ``broken_off`` from now on."""
    with state.transaction():
        state.run("UPDATE runs SET status = 'broken_off' WHERE status = 'running'")
        number = int(state.value("SELECT coalesce(max(number), 0) + 1 FROM runs"))
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


def rates(state: State) -> dict[str, float]:
    """Seconds per item of each stage, over the last twenty runs that worked on any."""
    totals: dict[str, list[float]] = {}
    for (work,) in state.rows(
        "SELECT work FROM runs WHERE work IS NOT NULL AND work <> '{}' ORDER BY number DESC LIMIT 20"
    ):
        for stage, told in json.loads(work).items():
            total = totals.setdefault(stage, [0.0, 0.0])
            total[0] += told["items"]
            total[1] += told["seconds"]
    return {stage: seconds / items for stage, (items, seconds) in totals.items() if items}
