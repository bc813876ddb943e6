"""Killed anywhere, started again: the same rows as an undisturbed run; and the same for any number of workers."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from tests.functional.conftest import RULES, CommandLine, content


def test_workers_give_the_same_rows(whyswitch: CommandLine, interviews: Path, tmp_path: Path) -> None:
    for workers in (1, 3):
        done = whyswitch("run", "interviews", *RULES, "--workers", str(workers), "--db", f"{workers}.duckdb")
        assert done.returncode == 0, done.stderr
    assert content(tmp_path / "1.duckdb") == content(tmp_path / "3.duckdb")


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
