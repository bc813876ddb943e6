"""Each sentence's calibrated probability of each label, by cue rules or by the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.extract.cues import CUES, Cues
from pipeline.extract.neighbours import Neighbour
from pipeline.extract.pieces import Pieces
from pipeline.extract.sentences import Sentence
from pipeline.records import LABELS, TIMELINE

Table = npt.NDArray[np.float32]
COMPARED = 0.1
"""Probability from which a sentence is compared with coded examples."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Per sentence: label probabilities (n, 5), fired rules, and the attributes read; None where nothing tells."""

    probabilities: Table
    rules: tuple[tuple[str, ...], ...]
    stages: tuple[str | None, ...]
    dimensions: tuple[str | None, ...]
    holders: tuple[str | None, ...]
    kinds: tuple[str | None, ...]
    neighbours: tuple[tuple[Neighbour, ...], ...]
    """Per sentence, the coded examples most alike; none where no label is likely."""
    parts: tuple[Pieces, ...] = ()
    """Per sentence, what the reader says of its words; nothing where only rules are asked."""


class Scorer(Protocol):
    """Scores a dialogue; ``thresholds`` are per label, chosen on training folds."""

    thresholds: tuple[float, ...]

    def score(self, dialogue: Sequence[Sentence]) -> Scored:
        """One row per sentence."""
        ...


def fired(dialogue: Sequence[Sentence], cues: Cues) -> tuple[tuple[str, ...], ...]:
    """The ids of the rules that fire in each sentence; questions are looked at where a rule asks for one."""
    asked: dict[str, frozenset[str]] = {}
    found = []
    for sentence in dialogue:
        ids = set()
        if sentence.span is not None:
            for cue in sentence.span.doc.spans.get(CUES, ()):
                if cue.start >= sentence.span.start and cue.end <= sentence.span.end:
                    ids.add(cue.label_)
        if any(cues.needs_question(rule) for rule in ids):
            if sentence.question not in asked:
                asked[sentence.question] = cues.asked(cues.parse(sentence.question))
            ids = {rule for rule in ids if not cues.needs_question(rule) or rule in asked[sentence.question]}
        found.append(tuple(sorted(ids)))
    return tuple(found)


class RuleScorer:
    """Cue rules alone: the chance that not all rules of a label are wrong."""

    thresholds: tuple[float, ...] = (0.25,) * len(LABELS)

    def __init__(self, cues: Cues) -> None:
        self._cues = cues

    def score(self, dialogue: Sequence[Sentence]) -> Scored:
        """One row per sentence; holder from the subject, no stage."""
        rules = fired(dialogue, self._cues)
        table = np.zeros((len(dialogue), len(LABELS)), dtype=np.float32)
        for row, ids in enumerate(rules):
            for column, label in enumerate(LABELS):
                weights = [
                    self._cues.rules[rule].weight for rule in ids if self._cues.rules[rule].label == label
                ]
                table[row, column] = 1 - np.prod([1 - weight for weight in weights]) if weights else 0.0
        nothing = (None,) * len(dialogue)
        return Scored(
            table,
            rules,
            nothing,
            ("functional",) * len(dialogue),
            ("self",) * len(dialogue),
            nothing,
            ((),) * len(dialogue),
        )


class ReaderScorer:
    """The dialogue reader, calibrated; rules only as evidence."""

    def __init__(self, reader: object, cues: Cues, *, strictness: str = "balanced") -> None:
        from pipeline.extract.reader import Reader

        assert isinstance(reader, Reader)
        self._reader = reader
        self._cues = cues
        calibration = reader.card["calibration"]
        self._slope = np.array([calibration[label]["slope"] for label in LABELS])
        self._shift = np.array([calibration[label]["shift"] for label in LABELS])
        thresholds = reader.card["sure_thresholds" if strictness == "sure" else "thresholds"]
        self.thresholds = tuple(float(thresholds[label]) for label in LABELS)
        self._stage_floor = float(reader.card.get("stage_floor", 0.4))

    def score(self, dialogue: Sequence[Sentence]) -> Scored:
        """One row per sentence."""
        from pipeline.extract.reader import DIMENSIONS, KINDS

        read = self._reader.read(dialogue)
        table = 1 / (1 + np.exp(-(read.labels * self._slope + self._shift)))
        stages = softmax(read.stage)
        return Scored(
            table.astype(np.float32),
            fired(dialogue, self._cues),
            tuple(
                TIMELINE[i] if row[i] >= self._stage_floor else None
                for row in stages
                for i in [int(row.argmax())]
            ),
            tuple(DIMENSIONS[int(row.argmax())] for row in read.dimension),
            tuple(("self", "other")[int(row.argmax())] for row in read.holder),
            tuple(KINDS[int(row.argmax())] for row in read.kind),
            self._neighbours(table, read.states),
            read.parts,
        )

    def _neighbours(self, table: Table, states: Table) -> tuple[tuple[Neighbour, ...], ...]:
        found: list[tuple[Neighbour, ...]] = [()] * len(table)
        likely = np.flatnonzero(table.max(axis=1, initial=0) >= COMPARED)
        for i, near in zip(likely, self._reader.neighbours.nearest(states[likely]), strict=True):
            found[i] = near
        return tuple(found)


def softmax(logits: Table) -> Table:
    """Rows that sum to one."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True)) if len(logits) else logits
    return (
        np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32) if len(logits) else logits
    )
