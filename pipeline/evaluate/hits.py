"""When a predicted span hits a coded sentence, and when an episode is found: the codebook's rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

WORD = re.compile(r"\w+(?:['’]\w+)*")
Marks = npt.NDArray[np.bool_]


def covered(text: str, place: tuple[int, int, int], spans: Iterable[tuple[int, int, int]]) -> bool:
    """Whether one of the spans counts for a sentence.

    It does when it covers at least half of the sentence's words, or when the sentence covers at least half of it.
    Places are (turn, start, end); ``text`` is the turn's.
    """
    turn, start, end = place
    words = [(m.start() + start, m.end() + start) for m in WORD.finditer(text[start:end])]
    for other, first, last in spans:
        if other != turn or last <= start or first >= end:
            continue
        inside = sum(first <= a and b <= last for a, b in words)
        if words and 2 * inside >= len(words):
            return True
        span = list(WORD.finditer(text[first:last]))
        shared = sum(start <= m.start() + first and m.end() + first <= end for m in span)
        if span and 2 * shared >= len(span):
            return True
    return False


def episodes(marks: Sequence[bool] | Marks) -> list[tuple[int, int]]:
    """(first, last) of the runs of marked sentences, a gap of one sentence allowed."""
    runs: list[tuple[int, int]] = []
    for i in np.flatnonzero(np.asarray(marks, dtype=bool)):
        if runs and i - runs[-1][1] <= 2:
            runs[-1] = (runs[-1][0], int(i))
        else:
            runs.append((int(i), int(i)))
    return runs


def near(run: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Whether one of the other runs lies within one sentence of this one."""
    return any(other[0] <= run[1] + 1 and other[1] >= run[0] - 1 for other in others)
