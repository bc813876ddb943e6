"""Windows: every sentence is read, nothing is longer than allowed, and marks tell who speaks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.sentences import Sentence
from pipeline.extract.windows import MARKS, Vocabulary, windows

VOCABULARY = Vocabulary(1, 2, 0, tuple(range(10, 10 + MARKS)))

talk = st.lists(
    st.tuples(
        st.sampled_from(["INT", "ANN", "BO"]),
        st.booleans(),
        st.lists(st.integers(100, 999), min_size=1, max_size=120),
    ),
    min_size=1,
    max_size=60,
)


def _dialogue(rows: list[tuple[str, bool, list[int]]]) -> list[Sentence]:
    found, turn = [], 0
    for i, (speaker, same, _) in enumerate(rows):
        if i and not (same and found[-1].speaker == speaker):
            turn += 1
        role = "interviewer" if speaker == "INT" else "participant"
        found.append(Sentence(turn, speaker, role, 0, 1, "x", ""))  # type: ignore[arg-type]
    return found


@given(talk, st.integers(100, 300))
def test_every_sentence_is_in_a_window_and_no_window_is_too_long(
    rows: list[tuple[str, bool, list[int]]], length: int
) -> None:
    found = windows(_dialogue(rows), [row[2] for row in rows], VOCABULARY, length)
    assert {i for window in found for i in window.sentences} == set(range(len(rows)))
    for window in found:
        assert len(window.tokens) == len(window.segments) <= length
        assert list(window.sentences) == list(range(window.sentences[0], window.sentences[-1] + 1))
        assert max(window.segments) == len(window.sentences)


@given(talk)
def test_marks_open_turns_and_name_interviewers(rows: list[tuple[str, bool, list[int]]]) -> None:
    dialogue = _dialogue(rows)
    for window in windows(dialogue, [row[2] for row in rows], VOCABULARY, 256):
        for number, i in enumerate(window.sentences, 1):
            mark = window.tokens[window.segments.index(number)] - 10
            opens = number == 1 or dialogue[i].turn_index != dialogue[i - 1].turn_index
            if not opens:
                assert mark == 0
            elif dialogue[i].role == "interviewer":
                assert mark == 1
            else:
                assert mark >= 3
