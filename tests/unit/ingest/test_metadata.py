"""What is known of an interview besides its talk."""

from __future__ import annotations

import pytest

from pipeline.ingest import frontmatter
from pipeline.ingest.metadata import iso_date, merged
from pipeline.records import SIDECAR_WARNINGS
from tests.unit.ingest.reading import accepted

TALK = "Interviewer: Why?\nDana: It broke.\nInterviewer: And?\nDana: So.\n"


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2024-03-12", "2024-03-12"),
        ("2024/3/2", "2024-03-02"),
        ("12 March 2024", "2024-03-12"),
        ("12th of Mar 2024", "2024-03-12"),
        ("March 12, 2024", "2024-03-12"),
        ("Tuesday, 12 March 2024, 10am", "2024-03-12"),
        ("12.03.2024", "2024-03-12"),
        ("31/12/2024", "2024-12-31"),
        ("12/31/2024", "2024-12-31"),
        ("20240312", "2024-03-12"),
        ("2024-03-12T10:00:00Z", "2024-03-12"),
        ("03/04/2024", None),
        ("last spring", None),
        ("2024-13-40", None),
        ("", None),
    ],
)
def test_dates(written: str, date: str | None) -> None:
    assert iso_date(written) == date


def test_front_matter_is_read_under_the_usual_keys() -> None:
    found = accepted(
        "---\nStudy: Kettles\nDate: 12 March 2024\nSegment: [home, tea]\ncount: 007\nyes: no\nempty:\n---\n"
        + TALK
    )
    assert (found.study, found.interview_date) == ("Kettles", "2024-03-12")
    assert found.metadata == {"segment": "home, tea", "count": "007", "yes": "no"}


def test_what_could_not_be_read_of_sidecars_is_a_warning() -> None:
    found = accepted(TALK, {SIDECAR_WARNINGS: "one; two", "study": "Kettles"})
    assert found.warnings[:2] == ("one", "two")
    assert (found.study, found.metadata) == ("Kettles", {})


def test_context_comes_before_front_matter() -> None:
    found = accepted(
        "---\nstudy: Kettles\nproduct: Tarn\n---\n" + TALK, {"study": "Pans", "interview_date": "2024-01-02"}
    )
    assert (found.study, found.interview_date, found.metadata) == ("Pans", "2024-01-02", {"product": "Tarn"})


def test_a_date_that_cannot_be_told_stays_as_it_is_written() -> None:
    found = accepted("---\ndate: 03/04/2024\n---\n" + TALK)
    assert found.interview_date is None
    assert found.metadata == {"date_as_written": "03/04/2024"}


@pytest.mark.parametrize(
    "block", ["---\n- a\n- b\n---\n", "---\n{unclosed\n---\n", "---\na: &x [1]\nb: *x\n---\n"]
)
def test_what_is_no_mapping_is_no_front_matter(block: str) -> None:
    assert frontmatter.split(block + TALK) == ({}, block + TALK)


def test_keys_are_folded_and_empty_values_left_out() -> None:
    assert merged({"Interview Date": "x", "Moderator": "MK", "a key": " "}, {"PARTICIPANT ID": "7"}) == {
        "interview_date": "x",
        "interviewer": "MK",
        "participant_id": "7",
    }
