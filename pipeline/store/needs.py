"""What people need, by how many tell it, and by a survey: opportunities never come from talk."""

from __future__ import annotations

from pipeline.store.shape import KEY_AND_VALUE, KEYS, TOLD, VALUE, Column, Table, View

RATINGS = Table(
    "ratings",
    "One row per outcome and segment of a survey: top-two-box shares. Filled by `whyswitch survey import` alone.",
    (
        Column("outcome_id", "VARCHAR", "the outcome's statement_id, as the questionnaire named it"),
        Column("segment", "VARCHAR", "the segment of respondents; all where the survey told none"),
        Column("respondents", "INTEGER", "people who rated both importance and satisfaction"),
        Column("importance", "DOUBLE", "share who rated it 4 or 5 of 5 for importance, times ten"),
        Column("satisfaction", "DOUBLE", "share who rated it 4 or 5 of 5 for satisfaction, times ten"),
        Column("file", "VARCHAR", "the name of the file it was imported from"),
        Column(
            "run_id", "VARCHAR", "the run that took it in; null where that was before runs were told here"
        ),
    ),
    "SELECT statement_id, segment, respondents, importance, satisfaction, file, run_id FROM state.ratings "
    "ORDER BY segment, statement_id",
)

NEEDS = View(
    "needs",
    "One row per theme of outcomes, and per outcome statement in no theme: how many people tell it, and the "
    "statement to rank it by. Led answers are left out. Counts of people, and nothing more: how important it is only "
    "a survey can tell.",
    f"""
    WITH told AS (
        SELECT s.*, o.kind, o.direction, o.measure, o.canonical, o.job_step, o.verdict,
               coalesce(s.theme_id, s.statement_id) AS need
        FROM outcomes o JOIN statements s USING (statement_id)
        WHERE {TOLD}),
    ranked AS (
        SELECT t.*, row_number() OVER (PARTITION BY need ORDER BY verdict = 'ok' DESC,
               t.statement_id = h.exemplar_statement_id DESC, t.score DESC, t.statement_id) AS place
        FROM told t LEFT JOIN themes h ON h.theme_id = t.theme_id)
    SELECT max(statement_id) FILTER (place = 1) AS outcome_id,
           max(canonical) FILTER (place = 1 AND verdict = 'ok') AS statement, max(quote) FILTER (place = 1) AS quote,
           count(DISTINCT participant_id) AS n_participants, count(*) AS n_statements,
           count(DISTINCT transcript_id) AS n_interviews, count(*) FILTER (verdict = 'ok') AS n_sound,
           max(verdict) FILTER (place = 1) AS verdict, mode(kind) AS kind,
           max(direction) FILTER (place = 1) AS direction,
           max(measure) FILTER (place = 1) AS measure, max(job_step) FILTER (place = 1) AS job_step,
           any_value(theme_id) AS theme_id
    FROM ranked GROUP BY need ORDER BY n_participants DESC, n_statements DESC, outcome_id
    """,
    (
        (
            "outcome_id",
            "the statement_id that stands for all: a sound draft, nearest to the middle of its theme",
        ),
        ("statement", "its outcome statement; null where no draft is sound"),
        ("quote", "its verbatim words"),
        ("n_participants", "people who tell it"),
        ("n_statements", "times it is told"),
        ("n_interviews", "interviews that tell it"),
        ("n_sound", "drafts without a defect among them"),
        ("verdict", "ok, doubtful, implied, or the defect of the draft that stands for all"),
        ("kind", "goal, hazard or problem: the commonest"),
        ("direction", "minimize or increase"),
        ("measure", "time, effort, likelihood, ..."),
        ("job_step", "step of the job"),
        ("theme_id", "its theme; null for a statement in none"),
    ),
)

NEEDS_BY_METADATA = View(
    "needs_by_metadata",
    "The people who tell each need, by every key of their interviews' metadata: product, segment, region, ... Counts "
    "of people, and nothing more.",
    f"""
    SELECT n.outcome_id, n.statement, n.quote, k.key, {VALUE} AS value,
           count(DISTINCT s.participant_id) AS n_participants, count(*) AS n_statements,
           count(DISTINCT s.transcript_id) AS n_interviews, n.theme_id
    FROM outcomes o JOIN statements s USING (statement_id)
    JOIN needs n ON coalesce(n.theme_id, n.outcome_id) = coalesce(s.theme_id, s.statement_id)
    JOIN transcripts t USING (transcript_id) JOIN {KEYS} k USING (transcript_id)
    WHERE {TOLD} GROUP BY ALL ORDER BY k.key, value, n_participants DESC, n_statements DESC, n.outcome_id
    """,
    (
        ("outcome_id", "the statement_id that stands for the need, as in `needs`"),
        ("statement", "its outcome statement; null where no draft is sound"),
        ("quote", "its verbatim words"),
        *KEY_AND_VALUE,
        ("n_participants", "people who tell it there"),
        ("n_statements", "times it is told there"),
        ("n_interviews", "interviews that tell it there"),
        ("theme_id", "its theme; null for a statement in none"),
    ),
)

OPPORTUNITIES = View(
    "opportunities",
    "Opportunity within each segment of a survey: importance + max(importance - satisfaction, 0), 0 to 20; empty "
    "without a survey. Never computed from interviews.",
    """
    SELECT r.segment, r.outcome_id, o.canonical AS statement, s.quote, r.respondents, r.importance, r.satisfaction,
           round(r.importance + greatest(r.importance - r.satisfaction, 0), 2) AS opportunity,
           CASE WHEN r.importance >= 5 AND r.importance > r.satisfaction THEN 'underserved'
                WHEN r.satisfaction > r.importance THEN 'overserved' ELSE 'served right' END AS landscape,
           row_number() OVER (PARTITION BY r.segment ORDER BY
               r.importance + greatest(r.importance - r.satisfaction, 0) DESC, r.importance DESC, r.outcome_id) AS rank
    FROM ratings r LEFT JOIN statements s ON s.statement_id = r.outcome_id
    LEFT JOIN outcomes o ON o.statement_id = r.outcome_id ORDER BY r.segment, rank
    """,
    (
        ("segment", "the segment of respondents"),
        ("outcome_id", "the outcome's statement_id"),
        ("statement", "its outcome statement; null where the statement is no longer there"),
        ("quote", "its verbatim words"),
        ("respondents", "people who rated it"),
        ("importance", "top-two-box share times ten"),
        ("satisfaction", "top-two-box share times ten"),
        ("opportunity", "importance + max(importance - satisfaction, 0)"),
        ("landscape", "underserved (important, and more so than satisfied), overserved, or served right"),
        ("rank", "1 for the largest opportunity of the segment"),
    ),
)
