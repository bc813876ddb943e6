"""The switch story of one interview: each part with its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.report.evidence import Evidence

NAMES = {
    "event_one": "What made them look",
    "doing_now": "What they did until then",
    "fired": "Fired",
    "hired": "Hired",
    "candidate": "Looked at as well",
    "event_two": "What forced the decision",
    "when": "When",
    "decided_by": "Who decided",
    "paid": "What was paid",
    "ended": "How it ended",
}
"""The parts in the order of a story, as the page calls them."""
SURE = 0.5
"""Chance under which a product's role is told as a guess."""
MOST = 2
"""Quotes shown of each part."""


@dataclass(frozen=True, slots=True)
class StoryPart:
    """One part of a switch as it is told."""

    name: str
    value: str | None
    quote: str
    unsure: str | None
    """Why it is a guess; None where it is none."""
    reason: str | None


ROWS = f"""
SELECT part, value, quote, reason, score, product_id FROM switch_parts
WHERE transcript_id = $id AND rank <= {MOST} ORDER BY list_position($order, part), rank
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """What an interview does not tell, and the question to ask next time."""

    name: str
    ask: str


def gaps(evidence: Evidence, transcript_id: str) -> tuple[Gap, ...]:
    """What the interview does not tell, in the order of a talk."""
    sql = "SELECT aspect, value, ask_next_time FROM gaps WHERE transcript_id = $id ORDER BY place"
    return tuple(
        Gap(f"step {row['value']}" if row["aspect"] == "job_step" else row["value"], row["ask_next_time"])
        for row in evidence.rows(sql, id=transcript_id)
    )


def job_story(evidence: Evidence, transcript_id: str) -> str | None:
    """The interview's fullest job story; None where it has no outcome."""
    rows = evidence.rows(
        "SELECT job_story FROM stories WHERE transcript_id = $id AND rank = 1", id=transcript_id
    )
    return str(rows[0]["job_story"]) if rows else None


def story(evidence: Evidence, transcript_id: str) -> tuple[StoryPart, ...]:
    """The parts of the interview's switch in the order of a story; empty where none is told."""
    return tuple(
        StoryPart(
            name=NAMES[row["part"]],
            value=row["value"]
            if row["part"] in ("fired", "hired", "candidate", "decided_by", "paid")
            else None,
            quote=row["quote"],
            unsure=_unsure(row),
            reason=row["reason"] if row["part"] == "candidate" else None,
        )
        for row in evidence.rows(ROWS, id=transcript_id, order=list(NAMES))
    )


def _unsure(row: Mapping[str, Any]) -> str | None:
    if row["score"] is None:
        return None
    if row["product_id"] is None:
        return "Nobody says so: it is the strongest push of that time"
    return "Read by model; check it against the words" if row["score"] < SURE else None
