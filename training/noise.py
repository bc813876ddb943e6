"""Transcripts as rough as they come: the same sentences with fillers, or with commas or all punctuation lost.

A label must not hang on a comma that a transcriber set or left out, nor on an "um". So a share of the texts is read in
a rougher form, another one each time.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FILLERS = ("um", "uh", "you know", "like", "i mean", "er", "sort of", "so", "well", "erm", "kind of", "right")
ROUGH = 0.5
"""Share of the texts that are read in a rougher form."""
SPOKEN = 0.07
"""Chance of a filler before a word, in a text that has them added."""


@dataclass(frozen=True, slots=True)
class Noise:
    """What an encoder's vocabulary calls punctuation, continuations of a word, and fillers."""

    commas: frozenset[int]
    stops: frozenset[int]
    continuations: frozenset[int]
    fillers: tuple[tuple[int, ...], ...]

    def rougher(self, pieces: Sequence[Sequence[int]], chance: random.Random) -> tuple[tuple[int, ...], ...]:
        """The word pieces of a text's sentences, some punctuation gone, some fillers added, or unchanged."""
        if chance.random() >= ROUGH:
            return tuple(tuple(sentence) for sentence in pieces)
        lost = chance.choice((frozenset[int](), self.commas, self.commas, self.commas | self.stops))
        spoken = chance.choice((0.0, SPOKEN / 2, SPOKEN)) if lost else SPOKEN
        return tuple(self._sentence(sentence, lost, spoken, chance) for sentence in pieces)

    def _sentence(
        self, sentence: Sequence[int], lost: frozenset[int], spoken: float, chance: random.Random
    ) -> tuple[int, ...]:
        found: list[int] = []
        for piece in sentence:
            if piece in lost:
                continue
            if piece not in self.continuations and chance.random() < spoken:
                found += chance.choice(self.fillers)
                found += self.commas if not lost and chance.random() < 0.5 else ()
            found.append(piece)
        return tuple(found) or tuple(sentence)


def noise(tokenizer: Any) -> Noise:
    """The noise for one encoder's tokenizer."""
    known: dict[str, int] = tokenizer.get_vocab()
    return Noise(
        commas=frozenset({known[","]}),
        stops=frozenset(known[mark] for mark in (".", "!", "?", ";", ":", "-", '"') if mark in known),
        continuations=frozenset(i for word, i in known.items() if word.startswith("##")),
        fillers=tuple(tuple(tokenizer(f, add_special_tokens=False)["input_ids"]) for f in FILLERS),
    )
