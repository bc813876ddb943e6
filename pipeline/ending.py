"""The end that somebody asked for, by Ctrl-C or SIGTERM, while a run is at work."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


class Terminated(KeyboardInterrupt):
    """The process was asked to end (SIGTERM): as by Ctrl-C, what is committed is kept."""


_ENDINGS: dict[int, type[KeyboardInterrupt]] = {
    signal.SIGINT: KeyboardInterrupt,
    signal.SIGTERM: Terminated,
}
_asked: type[KeyboardInterrupt] | None = None


def heed() -> None:
    """Raise what was asked for, where the first exception was lost.

    A signal raises wherever the interpreter happens to be: inside a library that drops the exception (a destructor,
    a callback) or that reports it as a failure of its own.

    Raises:
        KeyboardInterrupt: Ctrl-C; its kind ``Terminated`` on SIGTERM.
    """
    if _asked is not None:
        raise _asked


def asked_for() -> KeyboardInterrupt:
    """What a broken-off query stands for."""
    return (_asked or KeyboardInterrupt)()


@contextlib.contextmanager
def endable() -> Iterator[None]:
    """Let both signals end the block, and be remembered until it is over; in another thread nothing changes."""
    global _asked

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        global _asked
        _asked = _ENDINGS[number]
        raise _asked

    _asked = None
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, end) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _asked = None
