"""The rows nearest to each row: among all of them in a small label, among those of near cells in a large one.

Comparing all pairs of 200,000 rows takes half an hour on two cores. Above ``EXACT`` rows the space is cut into about
sqrt(n) cells (a few rounds of k-means from evenly spaced rows: no chance in it), and the rows of a cell are compared
with those of the nearest cells, ``REACHED`` of them at least.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline.cluster.space import Matrix, Numbers, unit

EXACT = 20_000
"""Rows up to which all pairs are compared."""
REACHED = 12_000
ROUNDS = 4
AT_ONCE = 20_000_000
"""Cosines computed at once: 80 MB of them."""


@dataclass(frozen=True, slots=True)
class Near:
    """Per row: its nearest other rows, closest first, and their cosines."""

    numbers: Numbers
    cosines: Matrix


def near(rows: Matrix, count: int) -> Near:
    """The ``count`` nearest other rows of each row of unit length; of equals those that come first."""
    numbers = np.empty((len(rows), count), dtype=np.int64)
    cosines = np.empty((len(rows), count))
    for some, others in _exact(rows) if len(rows) <= EXACT else _by_cells(rows):
        step = max(1, AT_ONCE // len(others))
        for start in range(0, len(some), step):
            part = some[start : start + step]
            numbers[part], cosines[part] = _closest(rows, part, others, count)
    return Near(numbers, cosines)


def _exact(rows: Matrix) -> Iterator[tuple[Numbers, Numbers]]:
    everything = np.arange(len(rows))
    yield everything, everything


def _by_cells(rows: Matrix) -> Iterator[tuple[Numbers, Numbers]]:
    """Rows of each cell, and the rows that they are compared with; in ascending order both."""
    cells, middles = _cells(rows)
    members = [np.flatnonzero(cells == number) for number in range(len(middles))]
    sizes = np.array([len(one) for one in members])
    order = np.argsort(-(middles @ middles.T), axis=1, kind="stable")
    for number, some in enumerate(members):
        if len(some):
            enough = int(np.searchsorted(np.cumsum(sizes[order[number]]), REACHED)) + 1
            yield some, np.sort(np.concatenate([members[i] for i in order[number][:enough]]))


def _cells(rows: Matrix) -> tuple[Numbers, Matrix]:
    """The cell of each row, and the cells' middles."""
    count = round(math.sqrt(len(rows)))
    middles = rows[np.linspace(0, len(rows) - 1, count).astype(np.int64)]
    cells = np.zeros(len(rows), dtype=np.int64)
    step = max(1, AT_ONCE // count)
    for _ in range(ROUNDS):
        for start in range(0, len(rows), step):
            part = slice(start, start + step)
            cells[part] = np.argmax(rows[part] @ middles.T, axis=1)
        sums = np.zeros((count, rows.shape[1]), dtype=np.float64)
        np.add.at(sums, cells, rows)
        middles = unit(sums).astype(np.float32)
    return cells, middles


def _closest(rows: Matrix, some: Numbers, others: Numbers, count: int) -> tuple[Numbers, Matrix]:
    cosines = rows[some] @ rows[others].T
    cosines[others[None, :] == some[:, None]] = -np.inf
    chosen = np.sort(np.argpartition(-cosines, count - 1, axis=1)[:, :count], axis=1)
    found = np.take_along_axis(cosines, chosen, axis=1)
    order = np.argsort(-found, axis=1, kind="stable")
    return others[np.take_along_axis(chosen, order, axis=1)], np.take_along_axis(found, order, axis=1)
