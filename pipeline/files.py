"""The files that lie around a published one: what a run writes itself is no input of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.config import Settings
from pipeline.curation.file import curation_path
from pipeline.naming import SHADOW, main_path, report_beside
from pipeline.state import state_path
from pipeline.state.lock import lock_path
from pipeline.store import history_folder, manifest_path


def shadow_path(published: Path) -> Path:
    """Where a shadow of a published file lies: ``.shadow`` before its ending."""
    return published.with_name(f"{published.stem}{SHADOW}{published.suffix or '.duckdb'}")


def shadow_diff_path(published: Path) -> Path:
    """Where the page lies that compares a published file with its shadow."""
    return published.with_name(f"{published.stem}{SHADOW}.diff.html")


def key_path(published: Path) -> Path:
    """Where the key of the pseudonyms lies, one for a published file and its shadow: ``NAME.state.key``."""
    return state_path(main_path(published)).with_suffix(".key")


def own_files(published: Path, settings: Settings, report_path: Path | None) -> frozenset[str]:
    """Absolute paths of all that runs into a file, or into its shadow, write."""
    main = main_path(published)
    found = [*belongings(main), *belongings(shadow_path(main)), shadow_diff_path(main), key_path(main)]
    found += [curation_path(settings, main)]
    named = (settings.notify.summaries, settings.notify.metrics, settings.privacy.key_file)
    found += [main.parent / name for name in named if name]
    found += [report_path or report_beside(main)]
    return frozenset(str(Path.cwd() / path) for path in found)


def belongings(published: Path) -> Iterator[Path]:
    """The published file, its state with lock and spill, its manifest and its history."""
    state = state_path(published)
    yield published
    yield state
    yield lock_path(state)
    yield from (state.with_name(state.name + ending) for ending in (".wal", ".tmp"))
    yield manifest_path(published)
    yield history_folder(published)
