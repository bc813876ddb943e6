"""The bars of a nightly run are judged, not only printed."""

from __future__ import annotations

from typing import Any

import pytest

from bench.nightly import missed

GOOD: dict[str, dict[str, Any]] = {
    "large": {"no change": {"seconds": 4.2, "peak_mb": 410}, "ten more / ten alone": 1.8},
    "growth": {"factor": 1.4},
    "reader": {"looks": 900, "wrong": []},
    "memory": {"factor": 1.15},
}


def test_bars_that_are_reached_are_not_missed() -> None:
    assert missed(GOOD) == []
    assert missed({"reader": GOOD["reader"]}) == []


@pytest.mark.parametrize(
    ("part", "change", "told"),
    [
        ("large", {"no change": {"seconds": 5.1, "peak_mb": 410}}, "no change: 5.1 s"),
        ("large", {"no change": {"seconds": 4.2, "peak_mb": 512}}, "no change: 512 MB"),
        ("large", {"ten more / ten alone": 2.3}, "ten more: 2.3 times ten alone"),
        ("reader", {"wrong": ["IOException"]}, "reader: 1 wrong looks"),
        ("reader", {"looks": 0}, "reader: it never looked"),
        ("memory", {"factor": 1.31}, "memory: 1.31 times"),
    ],
)
def test_a_bar_that_is_missed_is_told(part: str, change: dict[str, Any], told: str) -> None:
    assert missed({**GOOD, part: GOOD[part] | change}) == [told]
