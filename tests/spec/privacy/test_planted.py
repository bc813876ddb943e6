"""Recall and precision on the planted set do not fall below what was measured."""

from __future__ import annotations

import pytest

from tests.spec.privacy.planted import Finder, interviews, measure, ours, report

BARS = {"develop": (0.985, 0.99, 0.98), "fresh": (0.95, 0.9, 0.975)}
"""Part -> least recall on names, least recall on structured items, least precision."""


@pytest.fixture(scope="module")
def find() -> Finder:
    """What a run finds."""
    return ours()


@pytest.mark.parametrize("part", BARS)
def test_recall_and_precision(part: str, find: Finder) -> None:
    found = measure(part, find)
    reached = (found.names.recall, found.structured.recall, found.precision)
    assert all(has >= wanted for has, wanted in zip(reached, BARS[part], strict=True)), report(part, found)


def test_the_set_is_large_enough_to_tell() -> None:
    marked = {part: sum(len(t.items) for turns in interviews(part) for t in turns) for part in BARS}
    assert marked["fresh"] >= 200
    assert sum(marked.values()) >= 900
