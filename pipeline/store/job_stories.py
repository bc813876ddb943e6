"""View of job stories: when, I want to, so I can; put together from what was told, empty where nothing was."""

from __future__ import annotations

from pipeline.store.shape import METADATA, TOLD, View

MISSING = "[not told]"
"""What stands in a story where nothing was told."""


def _filled(column: str) -> str:
    """SQL of a quote inside the story's sentence: without the stop that would end it too early."""
    said = f"rtrim(trim({column}), '. ')"
    return f"CASE WHEN {column} IS NULL THEN '{MISSING}' ELSE '“' || {said} || '”' END"


JOB_STORIES = View(
    "job_stories",
    "When ..., I want to ..., so I can ...: one sentence per outcome, with the ids of the statements it is put "
    "together from: the push told with the outcome (else what made them look, where that is told), the outcome "
    "statement, the pull told with it. What was not told stays visibly empty. "
    "Rank 1 is the fullest of its interview, and of its theme.",
    f"""
    WITH parts AS (
        SELECT s.transcript_id, s.source, s.theme_id, s.statement_id AS want_id, s.quote AS want_quote,
               CASE WHEN o.verdict = 'ok' THEN o.canonical END AS want, s.score,
               coalesce(w.quote, e.event_one_quote) AS when_quote,
               CASE WHEN w.quote IS NOT NULL THEN w.statement_id ELSE e.part_id END AS when_id,
               b.quote AS so_quote, b.statement_id AS so_id
        FROM statements s JOIN outcomes o USING (statement_id)
        LEFT JOIN told_with w ON w.outcome_id = s.statement_id AND w.label = 'push' AND w.rank = 1
        LEFT JOIN told_with b ON b.outcome_id = s.statement_id AND b.label = 'pull' AND b.rank = 1
        LEFT JOIN (SELECT transcript_id, quote AS event_one_quote, part_id FROM switch_parts
                   WHERE part = 'event_one' AND rank = 1 AND score IS NULL) e
        ON e.transcript_id = s.transcript_id
        WHERE {TOLD}),
    filled AS (
        SELECT *, list_filter(['when', 'want', 'so'], lambda part: part = 'when' AND when_quote IS NULL
                   OR part = 'want' AND want IS NULL OR part = 'so' AND so_quote IS NULL) AS empty_parts
        FROM parts)
    SELECT transcript_id, source, theme_id,
           row_number() OVER (PARTITION BY transcript_id ORDER BY len(empty_parts), want IS NULL, score DESC, want_id)
               AS rank,
           CASE WHEN theme_id IS NOT NULL THEN row_number() OVER (
               PARTITION BY theme_id ORDER BY len(empty_parts), want IS NULL, score DESC, want_id) END AS theme_rank,
           'When ' || {_filled("when_quote")} || ', I want ' || coalesce('to ' || want, {_filled("want_quote")}) ||
               ', so I can ' || {_filled("so_quote")} || '.' AS job_story,
           empty_parts, want AS outcome, want_quote, want_id, when_quote, when_id, so_quote, so_id, t.metadata
    FROM filled JOIN (SELECT transcript_id, metadata FROM transcripts) t USING (transcript_id)
    ORDER BY source, rank
    """,
    (
        ("transcript_id", "the interview"),
        ("source", "where it was read"),
        ("theme_id", "the outcome's theme"),
        ("rank", "1 for the fullest of the interview"),
        ("theme_rank", "1 for the fullest of the theme; null for outcomes of none"),
        (
            "job_story",
            f"the sentence; quotes are verbatim but for their last full stop, {MISSING} where nothing was told",
        ),
        ("empty_parts", "when, want or so: parts that were not told, or whose draft is not sound"),
        (
            "outcome",
            "the outcome statement; null where the verdict on its draft is not ok: then its quote stands there",
        ),
        ("want_quote", "the outcome's verbatim words"),
        ("want_id", "its statement_id"),
        ("when_quote", "the push told with it, else what made them look, verbatim"),
        ("when_id", "its statement_id, or the part_id in `switch_parts`"),
        ("so_quote", "the pull told with it, verbatim"),
        ("so_id", "its statement_id"),
        METADATA,
    ),
)
