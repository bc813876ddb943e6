"""The loss of a softmax over linear scores, which every small model of named features is fitted by."""

from __future__ import annotations

import hashlib

import numpy as np


def cross_entropy(scores: np.ndarray, right: np.ndarray) -> tuple[float, np.ndarray]:
    """The summed loss of scores (n, classes) against the right classes (n, classes; 0 or 1), and its slope by them."""
    scores = scores - scores.max(axis=1, keepdims=True)
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return float(-(right * logs).sum()), np.exp(logs) - right


def hashed(name: str) -> int:
    """A number by which texts are put into folds, the same wherever it is asked."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16)
