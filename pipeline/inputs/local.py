"""Files, folders and globs on this machine."""

from __future__ import annotations

import glob
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import NoInputError
from pipeline.inputs.entries import (
    MAGIC,
    Entry,
    Listing,
    Place,
    Unreadable,
    is_below,
    matcher,
    source_name,
)

FRESH_NS = 2_000_000_000
"""A file changed within this before its listing may change again in the clock's same tick: no stamp."""


def local_place(given: str, base: Path, leave_out: frozenset[str]) -> Place:
    """The place that a path or a glob names.

    Raises:
        NoInputError: there is nothing of that name.
    """
    path = os.path.normpath(Path.cwd() / given)
    if os.path.lexists(path):
        return LocalPath(path, base, leave_out)
    pattern = os.path.normpath(
        f"{glob.escape(str(Path.cwd()))}/{given}" if not Path(given).is_absolute() else given
    )
    matches = sorted(glob.glob(pattern, recursive=True)) if MAGIC.search(given) else []  # noqa: PTH207
    if not matches:
        raise NoInputError(
            f"there is no {given}", "Check the path; a folder is read with all its subfolders."
        )
    return LocalGlob(pattern, tuple(matches), base, leave_out)


@dataclass(frozen=True, slots=True)
class LocalPath:
    """One file, or a folder with all its subfolders."""

    path: str
    base: Path
    leave_out: frozenset[str]

    def listings(self) -> Iterator[Listing | Unreadable]:
        """Every folder below, links followed, loops not."""
        if Path(self.path).is_dir():
            yield from _walk(self.path, self.base, self.leave_out)
        else:
            yield _chosen(str(Path(self.path).parent), {self.path}, self.base, self.leave_out)

    def covers(self, location: str) -> bool:
        """Whether it is the path or lies below it."""
        return is_below(location, self.path)


@dataclass(frozen=True, slots=True)
class LocalGlob:
    """What a glob matched."""

    pattern: str
    matches: tuple[str, ...]
    base: Path
    leave_out: frozenset[str]

    def listings(self) -> Iterator[Listing | Unreadable]:
        """The matched folders with all below them, and the matched files, folder by folder."""
        files: dict[str, set[str]] = {}
        for match in self.matches:
            if Path(match).is_dir():
                yield from _walk(match, self.base, self.leave_out)
            else:
                files.setdefault(str(Path(match).parent), set()).add(match)
        for folder in sorted(files):
            yield _chosen(folder, files[folder], self.base, self.leave_out)

    def covers(self, location: str) -> bool:
        """Whether the glob names it, or a folder above it."""
        return bool(matcher(self.pattern).match(location))


def _walk(root: str, base: Path, leave_out: frozenset[str]) -> Iterator[Listing | Unreadable]:
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            status = Path(folder).stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            found = _listed(folder, leave_out)
        except OSError as error:
            yield Unreadable(folder, error.strerror or type(error).__name__)
            continue
        waiting += [item.path for item in reversed(found) if _is_folder(item)]
        entries = tuple(_entry(item.path, base) for item in found if not _is_folder(item))
        yield Listing(folder, entries, {entry.name: entry for entry in entries})


def _listed(folder: str, leave_out: frozenset[str]) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as items:
        kept = [item for item in items if not item.name.startswith(".") and item.path not in leave_out]
    return sorted(kept, key=lambda item: item.name)


def _is_folder(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir()
    except OSError:  # a link to itself, or into what may not be looked at: told of as a file
        return False


def _chosen(folder: str, paths: set[str], base: Path, leave_out: frozenset[str]) -> Listing | Unreadable:
    try:
        beside = [item.path for item in _listed(folder, leave_out) if not _is_folder(item)]
    except OSError as error:
        return Unreadable(folder, error.strerror or type(error).__name__)
    entries = {path: _entry(path, base) for path in sorted(paths | set(beside)) if path not in leave_out}
    wanted = tuple(entry for path, entry in entries.items() if path in paths)
    return Listing(folder, wanted, {entry.name: entry for entry in entries.values()})


def _entry(path: str, base: Path) -> Entry:
    source, name = source_name(path, base), Path(path).name
    try:
        status = Path(path).stat()
    except OSError as error:
        return Entry(source, path, name, problem=("unreadable", error.strerror or type(error).__name__))
    if not stat.S_ISREG(status.st_mode):
        return Entry(source, path, name, problem=("not_a_file", "it is no regular file"))
    changed = max(status.st_mtime_ns, status.st_ctime_ns)
    stamp = f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_ino}"
    fresh = time.time_ns() - changed < FRESH_NS
    return Entry(source, path, name, status.st_size, status.st_mtime_ns, "" if fresh else stamp)
