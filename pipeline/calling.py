"""Commands as a person can type them here: the program as it was called, its arguments quoted."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

PROGRAM = "whyswitch"


def command(*arguments: str | Path) -> str:
    """A command line of this program that a shell takes as it stands."""
    return shlex.join([*_program(), *map(str, arguments)])


def _program() -> list[str]:
    """Its name where that leads to the program at work; else the path by which it was called."""
    called = Path(sys.argv[0])
    if called.name != PROGRAM:
        return [sys.executable, "-m", "pipeline.cli"]
    found = shutil.which(PROGRAM)
    if found and called.exists() and Path(found).samefile(called):
        return [PROGRAM]
    return [str(called)]
