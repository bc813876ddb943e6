"""One section per interview: its statements in context, with the question before."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.report.context import Piece, Span, pieces
from pipeline.report.evidence import Evidence
from pipeline.report.stories import Gap, StoryPart, gaps, job_story, story


@dataclass(frozen=True, slots=True)
class Stop:
    """A push, an anxiety or a habit told with an outcome, and why the two are linked."""

    label: str
    quote: str
    reason: str
    statement_id: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as it is told of beside its turn."""

    statement_id: str
    label: str
    score: float
    needs_review: bool
    stage: str | None
    dimension: str | None
    holder: str | None
    theme_id: str | None
    theme_title: str | None
    theme_strong: bool
    intensity: str | None
    intensity_reasons: tuple[str, ...]
    led: bool
    part: str | None
    measures: tuple[str, ...]
    """The quantities told in it or beside it, normalised."""
    stops: tuple[Stop, ...]
    """What gets in the way of an outcome, the firmest link first; none for forces."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A turn that holds statements, and the interviewer's last words before it."""

    turn_index: int
    speaker: str
    participant_id: str | None
    start_ms: int | None
    pieces: tuple[Piece, ...]
    statements: tuple[Statement, ...]
    question: str | None
    asked_by: str | None


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview with the turns that hold statements."""

    transcript_id: str
    source: str
    study: str | None
    study_no: int
    interview_date: str | None
    format: str
    n_words: int
    duration_ms: int | None
    missing: bool
    people: tuple[str, ...]
    unsure_speakers: tuple[str, ...]
    metadata: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    """(label, statements that count), labels in the page's order; labels without any are left out."""
    n_review: int
    story: tuple[StoryPart, ...]
    job_story: str | None
    gaps: tuple[Gap, ...]
    """What it does not tell, with the question to ask next time; none for one that was not read for statements."""
    passages: tuple[Passage, ...]


ORDER = """
SELECT i.* FROM interviews i JOIN shown USING (transcript_id)
ORDER BY i.study_no, i.interview_date NULLS LAST, i.source, i.transcript_id
"""

STATEMENTS = """
SELECT s.*, h.title AS theme_title,
       (SELECT list(m.normalised ORDER BY m.char_start) FROM measures m WHERE m.statement_id = s.statement_id) AS told
FROM statements s LEFT JOIN themes h USING (theme_id)
WHERE s.transcript_id = $id ORDER BY s.turn_index, s.char_start, s.char_end, s.label
"""

TURNS = """
WITH here AS (FROM turns WHERE transcript_id = $id),
     asked AS (SELECT turn_index, speaker, text FROM here WHERE role = 'interviewer')
SELECT t.turn_index, t.speaker, t.participant_id, t.start_ms, t.text,
       q.turn_index AS question_index, q.speaker AS asked_by, q.text AS question
FROM (FROM here WHERE turn_index IN (SELECT turn_index FROM statements WHERE transcript_id = $id)) t
ASOF LEFT JOIN asked q ON t.turn_index > q.turn_index ORDER BY t.turn_index
"""

STOPS = """
SELECT outcome_id, label, quote, reason, statement_id FROM stops WHERE transcript_id = $id ORDER BY outcome_id, rank
"""

SPEAKERS = """
SELECT speaker, role, needs_review FROM speakers WHERE transcript_id = $id ORDER BY speaker
"""


def interviews(evidence: Evidence, strong: frozenset[str], labels: tuple[str, ...]) -> Iterator[Interview]:
    """The interviews to show, one at a time, by study, date and source.

    ``strong`` are the ids of the themes that are shown with quotes and can be linked to.
    """
    for row in evidence.rows(ORDER):
        yield _interview(evidence, row, strong, labels)


def _interview(
    evidence: Evidence, row: dict[str, Any], strong: frozenset[str], labels: tuple[str, ...]
) -> Interview:
    key = row["transcript_id"]
    told = evidence.rows(STATEMENTS, id=key)
    speakers = evidence.rows(SPEAKERS, id=key)
    certain = [statement["label"] for statement in told if not statement["needs_review"]]
    return Interview(
        **{
            name: row[name]
            for name in (
                "transcript_id", "source", "study", "study_no", "interview_date", "format", "n_words",
                "duration_ms",
            )
        },
        missing=bool(row["missing"]),
        people=tuple(s["speaker"] for s in speakers if s["role"] == "participant"),
        unsure_speakers=tuple(s["speaker"] for s in speakers if s["needs_review"]),
        metadata=tuple((str(k), str(v)) for k, v in json.loads(row["metadata"] or "{}").items()),
        warnings=tuple(str(warning) for warning in json.loads(row["warnings"] or "[]")),
        counts=tuple((label, certain.count(label)) for label in labels if label in certain),
        n_review=len(told) - len(certain),
        story=story(evidence, key),
        job_story=job_story(evidence, key),
        gaps=gaps(evidence, key) if told else (),
        passages=tuple(_passages(evidence, key, told, strong)),
    )  # fmt: skip


def _passages(
    evidence: Evidence, key: str, told: list[dict[str, Any]], strong: frozenset[str]
) -> Iterator[Passage]:
    by_turn: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in told:
        by_turn[row["turn_index"]].append(row)
    margin = evidence.settings.context_chars
    stops = _stops(evidence, key)
    before = None
    for turn in evidence.rows(TURNS, id=key):
        rows = by_turn[turn["turn_index"]]
        spans = [Span(r["statement_id"], r["char_start"], r["char_end"]) for r in rows]
        repeated = turn["question_index"] == before
        before = turn["question_index"]
        yield Passage(
            turn_index=turn["turn_index"],
            speaker=turn["speaker"],
            participant_id=turn["participant_id"],
            start_ms=turn["start_ms"],
            pieces=tuple(pieces(turn["text"], spans, margin)),
            statements=tuple(_statement(r, strong, stops.get(r["statement_id"], ())) for r in rows),
            question=None if repeated else _tail(turn["question"], margin),
            asked_by=turn["asked_by"],
        )


def _stops(evidence: Evidence, key: str) -> dict[str, tuple[Stop, ...]]:
    """What gets in the way, by the outcome's statement_id."""
    found: dict[str, tuple[Stop, ...]] = {}
    for row in evidence.rows(STOPS, id=key):
        outcome = row.pop("outcome_id")
        found[outcome] = (*found.get(outcome, ()), Stop(**row))
    return found


def _statement(row: dict[str, Any], strong: frozenset[str], stops: tuple[Stop, ...]) -> Statement:
    names = (
        "statement_id", "label", "score", "needs_review", "stage", "dimension", "holder", "theme_id",
        "theme_title", "intensity", "part",
    )  # fmt: skip
    return Statement(
        **{name: row[name] for name in names},
        theme_strong=row["theme_id"] in strong,
        intensity_reasons=tuple(row["intensity_reasons"] or ()),
        led=bool(row["led"]),
        measures=tuple(dict.fromkeys(row["told"] or ())),
        stops=stops,
    )


def _tail(question: str | None, length: int) -> str | None:
    """The end of a long question: what is asked is asked last."""
    if question is None or len(question) <= length:
        return question
    cut = question.find(" ", len(question) - length)
    return "… " + question[cut + 1 if cut >= 0 else len(question) - length :]
