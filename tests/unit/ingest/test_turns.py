"""Joining cues: words stay as they are, what is no speech goes."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.ingest.draft import Cue
from pipeline.ingest.turns import join

NAMES = {"A": "A", "B": "B"}


def texts(*cues: Cue) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in join(cues, NAMES).talk]


def test_cues_of_one_speaker_join_from_first_start_to_last_end() -> None:
    (turn,) = join(
        [Cue("A", "So I", 10, 20), Cue(None, "went  home", 20, 35), Cue("A", "again.", 40, 30)], NAMES
    ).talk
    assert turn == ("A", "So I went home again.", 10, 35)


def test_a_turn_of_noise_alone_does_not_part_two_others() -> None:
    assert texts(Cue("A", "It"), Cue("B", "[laughs]"), Cue("A", "broke.")) == [("A", "It broke.")]


def test_cues_before_the_first_speaker_are_left_out_and_counted() -> None:
    joined = join([Cue(None, "[music]"), Cue(None, "so we begin"), Cue("A", "Hello")], NAMES)
    assert [(turn.speaker, turn.text) for turn in joined.talk] == [("A", "Hello")]
    assert joined.n_before == 3


@pytest.mark.parametrize(
    "mark",
    [
        "[laughter]",
        "(laughs)",
        "[Laughs]",
        "[unintelligible 00:12:33]",
        "[inaudible]",
        "(crosstalk)",
        "[00:12:33.04]",
        "[BLANK_AUDIO]",
        "[both laughing]",
        "(long pause)",
        "*sighs*",
        "♪ la la ♪",
        "[phone ringing]",
        "[fail sound]",
        "[12:21]",
    ],
)
def test_marks_of_non_speech_are_dropped_and_counted(mark: str) -> None:
    joined = join([Cue("A", f"So {mark} yes")], NAMES)
    assert joined.talk[0].text == "So yes"
    assert joined.n_marks == 1


@pytest.mark.parametrize(
    "text",
    [
        "(I think)",
        "[Jira] is fine",
        "I said (the pan) broke",
        "f(x)",
        "a [sic] b",
        "*really* cross",
        "um, uh, the the pan",
        "()",
    ],
)
def test_words_stay_verbatim(text: str) -> None:
    assert texts(Cue("A", text)) == [("A", text)]


def test_unicode_is_composed_and_spaces_are_single() -> None:
    decomposed = unicodedata.normalize("NFD", "café\u00a0crème\u2009là")
    assert texts(Cue("A", decomposed)) == [("A", "café crème là")]
