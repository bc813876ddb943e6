"""What two coders said of one text, as the reader learns it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evaluate.gold import Coded, GoldText
from training.second import second_codes, shares

HEAD = "\tsentence\tlabels\toutcome_kind\tstage\tdimension\tholder\n"


def _text(part: str, name: str, *labels: str) -> GoldText:
    rows = (
        Coded(i, 0, "ANN", f"Sentence {i}.", frozenset(given.split(",")) - {""})  # type: ignore[arg-type]
        for i, given in enumerate(labels, 1)
    )
    return GoldText(part, name, tuple(rows), frozenset())


@pytest.fixture
def tables(tmp_path: Path) -> list[Path]:
    """Interview s01 with two labelled sentences, interview s02 without any, passage r001 with one."""
    corpus, speech = tmp_path / "corpus.tsv", tmp_path / "speech.tsv"
    corpus.write_text(
        "interview" + HEAD + "s01\t1\tpush\t\t\t\t\ns01\t3\tpull,outcome\tgoal\t\t\t\ns02\t0\t\t\t\t\t\n"
    )
    speech.write_text("passage" + HEAD + "r001\t1\thabit\t\t\t\t\n")
    return [corpus, speech, tmp_path / "absent.tsv"]


def test_a_label_counts_by_the_share_of_coders_who_gave_it(tables: list[Path]) -> None:
    found = shares(_text("s", "s01", "push", "anxiety", ""), second_codes(tables))
    assert found.tolist() == [[1, 0, 0, 0, 0], [0, 0, 0.5, 0, 0], [0, 0.5, 0, 0, 0.5]]


def test_a_text_coded_once_keeps_its_codes(tables: list[Path]) -> None:
    assert shares(_text("s", "s03", "push", ""), second_codes(tables)).tolist() == [[1, 0, 0, 0, 0], [0] * 5]


def test_a_second_coder_may_have_marked_nothing(tables: list[Path]) -> None:
    assert shares(_text("s", "s02", "habit"), second_codes(tables)).tolist() == [[0, 0, 0, 0.5, 0]]


def test_a_passage_of_the_same_name_is_another_text(tables: list[Path]) -> None:
    found = shares(_text("speech", "s01", "push", "", ""), second_codes(tables))
    assert found.tolist() == [[1, 0, 0, 0, 0], [0] * 5, [0] * 5]
