"""One run at a time on one state: an advisory lock that the system frees when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import StateError, StateHeldError


@contextlib.contextmanager
def hold(state: Path) -> Iterator[None]:
    """Hold the lock file beside ``state`` for the length of the block.

    Raises:
        StateHeldError: another run holds it; the message names its process, host and start.
        StateError: the folder cannot be written.
    """
    path = state.with_name(state.name + ".lock")
    try:
        handle = open(path, "a+", encoding="utf-8")  # noqa: SIM115 (closed below, after the lock is let go)
    except OSError as error:
        raise StateError(
            f"cannot write {path}: {error.strerror}", "Choose a --db in a folder that can be written."
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StateHeldError(
                f"another run holds {state} ({holder(path)})", "Wait for it to end, or use another --db."
            ) from error
        handle.seek(0)
        handle.truncate()
        started = datetime.now(UTC).isoformat(timespec="seconds")
        handle.write(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "started": started}))
        handle.flush()
        yield


def holder(path: Path) -> str:
    """Who wrote the lock file, in words."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return f"pid {known['pid']} on {known['host']}, started {known['started']}"
    except (OSError, ValueError, KeyError):
        return "its holder left no name"
