"""What a folder, a bucket or an archive lists, before any of it is read as a transcript."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
MAGIC = re.compile(r"[*?[]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One listed file."""

    source: str
    """Its name in ``sources``: relative to the published file's folder where it lies below it."""
    location: str
    """Where to open it: an absolute path or a URL."""
    name: str
    """The last part of its path."""
    size: int = 0
    mtime_ns: int = 0
    stamp: str = ""
    """Changes whenever the content may have; empty when that cannot be told without reading it."""
    problem: tuple[str, str] | None = None
    """(reason, detail) where the listing already shows that it cannot be read."""
    sha256: str | None = None
    data: bytes | None = None
    """Its bytes, where they were at hand anyway."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of one folder: those asked for, and all that lie beside them, by name."""

    folder: str
    entries: tuple[Entry, ...]
    beside: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A folder that could not be listed, and why."""

    location: str
    detail: str


class Place(Protocol):
    """One given input: what lies there now, and what should lie there."""

    def listings(self) -> Iterator[Listing | Unreadable]:
        """The folders under it, in name order."""
        ...

    def covers(self, location: str) -> bool:
        """Whether a file at this location would have been listed."""
        ...


def is_url(given: str) -> bool:
    """Whether an input names an object store or another file system by URL."""
    return bool(_URL.match(given))


def source_name(location: str, base: Path) -> str:
    """The name of a location in ``sources``: the same however the path to it was spelt."""
    if is_url(location):
        return location
    path = Path(location)
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()


def location_of(source: str, base: Path) -> str:
    """Where a source lies: ``source_name`` undone."""
    return source if is_url(source) else str(base / source)


def is_below(location: str, folder: str) -> bool:
    """Whether a location is the folder or lies below it."""
    return location == folder or location.startswith(folder.rstrip("/") + "/")


def matcher(pattern: str) -> re.Pattern[str]:
    """A regular expression for what a glob names, and for all that lies below it."""
    out = ""
    position = 0
    while position < len(pattern):
        if pattern.startswith("**/", position):
            out, position = out + "(?:.*/)?", position + 3
        elif pattern.startswith("**", position):
            out, position = out + ".*", position + 2
        else:
            part, position = _translated(pattern, position)
            out += part
    return re.compile(out + r"(?:/.*)?\Z", re.DOTALL)


def _translated(pattern: str, position: int) -> tuple[str, int]:
    char = pattern[position]
    if char == "*":
        return "[^/]*", position + 1
    if char == "?":
        return "[^/]", position + 1
    end = pattern.find("]", position + 2)
    if char == "[" and end > 0:
        inner = pattern[position + 1 : end].replace("\\", r"\\")
        inner = "^" + inner[1:] if inner.startswith("!") else inner
        return f"[{inner}]", end + 1
    return re.escape(char), position + 1
