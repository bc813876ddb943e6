"""A small archive, the command line in a process of its own, and quick runs within the test's own process."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.choice import Choice
from pipeline.config import Settings, load_settings
from pipeline.engines import Done, Engine, SerialEngine
from pipeline.events import EVENTS
from pipeline.runner import Job, Summary, run

CommandLine = Callable[..., subprocess.CompletedProcess[str]]
RULES = ("--set", "extract.profile=rules")
"""The profile of cue rules: quick, and enough where it is not extraction that is tested."""
TIMES = {"run_id", "first_run_id", "last_run_id", "started_at", "finished_at", "run_number"}
"""Columns that differ from run to run although nothing changed."""


@pytest.fixture
def whyswitch(tmp_path: Path) -> CommandLine:
    """Runs ``whyswitch ...`` in ``tmp_path``."""

    def call(
        *arguments: str | Path, timeout: float = 240, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pipeline.cli", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "COLUMNS": "120", **environment},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return call


@pytest.fixture
def interviews(tmp_path: Path, sample: Path) -> Path:
    """A folder with four of the samples."""
    folder = tmp_path / "interviews"
    folder.mkdir()
    for path in sorted(sample.iterdir())[:4]:
        shutil.copy(path, folder)
    return folder


def rows(db: Path, sql: str) -> list[tuple[object, ...]]:
    """What a query on a published file gives."""
    with duckdb.connect(str(db), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def content(db: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every public table but ``runs``, times and run ids aside."""
    found = {}
    with duckdb.connect(str(db), read_only=True) as connection:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall():
            if table == "runs":
                continue
            names = [
                row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall() if row[0] not in TIMES
            ]
            found[table] = connection.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall()
    return found


# -- quick runs -----------------------------------------------------------------------------------------------

TROUBLES = (
    "The most annoying part was that the booking book got lost twice in one month.",
    "It was so frustrating when the old system crashed in the middle of a booking.",
    "I was fed up with typing the same booking into three places.",
)
HABITS = (
    "I never got round to changing the booking book.",
    "We never got round to looking for a better booking system.",
)
WORRIES = (
    "I was worried that we would lose all of our bookings.",
    "I was worried about moving the bookings over.",
)


def interview_of(number: int) -> str:
    """A short interview; different numbers give different people who tell of the same things."""
    name = f"Person{number}"
    return (
        f"Interviewer: What happened before?\n\n{name}: {TROUBLES[number % 3]} We ran {number} vans then.\n\n"
        f"Interviewer: And then?\n\n{name}: {HABITS[number % 2]} {WORRIES[number // 2 % 2]}\n"
    )


RULE = (
    '[[rule]]\nid = "push-vans"\nlabel = "push"\nweight = 0.9\nwhy = "a rule of the test\'s own"\n'
    'patterns = [[{ LOWER = "vans" }]]\nexamples = ["The vans died.", "Two vans.", "Old vans."]\n'
    'negatives = ["Tea.", "A van."]\n'
)
"""A file of cue rules with one rule."""


class Heard:
    """Events kept in lists."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.totals: dict[str, int | None] = {}

    @contextlib.contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Callable[[int], None]]:
        """Remember what a stage had to do."""
        self.totals[name] = total
        yield lambda _: None

    def tell(self, event: str, **fields: Any) -> None:
        """Remember an event."""
        assert tuple(fields) == EVENTS[event], event
        self.told.append((event, fields))

    def of(self, event: str) -> list[dict[str, Any]]:
        """The fields of all events of a kind."""
        return [fields for name, fields in self.told if name == event]


class Hooked:
    """The engine of this process; calls ``hook`` with the stage and each batch before it is done."""

    def __init__(self, hook: Callable[[str, Sequence[Any]], None]) -> None:
        self._hook = hook
        self._engine = SerialEngine()

    def map(self, stage: str, settings: Settings, batches: Iterable[Sequence[Any]]) -> Iterator[Done]:
        """As the engine of this process."""
        for batch in batches:
            self._hook(stage, batch)
            yield from self._engine.map(stage, settings, [batch])

    def close(self) -> None:
        """Nothing to let go."""


class Archive:
    """A folder of short interviews and the file published from it; runs are made in this process."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder
        self.inputs = folder / "interviews"
        self.db = folder / "studies.duckdb"
        self.heard = Heard()
        self.inputs.mkdir(parents=True, exist_ok=True)
        for n in range(number):
            self.write(f"{n:02}.txt", interview_of(n))

    def write(self, name: str, text: str) -> Path:
        """Add or change an input."""
        path = self.inputs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def run(self, *assignments: str, engine: Engine | None = None, given: str = "", **choice: Any) -> Summary:
        """One run with the profile of rules; ``heard`` holds its events."""
        self.heard = Heard()
        settings = load_settings(None, ["extract.profile=rules", "run.workers=1", *assignments])
        inputs = (given or str(self.inputs),)
        job = Job(inputs, self.db, settings, choice=Choice(**choice))
        return run(job, self.heard, mapper=engine or SerialEngine())

    @property
    def did(self) -> dict[str, int | None]:
        """The stages that had work in the last run, each with how much; scan, publish and report left out."""
        return {
            stage: total for stage, total in self.heard.totals.items() if stage not in ("publish", "report")
        }

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What a query on the published file gives."""
        return rows(self.db, sql)

    def state(self, sql: str) -> list[tuple[object, ...]]:
        """What a query on the working state gives."""
        return rows(self.folder / "studies.state.duckdb", sql)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Six interviews, not yet read."""
    return Archive(tmp_path, 6)
