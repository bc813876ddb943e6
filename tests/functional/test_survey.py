"""A survey from the questionnaire to the opportunities: exported, filled in, imported, kept by the next run."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.functional.conftest import RULES, CommandLine, rows

WISH = (
    "Interviewer: What did you want?\n\nMeg: I want to see who owes what before the shop opens on Monday.\n"
)


def test_round_trip(whyswitch: CommandLine, interviews: Path, tmp_path: Path) -> None:
    (interviews / "meg.txt").write_text(WISH, encoding="utf-8")
    assert whyswitch("run", interviews, *RULES, "--no-report").returncode == 0
    done = whyswitch("survey", "export", "--top", "2", "-o", "sheet.csv")
    assert done.returncode == 0, done.stderr
    with (tmp_path / "sheet.csv").open(encoding="utf-8", newline="") as file:
        sheet = list(csv.DictReader(file))
    assert sheet
    assert all(row["statement"].startswith(("minimize", "increase")) for row in sheet)
    filled = [
        {**row, "respondent": f"r{n}", "segment": "owners", "importance": 5, "satisfaction": 1 + 3 * (n == 0)}
        for n in range(4)
        for row in sheet
    ]
    with (tmp_path / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(filled[0]))
        writer.writeheader()
        writer.writerows(filled)
    done = whyswitch("survey", "import", "answers.csv")
    assert done.returncode == 0, done.stderr
    assert "fewer than 30" in done.stderr
    wanted = [("owners", 4, 10.0, 2.5, 17.5, "underserved")] * len(sheet)
    told = "SELECT segment, respondents, importance, satisfaction, opportunity, landscape FROM opportunities"
    assert rows(tmp_path / "whyswitch.duckdb", told) == wanted
    nameless = "SELECT count(*) FROM ratings ANTI JOIN runs USING (run_id)"
    assert rows(tmp_path / "whyswitch.duckdb", nameless) == [(0,)]
    assert whyswitch("run", interviews, *RULES, "--no-report", "--force", "extract").returncode == 0
    assert rows(tmp_path / "whyswitch.duckdb", told) == wanted


def test_an_outcome_that_is_not_there_is_refused(
    whyswitch: CommandLine, interviews: Path, tmp_path: Path
) -> None:
    assert whyswitch("run", interviews, *RULES, "--no-report").returncode == 0
    (tmp_path / "answers.csv").write_text("outcome_id,importance,satisfaction\ns0,5,1\n", encoding="utf-8")
    done = whyswitch("survey", "import", "answers.csv")
    assert done.returncode == 2
    assert "not there: s0" in done.stderr
    assert rows(tmp_path / "whyswitch.duckdb", "FROM ratings") == []
