"""Views of four questions: what they tried to do, what got in the way, what they did, what would be better."""

from __future__ import annotations

from pipeline.store.shape import METADATA, View

QUESTIONS: tuple[tuple[str, str], ...] = (
    ("trying_to_do", "What were they trying to do?"),
    ("in_the_way", "What got in the way?"),
    ("until_then", "What did they do about it until then?"),
    ("better", "What would be better?"),
)
"""(key, the question as a page asks it), in order."""

_ASKED = ", ".join(f"('{key}', {place}, '{text}')" for place, (key, text) in enumerate(QUESTIONS, 1))

FOUR_QUESTIONS = View(
    "four_questions",
    "Per interview the answers to four questions, every answer a quote; a question nobody answered has one row "
    "without. Outcomes tell what they tried to do; pushes, habits and anxieties what got in the way; the old and "
    "its workarounds what they did; pulls what would be better.",
    f"""
    WITH asked(question, place, asks) AS (VALUES {_ASKED}),
    told AS (
        SELECT s.transcript_id, CASE WHEN s.label = 'outcome' THEN 'trying_to_do' WHEN s.label = 'pull' THEN 'better'
                                     ELSE 'in_the_way' END AS question,
               s.label AS told_as, o.canonical AS value, s.quote, s.turn_index, s.char_start, s.statement_id AS told_id,
               (CASE s.intensity WHEN 'strong' THEN 1 ELSE 0 END) + s.score AS weight
        FROM statements s LEFT JOIN outcomes o ON o.statement_id = s.statement_id AND o.verdict = 'ok'
        WHERE NOT s.needs_review AND s.led IS NOT TRUE
        UNION ALL
        SELECT transcript_id, 'until_then', part, value, quote, turn_index, char_start, part_id,
               (CASE part WHEN 'fired' THEN 1 ELSE 0 END) + 1.0 / rank
        FROM switch_parts WHERE part IN ('fired', 'doing_now'))
    SELECT t.transcript_id, t.source, t.study, a.question, a.asks, a.place, told.told_as, told.value, told.quote,
           CASE WHEN told.quote IS NOT NULL THEN row_number() OVER (
               PARTITION BY t.transcript_id, a.question ORDER BY told.weight DESC, told.turn_index, told.told_id)
           END AS rank, told.turn_index, told.told_id, t.metadata
    FROM transcripts t CROSS JOIN asked a
    LEFT JOIN told ON told.transcript_id = t.transcript_id AND told.question = a.question
    ORDER BY t.source, t.transcript_id, a.place, rank
    """,
    (
        ("transcript_id", "the interview"),
        ("source", "where it was read"),
        ("study", "its study"),
        ("question", "trying_to_do, in_the_way, until_then or better"),
        ("asks", "the question in words"),
        ("place", "1 to 4"),
        ("told_as", "the label of the statement, or the part of the switch; null where nobody told"),
        ("value", "the outcome statement, or the name of the old; null where there is none"),
        ("quote", "the answer, verbatim; null where nobody told"),
        ("rank", "1 for the strongest answer"),
        ("turn_index", "the turn it stands in"),
        ("told_id", "the statement_id, or the part_id in `switch_parts`"),
        METADATA,
    ),
)

FOUR_QUESTIONS_BY_STUDY = View(
    "four_questions_by_study",
    "Per study the answers to four questions by theme (what they did until then: by product), with the people who "
    "tell it and a quote of up to three of them; what is in no theme stands in one row.",
    """
    WITH told AS (
        SELECT q.study, q.question, q.asks, q.place, s.theme_id, h.title AS answer,
               coalesce(s.participant_id, w.participant_id, q.transcript_id) AS who, q.quote, q.rank
        FROM four_questions q LEFT JOIN statements s ON s.statement_id = q.told_id
        LEFT JOIN themes h ON h.theme_id = s.theme_id
        LEFT JOIN switches w ON w.transcript_id = q.transcript_id
        WHERE q.quote IS NOT NULL AND q.question <> 'until_then'
        UNION ALL
        SELECT q.study, q.question, q.asks, q.place, NULL,
               CASE WHEN q.told_as = 'fired' THEN lower(q.value) WHEN q.value = 'nothing' THEN 'nothing'
                    ELSE 'workarounds' END,
               coalesce(w.participant_id, q.transcript_id), q.quote, q.rank
        FROM four_questions q LEFT JOIN switches w ON w.transcript_id = q.transcript_id
        WHERE q.quote IS NOT NULL AND q.question = 'until_then'),
    firsts AS (
        SELECT *, row_number() OVER (PARTITION BY study, question, theme_id, answer, who ORDER BY rank, quote) AS nth
        FROM told)
    SELECT study, question, asks, place, answer, theme_id, count(DISTINCT who) AS n_participants, count(*) AS n_told,
           list_slice(list(quote ORDER BY rank, quote) FILTER (nth = 1), 1, 3) AS quotes
    FROM firsts GROUP BY study, question, asks, place, answer, theme_id
    ORDER BY study, place, n_participants DESC, n_told DESC, answer
    """,
    (
        ("study", "the study; null for interviews of none"),
        ("question", "trying_to_do, in_the_way, until_then or better"),
        ("asks", "the question in words"),
        ("place", "1 to 4"),
        ("answer", "the theme's title, or the name of the old; null for what is in no theme"),
        ("theme_id", "the theme"),
        ("n_participants", "people who tell it"),
        ("n_told", "times it is told"),
        ("quotes", "verbatim words of up to three people"),
    ),
)

QUESTION_VIEWS: tuple[View, ...] = (FOUR_QUESTIONS, FOUR_QUESTIONS_BY_STUDY)
