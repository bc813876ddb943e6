"""One run at a time on one state: an advisory lock that the system frees when its holder dies, however it dies."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from pipeline.errors import StateError, StateHeldError

PAUSE_S = 0.1
GRACE_S = 0.5
"""Waited for in any case: a look at who holds a state (``holder``, ``whyswitch doctor``) takes no longer."""


class Patience:
    """How long to wait for whoever has the state, from the first time that it is refused."""

    def __init__(self, seconds: float = 0.0, told: Callable[[str], None] = lambda _: None) -> None:
        """``told`` hears once who has it, where there are seconds to wait."""
        self._seconds = seconds
        self._told = told
        self._until: float | None = None

    def again(self, who: str) -> bool:
        """Whether to try again, after a pause."""
        now = time.monotonic()
        if self._until is None:
            self._until = now + max(self._seconds, GRACE_S)
            if self._seconds:
                self._told(who)
        time.sleep(max(min(PAUSE_S, self._until - now), 0.0))
        return now < self._until


def lock_path(state: Path) -> Path:
    """The lock file of a state."""
    return state.with_name(state.name + ".lock")


@contextlib.contextmanager
def hold(state: Path, patience: Patience | None = None) -> Iterator[None]:
    """Hold the lock file beside ``state`` for the length of the block.

    Raises:
        StateHeldError: another run still holds it when patience ends; the message names its process, host and start.
        StateError: the folder cannot be written, or its file system has no locks.
    """
    patience = patience or Patience()
    with contextlib.ExitStack() as stack:
        handle = stack.enter_context(_opened(state))
        _take(handle, state, patience)
        while not _is_at(lock_path(state), handle):  # whoever held it before removed it with the state
            handle = stack.enter_context(_opened(state))
            _take(handle, state, patience)
        yield


def _opened(state: Path) -> TextIO:
    path = lock_path(state)
    try:
        return open(path, "a+", encoding="utf-8")
    except OSError as error:
        raise StateError(
            f"cannot write {path}: {error.strerror}", "Choose a --db in a folder that can be written."
        ) from error


def _is_at(path: Path, handle: TextIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle.fileno()))
    except OSError:
        return False


def holder(state: Path) -> str | None:
    """Who holds the lock of a state, in words; None when nobody does."""
    try:
        with open(lock_path(state), encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _named(state)
    except OSError:
        return None
    return None


def _take(handle: TextIO, state: Path, patience: Patience) -> None:
    try:
        while not _is_taken(handle):
            if not patience.again(_named(state)):
                raise StateHeldError(
                    f"another run holds {state} ({_named(state)})",
                    "Wait for it to end (`run.wait_seconds` does that), or use another --db.",
                )
    except OSError as error:
        raise StateError(
            f"cannot lock {lock_path(state)}: {error.strerror}",
            "Its file system has no locks: keep the database on one that has, and publish by copying.",
        ) from error
    started = datetime.now(UTC).isoformat(timespec="seconds")
    name = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "started": started})
    # The name is for people; the lock holds without it, also on a full disk. Unbuffered: closing must not try again.
    with contextlib.suppress(OSError):
        os.ftruncate(handle.fileno(), 0)
        os.write(handle.fileno(), name.encode("utf-8"))


def _is_taken(handle: TextIO) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _named(state: Path) -> str:
    try:
        known = json.loads(lock_path(state).read_text(encoding="utf-8"))
        return f"pid {known['pid']} on {known['host']}, started {known['started']}"
    except (OSError, ValueError, KeyError):
        return "its holder left no name"
