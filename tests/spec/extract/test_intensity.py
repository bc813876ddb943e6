"""How strongly a force is told. ``intensity.tsv`` is meant to be extended: sentence, level, signs."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.extract.intensity import Sign, intensity, signs

HERE = Path(__file__).parent


def rows() -> list[dict[str, str]]:
    with (HERE / "intensity.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["sentence"])
def test_intensity(row: dict[str, str]) -> None:
    found = intensity(row["sentence"])
    assert found.level == row["level"]
    assert (", ".join(reason.partition(":")[0] for reason in found.reasons) or "-") == row["signs"]


@pytest.mark.parametrize("sign", signs(), ids=lambda sign: sign.id)
def test_every_example_shows_its_sign(sign: Sign) -> None:
    for example in sign.examples:
        assert any(reason.startswith(f"{sign.id}:") for reason in intensity(example).reasons), example


def test_the_reason_names_the_words() -> None:
    assert intensity("Every time, nine pounds.").reasons == ("repetition: every time", "quantity: 9 GBP")
