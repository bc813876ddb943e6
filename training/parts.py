"""Where an interview's things are named, and what part each played, as the header of a written interview tells it.

The reader learns it beside the labels, word piece by word piece: who knows which thing is the old and which the new
reads the rest of the talk with other eyes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.extract.pieces import PARTS
from pipeline.extract.story.mentions import things
from training.corpus import Interview
from training.story import ROOT, is_left_out, lines_of, parts_of, talk_of

IGNORE = -100


@dataclass(frozen=True, slots=True)
class Named:
    """The word pieces of every spelling of an interview's things, by their first piece, longest first."""

    spellings: Mapping[int, tuple[tuple[tuple[int, ...], int], ...]]
    continuations: frozenset[int]

    def targets(self, tokens: Sequence[int]) -> np.ndarray:
        """(tokens,) the class of the thing that a word piece names, IGNORE where none."""
        found = np.full(len(tokens), IGNORE)
        i = 0
        while i < len(tokens):
            for pieces, part in self.spellings.get(tokens[i], ()):
                end = i + len(pieces)
                whole = end >= len(tokens) or tokens[end] not in self.continuations
                if whole and tuple(tokens[i:end]) == pieces:
                    found[i:end] = part
                    i = end - 1
                    break
            i += 1
        return found


def named_things(interviews: Sequence[Interview], tokenizer: Any) -> dict[str, Named]:
    """By interview, what its things are called and what part each played; without those left out."""
    talk = talk_of(interviews, ROOT / "models" / "story")
    continuations = frozenset(i for word, i in tokenizer.get_vocab().items() if word.startswith("##"))
    found = {}
    for number, interview in enumerate(interviews):
        if is_left_out(interview.text.name):
            continue
        here = things(lines_of(interview, number), talk)
        spelt: dict[tuple[int, ...], int] = {}
        for thing, part in zip(here, parts_of(here, interview), strict=True):
            for said in {said.lower() for said in (*thing.spellings, thing.name)}:
                pieces = tuple(tokenizer(said, add_special_tokens=False)["input_ids"])
                known = spelt.get(pieces, 0)
                spelt[pieces] = known or PARTS.index(part)
        by_first: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        for pieces, part_class in sorted(spelt.items(), key=lambda kv: -len(kv[0])):
            by_first.setdefault(pieces[0], []).append((pieces, part_class))
        found[interview.text.name] = Named({k: tuple(v) for k, v in by_first.items()}, continuations)
    return found
