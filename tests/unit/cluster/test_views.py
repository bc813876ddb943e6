"""Groups that views agree on: themes told in other words, clear groups left to density, order of no matter."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from pipeline.cluster import density, views
from pipeline.cluster.density import NOISE
from pipeline.cluster.space import unit
from tests.unit.cluster.test_density import blobs


def centred(rows: np.ndarray) -> np.ndarray:
    return unit(rows - rows.mean(axis=0))


def scattered(count: int, each: int, scatter: float) -> tuple[np.ndarray, list[int]]:
    random = np.random.default_rng(5)
    middles = np.repeat(random.normal(size=(count, 32)), each, axis=0)
    rows = middles + scatter * random.normal(size=(count * each, 32))
    return centred(unit(rows)), [i // each for i in range(count * each)]


def test_what_density_does_not_tell_apart_views_do() -> None:
    rows, truth = scattered(2, 30, 0.35)
    assert views.margin(rows, density.groups(rows)) < views.CLEAR
    by_views = adjusted_rand_score(truth, views.groups(rows).numbers)
    assert by_views > adjusted_rand_score(truth, density.groups(rows).numbers) + 0.1


@pytest.mark.parametrize(("count", "each", "scatter"), [(4, 15, 0.35), (10, 10, 0.35), (6, 12, 0.9)])
def test_clear_groups_are_those_of_density_however_many(count: int, each: int, scatter: float) -> None:
    rows, truth = scattered(count, each, scatter)
    assert adjusted_rand_score(truth, views.groups(rows).numbers) > 0.9


def test_large_labels_are_grouped_by_density(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, _ = scattered(2, 30, 0.35)
    monkeypatch.setattr(views, "MOST", 59)
    assert views.groups(rows).numbers.tolist() == density.groups(rows).numbers.tolist()


def test_the_margin_tells_clear_groups_from_none() -> None:
    rows = centred(blobs(4, 15))
    clear = density.Groups(np.repeat(np.arange(4), 15))
    mixed = density.Groups(np.arange(60) % 4)
    alone = density.Groups(np.full(60, NOISE))
    assert views.margin(rows, clear) > 0.5
    assert views.margin(rows, mixed) < 0.0
    assert views.margin(rows, alone) == 0.0


def test_the_share_of_views_is_that_of_a_pair() -> None:
    shares = views.together(scattered(2, 30, 0.35)[0])
    assert np.array_equal(shares, shares.T)
    assert (np.diag(shares) == 1.0).all()
    assert shares[:30, 30:].max() < shares[:30, :30].mean()


def test_the_order_of_rows_changes_numbers_alone() -> None:
    rows, _ = scattered(10, 10, 1.8)
    order = np.random.default_rng(0).permutation(len(rows))
    assert adjusted_rand_score(views.groups(rows).numbers[order], views.groups(rows[order]).numbers) == 1.0


def test_few_rows_and_groups_too_small_are_noise() -> None:
    assert views.groups(blobs(1, 5)).numbers.tolist() == [NOISE] * 5
    for group in views.groups(scattered(2, 30, 0.35)[0]).rows():
        assert len(group) >= density.sizes(60).smallest_group
