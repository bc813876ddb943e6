"""A command watched while it runs: how long it takes, and the memory of it and of all processes below it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY_S = 0.25


def whyswitch(*arguments: str | Path) -> list[str]:
    """``whyswitch ...`` of this interpreter, as the words of a command."""
    return [sys.executable, "-m", "pipeline.cli", *map(str, arguments)]


@dataclass(frozen=True, slots=True)
class Watched:
    """What a command took; memory is the proportional set size, so that shared pages count once."""

    seconds: float
    peak_mb: int
    """Of all its processes together, at the worst moment."""
    largest_mb: int
    """The largest resident set that any one of them ever had."""
    code: int
    lines: tuple[str, ...]
    """What it wrote to stderr."""


def watched(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Watched:
    """Run a command to its end."""
    clock = time.monotonic()
    process = subprocess.Popen(
        list(command),
        cwd=folder,
        env=os.environ | dict(environment or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    peaks = [0, 0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks, done))
    watcher.start()
    assert process.stderr is not None
    lines = tuple(process.stderr)
    code = process.wait()
    seconds = time.monotonic() - clock
    done.set()
    watcher.join()
    process.stderr.close()
    return Watched(round(seconds, 2), peaks[0] // 1024, peaks[1] // 1024, code, lines)


def _watch(pid: int, peaks: list[int], done: threading.Event) -> None:
    while not done.wait(EVERY_S):
        alive = family(pid)
        peaks[0] = max(peaks[0], sum(_kb(one, "smaps_rollup", "Pss:") for one in alive))
        peaks[1] = max(peaks[1], *(_kb(one, "status", "VmHWM:") for one in alive))


def family(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == pid:
                found += family(int(entry.name))
    return found


def _kb(pid: int, file: str, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:  # it ended meanwhile
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
