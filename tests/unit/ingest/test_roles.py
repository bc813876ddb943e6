"""Roles by what is stated, by name, and by talk."""

from __future__ import annotations

import pytest

from pipeline.ingest.lexicon import is_generic, role_word
from tests.unit.ingest.reading import accepted, read, roles

SHORT = (
    "{a}: So what did you use before that?\n"
    "{b}: A pan, and before that my mother's pan, which was older.\n"
    "{a}: And how did you find the shop?\n"
    "{b}: My sister told me about it, she had been there in May and she liked it.\n"
)


def interview(asks: str, tells: str) -> str:
    return SHORT.format(a=asks, b=tells)


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("Interviewer", "interviewer"),
        ("INTERVIEWER 2", "interviewer"),
        ("INT2", "interviewer"),
        ("I", "interviewer"),
        ("Q", "interviewer"),
        ("UX Researcher", "interviewer"),
        ("Lead Interviewer", "interviewer"),
        ("Me", "interviewer"),
        ("Moderator", "interviewer"),
        ("P07", "participant"),
        ("Participant A", "participant"),
        ("Customer", "participant"),
        ("Interviewee", "participant"),
        ("Interpreter", "other"),
        ("Note-taker", "other"),
        ("Unknown Speaker", "unknown"),
        ("Audience member", "unknown"),
        ("Dana", None),
        ("Speaker 1", None),
        ("spk_0", None),
        ("Grace Host", None),
        ("MK", None),
    ],
)
def test_role_words(label: str, word: str | None) -> None:
    assert role_word(label) == word


@pytest.mark.parametrize(
    "label", ["Speaker 2", "Participant", "B", "Respondent", "P07", "spk_0", "SPEAKER_01", "Channel 1", "F4"]
)
def test_generic_labels(label: str) -> None:
    assert is_generic(label)


@pytest.mark.parametrize("label", ["Dana", "Jo", "Marc Boorshtein", "MK"])
def test_names_are_not_generic(label: str) -> None:
    assert not is_generic(label)


@pytest.mark.parametrize(
    ("asks", "tells"),
    [
        ("Interviewer", "Dana"),
        ("I", "B"),
        ("Q", "A"),
        ("INT", "R12"),
        ("M", "P3"),
        ("Researcher", "Dana"),
        ("MK", "P07"),
        ("R", "P"),
    ],
)
def test_labels_that_tell_the_roles(asks: str, tells: str) -> None:
    assert roles(accepted(interview(asks, tells))) == {asks: "interviewer", tells: "participant"}


def test_without_any_word_the_talk_tells() -> None:
    found = accepted(interview("Speaker 1", "Speaker 2"))
    assert roles(found) == {"Speaker 1": "interviewer", "Speaker 2": "participant"}
    assert {speaker.basis for speaker in found.speakers} == {"talk"}


def test_staff_names_of_the_settings_come_before_the_talk() -> None:
    found = accepted(interview("Lotte", "Graeme"), interviewer_names=("graeme",))
    assert roles(found) == {"Lotte": "participant", "Graeme": "interviewer"}


def test_a_person_who_fixed_the_roles_has_the_last_word() -> None:
    found = accepted(
        interview("Interviewer", "Dana"),
        {"roles": "Interviewer=participant; Dana=interviewer"},
        interviewer_names=("Interviewer",),
    )
    assert roles(found) == {"Interviewer": "participant", "Dana": "interviewer"}
    assert {speaker.confidence for speaker in found.speakers} == {1.0}


@pytest.mark.parametrize("value", ["Mary Kay", "mk", "MK, Anna", "M. Kay & MK"])
def test_front_matter_names_the_interviewer(value: str) -> None:
    found = accepted(f"---\ninterviewer: {value}\n---\n" + interview("Ron", "MK"))
    assert roles(found)["MK"] == "interviewer"


def test_last_name_first_is_the_same_person() -> None:
    found = accepted(interview("Marsh, Jo", "Petrov, Dana"), {"participant": "Jo Marsh"})
    assert roles(found)["Marsh, Jo"] == "participant"


@pytest.mark.parametrize(
    ("label", "listed"), [("Marsh, Jo", "Jo Marsh"), ("Jo Marsh", "Marsh, Jo"), ("MARSH, JO", "Marsh, Jo")]
)
def test_staff_is_known_whichever_name_comes_first(label: str, listed: str) -> None:
    found = accepted(interview("Petrov, Dana", label), interviewer_names=(listed,))
    assert roles(found) == {"Petrov, Dana": "participant", label: "interviewer"}
    fixed = accepted(interview("Petrov, Dana", label), {"roles": f"{listed}=interviewer;"})
    assert roles(fixed)[label] == "interviewer"
    assert fixed.speakers[1].basis == "stated by a person"
    known = accepted(interview("Petrov, Dana", label), {"interviewer": listed})
    assert roles(known)[label] == "interviewer"
    assert known.speakers[1].basis == "metadata"


def test_two_people_of_one_surname_are_not_mixed_up() -> None:
    found = accepted(interview("Marsh, Ann", "Marsh, Jo"), interviewer_names=("Jo Marsh",))
    assert roles(found) == {"Marsh, Ann": "participant", "Marsh, Jo": "interviewer"}


def test_a_host_who_asks_and_tells_a_little_is_an_interviewer() -> None:
    """``ingest.participant_names`` or ``whyswitch roles`` make the host a participant."""
    text = interview("Host", "Dana") + "Host: I had one, too, and it broke in my hands after a year of use.\n"
    assert roles(accepted(text))["Host"] == "interviewer"
    assert not any(speaker.needs_review for speaker in accepted(text).speakers)
    assert roles(accepted(text, participant_names=("Host",)))["Host"] == "participant"


@pytest.mark.parametrize("label", ["Host", "Co-host 2", "HOST", "Presenter"])
def test_a_host_who_tells_their_own_story_is_a_participant_and_flagged(label: str) -> None:
    found = accepted(interview("Dana", label))
    assert roles(found) == {"Dana": "interviewer", label: "participant"}
    host = found.speakers[1]
    assert (host.basis, host.needs_review) == ("talk, against the label", True)
    assert any("doubtful" in warning for warning in found.warnings)


def test_a_host_of_guests_whom_an_interviewer_asks_is_a_participant() -> None:
    found = accepted(interview("Interviewer", "Host"))
    assert roles(found) == {"Interviewer": "interviewer", "Host": "participant"}
    assert found.speakers[1].basis == "talk"


def test_a_host_stays_what_a_person_has_stated() -> None:
    found = accepted(interview("Dana", "Host"), {"roles": "Host=interviewer; Dana=participant;"})
    assert roles(found) == {"Dana": "participant", "Host": "interviewer"}


def test_two_interviewers_and_two_participants() -> None:
    text = interview("Interviewer 1", "Dana") + interview("Interviewer 2", "Rob")
    assert roles(accepted(text)) == {
        "Interviewer 1": "interviewer",
        "Dana": "participant",
        "Interviewer 2": "interviewer",
        "Rob": "participant",
    }


def test_interpreters_are_neither_and_are_pointed_out() -> None:
    found = accepted(interview("Moderator", "Participant") + "Interpreter: She says it broke.\n")
    assert roles(found)["Interpreter"] == "other"
    assert any("interpreter" in warning for warning in found.warnings)


def test_a_lone_speaker_is_a_participant_to_look_at() -> None:
    (speaker,) = accepted("Dana: It broke.\n\nDana: I was cross.\n\nDana: So I went.\n").speakers
    assert (speaker.role, speaker.needs_review, speaker.confidence) == ("participant", True, 0.5)


def test_among_equals_all_are_participants() -> None:
    assert set(roles(accepted(interview("Interviewer", "Dana"), all_participants=True)).values()) == {
        "participant"
    }


def test_interviewers_alone_are_refused() -> None:
    assert read(interview("Interviewer 1", "Interviewer 2")).rejects[0].reason == "no_participant"


def test_unlabelled_paragraphs_are_doubtful() -> None:
    found = accepted("Why did you buy it?\n\nIt broke.\n\nWhat broke?\n\nThe pan.\n\nAnd then?\n\nI went.\n")
    assert all(speaker.needs_review and speaker.confidence == 0.5 for speaker in found.speakers)
