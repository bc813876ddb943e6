"""Groups of rows that lie close together, found by density, and how firmly each row belongs.

People tell the same theme by different incidents, so neighbours are only a little closer than strangers and
density in the vectors themselves shows one blob. The neighbourhood graph is sharper: rows are placed by its
leading eigenvectors (a walk on the graph seldom leaves a theme), and HDBSCAN works there.
Every size follows from the number of rows by ``sizes``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import eigsh

from pipeline.cluster.neighbours import near
from pipeline.cluster.space import Matrix, Numbers, unit

NOISE = -1
WHOLE = 2_000
"""Rows up to which the whole eigenproblem is solved."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The parameters of one clustering, all from its number of rows."""

    smallest_group: int
    neighbours: int
    dimensions: int


@dataclass(frozen=True, slots=True)
class Groups:
    """A group number per row; ``NOISE`` for none."""

    numbers: Numbers

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


def groups(rows: Matrix) -> Groups:
    """Groups of ``rows`` (of unit length, the mean taken away), numbered by their first row.

    Fewer rows than make two of the smallest groups are all noise: density cannot tell a group from its surroundings.
    Deterministic: the same rows in the same order give the same groups on one machine.
    """
    rule = sizes(len(rows))
    if len(rows) < 2 * rule.smallest_group:
        return Groups(np.full(len(rows), NOISE, dtype=np.int64))
    found = _hdbscan(walked(rows, rule), rule.smallest_group, "eom")
    return Groups(renumbered(found.labels_))


def leaves(rows: Matrix) -> list[Numbers]:
    """The finest groups of ``rows``, at the rule's sizes: the leaves of the condensed tree."""
    rule = sizes(len(rows))
    found = _hdbscan(walked(rows, rule), rule.smallest_group, "leaf")
    return Groups(renumbered(found.labels_)).rows()


def _hdbscan(rows: Matrix, smallest: int, method: str) -> Any:
    from hdbscan import HDBSCAN

    return HDBSCAN(
        min_cluster_size=smallest,
        min_samples=2,
        cluster_selection_method=method,
        core_dist_n_jobs=1,
        approx_min_span_tree=False,
    ).fit(rows)


@dataclass(frozen=True, slots=True)
class Walk:
    """Leading eigenvalues of a neighbourhood graph and their eigenvectors, largest first, the very first left out."""

    values: Matrix
    directions: Matrix

    def places(self, dimensions: int) -> Matrix:
        """Coordinates of each row by so many eigenvectors (or all there are), of unit length."""
        return unit(self.directions[:, :dimensions] * np.clip(self.values[:dimensions], 0.0, None))


def walked(rows: Matrix, rule: Sizes) -> Matrix:
    """Coordinates of each row by the leading eigenvectors of the neighbourhood graph, of unit length."""
    return walk(rows, rule.neighbours, rule.dimensions).places(rule.dimensions)


def walk(rows: Matrix, neighbours: int, dimensions: int) -> Walk:
    """The ``dimensions`` leading eigenvectors of the graph of ``neighbours``; fewer where there are fewer rows."""
    graph = neighbourhood(rows, neighbours)
    degree = 1.0 / np.sqrt(np.asarray(graph.sum(axis=1)).ravel())
    steps = graph.multiply(degree[:, None]).multiply(degree[None, :])
    count = min(dimensions + 1, len(rows) - 1)
    if len(rows) <= WHOLE:
        values, directions = np.linalg.eigh(steps.toarray())
    else:
        values, directions = eigsh(steps.tocsr(), k=count, which="LA", v0=np.ones(len(rows)))
    keep = slice(-2, -1 - count, -1)
    return Walk(values[keep], directions[:, keep])


def neighbourhood(rows: Matrix, neighbours: int) -> csr_matrix:
    """Cosines of each row with its nearest, symmetric; zero where neither row is among the other's nearest."""
    n = len(rows)
    found = near(rows, neighbours)
    ends = np.arange(0, n * neighbours + 1, neighbours)
    graph = csr_matrix(
        (np.clip(found.cosines, 0.01, None).ravel(), found.numbers.ravel(), ends), shape=(n, n)
    )
    return (graph + graph.T) / 2


def renumbered(labels: npt.NDArray[np.integer[Any]]) -> Numbers:
    """The same groups, numbered by their first row; what is below zero is ``NOISE``."""
    order: dict[int, int] = {}
    for label in labels:
        if label >= 0:
            order.setdefault(int(label), len(order))
    return np.array([order.get(int(label), NOISE) for label in labels], dtype=np.int64)
