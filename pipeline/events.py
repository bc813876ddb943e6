"""What a run tells while it works: a progress bar on a terminal, or one JSON line per event. Ids and counts only."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Literal, Protocol, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

LogMode = Literal["auto", "json", "text", "quiet"]


class Events(Protocol):
    """Hears what a run does."""

    def stage(self, name: str, total: int | None) -> contextlib.AbstractContextManager[Callable[[int], None]]:
        """A block in which a stage works on ``total`` items; call what it gives with each number done."""
        ...

    def failure(self, stage: str, reason: str, detail: str) -> None:
        """One item was given up."""
        ...


class JsonEvents:
    """One JSON object per line: ``time``, ``event``, and the event's own fields (see docs/operations.md)."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream

    def emit(self, event: str, **fields: object) -> None:
        """Write one line."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        print(json.dumps({"time": now, "event": event, **fields}), file=self._stream, flush=True)

    @contextlib.contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Callable[[int], None]]:
        """Lines at the start, after each batch, and at the end."""
        clock = time.monotonic()
        done = 0
        self.emit("stage_start", stage=name, total=total)

        def advance(number: int) -> None:
            nonlocal done
            done += number
            self.emit("batch", stage=name, done=done, total=total)

        yield advance
        self.emit("stage_end", stage=name, done=done, seconds=round(time.monotonic() - clock, 3))

    def failure(self, stage: str, reason: str, detail: str) -> None:
        """A line for an item that was given up."""
        self.emit("failure", stage=stage, reason=reason, detail=detail)


class TextEvents:
    """A progress bar per stage on a terminal; one line per stage elsewhere."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)

    @contextlib.contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Callable[[int], None]]:
        """The bar, from the stage's start to its end."""
        columns = (
            TextColumn("{task.description:<8}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        clock = time.monotonic()
        done = 0
        with Progress(
            *columns, console=self._console, transient=True, disable=not self._console.is_terminal
        ) as bar:
            task = bar.add_task(name, total=total)

            def advance(number: int) -> None:
                nonlocal done
                done += number
                bar.advance(task, number)

            yield advance
        seconds = time.monotonic() - clock
        if total is not None:
            self._console.print(f"{name:<8} {done:>7,} in {seconds:.1f} s", highlight=False)

    def failure(self, stage: str, reason: str, detail: str) -> None:
        """A line for an item that was given up."""
        self._console.print(f"{stage}: one item given up ({reason}: {detail})", highlight=False)


class QuietEvents:
    """Says nothing."""

    @contextlib.contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Callable[[int], None]]:  # noqa: ARG002
        """Nothing is shown."""
        yield lambda _: None

    def failure(self, stage: str, reason: str, detail: str) -> None:
        """Nothing is shown."""


def events(mode: LogMode) -> Events:
    """The hearer for a ``--log`` mode."""
    if mode == "json":
        return JsonEvents()
    return QuietEvents() if mode == "quiet" else TextEvents()
