"""Groups of rows that lie close together, found by density, and how firmly each row belongs.

People tell the same theme by different incidents, so neighbours are only a little closer than strangers and
density in the vectors themselves shows one blob. The neighbourhood graph is sharper: rows are placed by its
leading eigenvectors (a walk on the graph seldom leaves a theme), and HDBSCAN works there.
Every size follows from the number of rows by ``sizes``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

NOISE = -1
LARGEST_GRAPH = 3_000
"""Rows up to which the whole eigenproblem is solved."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The parameters of one clustering, all from its number of rows."""

    smallest_group: int
    neighbours: int
    dimensions: int


@dataclass(frozen=True, slots=True)
class Groups:
    """A group number per row (``NOISE`` for none) and how firmly it belongs, 0 to 1."""

    numbers: Numbers
    strengths: Matrix

    def rows(self) -> list[Numbers]:
        """The rows of each group, by number."""
        return [
            np.flatnonzero(self.numbers == number) for number in range(int(self.numbers.max(initial=-1)) + 1)
        ]


def sizes(n: int) -> Sizes:
    """The stated rule: ``n`` statements are expected to hold about sqrt(n / 2) themes of sqrt(2 n) each.

    A group of two fifths of that size is one; a row has as many neighbours as such a theme, within 5 and 30.
    """
    expected = math.sqrt(2 * max(n, 1))
    return Sizes(
        smallest_group=max(3, round(expected / 2.4)),
        neighbours=int(min(max(round(expected), 5), 30, max(n - 1, 1))),
        dimensions=int(min(max(round(math.sqrt(n / 2) / 2), 2), 40)),
    )


def groups(vectors: Matrix) -> Groups:
    """Groups of the rows of ``vectors`` (unit length), numbered by their first row.

    Deterministic: the same rows in the same order give the same groups on one machine.
    """
    from hdbscan import HDBSCAN

    n = len(vectors)
    rule = sizes(n)
    if n < 2 * rule.smallest_group:
        return Groups(np.zeros(n, dtype=np.int64), closeness_to_mean(vectors))
    found = HDBSCAN(
        min_cluster_size=rule.smallest_group, min_samples=2, core_dist_n_jobs=1, approx_min_span_tree=False
    ).fit(placed(vectors, rule))
    return Groups(_renumbered(found.labels_), np.asarray(found.probabilities_, dtype=np.float64))


def placed(vectors: Matrix, rule: Sizes) -> Matrix:
    """Coordinates of each row by the leading eigenvectors of the neighbourhood graph, of unit length."""
    graph = neighbourhood(vectors, rule.neighbours)
    degree = 1.0 / np.sqrt(graph.sum(axis=1))
    values, directions = np.linalg.eigh(graph * degree[:, None] * degree[None, :])
    keep = slice(-2, -2 - rule.dimensions, -1)
    return unit(directions[:, keep] * np.clip(values[keep], 0.0, None))


def neighbourhood(vectors: Matrix, neighbours: int) -> Matrix:
    """A symmetric matrix of similarities, zero where neither row is among the other's nearest."""
    centred = unit(vectors - vectors.mean(axis=0))
    similar = centred @ centred.T
    np.fill_diagonal(similar, -np.inf)
    nearest = np.argsort(-similar, axis=1, kind="stable")[:, :neighbours]
    rows = np.arange(len(vectors))[:, None]
    graph = np.zeros_like(similar)
    graph[rows, nearest] = np.clip(similar[rows, nearest], 0.01, None)
    return (graph + graph.T) / 2


def unit(rows: Matrix) -> Matrix:
    """Rows scaled to length one; a row of zeros stays."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length == 0, 1.0, length), dtype=np.float64)


def closeness_to_mean(vectors: Matrix) -> Matrix:
    """The cosine of each row with the rows' mean, 0 to 1."""
    centre = unit(vectors.mean(axis=0, keepdims=True))[0]
    return np.asarray(np.clip(vectors @ centre, 0.0, 1.0), dtype=np.float64)


def _renumbered(labels: npt.NDArray[np.int64]) -> Numbers:
    order: dict[int, int] = {}
    for label in labels:
        if label >= 0:
            order.setdefault(int(label), len(order))
    return np.array([order.get(int(label), NOISE) for label in labels], dtype=np.int64)
