"""What a run leaves beside the published file: no part of the repository, and cleaned up by ``make clean``."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.files import own_files

ROOT = Path(__file__).parents[2]
DECISIONS = "themes.toml"


def left_by_a_run(folder: Path) -> list[Path]:
    """Every file that runs and shadow runs with the defaults may leave."""
    found = own_files(folder / "whyswitch.duckdb", Settings(), folder / "report.html")
    return sorted(Path(path) for path in found)


def test_what_a_run_leaves_is_ignored_by_git(tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("needs git")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    for path in left_by_a_run(tmp_path):
        if path.suffix in (".history", ".tmp"):
            path.mkdir()
            path = path / "inside"
        path.write_text("x")
    told = subprocess.run(
        ["git", "-C", str(tmp_path), "status", "--porcelain", "--untracked-files=all"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["??", ".gitignore"]


def test_make_clean_leaves_nothing_but_what_people_decided(tmp_path: Path) -> None:
    if shutil.which("make") is None:
        pytest.skip("needs make")
    shutil.copy(ROOT / "Makefile", tmp_path)
    for path in left_by_a_run(tmp_path):
        path.write_text("x")
    subprocess.run(["make", "-C", str(tmp_path), "-s", "clean"], check=True)
    assert {path.name for path in tmp_path.iterdir()} == {"Makefile", DECISIONS}
