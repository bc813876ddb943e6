"""A source's bytes, wherever a worker asks for them."""

from __future__ import annotations

import errno
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from pipeline.inputs.entries import is_url
from pipeline.records import SourceFile

T = TypeVar("T")

TRIES = 4
FIRST_PAUSE_S = 0.2
LASTING = {
    errno.ENOENT,
    errno.EACCES,
    errno.EPERM,
    errno.EISDIR,
    errno.ENOTDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
}
"""What trying again does not mend."""


@dataclass(frozen=True, slots=True)
class Found:
    """One input as the runner hands it to a worker: a reference, not its bytes."""

    source: str
    sha256: str
    context: str
    fingerprint: str
    location: str
    packed: bool = False
    """Whether ``location`` is an archive that holds it."""


class SourceChanged(OSError):
    """The file's content is no longer the one that was scanned."""


def fetch(location: str, limit: int | None = None) -> bytes:
    """The bytes of a path or URL; what may pass is tried again, with longer and longer pauses.

    Raises:
        OSError: it cannot be read.
        RejectedInput: ``too_large``, for what the web sends without saying how much it is.
    """
    if is_url(location):
        from pipeline.inputs.remote import fetch_remote

        return patiently(lambda: fetch_remote(location, limit))
    return patiently(Path(location).read_bytes)


def patiently(call: Callable[[], T]) -> T:
    """What a call gives; what may pass is tried again, with longer and longer pauses.

    Raises:
        OSError: it fails for good.
    """
    for attempt in range(1, TRIES + 1):
        try:
            return call()
        except OSError as error:
            if (
                attempt == TRIES
                or error.errno in LASTING
                or isinstance(error, FileNotFoundError | PermissionError)
            ):
                raise
            time.sleep(FIRST_PAUSE_S * 3 ** (attempt - 1))
    raise AssertionError("unreachable")


def open_sources(batch: Sequence[Found]) -> Iterator[SourceFile]:
    """The bytes of each, in order; an archive is unpacked once for neighbours that it holds.

    Raises:
        SourceChanged: the content of one is no longer the one that was scanned.
        OSError: one cannot be read.
    """
    for (location, packed), group in groupby(batch, key=lambda one: (one.location, one.packed)):
        wanted = list(group)
        data = fetch(location)
        contents = (
            _members(location, data, {one.sha256 for one in wanted}) if packed else {_sha256(data): data}
        )
        for one in wanted:
            if one.sha256 not in contents:
                raise SourceChanged(errno.ESTALE, "its content changed while it was read")
            yield SourceFile(one.source, one.sha256, contents[one.sha256], json.loads(one.context))


def _members(location: str, data: bytes, wanted: set[str]) -> dict[str, bytes]:
    from pipeline.ingest.sources import expand

    found: dict[str, bytes] = {}
    for _, content in expand(location, data):
        digest = _sha256(content)
        if digest in wanted:
            found[digest] = content
        if len(found) == len(wanted):
            break
    return found


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
