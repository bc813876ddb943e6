"""Thresholds and calibration rest on both coders."""

from __future__ import annotations

import numpy as np

from pipeline.evaluate.gold import Coded, GoldText
from training.calibrate import calibrate, table
from training.examples import Document, dialogue_of


def _document(first: np.ndarray, shares: np.ndarray) -> Document:
    rows = tuple(
        Coded(i, 0, "ANN" if i % 5 else "INT", "Words.", frozenset()) for i in range(1, len(first) + 1)
    )
    text = GoldText("a", "a01", rows, frozenset({"INT"}))
    counted = np.array([s.speaker == "ANN" for s in rows])
    return Document(text, dialogue_of(text), ((),) * len(rows), first.astype(int), shares, counted)


def test_each_coder_is_heard_and_interviewers_are_not() -> None:
    first = np.array([[1, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]])
    shares = np.array([[0.5, 0, 0, 0, 0], [0, 0, 0.5, 0, 0], [0, 1, 0, 0, 0], [0] * 5, [1] * 5])
    truth, said = table([np.arange(25.0).reshape(5, 5)], [_document(first, shares)])
    assert truth.sum(axis=0).tolist() == [1, 2, 1, 0, 0]
    assert truth[:4].astype(int).tolist() == first[:4].tolist()
    assert truth[4:].astype(int).tolist() == [[0] * 5, [0, 0, 1, 0, 0], [0, 1, 0, 0, 0], [0] * 5]
    assert np.array_equal(said[:4], said[4:])


def test_a_chance_is_the_share_of_coders_who_agree() -> None:
    random = np.random.default_rng(3)
    logits = random.normal(size=(4000, 5)) * 2 - 1
    draws = random.random((2, 4000, 5)) < 1 / (1 + np.exp(-logits))
    card = calibrate([logits], [_document(draws[0], draws.mean(axis=0))])
    for fitted in card["calibration"].values():
        assert abs(fitted["slope"] - 1) < 0.15
        assert abs(fitted["shift"]) < 0.15
    assert max(card["calibration_error"].values()) < 0.02
    assert all(card["sure_thresholds"][label] >= card["thresholds"][label] for label in card["thresholds"])
