"""The published file replaced by what stands in the state: as the end of a run, or as a run of its own.

A run of its own is what a change by hand ends with: a survey's ratings, a person who is forgotten. It may show no
more than its own change, so that it is refused where the last run left something behind that was not published.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipeline import store
from pipeline.errors import UsageError
from pipeline.recipes import from_json
from pipeline.records import content_id
from pipeline.state import State, runs
from pipeline.state.stale import pending
from pipeline.version import __version__


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that goes on."""

    run_id: str
    number: int


def now() -> datetime:
    """This moment, as runs tell it: UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def new_id(started: datetime) -> str:
    """An id for a run that starts at this moment."""
    return content_id("run-" + started.strftime("%Y%m%dT%H%M%S") + "-", time.time_ns())


def publish(
    state: State, published: Path, run: Begun, ended: runs.End, *, keep: int | None
) -> store.Published:
    """Replace the published file, and write down that and how the run ended; its manifest is left to the caller.

    ``keep`` is as in ``store.publish``.

    Raises:
        PublishError: it could not be written, or a law does not hold on it; the old file stands.
    """
    row = store.RunRow(run.run_id, run.number, ended.row())
    made = store.publish(state.connection, published, row, keep=keep)
    work = {**ended.work, "publish": {"items": 1, "seconds": round(made.seconds, 3)}}
    with state.transaction():
        store.record(state.connection, made, row)
        runs.end(state, run.run_id, runs.End(now(), "done", ended.counts, work))
    return made


# -- a run of its own -----------------------------------------------------------------------------------------


def check_whole(
    state: State, published: Path, *, made_here: Collection[str] = (), goes_on: bool = False
) -> None:
    """Refuse a run of its own where it would show what the last run left half done, or hid from nobody yet.

    Args:
        state: as it stands before the change.
        published: nothing is refused where it is not there, since then nothing is published.
        made_here: stages whose stale results the change makes anew itself.
        goes_on: whether an earlier one broke off after it had changed the state, so that the last run may be it.

    Raises:
        UsageError: the last run did not end well, left stale results, or left names that are to be hidden.
    """
    if not published.is_file() or store.is_published(state.connection, published):
        return
    [(status, config, models)] = _last(state, "status, config, models")
    if status != "done" and not goes_on:
        raise _refused(published, f"the last run did not end well ({status})")
    waiting = sorted(set(pending(state, from_json(models))) - set(made_here))
    if waiting:
        raise _refused(published, f"the last run left half a change ({', '.join(waiting)})")
    if _bare_names(state, json.loads(config)):
        raise _refused(published, "some inputs have no hidden name yet")


def begin(state: State, published: Path) -> Begun:
    """Begin a run of its own, by the settings and recipes of the last one."""
    started = now()
    [(config, models)] = _last(state, "config, models")
    run_id = new_id(started)
    start = runs.Start(run_id, started, __version__, config, models)
    return Begun(run_id, runs.begin(state, start, above=store.last_number(published)))


def show(state: State, published: Path, run: Begun, *, undo: Callable[[], None] = lambda: None) -> None:
    """Publish what stands in the state, where there is a published file, and end the run however that goes.

    No older file is kept or dropped for it. ``undo`` takes the change back where it cannot be published.

    Raises:
        PublishError: it could not be written, or a law does not hold on it; the old file stands.
    """
    counts = store.count(state.connection)
    ended = runs.End(now(), "done", counts, {})
    if not published.is_file():
        runs.end(state, run.run_id, ended)
        return
    try:
        publish(state, published, run, ended, keep=None)
    except BaseException as error:
        # Where the state itself broke, the failure at hand is the one to tell.
        with contextlib.suppress(duckdb.Error), state.transaction():
            undo()
            runs.end(state, run.run_id, _failed(error, counts))
        raise
    store.write_manifest(published)


def _failed(error: BaseException, counts: Mapping[str, Any]) -> runs.End:
    if isinstance(error, KeyboardInterrupt):
        return runs.End(now(), "interrupted", counts, {})
    return runs.End(now(), "failed", counts, {}, str(getattr(error, "message", type(error).__name__)))


def _last(state: State, columns: str) -> list[tuple[Any, ...]]:
    return state.rows(f"SELECT {columns} FROM runs ORDER BY number DESC LIMIT 1")


def _bare_names(state: State, config: Mapping[str, Any]) -> bool:
    """Whether privacy is on and an input's own name would be read by others."""
    if config.get("privacy", {}).get("mode", "off") == "off":
        return False
    return bool(state.value("SELECT count(*) FROM sources WHERE shown IS NULL"))


def _refused(published: Path, why: str) -> UsageError:
    return UsageError(
        f"{published} cannot be published anew: {why}; nothing was changed",
        "Let `whyswitch run` end first, with the settings and inputs as ever, then give the same command again.",
    )
