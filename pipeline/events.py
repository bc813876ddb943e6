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

from pipeline.terminal import terminal

LogMode = Literal["auto", "json", "text", "quiet"]
Advance = Callable[[int], None]

EVENTS: dict[str, tuple[str, ...]] = {
    "waiting": ("holder", "seconds"),
    "run_start": ("run_id", "run_number", "version", "db"),
    "scan": ("changes",),
    "stage_start": ("stage", "total"),
    "batch": ("stage", "done", "total"),
    "reject": ("stage", "reason", "id"),
    "failure": ("stage", "reason", "detail"),
    "stage_end": ("stage", "done", "seconds"),
    "stage_broken_off": ("stage", "done", "seconds"),
    "publish": ("run_id", "bytes", "seconds"),
    "publish_skipped": ("reason", "waiting"),
    "publish_stopped": ("reason",),
    "notice_failed": ("notice", "reason"),
    "error": ("message", "remedy", "exit_code"),
    "run_end": ("run_id", "status", "seconds", "counts", "work", "reason"),
}
"""Every event with its fields, as docs/operations.md lists them; each line has ``time`` and ``event`` besides."""


class Events(Protocol):
    """Hears what a run does."""

    def stage(self, name: str, total: int | None) -> contextlib.AbstractContextManager[Advance]:
        """A block in which a stage works on ``total`` items; call what it gives with each number done."""
        ...

    def tell(self, event: str, **fields: object) -> None:
        """One of ``EVENTS`` happened."""
        ...


class JsonEvents:
    """One JSON object per line: ``time``, ``event``, and the event's own fields."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr

    def tell(self, event: str, **fields: object) -> None:
        """Write one line."""
        assert tuple(fields) == EVENTS[event], event
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        print(json.dumps({"time": now, "event": event, **fields}), file=self._stream, flush=True)

    @contextlib.contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Advance]:
        """Lines at the start, after each batch, and at the end."""
        clock = time.monotonic()
        done = 0
        self.tell("stage_start", stage=name, total=total)

        def advance(number: int) -> None:
            nonlocal done
            done += number
            self.tell("batch", stage=name, done=done, total=total)

        event = "stage_broken_off"
        try:
            yield advance
            event = "stage_end"
        finally:
            self.tell(event, stage=name, done=done, seconds=round(time.monotonic() - clock, 3))


class TextEvents:
    """A progress bar per stage on a terminal; one line per stage elsewhere."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or terminal(stderr=True, soft_wrap=False)

    @contextlib.contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Advance]:
        """The bar, from the stage's start to its end."""
        clock = time.monotonic()
        done = 0
        with Progress(
            TextColumn("{task.description:<8}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        ) as bar:
            task = bar.add_task(name, total=total)

            def advance(number: int) -> None:
                nonlocal done
                done += number
                bar.advance(task, number)

            yield advance
        if total is not None:
            self._console.print(f"{name:<8} {done:>7,} in {time.monotonic() - clock:.1f} s")

    def tell(self, event: str, **fields: object) -> None:
        """A line for what a person should know at once."""
        if event == "failure":
            self._console.print(
                f"{fields['stage']}: one item given up ({fields['reason']}: {fields['detail']})"
            )
        elif event == "waiting":
            self._console.print(f"waiting {fields['seconds']:g} s at most for the state: {fields['holder']}")
        elif event == "notice_failed":
            self._console.print(f"{fields['notice']} failed: {fields['reason']}; the run goes on")


class QuietEvents:
    """Says nothing."""

    @contextlib.contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Advance]:  # noqa: ARG002
        """Nothing is shown."""
        yield lambda _: None

    def tell(self, event: str, **fields: object) -> None:
        """Nothing is shown."""


def events(mode: LogMode) -> Events:
    """The hearer for a ``--log`` mode."""
    if mode == "json":
        return JsonEvents()
    return QuietEvents() if mode == "quiet" else TextEvents()
