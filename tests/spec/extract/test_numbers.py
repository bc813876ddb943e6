"""Quantities said aloud. ``numbers.tsv`` is meant to be extended: a sentence, and what it holds."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.extract.numbers import quantities

HERE = Path(__file__).parent


def rows() -> list[dict[str, str]]:
    with (HERE / "numbers.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["sentence"])
def test_quantities(row: dict[str, str]) -> None:
    found = quantities(row["sentence"])
    assert " ; ".join(f"{q.kind}: {q}" for q in found) == row["quantities"].replace(
        "-", "", 1 if row["quantities"] == "-" else 0
    )


def test_durations_in_minutes() -> None:
    (found,) = quantities("It took an hour and a half.")
    assert found.minutes == 90
    (money,) = quantities("It was nine pounds.")
    assert money.minutes is None


def test_places_are_those_of_the_text() -> None:
    text = "Look, it’s £4,500 — or a couple hundred bucks a month, as he said."
    assert [text[q.start : q.end] for q in quantities(text)] == ["£4,500", "a couple hundred bucks a month"]
