"""The archives and commands that measurements are made with."""

from __future__ import annotations

from pathlib import Path

from bench.archive import interview
from bench.processes import watched, whyswitch

ROOT = Path(__file__).parents[2]


def test_interviews_of_an_archive_are_talk() -> None:
    assert not [n for n in range(100) if "{" in interview(n, telling=0.5)]
    assert interview(7) == interview(7) != interview(8)


def test_the_program_that_is_measured_is_this_one() -> None:
    told = watched(whyswitch("status", "--db", "absent.duckdb"), ROOT)
    assert told.code == 2
    assert "absent.duckdb" in "".join(told.lines)
