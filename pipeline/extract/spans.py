"""From scored sentences to statements' spans: what a researcher would clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.extract.sentences import Sentence

MOST_SENTENCES = 3
MOST_CHARACTERS = 420


@dataclass(frozen=True, slots=True)
class Clip:
    """Neighbouring sentences of one turn that carry one label: positions ``first`` to ``last``, inclusive."""

    first: int
    last: int
    sure: bool


def clips(dialogue: Sequence[Sentence], scores: np.ndarray, threshold: float, band: float) -> list[Clip]:
    """Runs of sentences over the threshold, and single ones within the review band under it.

    A run ends with its turn, after ``MOST_SENTENCES``, or before the quote grows over ``MOST_CHARACTERS``.
    """
    found: list[Clip] = []
    for i, sentence in enumerate(dialogue):
        if sentence.role != "participant" or scores[i] < threshold - band:
            continue
        sure = bool(scores[i] >= threshold)
        if found and _joins(dialogue, found[-1], i, sure=sure):
            found[-1] = Clip(found[-1].first, i, sure)
        else:
            found.append(Clip(i, i, sure))
    return found


def _joins(dialogue: Sequence[Sentence], clip: Clip, i: int, *, sure: bool) -> bool:
    first, here = dialogue[clip.first], dialogue[i]
    return (
        clip.last == i - 1
        and clip.sure == sure
        and first.turn_index == here.turn_index
        and i - clip.first < MOST_SENTENCES
        and here.end - first.start <= MOST_CHARACTERS
    )
