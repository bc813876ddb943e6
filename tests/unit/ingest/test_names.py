"""One name per person within a file."""

from __future__ import annotations

from pipeline.ingest.names import settle


def test_spellings_that_differ_in_case_alone_join() -> None:
    naming = settle(["Dana", "DANA", "Dana", "dana", "Interviewer"])
    assert set(naming.name_of.values()) == {"Dana", "Interviewer"}


def test_a_slip_of_the_keys_is_the_name_it_is_nearly() -> None:
    naming = settle(["Interviewer"] * 12 + ["Intervewer", "Dana"])
    assert naming.name_of["Intervewer"] == "Interviewer"
    assert naming.n_slips == 1


def test_role_words_are_no_slips_of_each_other() -> None:
    naming = settle(["Interviewer"] * 12 + ["Interviewee"])
    assert naming.name_of["Interviewee"] == "Interviewee"


def test_numbered_questions_and_answers_are_two_speakers() -> None:
    assert set(settle(["Q1", "A1", "Q2", "A2"]).name_of.values()) == {"Q", "A"}


def test_numbered_people_stay_apart() -> None:
    assert set(settle(["P1", "P2", "P1", "P2"]).name_of.values()) == {"P1", "P2"}


def test_suffixes_are_cut_and_roles_in_them_kept() -> None:
    naming = settle(["Anna (she/her)", "Dana (SL)", "Jo (interviewer)"])
    assert naming.name_of == {"Anna (she/her)": "Anna", "Dana (SL)": "Dana", "Jo (interviewer)": "Jo"}
    assert naming.told == {"Jo": "interviewer"}


def test_suffixes_that_tell_people_apart_stay() -> None:
    naming = settle(["Speaker (A)", "Speaker (B)"])
    assert len(set(naming.name_of.values())) == 2
