"""What the doctor looks at for a job that nobody watches: notices, cluster, a waiting shadow, the last success."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from pipeline.config import Settings
from pipeline.doctor import Finding
from pipeline.errors import UsageError
from pipeline.files import shadow_path
from pipeline.state import state_path
from pipeline.state.lock import holder

QUIET_DAYS = 2
"""Days without a run that was done, after which a nightly job may have stopped without a word."""


def examine_night(published: Path, settings: Settings) -> list[Finding]:
    """Findings on what surrounds a run; empty where nothing of it is set up or amiss."""
    return [
        *_notices(published, settings),
        *_engine(settings),
        *_shadow(published),
        *_last_success(published),
    ]


def _notices(published: Path, settings: Settings) -> Iterator[Finding]:
    notify, folder = settings.notify, published.absolute().parent
    places = {"summaries": notify.summaries, "metrics": notify.metrics}
    for name, path in ((name, folder / value) for name, value in places.items() if value):
        target = path if name == "summaries" else path.parent
        above = next(one for one in (target, *target.parents) if one.exists())
        if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
            yield Finding("notices", "ok", f"notify.{name} can be written to {path}")
        else:
            remedy = f"Change its owner or permissions, or set notify.{name} to another place."
            yield Finding("notices", "bad", f"notify.{name}: {above} cannot be written", remedy)


def _engine(settings: Settings) -> Iterator[Finding]:
    if settings.run.engine != "ray":
        return
    from pipeline.engines.ray import RayEngine, knock

    try:
        RayEngine(settings.run.ray_address, settings.run.workers)
        knock(settings.run.ray_address)
    except UsageError as error:
        yield Finding("engine", "bad", error.message, error.remedy)
    except OSError as error:
        said = f"nobody answers at {settings.run.ray_address} ({error.strerror or type(error).__name__})"
        yield Finding(
            "engine", "bad", said, "Start the cluster (`ray start --head`), or mend run.ray_address."
        )
    else:
        yield Finding("engine", "ok", f"Ray {settings.run.ray_address or 'on this machine'}")


def _shadow(published: Path) -> Iterator[Finding]:
    shadow = shadow_path(published)
    if state_path(shadow).is_file() and not holder(state_path(shadow)):
        made = datetime.fromtimestamp(state_path(shadow).stat().st_mtime, UTC)
        said = f"a shadow of {made:%Y-%m-%d} waits, as large as the state"
        yield Finding("shadow", "note", said, "whyswitch promote, or whyswitch drop.")


def _last_success(published: Path) -> Iterator[Finding]:
    path = state_path(published)
    if not path.is_file() or holder(path):
        return
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute("SELECT max(finished_at) FROM runs WHERE status = 'done'").fetchone()
    except duckdb.Error:  # what is wrong with the state, the doctor tells already
        return
    if row is None or row[0] is None:
        return
    age = datetime.now(UTC).replace(tzinfo=None) - row[0]
    if age > timedelta(days=QUIET_DAYS):
        yield Finding(
            "nights", "note", f"the last run that was done ended {age.days} days ago",
            "Is the job still started? `systemctl list-timers`, or the crontab and the system's mail.",
        )  # fmt: skip
