"""What is known of an interview besides its talk: keys under one name, the date as ISO 8601."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from pipeline.ingest.lexicon import METADATA_KEYS

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)$")
_NUMERIC = re.compile(r"\b(\d{1,2})([-/.])(\d{1,2})\2(\d{4})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})\b")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b")


def merged(*sources: Mapping[str, str]) -> dict[str, str]:
    """The metadata of all sources under the keys used here; later sources win, empty values are left out."""
    values: dict[str, str] = {}
    for source in sources:
        for key, value in source.items():
            folded = " ".join(str(key).casefold().replace("_", " ").split())
            name = METADATA_KEYS.get(folded) or folded.replace(" ", "_")
            if name == "participant" and folded == "participant id":
                name = "participant_id"
            if value and str(value).strip():
                values[name] = str(value).strip()
    return values


def take_date(values: dict[str, str]) -> str | None:
    """The interview's date, taken out of the metadata; one that cannot be told stays as ``date_as_written``."""
    written = values.pop("interview_date", "")
    date = iso_date(written)
    if written and not date:
        values["date_as_written"] = written
    return date


def iso_date(text: str) -> str | None:
    """The date as YYYY-MM-DD, None where there is none or where day and month could be swapped."""
    text = text.strip()
    if found := _ISO.search(text) or _COMPACT.match(text):
        return _valid(*(int(part) for part in found.groups()))
    if found := _DAY_FIRST.search(text):
        return _valid(int(found.group(3)), _MONTHS.get(found.group(2).lower(), 0), int(found.group(1)))
    if found := _MONTH_FIRST.search(text):
        return _valid(int(found.group(3)), _MONTHS.get(found.group(1).lower(), 0), int(found.group(2)))
    if found := _NUMERIC.search(text):
        first, second, year = int(found.group(1)), int(found.group(3)), int(found.group(4))
        if found.group(2) == "." or first > 12 or first == second:
            return _valid(year, second, first)
        return _valid(year, first, second) if second > 12 else None
    return None


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
