"""Four questions of each study: what they tried to do, what got in the way, what they did, what would be better."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.report.evidence import Evidence

MOST = 4
"""Answers shown of each question; the rest is in the view ``four_questions_by_study``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What people of one study answer alike; ``name`` is None for what is in no theme."""

    name: str | None
    n_people: int
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question with the answers that most people give, those in no theme last; none where nobody told."""

    asks: str
    answers: tuple[Answer, ...]
    n_more: int
    """Answers that are left out."""


@dataclass(frozen=True, slots=True)
class StudyQuestions:
    """The four questions of one study."""

    study_no: int
    study: str | None
    questions: tuple[Question, ...]


ROWS = """
WITH asked AS (SELECT DISTINCT study, place, asks FROM four_questions),
     answered AS (
         SELECT study, place, answer, n_participants, quotes[1] AS quote, count(*) OVER same AS n_answers,
                row_number() OVER (same ORDER BY answer IS NULL, n_participants DESC, n_told DESC, answer) AS nth
         FROM four_questions_by_study WINDOW same AS (PARTITION BY study, place))
SELECT s.study_no, s.study, q.place, q.asks, a.answer, a.n_participants, a.quote, a.n_answers
FROM asked q JOIN studies s ON s.study IS NOT DISTINCT FROM q.study
LEFT JOIN answered a ON a.study IS NOT DISTINCT FROM q.study AND a.place = q.place AND a.nth <= $most
ORDER BY s.study_no, q.place, a.nth
"""


def questions(evidence: Evidence) -> tuple[StudyQuestions, ...]:
    """The studies in order, each with its four questions; none where nothing was read."""
    found: dict[tuple[int, str | None], dict[str, list[Answer]]] = {}
    more: dict[tuple[int, str], int] = {}
    for row in evidence.rows(ROWS, most=MOST):
        answers = found.setdefault((row["study_no"], row["study"]), {}).setdefault(row["asks"], [])
        if row["quote"] is not None:
            answers.append(Answer(row["answer"], row["n_participants"], row["quote"]))
            more[row["study_no"], row["asks"]] = max(row["n_answers"] - MOST, 0)
    return tuple(
        StudyQuestions(
            number,
            name,
            tuple(Question(ask, tuple(a), more.get((number, ask), 0)) for ask, a in asked.items()),
        )
        for (number, name), asked in found.items()
    )
