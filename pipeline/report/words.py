"""How values are written for readers: numbers, dates, times, names."""

from __future__ import annotations

import datetime


def number(value: int) -> str:
    """``18234`` as ``18,234``."""
    return f"{value:,}"


def count(value: int, one: str, many: str = "") -> str:
    """``3, "theme"`` as ``3 themes``; ``many`` for plurals that take more than an s."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def clock(milliseconds: int) -> str:
    """``3723000`` as ``1:02:03``."""
    seconds = milliseconds // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def hours(milliseconds: int) -> str:
    """A length of recordings: ``52 min``, ``7.5 h``."""
    minutes = round(milliseconds / 60_000)
    return f"{minutes} min" if minutes < 90 else f"{milliseconds / 3_600_000:,.1f} h"


def day(value: str) -> str:
    """``2024-03-12`` as ``12 March 2024``; anything else as it is."""
    try:
        found = datetime.date.fromisoformat(value)
    except ValueError:
        return value
    return f"{found.day} {found:%B %Y}"


def period(first: str | None, last: str | None) -> str:
    """From the first day to the last; one day when they are the same; empty when neither is known."""
    if not first or not last:
        return day(first or last or "")
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def plain(value: str) -> str:
    """``names_a_solution`` as ``names a solution``."""
    return value.replace("_", " ")
