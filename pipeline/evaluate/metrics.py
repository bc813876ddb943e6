"""Precision, recall and F1 per label, by sentence and by episode, with bootstrap intervals over texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.evaluate.hits import Marks, episodes, near
from pipeline.records import FORCES, LABELS

RESAMPLES = 1000
SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Judged:
    """One text's participant sentences: what was coded and what was predicted, (n, 5) each; and leaks."""

    part: str
    name: str
    gold: Marks
    predicted: Marks
    leaks: int
    """Labels on sentences of those who are not participants."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LabelResult:
    """One label's quality."""

    label: str
    support: int
    precision: Figure
    recall: Figure
    f1: Figure


@dataclass(frozen=True, slots=True)
class Result:
    """A system's quality on one part, counted in one unit (sentence or episode)."""

    system: str
    part: str
    unit: str
    labels: tuple[LabelResult, ...]
    forces_f1: Figure
    """Mean F1 of the four forces."""
    forces_precision: Figure
    """Of all force labels shown, the share that is right."""
    forces_recall: Figure
    leaks: int


def sentence_counts(text: Judged) -> np.ndarray:
    """(5, 4): right predictions, predictions, found codes, codes, per label."""
    right = (text.gold & text.predicted).sum(axis=0)
    return np.stack([right, text.predicted.sum(axis=0), right, text.gold.sum(axis=0)], axis=1)


def episode_counts(text: Judged) -> np.ndarray:
    """As ``sentence_counts``, in runs of sentences."""
    rows = []
    for column in range(len(LABELS)):
        said, found = episodes(text.gold[:, column]), episodes(text.predicted[:, column])
        right = sum(near(run, said) for run in found)
        hit = sum(near(run, found) for run in said)
        rows.append((right, len(found), hit, len(said)))
    return np.array(rows)


def measure(system: str, part: str, unit: str, texts: Sequence[Judged]) -> Result:
    """The quality over some texts; intervals by resampling texts."""
    count = sentence_counts if unit == "sentence" else episode_counts
    table = np.stack([count(text) for text in texts])
    draws = np.random.default_rng(SEED).integers(0, len(texts), size=(RESAMPLES, len(texts)))
    whole = _figures(table.sum(axis=0))
    spread = np.stack([_figures(table[draw].sum(axis=0)) for draw in draws])
    low, high = np.percentile(spread, [2.5, 97.5], axis=0)

    def figure(row: int, column: int) -> Figure:
        return Figure(float(whole[row, column]), float(low[row, column]), float(high[row, column]))

    labels = tuple(
        LabelResult(label, int(table[:, i, 3].sum()), figure(i, 0), figure(i, 1), figure(i, 2))
        for i, label in enumerate(LABELS)
    )
    last = len(LABELS)
    return Result(
        system,
        part,
        unit,
        labels,
        figure(last, 2),
        figure(last, 0),
        figure(last, 1),
        sum(t.leaks for t in texts),
    )


def _figures(counts: np.ndarray) -> np.ndarray:
    """(6, 3): precision, recall, F1 per label; the last row for the forces: pooled P and R, mean F1."""
    forces = len(FORCES)
    rows = np.vstack([counts, counts[:forces].sum(axis=0)]).astype(float)
    precision = np.divide(rows[:, 0], rows[:, 1], out=np.zeros(len(rows)), where=rows[:, 1] > 0)
    recall = np.divide(rows[:, 2], rows[:, 3], out=np.zeros(len(rows)), where=rows[:, 3] > 0)
    both = precision + recall
    f1 = np.divide(2 * precision * recall, both, out=np.zeros(len(rows)), where=both > 0)
    f1[-1] = f1[:forces].mean()
    return np.stack([precision, recall, f1], axis=1)
