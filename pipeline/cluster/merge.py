"""Groups that are one theme told twice are joined; a theme with clear parts gets a second level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.cluster.density import leaves, sizes
from pipeline.cluster.space import Matrix, Numbers, unit

ALIKE = 0.8
"""Likeness of two groups, relative to the likeness inside them, from which they are one."""
PARTED = 3
"""A theme of that many times the smallest group may have parts."""


def joined(rows: Matrix, groups: Sequence[Numbers]) -> list[Numbers]:
    """The groups, those too much alike joined, closest pair first; ordered by their first row.

    Likeness is the mean cosine between the rows of two groups over the mean cosine between different rows inside
    either: 1 for two halves of one group, 0 for strangers.
    """
    found = [np.sort(group) for group in groups]
    while len(found) > 1:
        likeness = _likeness(rows, found)
        first, second = np.unravel_index(int(np.argmax(likeness)), likeness.shape)
        if likeness[first, second] < ALIKE:
            break
        both = np.sort(np.concatenate([found[first], found[second]]))
        found = [group for i, group in enumerate(found) if i not in (first, second)] + [both]
    return sorted(found, key=lambda group: int(group[0]))


def _likeness(rows: Matrix, groups: Sequence[Numbers]) -> Matrix:
    means = np.array([rows[group].mean(axis=0) for group in groups])
    between = means @ means.T
    size = np.array([len(group) for group in groups], dtype=np.float64)
    inside = (np.diag(between) * size - 1.0) / np.maximum(size - 1.0, 1.0)
    scale = np.maximum((inside[:, None] + inside[None, :]) / 2.0, 1e-9)
    likeness = between / scale
    likeness[np.tril_indices(len(groups))] = -np.inf
    return np.asarray(likeness, dtype=np.float64)


def parts(rows: Matrix) -> list[Numbers]:
    """The parts of one theme's rows, or none where it is of one piece; ordered by their first row."""
    if len(rows) < PARTED * sizes(len(rows)).smallest_group:
        return []
    found = joined(rows, leaves(unit(rows - rows.mean(axis=0))))
    return found if len(found) > 1 else []
