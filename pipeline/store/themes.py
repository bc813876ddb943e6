"""What is drawn from themes: segments of people, trends, changes, noise and counter-evidence with their quotes."""

from __future__ import annotations

from pipeline.store.shape import GROUPED, KEY_AND_VALUE, KEYS, METADATA, VALUE, Column, Table, View

_GROUPED = Column("run_id", "VARCHAR", "the run that made the themes last")

THEME_TABLES: tuple[Table, ...] = (
    Table(
        "segmentation",
        "One row: whether people fall into segments by the themes they tell of, and why not.",
        (
            Column("n_people", "INTEGER", "people who tell of at least two themes"),
            Column("n_segments", "INTEGER", "segments found; 0 where there is a reason"),
            Column(
                "quality",
                "DOUBLE",
                "mean silhouette: how much nearer people are to their own segment, -1 to 1",
            ),
            Column(
                "reason",
                "VARCHAR",
                "too_few_people, or no_clear_groups: no better separated than by chance; null where there are segments",
            ),
            _GROUPED,
        ),
        f"SELECT *, {GROUPED} FROM state.segmentation",
    ),
    Table(
        "segment_members",
        "One row per person in a segment of people with like needs.",
        (
            Column("segment_id", "VARCHAR", "the segment"),
            Column("participant_id", "VARCHAR", "the person"),
            _GROUPED,
        ),
        f"SELECT *, {GROUPED} FROM state.segment_members ORDER BY ALL",
    ),
    Table(
        "segment_traits",
        "One row per segment and theme that sets it apart.",
        (
            Column("segment_id", "VARCHAR", "the segment"),
            Column("theme_id", "VARCHAR", "the theme"),
            Column("share_inside", "DOUBLE", "share of its people who tell of the theme"),
            Column("share_outside", "DOUBLE", "share of all other people who do"),
            Column("place", "INTEGER", "1 for what sets it apart most"),
            _GROUPED,
        ),
        f"SELECT *, {GROUPED} FROM state.segment_traits ORDER BY segment_id, place",
    ),
)

_COUNTS = "count(*) AS n_statements, count(DISTINCT s.participant_id) AS n_participants"
_MEMBERS = (
    "FROM statements s JOIN themes h USING (theme_id) JOIN transcripts t USING (transcript_id) "
    "WHERE h.status = 'active'"
)
_THEME = (
    ("theme_id", "the theme"),
    ("label", "push, pull, anxiety, habit or outcome"),
    ("title", "its name"),
)
_TOLD = (("n_statements", "its statements there"), ("n_participants", "the people who tell of it there"))

THEME_VIEWS: tuple[View, ...] = (
    View(
        "themes_by_month",
        "Support of each active theme by month of the interview; interviews without a date are left out.",
        f"""
        SELECT h.theme_id, h.label, h.title, substr(t.interview_date, 1, 7) AS month, {_COUNTS}
        {_MEMBERS} AND t.interview_date IS NOT NULL GROUP BY ALL ORDER BY h.label, h.theme_id, month
        """,
        (*_THEME, ("month", "YYYY-MM"), *_TOLD),
    ),
    View(
        "themes_by_study",
        "Support of each active theme by study.",
        f"""
        SELECT h.theme_id, h.label, h.title, t.study, {_COUNTS}
        {_MEMBERS} GROUP BY ALL ORDER BY h.label, h.theme_id, t.study
        """,
        (*_THEME, ("study", "the study; null for interviews that name none"), *_TOLD),
    ),
    View(
        "themes_by_metadata",
        "Support of each active theme by every key of the interviews' metadata: product, region, ...",
        f"""
        SELECT h.theme_id, h.label, h.title, k.key, {VALUE} AS value,
               count(*) AS n_statements, count(DISTINCT s.participant_id) AS n_participants
        FROM statements s JOIN themes h USING (theme_id) JOIN transcripts t USING (transcript_id)
        JOIN {KEYS} k USING (transcript_id)
        WHERE h.status = 'active' GROUP BY ALL ORDER BY h.label, h.theme_id, k.key, value
        """,
        (*_THEME, *KEY_AND_VALUE, *_TOLD),
    ),
    View(
        "themes_by_product",
        "Support of each active theme by the product that people left or took up.",
        f"""
        SELECT h.theme_id, h.label, h.title, p.role, p.name AS product, {_COUNTS}
        FROM statements s JOIN themes h USING (theme_id)
        JOIN (SELECT DISTINCT transcript_id, role, name FROM products WHERE role IN ('fired', 'hired')) p
        USING (transcript_id) WHERE h.status = 'active' GROUP BY ALL ORDER BY h.label, h.theme_id, p.role, product
        """,
        (
            *_THEME,
            ("role", "fired or hired, in the interview"),
            ("product", "its name as told there"),
            *_TOLD,
        ),
    ),
    View(
        "theme_changes",
        "What happened to themes, newest run first, without those that merely went on.",
        """
        SELECT r.run_number, r.started_at, l.event, h.label, l.theme_id, h.title, l.other_theme_id,
               o.title AS other_title, l.overlap
        FROM theme_lineage l JOIN runs r USING (run_id) JOIN themes h USING (theme_id)
        LEFT JOIN themes o ON o.theme_id = l.other_theme_id
        WHERE l.event <> 'continued' ORDER BY r.run_number DESC, h.label, l.event, l.theme_id, l.other_theme_id
        """,
        (
            ("run_number", "the run in which it happened"),
            ("started_at", "when that run started, UTC"),
            ("event", "born, split, merged or retired"),
            ("label", "push, pull, anxiety, habit or outcome"),
            ("theme_id", "the theme"),
            ("title", "its name now"),
            ("other_theme_id", "the theme it came from or went into"),
            ("other_title", "that theme's name now"),
            ("overlap", "share of members in common, 0 to 1"),
        ),
    ),
    View(
        "noise",
        "Statements of no theme with their quote, the nearest theme and the reason, nearest first.",
        """
        SELECT n.label, n.reason, n.distance, n.nearest_theme_id, h.title AS nearest_title, s.quote, s.speaker,
               s.source, s.turn_index, n.statement_id, t.metadata
        FROM theme_noise n JOIN statements s USING (statement_id) JOIN transcripts t USING (transcript_id)
        LEFT JOIN themes h ON h.theme_id = n.nearest_theme_id
        ORDER BY n.label, n.distance NULLS LAST, n.statement_id
        """,
        (
            ("label", "push, pull, anxiety, habit or outcome"),
            ("reason", "why it is in no theme"),
            ("distance", "cosine distance to the nearest theme's centre"),
            ("nearest_theme_id", "the nearest theme"),
            ("nearest_title", "its name"),
            ("quote", "the verbatim words"),
            ("speaker", "who said it"),
            ("source", "in which interview"),
            ("turn_index", "in which turn"),
            ("statement_id", "the statement"),
            METADATA,
        ),
    ),
    View(
        "noise_by_run",
        "Share of statements of no theme after each run, per label.",
        """
        SELECT r.run_number, r.started_at, k.label,
               json_extract(r.counts, '$.statements.' || k.label)::INTEGER AS n_statements,
               coalesce(json_extract(r.counts, '$.noise.' || k.label)::INTEGER, 0) AS n_noise,
               round(n_noise / n_statements, 4) AS share
        FROM runs r JOIN (SELECT run_id, unnest(json_keys(counts, '$.statements')) AS label FROM runs) k USING (run_id)
        ORDER BY r.run_number, k.label
        """,
        (
            ("run_number", "the run"),
            ("started_at", "when it started, UTC"),
            ("label", "push, pull, anxiety, habit or outcome"),
            ("n_statements", "statements that count"),
            ("n_noise", "of them in no theme"),
            ("share", "the one by the other, 0 to 1"),
        ),
    ),
    View(
        "noise_share",
        "Share of statements of no theme, per label and reason.",
        """
        SELECT n.label, n.reason, count(*) AS n_statements, count(*) / any_value(a.n) AS share
        FROM theme_noise n JOIN (
            SELECT label, count(*) AS n FROM statements WHERE NOT needs_review GROUP BY label) a USING (label)
        GROUP BY n.label, n.reason ORDER BY n.label, n.reason
        """,
        (
            ("label", "push, pull, anxiety, habit or outcome"),
            ("reason", "why they are in no theme"),
            ("n_statements", "statements"),
            ("share", "of the statements of the label that count, 0 to 1"),
        ),
    ),
    View(
        "against_themes",
        "For each theme what people say against it about the same thing, nearest first.",
        """
        SELECT e.theme_id, h.label, h.title, e.place, e.similarity, s.label AS opposing_label, s.quote, s.speaker,
               s.source, s.turn_index, e.statement_id, t.metadata
        FROM counter_evidence e JOIN themes h USING (theme_id) JOIN statements s USING (statement_id)
        JOIN transcripts t USING (transcript_id)
        ORDER BY h.label, h.n_participants DESC, e.theme_id, e.place
        """,
        (
            *_THEME,
            ("place", "1 for the nearest"),
            ("similarity", "cosine to the theme's centre"),
            ("opposing_label", "the label of what is said against it"),
            ("quote", "the verbatim words"),
            ("speaker", "who said it"),
            ("source", "in which interview"),
            ("turn_index", "in which turn"),
            ("statement_id", "the statement"),
            METADATA,
        ),
    ),
    View(
        "segments",
        "Segments of people with like needs, and what sets each apart.",
        """
        SELECT t.segment_id, (SELECT count(*) FROM segment_members m WHERE m.segment_id = t.segment_id) AS n_people,
               t.place, h.label, h.title, t.share_inside, t.share_outside, t.theme_id
        FROM segment_traits t JOIN themes h USING (theme_id) ORDER BY n_people DESC, t.segment_id, t.place
        """,
        (
            ("segment_id", "the segment"),
            ("n_people", "its people"),
            ("place", "1 for what sets it apart most"),
            ("label", "the theme's label"),
            ("title", "the theme's name"),
            ("share_inside", "share of its people who tell of the theme"),
            ("share_outside", "share of all other people who do"),
            ("theme_id", "the theme"),
        ),
    ),
    View(
        "segments_by_metadata",
        "The people of each segment by every key of their interviews' metadata: whether a segment is, say, one region.",
        f"""
        SELECT m.segment_id, k.key, {VALUE} AS value, count(DISTINCT m.participant_id) AS n_people
        FROM segment_members m
        JOIN (SELECT DISTINCT participant_id, transcript_id FROM turns WHERE role = 'participant') u
        USING (participant_id) JOIN transcripts t USING (transcript_id) JOIN {KEYS} k USING (transcript_id)
        GROUP BY ALL ORDER BY m.segment_id, k.key, n_people DESC, value
        """,
        (
            ("segment_id", "the segment"),
            *KEY_AND_VALUE,
            ("n_people", "its people whose interviews have that"),
        ),
    ),
)
