"""Older published files: ``NAME.history/NAME.RUN.duckdb``, each with its manifest."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from pathlib import Path

from pipeline.disk import sync

_FILE = re.compile(r".*\.(\d{6,})\.(run-[0-9A-Za-z-]+)\.[^.]+")


def history_folder(published: Path) -> Path:
    """Where the older files of a published one are kept."""
    return published.with_name(f"{published.stem}.history")


def manifest_path(published: Path) -> Path:
    """The manifest that tells what a published file is."""
    return published.with_name(f"{published.stem}.manifest.json")


def kept_files(published: Path) -> list[Path]:
    """The older files, oldest first."""
    folder = history_folder(published)
    found = [(match, path) for path in folder.glob("*") if (match := _match(path, published))]
    return [path for match, path in sorted(found, key=lambda one: (int(one[0][1]), one[0][2]))]


def run_of(path: Path) -> str | None:
    """The run that made a kept file, by its name."""
    match = _FILE.fullmatch(path.name)
    return match[2] if match else None


def last_number(published: Path) -> int:
    """The largest number of a run that the published file's manifest or a kept file bears; 0 where none does."""
    found = [int(match[1]) for path in kept_files(published) if (match := _match(path, published))]
    return max([0, *found, _manifest(published)[1]])


def made_by(published: Path) -> tuple[int, str] | None:
    """Number and id of the run that made the file, by its manifest; None where that is of another file.

    It is read as a whole for that: ask the state first.
    """
    run_id, number, digest = _manifest(published)
    if not (run_id and published.is_file()):
        return None
    with published.open("rb") as handle:
        same = hashlib.file_digest(handle, "sha256").hexdigest() == digest
    return (number, run_id) if same else None


def keep_old(published: Path, keep: int, maker: tuple[int, str] | None) -> None:
    """Keep the present file as the newest of ``keep`` older ones, before it is replaced; with 0, all stay as they are.

    It is linked, not copied, where the file system can. ``maker`` is the number and id of the run that made
    it; nothing is kept of a file of which that is not known.

    Raises:
        OSError: the folder cannot be written.
    """
    if not keep:
        return
    if maker and published.is_file():
        folder = history_folder(published)
        folder.mkdir(exist_ok=True)
        name = f"{published.stem}.{maker[0]:06d}.{maker[1]}"
        _link(published, folder / f"{name}{published.suffix or '.duckdb'}")
        if _manifest(published)[0] == maker[1]:
            _link(manifest_path(published), folder / f"{name}.manifest.json")
        sync(folder)
    files = kept_files(published)
    for old in files[: max(len(files) - keep, 0)]:
        old.unlink(missing_ok=True)
        old.with_name(f"{old.stem}.manifest.json").unlink(missing_ok=True)


def _link(source: Path, target: Path) -> None:
    if target.exists():
        return
    try:
        os.link(source.resolve(), target)
    except OSError:  # no links on this file system
        beside = target.with_name(f".{target.name}.copy")
        shutil.copy2(source, beside)
        beside.replace(target)


def _match(path: Path, published: Path) -> re.Match[str] | None:
    if not path.name.startswith(f"{published.stem}.") or path.suffix != (published.suffix or ".duckdb"):
        return None
    return _FILE.fullmatch(path.name)


def _manifest(published: Path) -> tuple[str | None, int, str | None]:
    """The id and the number of the run that the manifest names, and the file's sha256 by it."""
    try:
        known = json.loads(manifest_path(published).read_text(encoding="utf-8"))
        return str(known["run_id"]), int(known["run_number"]), str(known["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, 0, None
