"""Nearest rows: exact in a small label, nearly so by cells in a large one, the same in every run."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.cluster import neighbours
from pipeline.cluster.neighbours import near
from tests.unit.cluster.test_density import blobs


def test_the_nearest_are_those_of_all_pairs() -> None:
    rows = np.asarray(blobs(5, 30), dtype=np.float32)
    likeness = rows @ rows.T
    np.fill_diagonal(likeness, -np.inf)
    found = near(rows, 7)
    assert (found.numbers == np.argsort(-likeness, axis=1, kind="stable")[:, :7]).all()
    assert np.allclose(found.cosines, -np.sort(-likeness, axis=1)[:, :7])


def test_no_row_is_its_own_neighbour_even_among_equals() -> None:
    rows = np.ones((6, 4), dtype=np.float32) / 2
    found = near(rows, 3)
    assert not (found.numbers == np.arange(6)[:, None]).any()


def test_cells_find_nearly_all_and_the_same_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.asarray(blobs(12, 100), dtype=np.float32)
    whole = near(rows, 10)
    monkeypatch.setattr(neighbours, "EXACT", 500)
    monkeypatch.setattr(neighbours, "REACHED", 300)
    first, second = near(rows, 10), near(rows, 10)
    assert (first.numbers == second.numbers).all()
    shared = [len(set(a) & set(b)) / 10 for a, b in zip(whole.numbers, first.numbers, strict=True)]
    assert float(np.mean(shared)) >= 0.95
