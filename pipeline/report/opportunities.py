"""Opportunities by a survey's ratings, segment by segment, with the landscape of each; nothing without a survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pipeline.report.chart import TEXT, svg
from pipeline.report.evidence import Evidence

SIZE = 320
"""Pixels of a landscape's side."""
MARGIN = 34
LINE = {"type": "line", "color": "currentColor", "opacity": 0.4}
FEW = 30
"""Respondents below which a segment's shares say little."""


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One outcome in one segment, as the survey rates it."""

    rank: int
    statement: str
    respondents: int
    importance: float
    satisfaction: float
    opportunity: float
    landscape: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of respondents: its outcomes by opportunity, and where they lie."""

    name: str
    rows: tuple[Opportunity, ...]
    plot: Markup

    @property
    def is_small(self) -> bool:
        """Whether it has fewer respondents than say much."""
        return min(row.respondents for row in self.rows) < FEW


ROWS = """
SELECT segment, rank, coalesce(statement, quote, outcome_id) AS statement, respondents, importance, satisfaction,
       opportunity, landscape
FROM opportunities ORDER BY segment, rank
"""


def opportunities(evidence: Evidence) -> tuple[Segment, ...]:
    """The segments of the survey, by name; none without one."""
    by_name: dict[str, list[Opportunity]] = {}
    for row in evidence.rows(ROWS):
        by_name.setdefault(row.pop("segment"), []).append(Opportunity(**row))
    return tuple(Segment(name, tuple(rows), landscape(rows)) for name, rows in by_name.items())


def landscape(rows: Sequence[Opportunity]) -> Markup:
    """Importance to the right, satisfaction upwards, each outcome by its rank; under the line lie the underserved."""
    points = [
        {"x": _across(row.importance), "y": _down(row.satisfaction), "rank": str(row.rank),
         "name": f"{row.rank}: {row.statement}"}
        for row in rows
    ]  # fmt: skip
    line = [{"x": _across(n), "y": _down(n)} for n in (0, 10)]
    words = [
        {"x": _across(10), "y": SIZE - 8, "words": "importance, 0 to 10", "align": "right"},
        {"x": 4, "y": 12, "words": "satisfaction, 0 to 10", "align": "left"},
        {"x": _across(8.2), "y": _down(1), "words": "underserved", "align": "center"},
        {"x": _across(1.8), "y": _down(9), "words": "overserved", "align": "center"},
    ]
    layers = [
        {"data": {"values": line}, "mark": LINE, "encoding": _at()},
        *(_words(words, align) for align in ("left", "center", "right")),
        {"data": {"values": points},
         "mark": {"type": "point", "filled": True, "size": 60, "opacity": 0.85, "color": "var(--outcome)"},
         "encoding": {**_at(), "description": {"field": "name"}}},
        {"data": {"values": points}, "mark": TEXT | {"align": "left", "dx": 7},
         "encoding": {**_at(), "text": {"field": "rank"}}},
    ]  # fmt: skip
    return svg({"width": SIZE, "height": SIZE, "layer": layers})


def _words(words: Sequence[dict[str, Any]], align: str) -> dict[str, Any]:
    chosen = [one for one in words if one["align"] == align]
    mark = TEXT | {"align": align, "opacity": 0.7}
    return {"data": {"values": chosen}, "mark": mark, "encoding": {**_at(), "text": {"field": "words"}}}


def _at() -> dict[str, Any]:
    scale = {"domain": [0, SIZE], "range": [0, SIZE], "nice": False}
    return {
        name: {"field": name, "type": "quantitative", "axis": None, "scale": scale} for name in ("x", "y")
    }


def _across(value: float) -> float:
    return round(MARGIN + value / 10 * (SIZE - 2 * MARGIN), 1)


def _down(value: float) -> float:
    return round(SIZE - MARGIN - value / 10 * (SIZE - 2 * MARGIN), 1)
