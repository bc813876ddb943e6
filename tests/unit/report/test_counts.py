"""What the page counts, and what it refuses to count."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import ReportSettings
from pipeline.report.evidence import opened
from pipeline.report.figures import Figures, figures
from pipeline.report.overview import Overview, overview, shared_folder
from tests.unit.report.published_file import PublishedFile

TALK = (
    "It kept failing. I was late again. I liked the new one. I was afraid of the price. We had paid for it."
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two studies: Ann speaks in both, Ben and Cem in one each."""
    made = PublishedFile()
    ask = ("interviewer", "Q", "And then?")
    ann = made.interview(
        "s/a.txt", [ask, ("participant", "Ann", TALK)], study="A", interview_date="2025-02-01"
    )
    both = made.interview(
        "s/b.txt", [ask, ("participant", "Ann", TALK), ("participant", "Ben", TALK)], study="B", missing=True
    )
    made.interview("s/c.txt", [ask, ("participant", "Cem", "Nothing much.")], interview_date="2025-03-04")
    pushes = [
        made.statement(ann, 1, "push", "It kept failing.", stage="first_thought"),
        made.statement(ann, 1, "push", "I was late again.", stage="deciding"),
        made.statement(both, 1, "push", "It kept failing.", stage="first_thought"),
        made.statement(both, 2, "push", "I was late again.", stage=None),
    ]
    made.statement(both, 2, "push", "It kept failing.", needs_review=True, stage="ongoing_use")
    made.statement(both, 2, "anxiety", "I was afraid of the price.", stage="first_thought")
    made.theme("push", "failing", [pushes[0], pushes[2], pushes[3]])
    for number in range(3):
        made.reject(f"s/{number}.bin", "binary")
    made.reject("s/9.txt", "empty", stage="scan")
    return made.save(tmp_path_factory.mktemp("counts") / "counts.duckdb")


@pytest.fixture(scope="module")
def numbers(published: Path) -> Figures:
    """Its figures."""
    with opened(published, ReportSettings()) as evidence:
        return figures(evidence)


@pytest.fixture(scope="module")
def found(published: Path) -> Overview:
    """Its overview."""
    with opened(published, ReportSettings(table_rows=10)) as evidence:
        return overview(evidence)


def test_people_are_counted_once_however_often_they_speak(numbers: Figures) -> None:
    assert numbers["push.people"] == 2
    assert numbers["push.statements"] == 4
    assert numbers["people"] == 3
    assert numbers.by_study["0"]["push.people"] == 1
    assert numbers.by_study["1"]["push.people"] == 2


def test_what_waits_for_review_is_counted_apart(numbers: Figures) -> None:
    assert numbers["push.review"] == 1
    assert numbers["any.review"] == 1
    assert numbers["any.statements"] == 5
    assert numbers["any.ongoing_use.people_at"] == 0


def test_statements_in_no_theme_are_counted(numbers: Figures) -> None:
    assert numbers["push.noise"] == 1
    assert numbers["anxiety.noise"] == 1
    assert numbers["pull.noise"] == 0


def test_the_timeline_counts_people_per_stage_and_what_has_none(numbers: Figures) -> None:
    assert numbers["push.first_thought.people_at"] == 1
    assert numbers["push.first_thought.told"] == 2
    assert numbers["any.first_thought.people_at"] == 2
    assert numbers["any.unplaced"] == 1
    assert numbers.largest(".people_at") == 1


def test_totals_agree_with_their_studies(found: Overview) -> None:
    assert [study.name for study in found.studies] == ["A", "B", None]
    assert [study.n_people for study in found.studies] == [1, 2, 1]
    assert sum(study.n_interviews for study in found.studies) == found.n_interviews == 3
    assert sum(study.n_words for study in found.studies) == found.n_words
    assert sum(study.n_statements for study in found.studies) == 5
    assert found.n_people == 3
    assert found.n_missing == 1
    assert (found.first_date, found.last_date) == ("2025-02-01", "2025-03-04")


def test_refused_inputs_are_listed_with_their_reasons(found: Overview) -> None:
    assert found.n_refused == 4
    assert found.reasons == (("binary", 3), ("empty", 1))
    assert {refusal.stage for refusal in found.refusals} == {"scan", "ingest"}


@pytest.mark.parametrize(
    ("sources", "folder"),
    [
        ([], ""),
        (["a.txt"], ""),
        (["in/a.txt"], "in/"),
        (["in/a.txt", "in/ab.txt"], "in/"),
        (["in/x/a.txt", "in/xy/a.txt"], "in/"),
        (["/data/a.txt", "/other/a.txt"], "/"),
        (["s3://bucket/one/a.vtt", "s3://bucket/two/a.vtt"], "s3://bucket/"),
        (["a.txt", "in/a.txt"], ""),
    ],
)
def test_the_folder_that_all_sources_share(sources: list[str], folder: str) -> None:
    assert shared_folder(sources) == folder
