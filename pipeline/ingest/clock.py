"""Clock readings to milliseconds."""

from __future__ import annotations

import re

STAMP = r"(?:\d{1,3}:)?\d{1,3}:[0-5]\d(?:[.,:]\d{1,3})?(?!\d)"
"""A clock reading: [h:]mm:ss, with a fraction after dot or comma, or with frames after a colon."""

_LONGEST_MS = 1e10
"""Times beyond a hundred days are no times of a recording."""
_PARTS = re.compile(r"(?:(\d+):)?(\d+):(\d+)(?:[.,](\d{1,9}))?$")
_FRAMES = re.compile(r"(\d{1,3}):(\d\d):(\d\d):(\d\d)$")


def milliseconds(stamp: str) -> int | None:
    """The milliseconds of ``[h:]mm:ss[.fraction]`` (or ``h:mm:ss:frames``), None if it is none."""
    stamp = stamp.strip()
    if framed := _FRAMES.match(stamp):
        hours, minutes, seconds, _ = (int(part) for part in framed.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * 1000
    found = _PARTS.match(stamp)
    if not found:
        return None
    hours_text, minutes_text, seconds_text, fraction = found.groups()
    whole = (int(hours_text or 0) * 60 + int(minutes_text)) * 60 + int(seconds_text)
    return whole * 1000 + (int((fraction + "00")[:3]) if fraction else 0)


def of_seconds(value: object) -> int | None:
    """The milliseconds of a number of seconds (number or numeric text), None if it is none."""
    return _rounded(value, 1000)


def of_milliseconds(value: object, per_millisecond: float = 1) -> int | None:
    """The whole milliseconds of a number of them, or of a unit of which so many make one."""
    return _rounded(value, 1 / per_millisecond)


def _rounded(value: object, factor: float) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        scaled = float(value) * factor
    except (ValueError, OverflowError):
        return None
    return round(scaled) if 0 <= scaled < _LONGEST_MS else None
