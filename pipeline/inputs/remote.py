"""Files, folders and globs of an object store or another file system, through fsspec."""

from __future__ import annotations

import contextlib
import errno
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import fsspec

from pipeline.errors import NoInputError, RejectedInput, UsageError
from pipeline.inputs.entries import MAGIC, Entry, Listing, Place, Unreadable, is_below, matcher
from pipeline.inputs.open import patiently

VERSION_KEYS = ("ETag", "etag", "md5Hash", "checksum", "versionId", "generation", "uid")
TIME_KEYS = ("LastModified", "Last-Modified", "last_modified", "updated", "modified", "mtime", "created")
_CHUNK = 1_000_000


@dataclass(frozen=True, slots=True)
class RemotePlace:
    """What a URL names: one file, a folder with all below it, or a glob."""

    url: str
    files: Mapping[str, Mapping[str, Any]]
    """Full URL -> what the file system tells of it."""

    def listings(self) -> Iterator[Listing | Unreadable]:
        """Folder by folder, in name order; hidden files left out."""
        folders: dict[str, list[Entry]] = {}
        for url in sorted(self.files):
            if not any(part.startswith(".") for part in url.removeprefix(self.url).split("/")):
                folders.setdefault(url.rpartition("/")[0], []).append(_entry(url, self.files[url]))
        for folder in sorted(folders):
            entries = tuple(folders[folder])
            yield Listing(folder, entries, {entry.name: entry for entry in entries})

    def covers(self, location: str) -> bool:
        """Whether it lies there, or the glob names it."""
        if _is_glob(self.url):
            return bool(matcher(self.url).match(location))
        return is_below(location, self.url)


def remote_place(url: str) -> Place:
    """The place that a URL names; its files are listed at once.

    On the web, an address that ends in a slash, or leads to one that does, is a folder: what its page links to.

    Raises:
        UsageError: the URL's kind is unknown, or it holds a password.
        NoInputError: there is nothing, or it cannot be reached.
    """
    if urlsplit(url).password or "::" in url:
        raise UsageError(
            f"the {urlsplit(url).scheme} URL holds a password or chains file systems",
            "Give a plain URL; credentials belong into fsspec's own configuration (~/.config/fsspec).",
        )
    url = url if _is_web(url) else url.rstrip("/")
    try:
        system, path = fsspec.core.url_to_fs(url)
        found = patiently(lambda: _found(system, path))
    except (ImportError, ValueError) as error:
        raise UsageError(
            f"cannot open {url}: {error}",
            "Install the fsspec package for this kind of URL (s3fs, gcsfs, adlfs, ...).",
        ) from error
    except Exception as error:  # each kind of store has errors of its own
        raise NoInputError(
            f"cannot list {url} ({type(error).__name__})", "Check the URL, the network and the credentials."
        ) from error
    if not found:
        raise NoInputError(f"there is no {url}", "Check the URL; a folder is read with all below it.")
    return RemotePlace(_full(system, path), {_full(system, name): info for name, info in found.items()})


def fetch_remote(url: str, limit: int | None = None) -> bytes:
    """The bytes at a URL; from the web no more of them than the limit.

    Raises:
        OSError: it cannot be read.
        RejectedInput: ``too_large``.
    """
    with _passing(RejectedInput):
        system, path = fsspec.core.url_to_fs(url)
        return _streamed(system, path, limit) if _is_web(url) else bytes(system.cat_file(path))


@contextlib.contextmanager
def _passing(*lasting: type[Exception]) -> Iterator[None]:
    """Raise what a network's or a store's library raises as the failure of a disk: it may be over at the next try.

    Failures that are ``lasting`` stay what they are.
    """
    same: tuple[type[Exception], ...] = (OSError, *lasting)
    try:
        yield
    except same:
        raise
    except Exception as error:  # the network's or the library's own: no file is to blame
        raise OSError(errno.EIO, type(error).__name__) from error


def _streamed(system: Any, path: str, limit: int | None) -> bytes:
    """The bytes of an answer whose length nobody knows beforehand."""
    data = bytearray()
    with system.open(path, "rb", block_size=0) as stream:
        while chunk := stream.read(_CHUNK):
            data += chunk
            if limit is not None and len(data) > limit:
                raise RejectedInput("too_large", f"more than {limit} bytes; ingest.max_bytes allows {limit}")
    return bytes(data)


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _is_glob(url: str) -> bool:
    """Whether a URL holds signs of a glob; a question mark on the web begins a query."""
    return "*" in url if _is_web(url) else bool(MAGIC.search(url))


def _found(system: Any, path: str) -> dict[str, Mapping[str, Any]]:
    with _passing(ImportError, ValueError):
        return _listed(system, path)


def _listed(system: Any, path: str) -> dict[str, Mapping[str, Any]]:
    if _is_glob(path):
        return _matched(system, path)
    if not _is_web(path):
        return dict(system.find(path, detail=True))
    info = system.info(path)
    if not str(info.get("url", path)).endswith("/"):
        return {path: info}
    found = system.find(path.rstrip("/") + "/", detail=True)
    return {name: one for name, one in found.items() if not {"?", "#"} & set(name)}


def _matched(system: Any, path: str) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for match, info in system.glob(path, detail=True).items():
        found |= dict(system.find(match, detail=True)) if info.get("type") == "directory" else {match: info}
    return found


def _full(system: Any, name: str) -> str:
    return str(system.unstrip_protocol(name))


def _entry(url: str, info: Mapping[str, Any]) -> Entry:
    size = int(info.get("size") or 0)
    known = {key: str(info[key]) for key in (*VERSION_KEYS, *TIME_KEYS) if info.get(key)}
    stamp = json.dumps({"size": size} | known, sort_keys=True) if known else ""
    name = url.rpartition("/")[2]
    return Entry(url, url, unquote(name) if _is_web(url) else name, size, _mtime_ns(info), stamp)


def _mtime_ns(info: Mapping[str, Any]) -> int:
    for key in TIME_KEYS:
        value = info.get(key)
        if isinstance(value, int | float):
            return int(value * 1e9)
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                continue
        if isinstance(value, datetime):
            return int(value.timestamp() * 1e9)
    return 0
