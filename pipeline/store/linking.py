"""Views of what is told together: for each outcome the forces around it, with the reason for the link."""

from __future__ import annotations

from pipeline.store.shape import METADATA, View

NEAR = 2
"""Turns apart at which two statements are told together: an answer, a question, the next answer."""
ALIKE = 0.5
"""Cosine of two texts above which they are of one topic."""

TOLD_WITH = View(
    "told_with",
    "For each outcome of an interview the forces told with it: in the same words, the same turn, a neighbouring "
    "turn, or of the same topic by vector; rank 1 is the firmest link. Those for review and led answers are left out.",
    f"""
    WITH sure AS (
        SELECT s.*, v.vector FROM statements s LEFT JOIN (
            SELECT text_hash, any_value(vector ORDER BY model) AS vector FROM vectors GROUP BY text_hash) v
        USING (text_hash) WHERE NOT s.needs_review AND s.led IS NOT TRUE),
    pairs AS (
        SELECT o.transcript_id, o.source, o.statement_id AS outcome_id, o.quote AS outcome_quote, f.statement_id,
               f.label, f.intensity, f.holder, f.quote, f.score, abs(f.turn_index - o.turn_index) AS turns_apart,
               list_cosine_similarity(o.vector, f.vector) AS similarity,
               f.turn_index = o.turn_index AND f.char_start < o.char_end AND o.char_start < f.char_end AS overlapping
        FROM sure o JOIN sure f USING (transcript_id)
        WHERE o.label = 'outcome' AND f.label <> 'outcome'),
    linked AS (
        SELECT *, CASE WHEN overlapping THEN 'same words' WHEN turns_apart = 0 THEN 'same turn'
                       WHEN turns_apart <= {NEAR} THEN 'neighbouring turn' WHEN similarity >= {ALIKE} THEN 'same topic'
                  END AS reason
        FROM pairs)
    SELECT transcript_id, source, outcome_id, outcome_quote, statement_id, label, quote, reason, turns_apart,
           round(similarity, 3) AS similarity, intensity, holder,
           row_number() OVER (PARTITION BY transcript_id, outcome_id, label ORDER BY
               list_position(['same words', 'same turn', 'neighbouring turn', 'same topic'], reason),
               similarity DESC NULLS LAST, score DESC, statement_id) AS rank, metadata
    FROM linked JOIN (SELECT transcript_id, metadata FROM transcripts) t USING (transcript_id)
    WHERE reason IS NOT NULL ORDER BY source, outcome_id, label, rank
    """,
    (
        ("transcript_id", "the interview"),
        ("source", "where it was read"),
        ("outcome_id", "the outcome's statement_id"),
        ("outcome_quote", "its verbatim words"),
        ("statement_id", "the force told with it"),
        ("label", "push, pull, anxiety or habit"),
        ("quote", "its verbatim words"),
        ("reason", "same words, same turn, neighbouring turn, or same topic"),
        ("turns_apart", "turns between the two, the interviewer's counted"),
        ("similarity", "cosine of the two texts' vectors"),
        ("intensity", "strong, medium or mild"),
        ("holder", "self, or other"),
        ("rank", "1 for the firmest link of this label to this outcome"),
        METADATA,
    ),
)

IMPEDIMENTS = View(
    "impediments",
    "What stops them: for each outcome the pushes, anxieties and habits told with it, the firmest link first.",
    """
    SELECT t.transcript_id, t.source, t.outcome_id, o.canonical AS outcome, o.verdict, t.outcome_quote,
           row_number() OVER (PARTITION BY t.transcript_id, t.outcome_id ORDER BY
               list_position(['same words', 'same turn', 'neighbouring turn', 'same topic'], t.reason),
               t.similarity DESC NULLS LAST, t.statement_id) AS rank,
           t.label, t.quote, t.reason, t.turns_apart, t.similarity, t.intensity, t.holder, t.statement_id,
           t.metadata
    FROM told_with t LEFT JOIN outcomes o ON o.statement_id = t.outcome_id
    WHERE t.label IN ('push', 'anxiety', 'habit') ORDER BY t.source, t.outcome_id, rank
    """,
    (
        ("transcript_id", "the interview"),
        ("source", "where it was read"),
        ("outcome_id", "the outcome's statement_id"),
        ("outcome", "the outcome statement drafted from its words"),
        ("verdict", "ok, doubtful, implied, or the defect of the draft"),
        ("outcome_quote", "the outcome's verbatim words"),
        ("rank", "1 for the firmest link to this outcome"),
        ("label", "push, anxiety or habit"),
        ("quote", "what stops them, verbatim"),
        ("reason", "why it is linked: same words, same turn, neighbouring turn, or same topic"),
        ("turns_apart", "turns between the two, the interviewer's counted"),
        ("similarity", "cosine of the two texts' vectors"),
        ("intensity", "strong, medium or mild"),
        ("holder", "self, or other"),
        ("statement_id", "the statement that stops them"),
        METADATA,
    ),
)

LINKING_VIEWS: tuple[View, ...] = (TOLD_WITH, IMPEDIMENTS)
