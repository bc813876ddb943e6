"""The public tables and views, with their comments: a contract. Add, do not rename.

Each table names the query over the working state that fills it.
"""

from __future__ import annotations

from pipeline.store.shape import GROUPED, METADATA, MOVED, SOURCES, Column, Table, View
from pipeline.store.story import STORY_TABLES, STORY_VIEWS
from pipeline.store.themes import THEME_TABLES, THEME_VIEWS

__all__ = ["SOURCES", "TABLES", "VIEWS", "Column", "Table", "View"]

TABLES: tuple[Table, ...] = (
    Table(
        "transcripts",
        "One row per accepted interview.",
        (
            Column("transcript_id", "VARCHAR", "stable id, derived from the file's content"),
            Column(
                "source",
                "VARCHAR",
                "where it was read; the first by name of several with one content. No name where privacy is on",
            ),
            Column("study", "VARCHAR", "the study it belongs to: front matter, sidecar, or its folder"),
            Column("interview_date", "VARCHAR", "date of the interview, ISO 8601, where told"),
            Column("format", "VARCHAR", "the dialect it was read as"),
            Column("sha256", "VARCHAR", "sha256 of the file's bytes"),
            Column("n_turns", "INTEGER", "turns of all speakers"),
            Column("n_words", "INTEGER", "words of all speakers"),
            Column(
                "duration_ms", "BIGINT", "end of the last timed turn, in milliseconds; null without times"
            ),
            Column("metadata", "JSON", "what else is known: product, segment, participant, free keys"),
            Column("warnings", "JSON", "what a reader should know about how it was read"),
            Column("n_sentences", "INTEGER", "participants' sentences that were read for statements"),
            Column("missing", "BOOLEAN", "whether its file was gone at the last run"),
            Column("run_id", "VARCHAR", "the run that read it"),
        ),
        f"""
        SELECT t.transcript_id, s.source, t.study, t.interview_date, t.format, t.sha256, t.n_turns, t.n_words,
               t.duration_ms, t.metadata, t.warnings, e.n_sentences,
               NOT EXISTS (FROM state.sources x WHERE x.sha256 = t.sha256 AND x.status = 'present'), t.run_id
        FROM state.transcripts t JOIN {SOURCES} s USING (sha256)
        LEFT JOIN state.extractions e USING (transcript_id) ORDER BY s.source, t.transcript_id
        """,
    ),
    Table(
        "turns",
        "One row per turn: one speaker's uninterrupted talk.",
        (
            Column("transcript_id", "VARCHAR", "the interview"),
            Column("turn_index", "INTEGER", "position in the interview, from 0"),
            Column("speaker", "VARCHAR", "the speaker's label in the source"),
            Column("role", "VARCHAR", "interviewer, participant or other"),
            Column("participant_id", "VARCHAR", "the person across interviews; null unless a participant"),
            Column("start_ms", "BIGINT", "start in the recording, milliseconds"),
            Column("end_ms", "BIGINT", "end in the recording, milliseconds"),
            Column("text", "VARCHAR", "the words, verbatim, Unicode NFC"),
            Column("run_id", "VARCHAR", "the run that read it"),
        ),
        """
        SELECT u.transcript_id, u.turn_index, u.speaker, u.role, u.participant_id, u.start_ms, u.end_ms, u.text,
               t.run_id
        FROM state.turns u LEFT JOIN state.transcripts t USING (transcript_id) ORDER BY u.transcript_id, u.turn_index
        """,
    ),
    Table(
        "speakers",
        "One row per speaker of an interview: the role, how it is known, how sure it is.",
        (
            Column("transcript_id", "VARCHAR", "the interview"),
            Column("speaker", "VARCHAR", "the speaker's label in the source"),
            Column("role", "VARCHAR", "interviewer, participant or other"),
            Column("confidence", "DOUBLE", "how sure the role is, 0 to 1"),
            Column("basis", "VARCHAR", "what the role rests on"),
            Column("needs_review", "BOOLEAN", "whether a person should confirm it"),
            Column("participant_id", "VARCHAR", "the person across interviews; null unless a participant"),
            Column("run_id", "VARCHAR", "the run that read the interview"),
        ),
        """
        SELECT p.transcript_id, p.name, p.role, p.confidence, p.basis, p.needs_review, p.participant_id, t.run_id
        FROM state.speakers p LEFT JOIN state.transcripts t USING (transcript_id) ORDER BY p.transcript_id, p.name
        """,
    ),
    Table(
        "statements",
        "One row per span and label: the evidence. substr(turns.text, char_start + 1, char_end - char_start) = quote.",
        (
            Column("statement_id", "VARCHAR", "stable id, derived from interview, position and label"),
            Column("transcript_id", "VARCHAR", "the interview"),
            Column("source", "VARCHAR", "where the interview was read"),
            Column("turn_index", "INTEGER", "the turn it stands in"),
            Column("speaker", "VARCHAR", "who said it; always a participant"),
            Column("participant_id", "VARCHAR", "the person across interviews"),
            Column("label", "VARCHAR", "push, pull, anxiety, habit or outcome"),
            Column("quote", "VARCHAR", "the verbatim words"),
            Column("char_start", "INTEGER", "offset in turns.text, Unicode code points from 0"),
            Column("char_end", "INTEGER", "end offset, exclusive"),
            Column("start_ms", "BIGINT", "start of its turn in the recording, milliseconds"),
            Column("score", "DOUBLE", "calibrated probability that a careful coder gives this label, 0 to 1"),
            Column("needs_review", "BOOLEAN", "too unsure to count: a person should decide"),
            Column("stage", "VARCHAR", "where on the switch timeline it lies; null when it cannot be told"),
            Column("dimension", "VARCHAR", "functional, emotional or social"),
            Column("holder", "VARCHAR", "self, or other when it is someone else's force or outcome"),
            Column(
                "evidence",
                "JSON",
                "what it rests on: rule ids, scores of all labels, the question before, the coded examples most alike",
            ),
            Column("theme_id", "VARCHAR", "its theme; null when it belongs to none"),
            Column("run_id", "VARCHAR", "the run that found it"),
            Column(
                "text_hash",
                "VARCHAR",
                "sha256 of the text that was embedded for it; its vector is in `vectors`",
            ),
            Column(
                "intensity",
                "VARCHAR",
                "how strongly a force is told: strong, medium or mild; ranks quotes, never summed; null for outcomes",
            ),
            Column("intensity_reasons", "VARCHAR[]", "the signs that the intensity rests on, `sign: words`"),
            Column("led", "BOOLEAN", "whether it merely agrees with a question that said it first"),
            Column(
                "part",
                "VARCHAR",
                "the holder's part where told: buyer (pays), user (uses), influencer (has a say), customer (is served)",
            ),
        ),
        f"""
        SELECT s.statement_id, s.transcript_id, f.source, s.turn_index, s.speaker, s.participant_id, s.label, s.quote,
               s.char_start, s.char_end, s.start_ms, s.score, s.needs_review, s.stage, s.dimension, s.holder,
               s.evidence, m.theme_id, s.run_id, s.text_hash, s.intensity, s.intensity_reasons, s.led, s.part
        FROM state.statements s JOIN state.transcripts t USING (transcript_id) JOIN {SOURCES} f USING (sha256)
        LEFT JOIN state.theme_members m USING (statement_id)
        ORDER BY f.source, s.transcript_id, s.turn_index, s.char_start, s.char_end, s.label
        """,
    ),
    Table(
        "outcomes",
        "One row per outcome statement: direction + measure + object of control (+ context).",
        (
            Column("statement_id", "VARCHAR", "the statement, with its spoken words, in `statements`"),
            Column("kind", "VARCHAR", "goal, hazard or problem"),
            Column("direction", "VARCHAR", "minimize or increase"),
            Column("measure", "VARCHAR", "time, effort, likelihood, number, cost, amount, ..."),
            Column("object", "VARCHAR", "what is acted on"),
            Column("context", "VARCHAR", "when, where or for whom, where said"),
            Column("canonical", "VARCHAR", "the outcome statement drafted from these parts"),
            Column(
                "job_step", "VARCHAR", "define, locate, prepare, confirm, execute, monitor, modify, conclude"
            ),
            Column(
                "verdict",
                "VARCHAR",
                "ok; implied (no rule says what it is about: the likeliest direction, measure and object, no "
                "statement); doubtful (no defect is known, but readers used few drafts like it); or the defect of "
                "the draft: "
                "not_an_outcome, no_measure, names_a_solution, compound (two things), "
                "vague_object (a pronoun or placeholder that it does not explain), fragment",
            ),
            Column("run_id", "VARCHAR", "the run that found it"),
        ),
        "SELECT o.*, s.run_id FROM state.outcomes o LEFT JOIN state.statements s USING (statement_id) "
        "ORDER BY o.statement_id",
    ),
    *THEME_TABLES,
    *STORY_TABLES,
    Table(
        "themes",
        "One row per theme ever seen; support is counted in participants.",
        (
            Column("theme_id", "VARCHAR", "stable id; a theme keeps it from run to run"),
            Column("label", "VARCHAR", "push, pull, anxiety, habit or outcome"),
            Column("title", "VARCHAR", "its name"),
            Column("keywords", "VARCHAR[]", "its distinctive terms, strongest first"),
            Column("n_statements", "INTEGER", "its statements"),
            Column("n_participants", "INTEGER", "the people who tell of it"),
            Column(
                "exemplar_statement_id",
                "VARCHAR",
                "the statement nearest to its centre; where that is gone, its firmest",
            ),
            Column("status", "VARCHAR", "active, retired or merged"),
            Column("first_run_id", "VARCHAR", "the run it was born in"),
            Column("last_run_id", "VARCHAR", "the last run that saw it"),
            Column(
                "concentration",
                "DOUBLE",
                "share of its statements that its most talkative person said, 0 to 1",
            ),
            Column(
                "titled_by",
                "VARCHAR",
                "phrases: drawn from its statements; people: given in the curation file",
            ),
            Column("merged_into", "VARCHAR", "the theme it went into, where its status is merged"),
        ),
        """
        SELECT h.* REPLACE (
            CASE WHEN h.status <> 'active' OR m.statement_id IS NOT NULL THEN h.exemplar_statement_id
                 ELSE f.statement_id END AS exemplar_statement_id)
        FROM state.themes h
        LEFT JOIN state.theme_members m ON m.theme_id = h.theme_id AND m.statement_id = h.exemplar_statement_id
        LEFT JOIN (SELECT theme_id, first(statement_id ORDER BY strength DESC, statement_id) AS statement_id
                   FROM state.theme_members GROUP BY theme_id) f ON f.theme_id = h.theme_id
        ORDER BY h.label, h.n_participants DESC, h.n_statements DESC, h.theme_id
        """,
    ),
    Table(
        "theme_members",
        "One row per statement in a theme.",
        (
            Column("theme_id", "VARCHAR", "the theme"),
            Column("statement_id", "VARCHAR", "the statement"),
            Column("strength", "DOUBLE", "how firmly it belongs, 0 to 1"),
            Column(
                "sub_theme_id", "VARCHAR", "the part of the theme it stands in; null where it stands in none"
            ),
            Column(
                "how", "VARCHAR", "fitted: grouped with all others; assigned: near enough; pinned: by people"
            ),
            Column("run_id", "VARCHAR", "the run that put it there"),
        ),
        f"""
        SELECT m.*, coalesce(w.run_id, {GROUPED})
        FROM state.theme_members m LEFT JOIN {MOVED} w USING (statement_id)
        ORDER BY m.theme_id, m.strength DESC, m.statement_id
        """,
    ),
    Table(
        "sub_themes",
        "One row per part of a theme that has clear parts: the second level.",
        (
            Column("sub_theme_id", "VARCHAR", "stable id"),
            Column("theme_id", "VARCHAR", "the theme it is a part of"),
            Column("label", "VARCHAR", "push, pull, anxiety, habit or outcome"),
            Column("title", "VARCHAR", "what sets it apart from the other parts"),
            Column("keywords", "VARCHAR[]", "its distinctive terms, strongest first"),
            Column("exemplar_statement_id", "VARCHAR", "the statement nearest to its centre"),
            Column("n_statements", "INTEGER", "its statements"),
            Column("n_participants", "INTEGER", "the people who tell of it"),
            Column("run_id", "VARCHAR", "the run that made the themes last"),
        ),
        f"""
        SELECT p.sub_theme_id, p.theme_id, p.label, p.title, p.keywords, p.exemplar_statement_id,
               coalesce(c.n, 0), coalesce(c.people, 0), {GROUPED}
        FROM state.sub_themes p LEFT JOIN (
            SELECT m.sub_theme_id, count(*) AS n, count(DISTINCT s.participant_id) AS people
            FROM state.theme_members m JOIN state.statements s USING (statement_id)
            GROUP BY m.sub_theme_id) c USING (sub_theme_id)
        ORDER BY p.theme_id, coalesce(c.people, 0) DESC, p.sub_theme_id
        """,
    ),
    Table(
        "theme_noise",
        "One row per statement that counts and belongs to no theme, with the reason.",
        (
            Column("statement_id", "VARCHAR", "the statement"),
            Column("label", "VARCHAR", "push, pull, anxiety, habit or outcome"),
            Column("nearest_theme_id", "VARCHAR", "the nearest theme; null where there is none"),
            Column("distance", "DOUBLE", "cosine distance to its centre: 0 same, 1 unrelated, 2 opposite"),
            Column(
                "reason",
                "VARCHAR",
                "too_few_statements, too_few_participants, between_themes, far_from_all or retired_by_people",
            ),
            Column("run_id", "VARCHAR", "the run that left it without a theme"),
        ),
        f"""
        SELECT n.*, coalesce(w.run_id, m.run_id, {GROUPED})
        FROM state.theme_noise n LEFT JOIN {MOVED} w USING (statement_id)
        LEFT JOIN state.machine_noise m USING (statement_id) ORDER BY n.label, n.statement_id
        """,
    ),
    Table(
        "counter_evidence",
        "One row per theme and statement that speaks against it about the same thing.",
        (
            Column("theme_id", "VARCHAR", "the theme"),
            Column("statement_id", "VARCHAR", "a statement with an opposing label"),
            Column("similarity", "DOUBLE", "cosine to the theme's centre, 0 to 1"),
            Column("place", "INTEGER", "1 for the nearest"),
            Column("run_id", "VARCHAR", "the run that made the themes last"),
        ),
        f"""
        WITH same_words AS (
            SELECT m.theme_id, o.statement_id FROM state.theme_members m
            JOIN state.statements s USING (statement_id)
            JOIN state.statements o ON o.transcript_id = s.transcript_id AND o.turn_index = s.turn_index
            AND o.char_start < s.char_end AND s.char_start < o.char_end)
        SELECT e.theme_id, e.statement_id, e.similarity,
               row_number() OVER (PARTITION BY e.theme_id ORDER BY e.similarity DESC, e.statement_id),
               {GROUPED}
        FROM state.counter_evidence e ANTI JOIN same_words USING (theme_id, statement_id)
        SEMI JOIN (FROM state.themes WHERE status = 'active') t ON t.theme_id = e.theme_id
        ORDER BY e.theme_id, e.similarity DESC, e.statement_id
        """,
    ),
    Table(
        "theme_curation",
        "One row per entry of the curation file: applied, or in conflict with what stands.",
        (
            Column("entry", "VARCHAR", "its kind and number in the file"),
            Column("label", "VARCHAR", "the label of its theme; null where nobody knows it"),
            Column("status", "VARCHAR", "applied or conflict"),
            Column("detail", "VARCHAR", "what the conflict is"),
            Column("run_id", "VARCHAR", "the run that judged it"),
        ),
        "SELECT * FROM state.theme_curation ORDER BY ALL",
    ),
    Table(
        "theme_history",
        "One row per theme and run in which its title, status or support changed.",
        (
            Column("run_id", "VARCHAR", "the run"),
            Column("theme_id", "VARCHAR", "the theme"),
            Column("title", "VARCHAR", "its name after that run"),
            Column("status", "VARCHAR", "active, retired or merged"),
            Column("n_statements", "INTEGER", "its statements after that run"),
            Column("n_participants", "INTEGER", "the people who told of it after that run"),
        ),
        "SELECT h.* FROM state.theme_history h JOIN state.runs r USING (run_id) ORDER BY h.theme_id, r.number",
    ),
    Table(
        "theme_moves",
        "One row per statement and run in which it came to another theme, or to none.",
        (
            Column("run_id", "VARCHAR", "the run"),
            Column("statement_id", "VARCHAR", "the statement; it may be gone by now"),
            Column("theme_id", "VARCHAR", "its theme from then on; null: none"),
        ),
        "SELECT m.* FROM state.theme_moves m JOIN state.runs r USING (run_id) ORDER BY m.statement_id, r.number",
    ),
    Table(
        "theme_lineage",
        "One row per event in a theme's life.",
        (
            Column("run_id", "VARCHAR", "the run in which it happened"),
            Column("theme_id", "VARCHAR", "the theme"),
            Column("event", "VARCHAR", "born, continued, split, merged or retired"),
            Column("other_theme_id", "VARCHAR", "the theme it came from or went into"),
            Column("overlap", "DOUBLE", "share of members in common, 0 to 1"),
        ),
        "SELECT l.* FROM state.theme_lineage l JOIN state.runs r USING (run_id) "
        "ORDER BY r.number, l.theme_id, l.event, l.other_theme_id, l.overlap",
    ),
    Table(
        "vectors",
        "One row per distinct text and model.",
        (
            Column("text_hash", "VARCHAR", "sha256 of the embedded text"),
            Column("model", "VARCHAR", "the model and its hash"),
            Column("vector", "FLOAT[]", "unit length"),
            Column("run_id", "VARCHAR", "the run that embedded it first"),
        ),
        """
        SELECT text_hash, model, any_value(vector), min(run_id)
        FROM state.vectors SEMI JOIN state.statements USING (text_hash)
        GROUP BY ALL ORDER BY model, text_hash
        """,
    ),
    Table(
        "runs",
        "One row per run.",
        (
            Column("run_id", "VARCHAR", "the run"),
            Column("started_at", "TIMESTAMP", "start, UTC"),
            Column("finished_at", "TIMESTAMP", "end of its work, UTC"),
            Column("status", "VARCHAR", "running, done, failed, interrupted or broken_off"),
            Column("version", "VARCHAR", "version of whyswitch"),
            Column("config", "JSON", "all settings"),
            Column(
                "models",
                "JSON",
                "recipe of every stage: its version, settings, models, rules and their fingerprint",
            ),
            Column("counts", "JSON", "what stood when the run was done"),
            Column(
                "run_number",
                "INTEGER",
                "position among the runs, from 1: true also when a clock was set back",
            ),
            Column("work", "JSON", "what it did: items and seconds of every stage that had work"),
            Column("reason", "VARCHAR", "why it failed; null otherwise"),
        ),
        "SELECT run_id, started_at, finished_at, status, version, config, models, counts, number, work, reason "
        "FROM state.runs ORDER BY number",
    ),
    Table(
        "rejects",
        "One row per input that was refused: read = accepted + rejected.",
        (
            Column("source", "VARCHAR", "the input"),
            Column("sha256", "VARCHAR", "sha256 of its bytes; null when it could not be read"),
            Column("stage", "VARCHAR", "the stage that refused it"),
            Column("reason", "VARCHAR", "a stable word, see docs/formats.md"),
            Column("detail", "VARCHAR", "one line for a person"),
            Column("run_id", "VARCHAR", "the run that refused it"),
        ),
        f"""
        SELECT * FROM (
            SELECT x.source, x.sha256, r.stage, r.reason, r.detail, r.run_id
            FROM state.rejects r JOIN {SOURCES} x USING (sha256) WHERE r.stage = 'ingest'
            UNION ALL
            SELECT f.source, t.sha256, r.stage, r.reason, r.detail, r.run_id
            FROM state.rejects r JOIN state.transcripts t ON t.transcript_id = r.source
            JOIN {SOURCES} f ON f.sha256 = t.sha256 WHERE r.stage IN ('extract', 'embed')
            UNION ALL
            SELECT coalesce(shown, source), sha256, 'scan', reason, detail, run_id
            FROM state.sources WHERE status = 'refused'
            UNION ALL
            SELECT coalesce(s.shown, s.source), s.sha256, 'scan', 'duplicate', 'same content as ' || f.source,
                   s.run_id
            FROM state.sources s JOIN {SOURCES} f USING (sha256)
            WHERE s.status = 'present' AND coalesce(s.shown, s.source) <> f.source)
        ORDER BY source, stage, reason
        """,
    ),
)

VIEWS: tuple[View, ...] = (
    View(
        "forces_by_interview",
        "Statements per label and interview, those for review left out.",
        """
        SELECT t.transcript_id, t.source, t.study, t.interview_date,
               count(*) FILTER (s.label = 'push') AS push, count(*) FILTER (s.label = 'pull') AS pull,
               count(*) FILTER (s.label = 'anxiety') AS anxiety, count(*) FILTER (s.label = 'habit') AS habit,
               count(*) FILTER (s.label = 'outcome') AS outcome, t.metadata
        FROM transcripts t LEFT JOIN statements s ON s.transcript_id = t.transcript_id AND NOT s.needs_review
        GROUP BY ALL ORDER BY t.source
        """,
        (
            ("transcript_id", "the interview"),
            ("source", "where it was read"),
            ("study", "its study"),
            ("interview_date", "its date"),
            ("push", "statements of push"),
            ("pull", "statements of pull"),
            ("anxiety", "statements of anxiety"),
            ("habit", "statements of habit"),
            ("outcome", "outcome statements"),
            METADATA,
        ),
    ),
    View(
        "top_themes",
        "Active themes with an exemplar quote, most people first.",
        """
        SELECT h.label, h.theme_id, h.title, h.n_participants, h.n_statements, s.quote AS exemplar,
               s.source, s.turn_index
        FROM themes h LEFT JOIN statements s ON s.statement_id = h.exemplar_statement_id
        WHERE h.status = 'active' ORDER BY h.n_participants DESC, h.n_statements DESC, h.theme_id
        """,
        (
            ("label", "push, pull, anxiety, habit or outcome"),
            ("theme_id", "the theme"),
            ("title", "its distinctive words"),
            ("n_participants", "the people who tell of it"),
            ("n_statements", "its statements"),
            ("exemplar", "the quote nearest to its centre"),
            ("source", "the exemplar's interview"),
            ("turn_index", "the exemplar's turn"),
        ),
    ),
    View(
        "timeline",
        "Statements along the switch timeline, per interview, stage and label; stages nobody spoke of do not appear. "
        "The two events of the interview stand on each of its rows: event one lies between passive_looking and "
        "active_looking, event two between active_looking and deciding.",
        """
        SELECT s.transcript_id, s.source, s.stage,
               list_position(['first_thought', 'passive_looking', 'active_looking', 'deciding', 'first_use',
                              'ongoing_use'], s.stage) AS stage_order,
               s.label, count(*) AS n_statements, count(DISTINCT s.participant_id) AS n_participants,
               arg_max(s.quote, s.score) AS strongest_quote, e.event_one_quote, e.event_two_quote, t.metadata
        FROM statements s JOIN transcripts t USING (transcript_id)
        LEFT JOIN (
            SELECT transcript_id, min_by(quote, rank) FILTER (part = 'event_one') AS event_one_quote,
                   min_by(quote, rank) FILTER (part = 'event_two') AS event_two_quote
            FROM switch_parts WHERE score IS NULL GROUP BY transcript_id) e USING (transcript_id)
        WHERE s.stage IS NOT NULL AND NOT s.needs_review
        GROUP BY ALL ORDER BY s.source, stage_order, s.label
        """,
        (
            ("transcript_id", "the interview"),
            ("source", "where it was read"),
            ("stage", "stage of the switch"),
            ("stage_order", "1 for first_thought to 6 for ongoing_use"),
            ("label", "push, pull, anxiety, habit or outcome"),
            ("n_statements", "statements"),
            ("n_participants", "people"),
            ("strongest_quote", "the quote with the highest score"),
            (
                "event_one_quote",
                "what made them look, where told in so many words; the same on all rows of an interview",
            ),
            (
                "event_two_quote",
                "what forced the decision, where told in so many words; the same on all its rows",
            ),
            METADATA,
        ),
    ),
    *THEME_VIEWS,
    *STORY_VIEWS,
)
