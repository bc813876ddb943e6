"""Groups by density: the rule for sizes, clear groups found, order of no matter."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.cluster.density import NOISE, groups, sizes, unit


def blobs(count: int, each: int, seed: int = 5) -> np.ndarray:
    """``count`` clear groups of unit vectors, ``each`` rows apiece, one after the other."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(count, 32))
    return unit(np.repeat(centres, each, axis=0) + 0.35 * random.normal(size=(count * each, 32)))


@pytest.mark.parametrize(
    ("n", "smallest", "neighbours"),
    [(6, 3, 5), (60, 5, 11), (200, 8, 20), (10_000, 59, 30), (200_000, 264, 30)],
)
def test_sizes_follow_from_the_number_of_rows_alone(n: int, smallest: int, neighbours: int) -> None:
    rule = sizes(n)
    assert (rule.smallest_group, rule.neighbours) == (smallest, neighbours)
    assert 2 <= rule.dimensions <= 40


def test_clear_groups_are_found() -> None:
    found = groups(blobs(4, 15))
    assert len(found.rows()) == 4
    for start in range(0, 60, 15):
        kept = [number for number in found.numbers[start : start + 15] if number != NOISE]
        assert len(set(kept)) == 1
        assert len(kept) >= 12


def test_few_rows_are_no_group() -> None:
    assert groups(blobs(1, 5)).numbers.tolist() == [NOISE] * 5
    assert groups(blobs(1, 5)).rows() == []


def test_groups_are_numbered_by_their_first_row() -> None:
    numbers = [n for n in groups(blobs(4, 15)).numbers.tolist() if n != NOISE]
    firsts = [numbers.index(number) for number in range(max(numbers) + 1)]
    assert firsts == sorted(firsts)
