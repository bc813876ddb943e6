"""Small models of named features: softmax over linear scores, and the loss that they are fitted by."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from pipeline.extract.linear import Linear, Row

SEEN = 3
"""Examples in which a feature must occur."""


def cross_entropy(scores: np.ndarray, right: np.ndarray) -> tuple[float, np.ndarray]:
    """The summed loss of scores (n, classes) against the right classes (n, classes; 0 or 1), and its slope by them."""
    scores = scores - scores.max(axis=1, keepdims=True)
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return float(-(right * logs).sum()), np.exp(logs) - right


def classifier(
    told: Sequence[Row], right: Sequence[Sequence[float]], classes: tuple[str, ...], pull: float
) -> Linear:
    """Weights by named feature.

    ``right`` is the share of each class in each example; ``pull`` says how firmly weights are held to nothing.
    """
    seen = Counter(name for row in told for name in row)
    names = sorted(name for name, n in seen.items() if n >= SEEN)
    place = {name: i for i, name in enumerate(names)}
    x, y = matrix(told, place), np.asarray(right, dtype=float)
    shape = (len(names), len(classes))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        w, bias = flat[: -len(classes)].reshape(shape), flat[-len(classes) :]
        lost, away = cross_entropy(x @ w + bias, y)
        slope = np.concatenate([(x.T @ away + pull * w).ravel(), away.sum(axis=0)])
        return lost + pull / 2 * float((w**2).sum()), slope

    found = minimize(loss, np.zeros(len(names) * len(classes) + len(classes)), jac=True, method="L-BFGS-B").x
    w = found[: -len(classes)].reshape(shape)
    return Linear(
        classes=classes,
        bias=tuple(round(float(b), 3) for b in found[-len(classes) :]),
        weights={
            n: tuple(round(float(v), 3) for v in w[i]) for n, i in place.items() if np.abs(w[i]).max() >= 0.02
        },
    )


def matrix(told: Sequence[Row], place: Mapping[str, int]) -> csr_matrix:
    """The features that have a place, as a matrix (examples, places)."""
    known = [
        (i, place[name], value) for i, row in enumerate(told) for name, value in row.items() if name in place
    ]
    rows_, columns, values = zip(*known, strict=True)
    return csr_matrix((values, (rows_, columns)), shape=(len(told), len(place)))


def hashed(name: str) -> int:
    """A number by which texts are put into folds, the same wherever it is asked."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16)
