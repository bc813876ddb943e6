"""A quote with all that is said beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Quote:
    """The verbatim words of one statement: who said them, where, and when."""

    statement_id: str
    label: str
    text: str
    speaker: str
    participant_id: str
    transcript_id: str
    source: str
    turn_index: int
    start_ms: int | None
    study_no: int
    needs_review: bool
    shown: bool
    """Whether its interview has a section to link to."""


COLUMNS = (
    "s.statement_id, s.label, s.quote AS text, s.speaker, s.participant_id, s.transcript_id, s.source, "
    "s.turn_index, s.start_ms, i.study_no, s.needs_review, "
    "s.transcript_id IN (SELECT transcript_id FROM shown) AS shown"
)
"""The columns of a quote, of ``statements s`` and ``interviews i``."""


def quote(row: Mapping[str, Any]) -> Quote:
    """The quote of a row that holds at least ``COLUMNS``."""
    return Quote(**{name: row[name] for name in Quote.__dataclass_fields__})
