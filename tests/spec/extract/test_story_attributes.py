"""Led answers and the holder's part. ``led.tsv`` and ``parts.tsv`` are meant to be extended, a case a line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.extract.led import is_led
from pipeline.extract.parts import PartRule, part_of, part_rules

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows("led.tsv"), ids=lambda row: f"{row['question']} {row['answer']}")
def test_led(row: dict[str, str]) -> None:
    assert is_led(row["question"], row["answer"], opens=True) == (row["led"] == "yes")


def test_only_the_start_of_a_turn_answers() -> None:
    assert not is_led("So it was slow?", "Yes.", opens=False)


@pytest.mark.parametrize("row", rows("parts.tsv"), ids=lambda row: row["quote"])
def test_part(row: dict[str, str]) -> None:
    assert (part_of(row["quote"], row["holder"]) or "-") == row["part"]


@pytest.mark.parametrize("rule", part_rules(), ids=lambda rule: f"{rule.holder}-{rule.part}")
def test_every_rule_by_its_examples(rule: PartRule) -> None:
    for example in rule.examples:
        assert rule.compiled.search(example.lower()), example
    for negative in rule.negatives:
        assert part_of(negative, rule.holder) != rule.part, negative
