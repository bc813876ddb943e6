"""The main job from lock to notice: what is stale is mapped and committed, then checked, published and drawn."""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from pipeline import publishing, report, store
from pipeline.choice import Choice
from pipeline.config import Settings
from pipeline.curation import curated
from pipeline.ending import asked_for, endable, heed
from pipeline.engines import Engine, engine
from pipeline.errors import PublishError, StageError, StateHeldError, WhyswitchError
from pipeline.events import Events
from pipeline.files import key_path, own_files
from pipeline.flow import Flow, Inputs
from pipeline.key import read_key, settled
from pipeline.notices import give_notice
from pipeline.publishing import new_id, now
from pipeline.recipes import as_json, recipes
from pipeline.state import Patience, State, hold, runs, sources, state_path
from pipeline.state import rewrite as rewriting
from pipeline.state.looking import clear_look
from pipeline.state.stale import pending, remember
from pipeline.state.store import state_error
from pipeline.version import __version__


@dataclass(frozen=True, slots=True)
class Job:
    """What to run: inputs, the published file, settings, where the report goes, and which part of the work."""

    inputs: tuple[str, ...]
    published: Path
    settings: Settings
    report_path: Path | None = None
    choice: Choice = field(default_factory=Choice)

    def sources(self) -> Inputs:
        """What it reads: names start at the published file's folder, and its own files are no inputs."""
        own = own_files(self.published, self.settings, self.report_path)
        return Inputs(self.inputs, Path.cwd() / self.published.parent, own)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did and what now stands in the state."""

    run_id: str
    number: int
    """0 where it failed before it had one."""
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
    seconds = job.settings.run.wait_seconds
    patience = Patience(seconds, lambda who: events.tell("waiting", holder=who, seconds=seconds))
    with contextlib.ExitStack() as held:
        with _told_before_it_began(job, events):
            held.enter_context(hold(path, patience))
            held.enter_context(endable())
            job = _prepared(job)
            state = State(
                path,
                memory_limit=job.settings.run.memory_limit,
                threads=min(job.settings.workers(), 8),
                patience=patience,
            )
        owed = False
        try:
            with _told_before_it_began(job, events):
                if job.settings.is_private:
                    path.chmod(0o600)
                if job.settings.is_private and rewriting.holds_named(state):
                    rewriting.owe(state)
                one = _Run(job, events, state, mapper or engine(job.settings))
            summary = one.execute()
            waits = job.settings.is_private and rewriting.holds_named(state)
            owed = rewriting.is_owed(state) and not waits
        finally:
            with contextlib.suppress(duckdb.Error):  # a broken connection was already told
                state.close()
        if owed:
            rewriting.rewrite(path)
        return summary


def _prepared(job: Job) -> Job:
    """The job with its settings complete, what killed runs left beside its files removed."""
    key = job.settings.privacy.key_file
    key_file = job.published.parent / key if key else key_path(job.published)
    for own in (job.published, store.manifest_path(job.published), job.report_path, key_file):
        if own is not None:
            store.clear_left_over(own)
    clear_look(state_path(job.published))
    settings = settled(job.settings, key_path(job.published))
    return replace(job, settings=curated(settings, job.published))


@contextlib.contextmanager
def _told_before_it_began(job: Job, events: Events) -> Iterator[None]:
    """Give notice of a failure in the block as of a failed run, unless another run is at work: that one tells."""
    clock, started = time.monotonic(), now()
    try:
        yield
    except StateHeldError:
        raise
    except WhyswitchError as error:
        seconds = round(time.monotonic() - clock, 3)
        _give_notice(
            Summary(new_id(started), 0, "failed", worked=False, seconds=seconds, reason=error.message),
            job,
            events,
        )
        raise


class _Run:
    """One run over an open state."""

    def __init__(self, job: Job, events: Events, state: State, mapper: Engine) -> None:
        self.job = job
        self.events = events
        self.state = state
        self.clock = time.monotonic()
        self.started = now()
        self.run_id = new_id(self.started)
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
            _give_notice(self._end_badly(failure), self.job, self.events)
            if failure is error:
                raise
            raise failure from error
        summary = self._summary("done", worked=worked)
        _give_notice(summary, self.job, self.events)
        return summary

    def _begin(self) -> None:
        start = runs.Start(
            self.run_id, self.started, __version__, self.job.settings.public_json(), as_json(self.recipes)
        )
        remember(self.state, self.recipes)
        self.number = runs.begin(self.state, start, above=store.last_number(self.job.published))
        self.events.tell(
            "run_start",
            run_id=self.run_id,
            run_number=self.number,
            version=__version__,
            db=self.job.published.name,
        )

    def _work(self) -> bool:
        try:
            self.flow.all(self.job.sources())
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
        heed()
        ended = runs.End(now(), "done", self.counts, self.flow.work)
        target, settings = self.job.published, self.job.settings
        sources.hide(self.state, read_key(Path(settings.privacy.key_file)) if settings.is_private else None)
        if self.waiting:
            self.events.tell("publish_skipped", reason="half a change", waiting=self.waiting)
        elif not store.is_published(self.state.connection, target):
            self._check()
            run = publishing.Begun(self.run_id, self.number)
            with self.events.stage("publish", None):
                made = publishing.publish(self.state, target, run, ended, keep=settings.publish.keep)
            self.flow.work["publish"] = {"items": 1, "seconds": round(made.seconds, 3)}
            store.write_manifest(target)
            self.events.tell("publish", run_id=self.run_id, bytes=made.size, seconds=round(made.seconds, 3))
            return True
        elif (last := store.last_publication(self.state.connection, target)) and not store.describes(
            target, last[2]
        ):
            store.write_manifest(target)
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
        if isinstance(error, WhyswitchError) or not isinstance(error, Exception):
            return error
        if isinstance(error, duckdb.InterruptException) or str(error) == "Query interrupted":
            return asked_for()
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
        ended = runs.End(now(), status, self.counts, self.flow.work, reason)
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


def _give_notice(summary: Summary, job: Job, events: Events) -> None:
    events.tell(
        "run_end",
        run_id=summary.run_id,
        status=summary.status,
        seconds=summary.seconds,
        counts=summary.counts,
        work=summary.work,
        reason=summary.reason,
    )
    give_notice(summary, job.published, job.settings.notify, events)
