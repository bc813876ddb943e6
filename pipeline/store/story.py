"""The public tables and views of the switch story: measures told, and what is drawn from them."""

from __future__ import annotations

from pipeline.store.gaps import GAP_VIEWS
from pipeline.store.job_stories import JOB_STORIES
from pipeline.store.linking import LINKING_VIEWS
from pipeline.store.needs import NEEDS, NEEDS_BY_METADATA, OPPORTUNITIES, RATINGS
from pipeline.store.questions import QUESTION_VIEWS
from pipeline.store.shape import METADATA, SOURCES, Column, Table, View

MEASURES = Table(
    "measures",
    "One row per quantity said aloud in a statement or right beside it, normalised: the size of a push, the baseline "
    "of an outcome. substr(turns.text, char_start + 1, char_end - char_start) = quote.",
    (
        Column("measure_id", "VARCHAR", "stable id, derived from statement and position"),
        Column("statement_id", "VARCHAR", "the statement that it qualifies"),
        Column("transcript_id", "VARCHAR", "the interview"),
        Column("turn_index", "INTEGER", "the turn it stands in"),
        Column("kind", "VARCHAR", "money, duration, count, frequency or percentage"),
        Column("low", "DOUBLE", "lower end of the amount, in `unit`"),
        Column("high", "DOUBLE", "upper end; equals `low` where one number is told"),
        Column(
            "unit", "VARCHAR", "a currency code (? = not said), a unit of time, the thing counted, time, or %"
        ),
        Column("per", "VARCHAR", "the period or thing it is told per: week, person, ..."),
        Column("approximate", "BOOLEAN", "whether it was told as about so much"),
        Column("bound", "VARCHAR", "at least or at most, where told so"),
        Column("minutes", "DOUBLE", "the middle of a duration in minutes, to compare; null for other kinds"),
        Column("normalised", "VARCHAR", "all of it in words: about 200 USD per month"),
        Column(
            "relation", "VARCHAR", "within the statement's quote, or beside it in a sentence of a few words"
        ),
        Column("quote", "VARCHAR", "the verbatim words"),
        Column("char_start", "INTEGER", "offset in turns.text, Unicode code points from 0"),
        Column("char_end", "INTEGER", "end offset, exclusive"),
        Column("run_id", "VARCHAR", "the run that found it"),
    ),
    """
    SELECT m.measure_id, m.statement_id, m.transcript_id, m.turn_index, m.kind, m.low, m.high, m.unit, m.per,
           m.approximate, m.bound, m.minutes, m.normalised, m.relation, m.quote, m.char_start, m.char_end, e.run_id
    FROM state.measures m LEFT JOIN state.extractions e USING (transcript_id)
    ORDER BY m.transcript_id, m.turn_index, m.char_start, m.measure_id
    """,
)

PRODUCTS = Table(
    "products",
    "One row per product, firm or thing of an interview that may have been fired or hired; all its spellings are one.",
    (
        Column("product_id", "VARCHAR", "stable id, derived from interview and name"),
        Column("transcript_id", "VARCHAR", "the interview"),
        Column("name", "VARCHAR", "its name as it is told most fully; a noun where it has no name"),
        Column("spellings", "VARCHAR[]", "every way it is said, commonest first"),
        Column("role", "VARCHAR", "fired, hired, or candidate: neither left nor taken"),
        Column("n_mentions", "INTEGER", "times it is named by anybody, or called `it` right after"),
        Column("turn_index", "INTEGER", "the turn that tells most of its role"),
        Column("quote", "VARCHAR", "the verbatim sentence"),
        Column("char_start", "INTEGER", "offset in turns.text, Unicode code points from 0"),
        Column("char_end", "INTEGER", "end offset, exclusive"),
        Column("run_id", "VARCHAR", "the run that found it"),
    ),
    """
    SELECT p.product_id, p.transcript_id, p.name, p.spellings, p.role, p.n_mentions, p.turn_index, p.quote,
           p.char_start, p.char_end, e.run_id
    FROM state.products p LEFT JOIN state.extractions e USING (transcript_id)
    ORDER BY p.transcript_id, p.role, p.n_mentions DESC, p.product_id
    """,
)

SWITCH_PARTS = Table(
    "switch_parts",
    "One row per thing told of a switch, each with its verbatim sentence: what was fired and hired, candidates, the "
    "two events, when, who decided, what was paid, how it ended, what was done until then.",
    (
        Column("part_id", "VARCHAR", "stable id, derived from switch, part and place"),
        Column("switch_id", "VARCHAR", "the switch"),
        Column("transcript_id", "VARCHAR", "the interview"),
        Column(
            "part",
            "VARCHAR",
            "fired, hired, candidate, event_one (made them look), event_two (forced the decision), when, decided_by, "
            "paid, ended, doing_now (what they did until then: workarounds, or nothing)",
        ),
        Column("rank", "INTEGER", "1 for the surest of its part"),
        Column("value", "VARCHAR", "the name, the sum, who, or the words that tell it"),
        Column("product_id", "VARCHAR", "the product, for fired, hired and candidate"),
        Column(
            "reason", "VARCHAR", "a worry told of a candidate, verbatim; else the rule that reads the part"
        ),
        Column(
            "score",
            "DOUBLE",
            "chance that the part is right, 0 to 1; of an event that is only guessed (the strongest push of its "
            "stage) the score of the push; null for what is told in so many words",
        ),
        Column("turn_index", "INTEGER", "the turn it stands in"),
        Column("quote", "VARCHAR", "the verbatim sentence"),
        Column("char_start", "INTEGER", "offset in turns.text, Unicode code points from 0"),
        Column("char_end", "INTEGER", "end offset, exclusive"),
        Column("run_id", "VARCHAR", "the run that found it"),
    ),
    """
    SELECT p.part_id, p.switch_id, p.transcript_id, p.part, p.rank, p.value, p.product_id, p.reason, p.score,
           p.turn_index, p.quote, p.char_start, p.char_end, e.run_id
    FROM state.switch_parts p LEFT JOIN state.extractions e USING (transcript_id)
    ORDER BY p.transcript_id, p.part, p.rank, p.part_id
    """,
)


def _first(part: str, column: str = "value") -> str:
    return f"max(p.{column}) FILTER (p.part = '{part}' AND p.rank = 1)"


def _told(part: str) -> str:
    """SQL of the words of a part that is told; what is only guessed has a score."""
    return f"max(p.quote) FILTER (p.part = '{part}' AND p.rank = 1 AND p.score IS NULL)"


SWITCHES = Table(
    "switches",
    "One row per interview that tells of a switch: the surest of each part, each with its quote; all parts are in "
    "`switch_parts`. What was not told is null; events that are only guessed stand in `switch_parts` alone.",
    (
        Column("switch_id", "VARCHAR", "stable id, derived from the interview"),
        Column("transcript_id", "VARCHAR", "the interview"),
        Column("source", "VARCHAR", "where the interview was read"),
        Column("participant_id", "VARCHAR", "the person; null where several speak"),
        Column("fired", "VARCHAR", "the product that was left, or would have been; null where none is told"),
        Column("fired_score", "DOUBLE", "chance that this is right, 0 to 1"),
        Column("fired_quote", "VARCHAR", "the words"),
        Column(
            "hired", "VARCHAR", "what was taken up or looked at; `nothing: stayed` where they say they stayed"
        ),
        Column("hired_score", "DOUBLE", "chance that this is right, 0 to 1; null for `nothing: stayed`"),
        Column("hired_quote", "VARCHAR", "the words"),
        Column(
            "kind",
            "VARCHAR",
            "like_for_like (one named product for another), cross_category (a product for a thing without a name or a "
            "workaround, or the other way), from_nothing, or stayed; null when it cannot be told",
        ),
        Column("ended", "VARCHAR", "stayed or went_back, where said in so many words"),
        Column("ended_quote", "VARCHAR", "the words"),
        Column("event_one_quote", "VARCHAR", "what made them look actively, where told in so many words"),
        Column("event_two_quote", "VARCHAR", "what forced the decision, where told in so many words"),
        Column("told_when", "VARCHAR", "when the new was taken up: the sentence that says so"),
        Column("decided_by", "VARCHAR", "who decided"),
        Column("decided_by_quote", "VARCHAR", "the words"),
        Column("paid", "VARCHAR", "what was paid or quoted, normalised"),
        Column("paid_quote", "VARCHAR", "the words"),
        Column(
            "candidates",
            "VARCHAR[]",
            "products looked at and neither left nor taken; reasons in `switch_parts`",
        ),
        Column(
            "until_then", "VARCHAR", "what they did until then, told as no product: a workaround, or nothing"
        ),
        Column("until_then_quote", "VARCHAR", "the words"),
        Column("run_id", "VARCHAR", "the run that found it"),
    ),
    f"""
    SELECT w.switch_id, w.transcript_id, f.source, w.participant_id,
           {_first("fired")}, {_first("fired", "score")}, {_first("fired", "quote")},
           CASE WHEN w.ended = 'stayed' THEN 'nothing: stayed' ELSE {_first("hired")} END,
           CASE WHEN w.ended = 'stayed' THEN NULL ELSE {_first("hired", "score")} END,
           CASE WHEN w.ended = 'stayed' THEN {_first("ended", "quote")} ELSE {_first("hired", "quote")} END,
           w.kind, w.ended, {_first("ended", "quote")}, {_told("event_one")}, {_told("event_two")},
           {_first("when", "quote")}, {_first("decided_by")}, {_first("decided_by", "quote")}, {_first("paid")},
           {_first("paid", "quote")}, list(p.value ORDER BY p.rank) FILTER (p.part = 'candidate'),
           {_first("doing_now")}, {_first("doing_now", "quote")}, e.run_id
    FROM state.switches w JOIN state.transcripts t USING (transcript_id)
    LEFT JOIN state.extractions e USING (transcript_id) JOIN {SOURCES} f USING (sha256)
    LEFT JOIN state.switch_parts p USING (switch_id)
    GROUP BY w.switch_id, w.transcript_id, f.source, w.participant_id, w.kind, w.ended, e.run_id
    ORDER BY f.source, w.transcript_id
    """,
)

STORY_TABLES: tuple[Table, ...] = (MEASURES, SWITCHES, SWITCH_PARTS, PRODUCTS, RATINGS)

STORY_VIEWS: tuple[View, ...] = (
    View(
        "measured_statements",
        "Statements with the quantities told in them, and how strongly they are told.",
        """
        SELECT s.transcript_id, s.source, s.label, s.stage, s.intensity, m.kind, m.normalised, m.low, m.high, m.unit,
               m.per, m.minutes, s.quote, s.theme_id, s.statement_id, m.measure_id, t.metadata
        FROM measures m JOIN statements s USING (statement_id)
        JOIN transcripts t ON t.transcript_id = s.transcript_id WHERE NOT s.needs_review
        ORDER BY s.source, s.turn_index, m.char_start, s.label
        """,
        (
            ("transcript_id", "the interview"),
            ("source", "where it was read"),
            ("label", "push, pull, anxiety, habit or outcome"),
            ("stage", "where on the switch timeline it lies"),
            ("intensity", "strong, medium or mild; null for outcomes"),
            ("kind", "money, duration, count, frequency or percentage"),
            ("normalised", "the quantity in words"),
            ("low", "lower end of the amount"),
            ("high", "upper end of the amount"),
            ("unit", "currency code, unit of time, thing counted, time or %"),
            ("per", "the period or thing it is told per"),
            ("minutes", "a duration in minutes"),
            ("quote", "the statement's verbatim words"),
            ("theme_id", "the statement's theme"),
            ("statement_id", "the statement"),
            ("measure_id", "the quantity"),
            METADATA,
        ),
    ),
    *LINKING_VIEWS,
    *QUESTION_VIEWS,
    JOB_STORIES,
    *GAP_VIEWS,
    NEEDS,
    NEEDS_BY_METADATA,
    OPPORTUNITIES,
)
