"""Answers of surveys as files: NAME.csv and what comes of it, NAME.expected.tsv; what is refused in refused.tsv.

All are meant to be extended. In ``refused.tsv`` a slash between spaces is a new line.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.survey.answers import read_ratings

HERE = Path(__file__).parent


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("path", sorted(HERE.glob("*.csv")), ids=lambda path: path.stem)
def test_ratings_and_opportunities(path: Path) -> None:
    found = [
        (r.segment, r.outcome_id, r.respondents, r.importance, r.satisfaction, round(r.opportunity, 3))
        for r in read_ratings(path)
    ]
    wanted = [
        (row["segment"], row["outcome_id"], int(row["respondents"]),
         *(float(row[name]) for name in ("importance", "satisfaction", "opportunity")))
        for row in rows(path.with_suffix(".expected.tsv"))
    ]  # fmt: skip
    assert found == wanted


@pytest.mark.parametrize("row", rows(HERE / "refused.tsv"), ids=lambda row: row["message"])
def test_refused(row: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(row["csv"].replace(" / ", "\n") + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=row["message"].replace("'", ".")) as told:
        read_ratings(path)
    assert str(path) in str(told.value)


def test_a_sheet_as_spreadsheets_save_it(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(b"\xef\xbb\xbfoutcome_id,importance,satisfaction\r\no1,5,1\r\n")
    assert [(r.outcome_id, r.importance, r.satisfaction) for r in read_ratings(path)] == [("o1", 10, 0)]
