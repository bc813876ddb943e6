"""A small archive of samples and the command line in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

CommandLine = Callable[..., subprocess.CompletedProcess[str]]
RULES = ("--set", "extract.profile=rules")
"""The profile of cue rules: quick, and enough where it is not extraction that is tested."""


@pytest.fixture
def whyswitch(tmp_path: Path) -> CommandLine:
    """Runs ``whyswitch ...`` in ``tmp_path``."""

    def call(
        *arguments: str | Path, timeout: float = 240, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pipeline.cli", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "COLUMNS": "120", **environment},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return call


@pytest.fixture
def interviews(tmp_path: Path, sample: Path) -> Path:
    """A folder with four of the samples."""
    folder = tmp_path / "interviews"
    folder.mkdir()
    for path in sorted(sample.iterdir())[:4]:
        shutil.copy(path, folder)
    return folder


def rows(db: Path, sql: str) -> list[tuple[object, ...]]:
    """What a query on a published file gives."""
    with duckdb.connect(str(db), read_only=True) as connection:
        return connection.execute(sql).fetchall()
