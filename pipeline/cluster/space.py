"""Where statements lie: sentence and surroundings mixed, the label's mean taken away, cosine distances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.records import Centre

Matrix = npt.NDArray[np.floating[Any]]
"""float32 for the rows of an archive, float64 where eigenvectors are taken."""
Numbers = npt.NDArray[np.int64]

REACH = 0.8
"""Share of a theme's own statements that its reach covers."""
ROUNDING = 1e-5
"""Distance below which rows are the same: the reach of a theme whose statements are all alike."""
BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class Nearest:
    """Per row: the number of the nearest centre and the cosine distances to it and to the second."""

    numbers: Numbers
    distances: Matrix
    seconds: Matrix


def unit(rows: Matrix) -> Matrix:
    """Rows scaled to length one; a row of zeros stays."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length == 0, 1, length), dtype=rows.dtype)


def mixed(vectors: object, contexts: object | None, weight: float) -> Matrix:
    """Rows of unit length: each statement's vector with ``weight`` of its surroundings'."""
    own = np.asarray(vectors, dtype=np.float32)
    if contexts is None or not weight or not len(own):
        return own
    return unit(np.float32(1.0 - weight) * own + np.float32(weight) * np.asarray(contexts, dtype=np.float32))


def offset(rows: Matrix) -> Matrix:
    """The mean row: what all statements of a label have in common."""
    return np.asarray(rows.mean(axis=0, dtype=np.float64), dtype=np.float32)


def placed(rows: Matrix, mean: Sequence[float] | Matrix) -> Matrix:
    """Rows of unit length in the space of the label."""
    return unit(rows - np.asarray(mean, dtype=np.float32)) if len(rows) else rows


def singles(row: Matrix) -> tuple[float, ...]:
    """The values of a row in single precision: what is stored is what is compared with."""
    return tuple(float(value) for value in row.astype(np.float32))


def centre(theme_id: str, rows: Matrix, *, part_of: str | None = None) -> Centre:
    """The centre of some placed rows, with a reach that covers most of them.

    Each row's distance is taken from the centre of the others, as a new statement's would be.
    """
    total = rows.sum(axis=0)
    middle = unit(total[None, :])[0]
    others = unit(total[None, :] - rows) if len(rows) > 1 else middle[None, :]
    distances = 1.0 - np.einsum("ij,ij->i", rows, others)
    reach = max(float(np.quantile(distances, REACH)), ROUNDING)
    return Centre(theme_id, singles(middle), round(reach, 6), part_of)


def inner(parts: Iterable[Centre]) -> dict[str, list[Centre]]:
    """The centres of the parts of each theme."""
    found: dict[str, list[Centre]] = {}
    for one in parts:
        if one.part_of is not None:
            found.setdefault(one.part_of, []).append(one)
    return found


def reached(row: Matrix, parts: Sequence[Centre]) -> str | None:
    """The one of a theme's parts whose reach covers a placed row; ``None`` where none does."""
    if not parts:
        return None
    near = nearest(row[None, :], parts)
    closest = parts[int(near.numbers[0])]
    return closest.theme_id if near.distances[0] <= closest.reach else None


def nearest(rows: Matrix, centres: Sequence[Centre]) -> Nearest:
    """The nearest of some centres to each placed row; ties go to the first."""
    n = len(rows)
    numbers = np.zeros(n, dtype=np.int64)
    first, second = np.full(n, 2.0), np.full(n, 2.0)
    if not centres:
        return Nearest(numbers, first, second)
    middles = np.array([entry.vector for entry in centres], dtype=np.float32).T
    for start in range(0, n, BLOCK):
        part = slice(start, min(start + BLOCK, n))
        distances = 1.0 - rows[part] @ middles
        numbers[part] = np.argmin(distances, axis=1)
        inside = np.arange(distances.shape[0])
        first[part] = distances[inside, numbers[part]]
        distances[inside, numbers[part]] = 2.0
        second[part] = distances.min(axis=1)
    return Nearest(numbers, first, second)
