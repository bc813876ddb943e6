"""What is wrong with an installation, a state or a published file, and what to do about it. Changes nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from pipeline import store
from pipeline.cluster.curate import read
from pipeline.config import Settings
from pipeline.curation import curation_path
from pipeline.errors import UsageError, WhyswitchError
from pipeline.files import key_path
from pipeline.key import settled
from pipeline.resources import checked, pinned_names, sha256
from pipeline.stages import STAGES
from pipeline.state import state_path
from pipeline.state.integrity import faults, read_all
from pipeline.state.lock import holder
from pipeline.state.rewrite import FORGET
from pipeline.state.schema import MIGRATIONS, schema_version
from pipeline.state.store import state_error
from pipeline.store.laws import broken_laws

SPARE_BYTES = 500_000_000
WORKER_BYTES = 1_500_000_000
"""What one worker may need with all models loaded."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    about: str
    level: Literal["ok", "note", "bad"]
    said: str
    remedy: str = ""


def examine(published: Path, settings: Settings) -> list[Finding]:
    """All findings, in the order in which they matter; the settings have been read already."""
    found: list[Finding] = []
    for check in (_settings, _curation, _key, _models, _folder, _disk, _memory, _lock, _state, _published):
        found += _guarded(check, published, settings)
    return found


Check = Callable[[Path, Settings], Iterator[Finding]]


def _guarded(check: Check, published: Path, settings: Settings) -> list[Finding]:
    about = check.__name__.strip("_")
    try:
        return list(check(published, settings))
    except WhyswitchError as error:
        return [Finding(about, "bad", error.message, error.remedy)]
    except duckdb.Error as error:
        told = state_error(state_path(published), error)
        return [Finding(about, "bad", told.message, told.remedy)]
    except OSError as error:
        return [
            Finding(
                about, "bad", f"{error.filename}: {error.strerror}", "Check the path and its permissions."
            )
        ]


def _settings(published: Path, settings: Settings) -> Iterator[Finding]:  # noqa: ARG001 (every check's signature)
    yield Finding(
        "settings", "ok", f"valid; profile {settings.extract.profile}, {settings.workers()} workers"
    )


def _curation(published: Path, settings: Settings) -> Iterator[Finding]:
    path = curation_path(settings, published)
    if not path.is_file():
        if settings.cluster.curation:
            remedy = "Put it back, or the next run fails."
            yield Finding("curation", "bad", f"there is no {path}, the curation file", remedy)
        return
    number = len(read(str(path)).names())
    yield Finding("curation", "ok", f"{path.name} holds {number} decisions on themes")


def _key(published: Path, settings: Settings) -> Iterator[Finding]:
    if not settings.is_private:
        return
    path = Path(settled(settings, key_path(published), make=False).privacy.key_file)
    if path.is_file():
        yield Finding("key", "ok", f"{path} is a key that nobody else can read")
    elif state_path(published).is_file():
        remedy = "Put it back: the next run makes another one, reads all anew, and every pseudonym changes."
        yield Finding("key", "bad", f"there is no {path}, the key of the pseudonyms", remedy)
    else:
        yield Finding("key", "note", f"there is no {path} yet", "The first run makes it.")


def _models(published: Path, settings: Settings) -> Iterator[Finding]:
    known = settled(settings, key_path(published), make=False)
    for entry in STAGES:
        entry.identity(known)
    names = {"en_core_web_sm", *({"mpnet"} if settings.extract.profile != "rules" else ())}
    names |= {settings.embed.model, settings.cluster.model} & set(pinned_names())
    names |= {"en_core_web_sm_names"} if settings.is_private else set()
    for name in sorted(names):
        checked(name)
    yield Finding("models", "ok", f"{', '.join(sorted(names))} are the pinned ones")


def _folder(published: Path, settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    folder = published.absolute().parent
    if not folder.is_dir():
        yield Finding("folder", "bad", f"there is no {folder}", "Make it, or choose another --db.")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("folder", "bad", f"{folder} cannot be written", "Change its owner or permissions.")
    else:
        yield Finding("folder", "ok", f"{folder} can be written")


def _disk(published: Path, settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    folder = published.absolute().parent
    if not folder.is_dir():
        return
    sizes = [path.stat().st_size for path in (published, state_path(published)) if path.is_file()]
    needed = 2 * sum(sizes) + SPARE_BYTES
    free = shutil.disk_usage(folder).free
    said = f"{_size(free)} free; a run may need {_size(needed)} for a while"
    remedy = "Publishing writes a whole new file beside the old one: make room first."
    yield Finding("disk", "ok" if free >= needed else "bad", said, "" if free >= needed else remedy)


def _memory(published: Path, settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    needed = settings.workers() * WORKER_BYTES
    said = f"{_size(total)}, {_size(free)} unused; {settings.workers()} workers may need {_size(needed)}"
    few = total < needed
    yield Finding("memory", "note" if few else "ok", said, "Use fewer: --workers." if few else "")


def _lock(published: Path, settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    who = holder(state_path(published))
    if who is None:
        yield Finding("lock", "ok", "no run is at work")
    else:
        yield Finding("lock", "note", f"a run is at work: {who}", "Its state is not looked into.")


def _state(published: Path, settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    path = state_path(published)
    if holder(path):
        return
    if not path.is_file():
        yield Finding("state", "note", f"there is no {path} yet", "The first run makes it.")
        return
    with duckdb.connect(str(path), read_only=True) as connection:
        version = schema_version(connection)
        if version > len(MIGRATIONS):
            yield Finding(
                "state", "bad", f"schema version {version}; this program knows up to {len(MIGRATIONS)}",
                "Use the newer whyswitch that wrote it.",
            )  # fmt: skip
            return
        number = read_all(connection)
        yield Finding(
            "state",
            "ok",
            f"schema version {version}; all {number:,} rows of {_size(path.stat().st_size)} readable",
        )
        if version < len(MIGRATIONS):
            yield Finding("state", "note", "of an earlier version", "The next run brings it up to date.")
            return
        yield from _rows(connection)
        yield from _owed(connection)
        yield from _last_run(connection, published)


def _rows(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    row = connection.execute("SELECT status FROM runs ORDER BY number DESC LIMIT 1").fetchone()
    wrong = faults(connection, at_rest=row is not None and row[0] == "done")
    if wrong:
        yield Finding(
            "state", "bad", "; ".join(wrong),
            "Please report this. `whyswitch run --force ingest` makes all rows of present files anew.",
        )  # fmt: skip
    else:
        yield Finding("state", "ok", "every row has its parent, none is double")


def _owed(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    row = connection.execute("SELECT count(*) FROM duties WHERE duty = ?", [FORGET]).fetchone()
    if row and row[0]:
        yield Finding(
            "forgetting", "bad", "it broke off: the published file, the report or freed blocks may hold more",
            "Give the same `whyswitch forget` again.",
        )  # fmt: skip
    row = connection.execute("SELECT count(*) FROM theme_curation WHERE status = 'conflict'").fetchone()
    if row and row[0]:
        yield Finding(
            "curation", "note", f"{row[0]} decisions on themes could not be applied",
            "`whyswitch query \"FROM theme_curation WHERE status = 'conflict'\"` says why.",
        )  # fmt: skip


def _last_run(connection: duckdb.DuckDBPyConnection, published: Path) -> Iterator[Finding]:
    row = connection.execute(
        "SELECT run_id, status, reason, finished_at FROM runs ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return
    run_id, status, reason, finished = row
    if status == "done":
        yield Finding("last run", "ok", f"{run_id} was done at {finished:%Y-%m-%d %H:%M} UTC")
    else:
        told = "broken off" if status == "running" else status
        why = f": {reason}" if reason else ""
        yield Finding(
            "last run", "note", f"{run_id} was {told}{why}", "The next run goes on where it stopped."
        )
    if published.is_file() and not store.is_published(connection, published):
        yield Finding(
            "published", "note", "it does not show what stands in the state", "The next run publishes."
        )


def _published(published: Path, settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    if not published.is_file():
        yield Finding("published", "note", f"there is no {published} yet", "`whyswitch run INPUT` makes it.")
        return
    try:
        with store.open_published(published) as connection:
            broken = broken_laws(connection)
            row = connection.execute("SELECT count(*) FROM transcripts").fetchone()
    except UsageError as error:
        yield Finding("published", "bad", error.message, "The next run replaces it.")
        return
    if broken:
        yield Finding(
            "published", "bad", "; ".join(broken), "Please report this; `whyswitch run` replaces the file."
        )
    else:
        yield Finding("published", "ok", f"{row[0] if row else 0:,} interviews; all laws hold")
    yield from _manifest(published)


def _manifest(published: Path) -> Iterator[Finding]:
    path = store.manifest_path(published)
    try:
        known = json.loads(path.read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        yield Finding("manifest", "note", f"{path.name} is absent or unreadable", "The next run writes it.")
        return
    if known == sha256(published):
        yield Finding("manifest", "ok", f"{path.name} is of this file")
    else:
        yield Finding("manifest", "note", f"{path.name} is of another file", "The next run replaces both.")


def _size(number: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"
