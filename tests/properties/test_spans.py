"""Clips: inside one turn, never of an interviewer, joined only while short."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.sentences import Sentence
from pipeline.extract.spans import MOST_CHARACTERS, MOST_SENTENCES, clips

rows = st.lists(
    st.tuples(st.integers(0, 1), st.booleans(), st.integers(5, 300), st.floats(0, 1)), min_size=1, max_size=40
)


@given(rows, st.floats(0.1, 0.9), st.floats(0, 0.3))
def test_clips_hold_what_they_promise(
    found: list[tuple[int, bool, int, float]], threshold: float, band: float
) -> None:
    dialogue, turn, start = [], 0, 0
    for step, asks, length, _ in found:
        if step or (dialogue and (dialogue[-1].role == "interviewer") != asks):
            turn, start = turn + 1, 0
        dialogue.append(
            Sentence(turn, "x", "interviewer" if asks else "participant", start, start + length, "", "")
        )
        start += length + 1
    scores = np.array([row[3] for row in found])
    taken: set[int] = set()
    for clip in clips(dialogue, scores, threshold, band):
        inside = range(clip.first, clip.last + 1)
        assert not taken & set(inside)
        taken |= set(inside)
        assert len(inside) <= MOST_SENTENCES
        assert all(dialogue[i].role == "participant" for i in inside)
        assert len({dialogue[i].turn_index for i in inside}) == 1
        assert all((scores[i] >= threshold) == clip.sure for i in inside)
        assert len(inside) == 1 or dialogue[clip.last].end - dialogue[clip.first].start <= MOST_CHARACTERS
    sure = {i for i, s in enumerate(dialogue) if s.role == "participant" and scores[i] >= threshold}
    assert sure <= taken
