"""Joining, noise, counter-evidence, drift, surroundings: one small step each."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.cluster.counter import counter_statements
from pipeline.cluster.drift import Standing, mode
from pipeline.cluster.merge import joined, parts
from pipeline.cluster.noise import explained
from pipeline.cluster.space import centre, mixed, nearest
from pipeline.cluster.surroundings import WORDS, surroundings
from pipeline.config import ClusterSettings
from pipeline.records import Centre, Fit, Opposing
from tests.unit.cluster.test_density import blobs


def test_two_halves_of_one_group_are_joined() -> None:
    rows = blobs(2, 20)
    halves = [np.arange(0, 10), np.arange(10, 20), np.arange(20, 40)]
    assert [len(group) for group in joined(rows, halves)] == [20, 20]


def test_a_theme_of_two_halves_has_two_parts() -> None:
    found = parts(blobs(2, 15))
    assert [(int(part[0]) // 15, int(part[-1]) // 15) for part in found] == [(0, 0), (1, 1)]
    assert parts(blobs(1, 8)) == []


def test_strangers_are_not_joined() -> None:
    rows = blobs(3, 12)
    groups = [np.arange(start, start + 12) for start in (0, 12, 24)]
    assert [group.tolist() for group in joined(rows, groups)] == [group.tolist() for group in groups]


def test_a_reach_covers_most_of_the_theme_and_no_stranger() -> None:
    rows = blobs(2, 20)
    one = centre("T", rows[:20])
    inside = nearest(rows[:20], [one]).distances
    outside = nearest(rows[20:], [one]).distances
    assert (inside <= one.reach).mean() >= 0.8
    assert outside.min() > one.reach


def test_noise_says_why() -> None:
    centres = [Centre("T1", (1.0, 0.0), 0.3), Centre("T2", (0.0, 1.0), 0.3)]
    rows = np.array([[0.8, 0.6], [0.71, 0.70], [-1.0, 0.0], [1.0, 0.0]])
    found = list(explained(["a", "b", "c", "d"], nearest(rows, centres), centres, {"d"}))
    assert [(one.nearest_theme_id, one.reason) for one in found] == [
        ("T1", "between_themes"),
        ("T1", "between_themes"),
        ("T2", "far_from_all"),
        ("T1", "too_few_participants"),
    ]
    assert found[0].distance == pytest.approx(0.2)


def test_what_two_themes_nearly_reach_lies_between_them() -> None:
    centres = [Centre("T1", (1.0, 0.0), 0.28), Centre("T2", (0.0, 1.0), 0.28)]
    rows = np.array([[0.7, 0.71], [0.7, -0.71]])
    found = explained(["a", "b"], nearest(rows, centres), centres, ())
    assert [one.reason for one in found] == ["between_themes", "far_from_all"]


def test_noise_without_any_theme_has_no_nearest() -> None:
    [one] = explained(["a"], nearest(np.ones((1, 2)), []), [], ())
    assert (one.nearest_theme_id, one.distance, one.reason) == (None, None, "far_from_all")


def test_counter_evidence_is_ranked_and_about_the_same_thing() -> None:
    opposing = Opposing(
        ("far", "near", "nearer"), np.array([[0.0, 1.0], [0.8, 0.6], [1.0, 0.0]], dtype=np.float32)
    )
    found = list(counter_statements(["T"], np.array([[2.0, 0.0]]), opposing))
    assert [(one.statement_id, one.rank) for one in found] == [("nearer", 1), ("near", 2)]


@pytest.mark.parametrize(
    ("now", "noise", "method", "setting", "expected"),
    [
        (110, 20, "m", "auto", "grow"),
        (125, 20, "m", "auto", "refit"),
        (70, 20, "m", "auto", "refit"),
        (131, 20, "m", "never", "grow"),
        (100, 20, "m", "always", "refit"),
        (100, 20, "other", "never", "refit"),
    ],
)
def test_when_themes_are_made_anew(now: int, noise: int, method: str, setting: str, expected: str) -> None:
    fit = Fit("run-1", "m", 100, 20, ())
    settings = ClusterSettings(refit=setting)
    assert mode(fit, Standing(now, noise), method, settings) == expected


def test_statements_that_were_replaced_count_as_change() -> None:
    fit = Fit("run-1", "m", 100, 20, ())
    assert mode(fit, Standing(100, 0, n_new=100, n_gone=100), "m", ClusterSettings()) == "refit"
    assert mode(fit, Standing(100, 18, n_new=10, n_gone=10), "m", ClusterSettings()) == "grow"


def test_new_statements_are_no_noise_before_they_were_placed() -> None:
    fit = Fit("run-1", "m", 1_000, 100, ())
    assert mode(fit, Standing(1_200, 100, n_new=200), "m", ClusterSettings()) == "grow"


def test_growing_noise_asks_for_a_refit() -> None:
    fit = Fit("run-1", "m", 1_000, 100, ())
    assert mode(fit, Standing(1_100, 150), "m", ClusterSettings()) == "grow"
    assert mode(fit, Standing(1_200, 320), "m", ClusterSettings()) == "refit"


def test_without_a_fit_all_are_grouped() -> None:
    assert mode(None, Standing(3, 3), "m", ClusterSettings(refit="never")) == "refit"


def test_a_short_turn_is_its_own_surroundings() -> None:
    assert surroundings(" It broke. I left. ", 1, 10) == "It broke. I left."


def test_a_long_turn_is_cut_at_sentences_around_the_quote() -> None:
    sentences = [f"Sentence number {i} has just these eight words." for i in range(40)]
    turn = " ".join(sentences)
    start = turn.index(sentences[20])
    found = surroundings(turn, start, start + len(sentences[20]))
    assert sentences[20] in found
    assert found.startswith("Sentence")
    assert found.endswith("words.")
    assert WORDS - 16 <= len(found.split()) <= WORDS
    middle = found.index(sentences[20]) / len(found)
    assert 0.3 < middle < 0.7


def test_a_quote_longer_than_the_window_stays_whole() -> None:
    turn = " ".join(["word"] * 200) + ". End."
    assert surroundings(turn, 0, 1000).startswith("word word")
    assert len(surroundings(turn, 0, 1000).split()) >= 200


def test_surroundings_count_by_weight() -> None:
    own, around = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    assert mixed(own, around, 0.0).tolist() == [[1.0, 0.0]]
    assert mixed(own, around, 0.5)[0].tolist() == pytest.approx([2**-0.5, 2**-0.5])
