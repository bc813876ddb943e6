"""From held-out logits to probabilities that mean what they say, and to thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from pipeline.extract.reader import DialogueNet, collate
from pipeline.extract.windows import Vocabulary, weight, windows
from pipeline.records import FORCES, LABELS
from training.examples import Document

WANTED_PRECISION = 0.70
"""Of all forces shown at the default thresholds, the share that should be right."""
NEARLY = 0.99
"""Share of the best F1 from which on a threshold is nearly the best."""


@torch.no_grad()
def held_out_logits(
    net: DialogueNet, documents: Sequence[Document], marks: Vocabulary, length: int, batch: int = 8
) -> list[np.ndarray]:
    """Per document the label logits of every sentence, (n, 5), as the reader would give them."""
    net.eval()
    found = []
    for doc in documents:
        total = np.zeros((len(doc.dialogue), len(LABELS)))
        mass = np.zeros((len(doc.dialogue), 1))
        cut = windows(doc.dialogue, doc.pieces, marks, length)
        for start in range(0, len(cut), batch):
            part = cut[start : start + batch]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = net(*collate(part, marks.padding)).float().numpy()
            for window, row in zip(part, logits, strict=True):
                count = len(window.sentences)
                for position, i in enumerate(window.sentences):
                    total[i] += weight(position, count) * row[position, : len(LABELS)]
                    mass[i] += weight(position, count)
        found.append(total / np.maximum(mass, 1))
    return found


def table(logits: Sequence[np.ndarray], documents: Sequence[Document]) -> tuple[np.ndarray, np.ndarray]:
    """Truth and logits of the participants' sentences of all documents, (n, 5) each.

    Every sentence stands there twice, with what each of two coders said; where one coded, with the same twice. So
    neither coder's habits decide alone.
    """
    first = np.concatenate([doc.targets[doc.counted][:, : len(LABELS)] for doc in documents]).astype(bool)
    share = np.concatenate([doc.shares[doc.counted] for doc in documents])
    second = np.where(share == 0.5, ~first, first)
    said = np.concatenate([rows[doc.counted] for rows, doc in zip(logits, documents, strict=True)])
    return np.concatenate([first, second]), np.concatenate([said, said])


def calibrate(logits: Sequence[np.ndarray], documents: Sequence[Document]) -> dict[str, Any]:
    """Platt slopes and shifts, and thresholds per label.

    Each label's threshold is the highest with nearly its best F1 on the held-out texts; the sure ones are these, raised
    together as little as needed until the wanted share of the forces shown is right.
    """
    truth, said = table(logits, documents)
    fits = [LogisticRegression(C=1e4).fit(said[:, [i]], truth[:, i]) for i in range(len(LABELS))]
    slopes = np.array([max(float(fit.coef_[0, 0]), 0.05) for fit in fits])
    shifts = np.array([float(fit.intercept_[0]) for fit in fits])
    chance = 1 / (1 + np.exp(-(said * slopes + shifts)))
    best = np.array([_best_f1(truth[:, i], chance[:, i]) for i in range(len(LABELS))])
    return {
        "calibration": {
            label: {"slope": round(float(slopes[i]), 5), "shift": round(float(shifts[i]), 5)}
            for i, label in enumerate(LABELS)
        },
        "thresholds": {label: round(float(best[i]), 4) for i, label in enumerate(LABELS)},
        "sure_thresholds": {
            label: round(float(value), 4)
            for label, value in zip(LABELS, _sure(truth, chance, best), strict=True)
        },
        "calibration_error": {
            label: round(error(truth[:, i], chance[:, i]), 4) for i, label in enumerate(LABELS)
        },
    }


def _best_f1(truth: np.ndarray, chance: np.ndarray) -> float:
    """The middle, in odds, of the thresholds whose F1 is nearly the best; the curve is smoothed.

    Near its top the curve is flat, and in other talk it shifts: from the middle of the flat it is far to either edge.
    """
    grid = np.linspace(0.04, 0.90, 87)
    curve = np.array([f1(truth, chance >= t)[2] for t in grid])
    smooth = np.convolve(curve, np.ones(7) / 7, mode="same")[3:-3]
    flat = grid[3:-3][smooth >= NEARLY * smooth.max()]
    middle = np.log(flat / (1 - flat)).mean()
    return float(1 / (1 + np.exp(-middle)))


def _sure(truth: np.ndarray, chance: np.ndarray, best: np.ndarray) -> np.ndarray:
    """The thresholds moved towards 1 in odds, together, until the wanted precision over the forces is met."""
    n = len(FORCES)
    for shift in np.linspace(0, 3, 61):
        odds = best / (1 - best) * np.exp(shift)
        raised = odds / (1 + odds)
        shown = chance[:, :n] >= raised[:n]
        if shown.sum() and (shown & truth[:, :n]).sum() / shown.sum() >= WANTED_PRECISION:
            break
    return raised


def f1(truth: np.ndarray, shown: np.ndarray) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    right = float((truth & shown).sum())
    precision = right / max(float(shown.sum()), 1.0)
    recall = right / max(float(truth.sum()), 1.0)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def error(truth: np.ndarray, chance: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins."""
    where = np.minimum((chance * bins).astype(int), bins - 1)
    gaps = [
        (where == b).sum() * abs(truth[where == b].mean() - chance[where == b].mean())
        for b in range(bins)
        if (where == b).any()
    ]
    return float(sum(gaps) / max(len(chance), 1))


def quality(logits: Sequence[np.ndarray], documents: Sequence[Document], card: dict[str, Any]) -> str:
    """One line: macro F1 of the forces at the thresholds, at the sure ones, at the best for these texts; per label."""
    truth, said = table(logits, documents)
    calibration = card["calibration"]
    slopes = np.array([calibration[label]["slope"] for label in LABELS])
    shifts = np.array([calibration[label]["shift"] for label in LABELS])
    chance = 1 / (1 + np.exp(-(said * slopes + shifts)))
    parts = []
    n = len(FORCES)
    for key in ("thresholds", "sure_thresholds"):
        limits = np.array([card[key][label] for label in LABELS])
        rows = [f1(truth[:, i], chance[:, i] >= limits[i]) for i in range(len(LABELS))]
        shown = chance[:, :n] >= limits[:n]
        precision = (shown & truth[:, :n]).sum() / max(shown.sum(), 1)
        recall = (shown & truth[:, :n]).sum() / max(truth[:, :n].sum(), 1)
        each = " ".join(
            f"{label[:4]} {p:.2f}/{r:.2f}/{f:.2f}" for label, (p, r, f) in zip(LABELS, rows, strict=True)
        )
        parts.append(
            f"F {np.mean([f for _, _, f in rows[:n]]):.3f} P {precision:.2f} R {recall:.2f} [{each}]"
        )
    grid = np.linspace(0.03, 0.95, 93)
    top = [max(f1(truth[:, i], chance[:, i] >= t)[2] for t in grid) for i in range(n)]
    return " | sure ".join(parts) + f" | at best {np.mean(top):.3f}"
