"""The main job from lock to notice: what is stale is mapped and committed, then checked, published and drawn."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb

from pipeline import report, store
from pipeline.choice import Choice
from pipeline.config import Settings
from pipeline.engines import Engine, engine
from pipeline.errors import PublishError, StageError, WhyswitchError
from pipeline.events import Events
from pipeline.flow import Flow, Inputs
from pipeline.notices import give_notice, own_paths
from pipeline.recipes import as_json, recipes
from pipeline.records import content_id
from pipeline.state import State, hold, runs, state_path
from pipeline.state.stale import pending, remember
from pipeline.state.store import state_error
from pipeline.version import __version__


class Terminated(KeyboardInterrupt):
    """The process was asked to end (SIGTERM): as by Ctrl-C, what is committed is kept."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to run: inputs, the published file, settings, where the report goes, and which part of the work."""

    inputs: tuple[str, ...]
    published: Path
    settings: Settings
    report_path: Path | None = None
    choice: Choice = field(default_factory=Choice)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did and what now stands in the state."""

    run_id: str
    number: int
    status: runs.Status
    worked: bool
    seconds: float
    counts: dict[str, Any] = field(default_factory=dict)
    work: dict[str, dict[str, float]] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    """Stage -> results that are not current: nothing is published while there are any."""
    reason: str | None = None
    """Why it failed."""


def run(job: Job, events: Events, *, mapper: Engine | None = None) -> Summary:
    """Bring the published file, and the report where one is asked for, up to date.

    The stages are mapped over local processes unless another engine is given.

    Raises:
        WhyswitchError: see ``pipeline.errors``; what was committed before stays and is not done again.
    """
    path = state_path(job.published)
    with hold(path), _terminable():
        for own in (job.published, store.manifest_path(job.published), job.report_path):
            if own is not None:
                store.clear_left_over(own)
        workers = job.settings.workers()
        state = State(path, memory_limit=job.settings.run.memory_limit, threads=min(workers, 8))
        try:
            return _Run(job, events, state, mapper or engine(workers)).execute()
        finally:
            with contextlib.suppress(duckdb.Error):  # a broken connection was already told
                state.close()


class _Run:
    """One run over an open state."""

    def __init__(self, job: Job, events: Events, state: State, mapper: Engine) -> None:
        self.job = job
        self.events = events
        self.state = state
        self.clock = time.monotonic()
        self.started = _now()
        self.run_id = content_id("run-" + self.started.strftime("%Y%m%dT%H%M%S") + "-", time.time_ns())
        self.recipes = recipes(job.settings)
        self.mapper = mapper
        self.flow = Flow(state, self.mapper, job.settings, self.recipes, job.choice, events, self.run_id)
        self.number = 0
        self.counts: dict[str, Any] = {}
        self.waiting: dict[str, int] = {}

    def execute(self) -> Summary:
        """The run, its end written down however it ends."""
        try:
            self._begin()
            worked = self._work()
        except BaseException as error:
            failure = self._told(error)
            self._give_notice(self._end_badly(failure))
            if failure is error:
                raise
            raise failure from error
        summary = self._summary("done", worked=worked)
        self._give_notice(summary)
        return summary

    def _begin(self) -> None:
        start = runs.Start(
            self.run_id, self.started, __version__, self.job.settings.public_json(), as_json(self.recipes)
        )
        remember(self.state, self.recipes)
        self.number = runs.begin(self.state, start)
        self.events.tell(
            "run_start",
            run_id=self.run_id,
            run_number=self.number,
            version=__version__,
            db=self.job.published.name,
        )

    def _work(self) -> bool:
        try:
            self.flow.all(Inputs(self.job.inputs, _base(self.job.published), own_paths(self.job)))
        finally:
            self.mapper.close()
        worked = any(stage != "scan" for stage in self.flow.work)
        self.waiting = pending(self.state, self.recipes)
        self.counts = store.count(self.state.connection)
        published = self._publish()
        return self._draw(fresh=published) or published or worked

    # -- what is shown ----------------------------------------------------------------------------------------

    def _publish(self) -> bool:
        """Whether the published file was replaced."""
        ended = runs.End(_now(), "done", self.counts, self.flow.work)
        target = self.job.published
        if self.waiting:
            self.events.tell("publish_skipped", reason="half a change", waiting=self.waiting)
        elif not store.is_published(self.state.connection, target):
            self._check()
            row = store.RunRow(self.run_id, self.number, ended.row())
            with self.events.stage("publish", None):
                made = store.publish(self.state.connection, target, row, keep=self.job.settings.publish.keep)
            self.flow.work["publish"] = {"items": 1, "seconds": round(made.seconds, 3)}
            with self.state.transaction():
                store.record(self.state.connection, made, row)
                runs.end(self.state, self.run_id, runs.End(_now(), "done", self.counts, self.flow.work))
            self._describe()
            self.events.tell("publish", run_id=self.run_id, bytes=made.size, seconds=round(made.seconds, 3))
            return True
        elif not store.describes(target):
            self._describe()
        runs.end(self.state, self.run_id, ended)
        return False

    def _check(self) -> None:
        doubts = store.doubts(
            self.state.connection, self.job.published, self.counts, self.job.settings.publish
        )
        if doubts and not self.job.choice.accept:
            self.events.tell("publish_stopped", reason="; ".join(doubts))
            raise PublishError(
                f"{self.job.published} is not replaced: {'; '.join(doubts)}",
                "Last night's file stands. If this is right, run again with --accept; else mend the cause.",
            )

    def _describe(self) -> None:
        store.write_manifest(self.job.published)

    def _draw(self, *, fresh: bool) -> bool:
        path = self.job.report_path
        if path is None or not self.job.published.is_file():
            return False
        if path.exists() and not fresh and report.is_current(path, self.job.published, self.job.settings):
            return False
        with self.events.stage("report", None):
            report.write(self.job.published, path, self.job.settings)
        return True

    # -- how it ends ------------------------------------------------------------------------------------------

    def _told(self, error: BaseException) -> BaseException:
        """The failure as it is told: a message of ours, or the interruption."""
        if isinstance(error, WhyswitchError | KeyboardInterrupt):
            return error
        if isinstance(error, duckdb.InterruptException) or str(error) == "Query interrupted":
            return KeyboardInterrupt()
        if isinstance(error, duckdb.Error):
            return state_error(self.state.path, error)
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return StageError(
            f"something nobody foresaw: {type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}",
            "What was done is kept. Please report this with the line above.",
        )

    def _end_badly(self, failure: BaseException) -> Summary:
        interrupted = isinstance(failure, KeyboardInterrupt)
        status: runs.Status = "interrupted" if interrupted else "failed"
        reason = None if interrupted else str(getattr(failure, "message", type(failure).__name__))
        ended = runs.End(_now(), status, self.counts, self.flow.work, reason)
        with contextlib.suppress(
            duckdb.Error
        ):  # where the state itself broke, that failure is the one to tell
            runs.end(self.state, self.run_id, ended)
        return self._summary(status, worked=True, reason=reason)

    def _summary(self, status: runs.Status, *, worked: bool, reason: str | None = None) -> Summary:
        return Summary(
            run_id=self.run_id,
            number=self.number,
            status=status,
            worked=worked,
            seconds=round(time.monotonic() - self.clock, 3),
            counts=self.counts,
            work=self.flow.work,
            waiting=self.waiting,
            reason=reason,
        )

    def _give_notice(self, summary: Summary) -> None:
        self.events.tell(
            "run_end",
            run_id=summary.run_id,
            status=summary.status,
            seconds=summary.seconds,
            counts=summary.counts,
            work=summary.work,
            reason=summary.reason,
        )
        give_notice(summary, self.job.published, self.job.settings.notify, self.events)


def _base(published: Path) -> Path:
    return Path.cwd() / published.parent


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the block like Ctrl-C does."""

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        raise Terminated

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
