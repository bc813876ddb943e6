"""``make bench`` tells which of its aims were missed, and counts the words that were read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from bench.run import missed, words

GOOD: dict[str, Any] = {"ratio_to_floor": 1.3, "second_run": {"seconds": 2.9}, "added_to_alone": 2.0}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, []),
        ({"ratio_to_floor": 1.31}, ["first run: 1.31 times the floor"]),
        ({"second_run": {"seconds": 3.2}}, ["no change: 3.2 s"]),
        ({"added_to_alone": 2.4}, ["ten more: 2.4 times ten alone"]),
    ],
)
def test_an_aim_that_is_missed_is_told(change: dict[str, Any], told: list[str]) -> None:
    assert missed(GOOD | change) == told


def test_words_are_those_of_the_interviews(tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    with duckdb.connect(str(db)) as connection:
        connection.execute("CREATE TABLE transcripts AS SELECT unnest([3, 4]) AS n_words")
    assert words(db) == 7
