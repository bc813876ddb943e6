"""Outcome statements: the draft and its verdict, always beside the spoken words."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.report.evidence import Evidence
from pipeline.report.quotes import COLUMNS, Quote, quote


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome statement."""

    quote: Quote
    kind: str | None
    canonical: str | None
    job_step: str | None
    verdict: str
    n_people: int
    """People who tell of it: those of its theme, or the speaker alone."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcome statements shown, those that most people tell first, and how many there are in all."""

    rows: tuple[OutcomeRow, ...]
    n_all: int
    verdicts: tuple[tuple[str, int], ...]


ROWS = f"""
SELECT {COLUMNS}, o.kind, o.canonical, o.job_step, o.verdict,
       coalesce(h.n_participants, 1) AS n_people
FROM outcomes o JOIN statements s USING (statement_id) JOIN interviews i USING (transcript_id)
LEFT JOIN themes h ON h.theme_id = s.theme_id
ORDER BY s.needs_review, n_people DESC, o.verdict = 'ok' DESC, s.score DESC, s.statement_id LIMIT $limit
"""


def outcomes(evidence: Evidence) -> Outcomes:
    """The outcome statements: those to count before those for review, those that most people tell first."""
    rows = tuple(
        OutcomeRow(
            quote(row), row["kind"], row["canonical"], row["job_step"], row["verdict"] or "", row["n_people"]
        )
        for row in evidence.rows(ROWS, limit=evidence.settings.table_rows)
    )
    verdicts = evidence.rows(
        "SELECT verdict, count(*) AS n FROM outcomes GROUP BY verdict ORDER BY n DESC, verdict"
    )
    return Outcomes(
        rows=rows,
        n_all=evidence.number("SELECT count(*) FROM outcomes"),
        verdicts=tuple((row["verdict"] or "", row["n"]) for row in verdicts),
    )
