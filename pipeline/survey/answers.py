"""A survey's CSV as ratings per outcome and segment, by top-two-box shares; what is wrong is told by its line."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError

NEEDED = ("outcome_id", "importance", "satisfaction")
EVERYBODY = "all"
"""The segment of respondents of whom none is told."""
TOP_BOX = 4
"""Of 5: a rating that counts for the top two boxes."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One outcome in one segment; importance and satisfaction from 0 to 10: top-two-box share times ten."""

    outcome_id: str
    segment: str
    respondents: int
    importance: float
    satisfaction: float

    @property
    def opportunity(self) -> float:
        """Importance, and as much again as it is more than satisfaction: 0 to 20."""
        return self.importance + max(self.importance - self.satisfaction, 0.0)


def read_ratings(path: Path) -> list[Rating]:
    """The ratings of a CSV, by segment and outcome.

    Two forms are read. A row per respondent and outcome, ``importance`` and ``satisfaction`` from 1 to 5, a
    blank for no answer; ``respondent`` and ``segment`` may be told. Or, with a column ``respondents``, a row per
    outcome and segment with the top-two-box percentages, 0 to 100.

    Raises:
        UsageError: it cannot be read or a line breaks the form.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lacking = [name for name in NEEDED if name not in (reader.fieldnames or ())]
            if lacking:
                raise UsageError(
                    f"{path} lacks the columns {', '.join(lacking)}",
                    "`whyswitch survey export` writes a sheet with all of them.",
                )
            rows = list(_numbered(reader, path))
            summed = "respondents" in (reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"cannot read {path} ({type(error).__name__})", "It must be CSV in UTF-8."
        ) from error
    found = list(_summed(rows, path)) if summed else list(_counted(rows, path))
    if not found:
        raise UsageError(f"{path} holds no rating", "Fill in importance and satisfaction.")
    return sorted(found, key=lambda one: (one.segment, one.outcome_id))


def _numbered(reader: csv.DictReader[str], path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    for row in reader:
        names = (*(reader.fieldnames or ()), "segment", "respondent")
        told = {name: (row.get(name) or "").strip() for name in names}
        if not told["importance"] and not told["satisfaction"]:
            continue
        if not told["outcome_id"]:
            raise UsageError(f"{path}, line {reader.line_num}: there is no outcome_id")
        yield reader.line_num, told


def _counted(rows: list[tuple[int, Mapping[str, str]]], path: Path) -> Iterator[Rating]:
    """Ratings from single answers; who left one of the two out is not counted for that outcome."""
    answers: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for line, row in rows:
        both = [_box(row[name], name, line, path) for name in ("importance", "satisfaction") if row[name]]
        who = (row["respondent"], row["outcome_id"])
        if row["respondent"] and who in seen:
            raise UsageError(f"{path}, line {line}: this respondent rated {row['outcome_id']} before")
        seen.add(who)
        if len(both) == 2:
            answers[row["outcome_id"], row["segment"] or EVERYBODY].append((both[0], both[1]))
    for (outcome_id, segment), given in answers.items():
        n = len(given)
        high, met = (sum(one[i] >= TOP_BOX for one in given) for i in (0, 1))
        yield Rating(outcome_id, segment, n, round(10 * high / n, 3), round(10 * met / n, 3))


def _box(told: str, name: str, line: int, path: Path) -> int:
    if told not in {"1", "2", "3", "4", "5"}:
        raise UsageError(f"{path}, line {line}: {name} must be 1 to 5, or blank")
    return int(told)


def _summed(rows: list[tuple[int, Mapping[str, str]]], path: Path) -> Iterator[Rating]:
    seen: set[tuple[str, str]] = set()
    for line, row in rows:
        shares = [_share(row[name], name, line, path) for name in ("importance", "satisfaction")]
        if not row["respondents"].isdigit():
            raise UsageError(f"{path}, line {line}: respondents must be a number of people")
        key = (row["outcome_id"], row["segment"] or EVERYBODY)
        if key in seen:
            raise UsageError(f"{path}, line {line}: {key[0]} stands in segment '{key[1]}' twice")
        seen.add(key)
        yield Rating(*key, int(row["respondents"]), shares[0] / 10, shares[1] / 10)


def _share(told: str, name: str, line: int, path: Path) -> float:
    try:
        share = float(told.removesuffix("%"))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 100:
        raise UsageError(f"{path}, line {line}: {name} must be a percentage, 0 to 100")
    return share
