"""Values as readers meet them."""

from __future__ import annotations

import pytest

from pipeline.report import words


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [(0, "0:00:00"), (61_999, "0:01:01"), (3_723_000, "1:02:03"), (36_000_000, "10:00:00")],
)
def test_clock(milliseconds: int, shown: str) -> None:
    assert words.clock(milliseconds) == shown


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [(60_000, "1 min"), (5_340_000, "89 min"), (5_400_000, "1.5 h"), (4e9, "1,111.1 h")],
)
def test_hours(milliseconds: int, shown: str) -> None:
    assert words.hours(milliseconds) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2024-03-12", "12 March 2024"),
        ("2024-03", "2024-03"),
        ("spring", "spring"),
        ("2024-02-31", "2024-02-31"),
    ],
)
def test_day(value: str, shown: str) -> None:
    assert words.day(value) == shown


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (None, None, ""),
        ("2024-03-12", "2024-03-12", "12 March 2024"),
        ("2023-11-08", "2024-05-21", "8 November 2023 to 21 May 2024"),
    ],
)
def test_period(first: str | None, last: str | None, shown: str) -> None:
    assert words.period(first, last) == shown


def test_count() -> None:
    assert words.count(1, "person", "people") == "1 person"
    assert words.count(0, "theme") == "0 themes"
    assert words.count(1234, "statement") == "1,234 statements"
