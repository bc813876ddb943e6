"""Killed anywhere, started again: the same rows as an undisturbed run; and the same for any number of workers."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import duckdb

from tests.functional.conftest import RULES, CommandLine, content

SMALL = ("--set", "run.batch_files=1", "--set", "run.batch_texts=4")
"""Batches so small that every worker gets some of every stage."""


def test_workers_give_the_same_rows(whyswitch: CommandLine, sample: Path, tmp_path: Path) -> None:
    given = sorted(sample.glob("meal-kit-*"))
    found = _with_workers((1, 3), whyswitch, tmp_path, *given, *RULES, *SMALL)
    assert len(found[0]["transcripts"]) == len(given)
    assert found[0]["theme_members"], "themes are to be there, or this proves nothing of vectors"
    assert found[0] == found[1]


def test_workers_with_the_reader_give_the_same_rows(
    whyswitch: CommandLine, sample: Path, tmp_path: Path
) -> None:
    for path in sorted(sample.glob("meal-kit-*.txt"))[:2]:
        (tmp_path / path.name).write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:60]))
    alone, together = _with_workers((1, 2), whyswitch, tmp_path, *sorted(tmp_path.glob("*.txt")), *SMALL)
    assert len(alone["transcripts"]) == 2
    assert alone["statements"]
    assert alone == together


def _with_workers(
    numbers: Iterable[int], whyswitch: CommandLine, folder: Path, *arguments: str | Path
) -> list[dict[str, list[tuple[object, ...]]]]:
    """What is published of a first run with each number of workers."""
    for workers in numbers:
        done = whyswitch("run", *arguments, "--workers", str(workers), "--db", f"{workers}.duckdb")
        assert done.returncode == 0, done.stderr
    return [content(folder / f"{workers}.duckdb") for workers in numbers]


def test_killed_runs_go_on_where_they_stopped(
    whyswitch: CommandLine, interviews: Path, tmp_path: Path
) -> None:
    options = ("run", str(interviews), *RULES, "--set", "run.batch_files=1", "--workers", "2")
    whyswitch(*options, "--db", "whole.duckdb")
    chance = random.Random(4)
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", *options, "--db", str(tmp_path / "broken.duckdb")],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(1.0, 9.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not (tmp_path / "broken.duckdb").exists() or content(tmp_path / "broken.duckdb")
    done = whyswitch(*options, "--db", "broken.duckdb")
    assert done.returncode == 0, done.stderr
    assert content(tmp_path / "broken.duckdb") == content(tmp_path / "whole.duckdb")


def test_reader_of_the_old_file_is_not_disturbed(
    whyswitch: CommandLine, interviews: Path, tmp_path: Path
) -> None:
    whyswitch("run", "interviews", *RULES)
    db = tmp_path / "whyswitch.duckdb"
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys\n"
            "c = duckdb.connect(sys.argv[1], read_only=True)\n"
            "print(c.execute('SELECT count(*) FROM turns').fetchone()[0], flush=True)\n"
            "sys.stdin.readline()\n"
            "print(c.execute('SELECT count(*) FROM turns').fetchone()[0], flush=True)\n",
            str(db),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    assert reader.stdin is not None
    before = int(reader.stdout.readline())
    (interviews / "new.txt").write_text(
        "Interviewer: And?\n\nBo: I never got round to it, it was fine as it was.\n"
    )
    assert whyswitch("run", "interviews", *RULES).returncode == 0
    reader.stdin.write("\n")
    reader.stdin.flush()
    assert int(reader.stdout.readline()) == before
    assert reader.wait(timeout=60) == 0
    reader.stdin.close()
    reader.stdout.close()
    with duckdb.connect(str(db), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM turns").fetchone() == (before + 2,)
