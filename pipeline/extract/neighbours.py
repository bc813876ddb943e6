"""The coded sentences that the reader takes for most alike: what a label can be compared with.

The examples are sentences of the project's own written interviews, each with the codes that people gave it (or none),
and the reader's state of it in its dialogue, brought down to a few directions. They are made after a training by
``python -m training.neighbours``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file

Table = npt.NDArray[np.float32]
NEAREST = 3


@dataclass(frozen=True, slots=True)
class Example:
    """A coded sentence: interview and number of the sentence, its labels (comma-joined, empty for none), its words."""

    example_id: str
    labels: str
    text: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An example, and how alike its state is: the cosine."""

    example_id: str
    labels: str
    likeness: float


class Neighbours:
    """The examples of one reader; none where the folder holds none."""

    def __init__(self, folder: Path) -> None:
        self.examples: tuple[Example, ...] = ()
        self.directions: Table = np.zeros((0, 0), dtype=np.float32)
        self.middle: Table = np.zeros(0, dtype=np.float32)
        self._states: Table = np.zeros((0, 0), dtype=np.float32)
        if not (folder / "neighbours.safetensors").is_file():
            return
        found = load_file(folder / "neighbours.safetensors")
        self.directions, self.middle = (
            found["directions"].astype(np.float32),
            found["middle"].astype(np.float32),
        )
        self._states = _units(found["states"].astype(np.float32))
        self.examples = read_examples(folder)

    def nearest(self, states: Table) -> list[tuple[Neighbour, ...]]:
        """Of each row of ``states`` (in the directions), the examples most alike, the likest first."""
        if not self.examples:
            return [()] * len(states)
        likeness = _units(states) @ self._states.T
        order = np.argsort(-likeness, axis=1, kind="stable")[:, :NEAREST]
        return [
            tuple(
                Neighbour(self.examples[i].example_id, self.examples[i].labels, round(float(row[i]), 2))
                for i in best
            )
            for row, best in zip(likeness, order, strict=True)
        ]


def read_examples(folder: Path) -> tuple[Example, ...]:
    """The examples' ids, labels and words; none where there is no such file."""
    path = folder / "neighbours.tsv"
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(Example(row["example_id"], row["labels"], row["text"]) for row in rows)


def _units(rows: Table) -> Table:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), dtype=np.float32)
