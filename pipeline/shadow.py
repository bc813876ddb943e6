"""Changed rules or models computed beside the published results, compared, then promoted or dropped."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from pipeline import store
from pipeline.diff import Difference, compare, page
from pipeline.errors import PublishError, StateError, UsageError
from pipeline.events import Events
from pipeline.files import belongings, shadow_diff_path, shadow_path
from pipeline.output import write_output
from pipeline.runner import Job, Summary, run
from pipeline.sql import literal
from pipeline.state import State, hold, state_path
from pipeline.state.looking import settle
from pipeline.state.store import sync
from pipeline.store.history import keep_old


def run_shadow(job: Job, events: Events) -> tuple[Summary, Difference]:
    """Do the job on a copy of the state, publish it as ``NAME.shadow``, and compare that with what is published.

    A shadow that is there already is gone on with: one that was broken off, or another change on top.

    Raises:
        UsageError: nothing is published yet.
        WhyswitchError: as ``run``.
    """
    if not job.published.is_file():
        raise UsageError(f"there is no {job.published} to compare with", "Run without --shadow first.")
    shadow = shadow_path(job.published)
    if not state_path(shadow).is_file():
        _copy_state(job.published, shadow)
    summary = run(replace(job, published=shadow, report_path=None), events)
    found = compare(job.published, shadow)
    write_output(shadow_diff_path(job.published), page(found))
    return summary, found


def _copy_state(published: Path, shadow: Path) -> None:
    source, target = state_path(published), state_path(shadow)
    with hold(source):
        settle(source)
        beside = target.with_name(f".{target.name}.copy")
        try:
            beside.unlink(missing_ok=True)
            beside.touch(0o600, exist_ok=False)  # before anything is in it
            shutil.copyfile(source, beside)
            shutil.copymode(source, beside)
            sync(beside)
            beside.replace(target)
        except OSError as error:
            raise StateError(
                f"cannot copy {source}: {error.strerror}", "A shadow needs room for a second state."
            ) from error
        finally:
            beside.unlink(missing_ok=True)


def promote(published: Path, *, keep: int | None = None) -> Sequence[str]:
    """Put the shadow in the place of what is published; gives the settings that runs need from now on.

    ``keep`` older files stay, as ``publish.keep`` of the run that made the shadow says where none is given; with 0,
    none is added and none dropped. The permissions of what is published stay, and a link is followed.

    The runs that the published state saw since the shadow began are kept in its list of runs. What they read is
    read again by the next run, where the shadow has not seen it.

    Raises:
        UsageError: there is no shadow, or it is not whole.
        StateHeldError: a run is at work on one of the two.
        PublishError: the disk or a folder refused; the message says what stands.
    """
    shadow = shadow_path(published)
    source, target = state_path(shadow), state_path(published)
    if not source.is_file() or not shadow.is_file():
        raise UsageError(f"there is no {shadow}", "`whyswitch run INPUT --shadow --set ...` makes one.")
    with hold(target), hold(source):
        settings = [f"{one.name} = {one.after!r}" for one in compare(published, shadow).settings]
        State(target).close()
        with _told(shadow, "What was published stands, the shadow too: mend the cause and promote again."):
            ready = _ready(shadow, published.resolve())
        try:
            _join(shadow, published, keep)
            with _told(shadow, "Mend the cause; then `whyswitch run` with the shadow's settings goes on."):
                # The state first: should the machine stop in between, the next run publishes what it holds.
                shutil.copymode(target, source)
                source.replace(target)
                sync(target.parent)
                ready.replace(published.resolve())
                sync(published.resolve().parent)
        finally:
            if ready != shadow:
                ready.unlink(missing_ok=True)
    store.write_manifest(published)
    with _told(shadow, "It is promoted: remove what is left of it with `whyswitch drop`."):
        drop(published)
    return settings


@contextlib.contextmanager
def _told(shadow: Path, remedy: str) -> Iterator[None]:
    """What the system refuses in the block, as a failure with its remedy."""
    try:
        yield
    except OSError as error:
        raise PublishError(f"cannot promote {shadow}: {error.strerror}", remedy) from error


def _ready(shadow: Path, target: Path) -> Path:
    """The shadow's file where it can be renamed over the target, with the target's permissions.

    It is itself, or a copy of it where the target lies on another file system.
    """
    if shadow.stat().st_dev == target.parent.stat().st_dev:
        shutil.copymode(target, shadow)
        return shadow
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.unlink(missing_ok=True)
        beside.touch(0o600, exist_ok=False)
        shutil.copyfile(shadow, beside)
        shutil.copystat(shadow, beside)  # its time is how a run knows it again
        shutil.copymode(target, beside)
        sync(beside)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _join(shadow: Path, published: Path, keep: int | None) -> None:
    """Make the shadow's state that of the published file, and keep the file that is to be replaced.

    Raises:
        UsageError: the shadow is not whole.
    """
    target = state_path(published)
    state = State(state_path(shadow))
    try:
        if not store.is_published(state.connection, shadow):
            raise UsageError(
                "the shadow is not whole: its last run did not end, or its file was touched",
                "Run with --shadow again, or `whyswitch drop`.",
            )
        with _told(shadow, "What was published stands, the shadow too: mend the cause and promote again."):
            wanted = _wanted_files(state) if keep is None else keep
            keep_old(published, wanted, _made_by(target, published))
        _take_over(state, target, shadow, published)
    finally:
        state.close()


def _take_over(state: State, target: Path, shadow: Path, published: Path) -> None:
    """Make the shadow's state the published one's: its name, and the runs that went on meanwhile."""
    state.run(f"ATTACH {literal(target)} AS main_state (READ_ONLY)")
    try:
        with state.transaction():
            state.run("UPDATE publications SET name = ? WHERE name = ?", [published.name, shadow.name])
            state.run(
                "UPDATE runs SET number = number + (SELECT count(*) FROM main_state.runs m ANTI JOIN runs r "
                "USING (run_id)) WHERE run_id NOT IN (SELECT run_id FROM main_state.runs)"
            )
            state.run(
                "INSERT INTO journal BY NAME FROM main_state.journal "
                "WHERE run_id NOT IN (SELECT run_id FROM runs)"
            )
            state.run("INSERT INTO runs BY NAME FROM main_state.runs ANTI JOIN runs r USING (run_id)")
            state.run(
                "UPDATE publications SET number = r.number FROM runs r WHERE publications.run_id = r.run_id"
            )
    finally:
        state.run("DETACH main_state")


def _wanted_files(state: State) -> int:
    config = state.value("SELECT config FROM runs ORDER BY number DESC LIMIT 1")
    return int(json.loads(config or "{}").get("publish", {}).get("keep", 0))


def _made_by(state: Path, published: Path) -> tuple[int, str] | None:
    with duckdb.connect(str(state), read_only=True) as connection:
        last = store.last_publication(connection, published)
    return last[1:] if last else None


def drop(published: Path) -> bool:
    """Remove the shadow with all that belongs to it; says whether there was any.

    Raises:
        StateHeldError: a run is at work on it.
    """
    shadow = shadow_path(published)
    with hold(state_path(shadow)):
        mine = [path for path in (*belongings(shadow), shadow_diff_path(published)) if path.exists()]
        there = [path for path in mine if path.suffix != ".lock"]
        for path in mine:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    return bool(there)
