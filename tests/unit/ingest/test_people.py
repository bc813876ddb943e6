"""One id for one person."""

from __future__ import annotations

from pipeline.records import content_id
from tests.unit.ingest.reading import accepted, source

TALK = "Interviewer: Why?\n{name}: It broke.\nInterviewer: And?\n{name}: I went to the shop{end}\n"


def person(name: str, end: str = ".", **context: str) -> str | None:
    transcript = accepted(TALK.format(name=name, end=end), context)
    return next(turn.participant_id for turn in transcript.turns if turn.role == "participant")


def test_a_name_is_one_person_within_a_study() -> None:
    assert (
        person("Dana", study="Kettles")
        == person("dana", end="!", study="Kettles")
        == content_id("p", "Kettles", "dana")
    )
    assert person("Dana", study="Kettles") != person("Dana", study="Pans")
    assert person("Petrov, Dana", study="K") == person("Dana Petrov", end="!", study="K")


def test_generic_names_are_one_person_within_a_transcript() -> None:
    for name in ("Speaker 2", "Participant", "B", "Respondent"):
        assert person(name, study="Kettles") != person(name, end="!", study="Kettles")
    text = TALK.format(name="Participant", end=".")
    assert person("Participant") == content_id("p", content_id("t", source(text).sha256), "participant")


def test_numbers_of_a_study_name_people_in_that_study_alone() -> None:
    assert person("P07", study="Kettles") == person("P07", end="!", study="Kettles")
    assert person("P07") != person("P07", end="!")


def test_a_given_participant_names_the_only_one() -> None:
    assert person("Speaker 2", study="Kettles", participant="P07") == content_id("p", "Kettles", "p07")
    assert person("Speaker 2", participant="Dana", participant_id="K-12") == content_id("p", "", "k-12")


def test_interviewers_have_no_participant_id() -> None:
    transcript = accepted(TALK.format(name="Dana", end="."))
    assert [turn.participant_id is None for turn in transcript.turns] == [True, False, True, False]
