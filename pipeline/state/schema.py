"""Numbered migrations of the working state. Append; never change one that was released."""

from __future__ import annotations

import duckdb

from pipeline.errors import StateError

MIGRATIONS: tuple[str, ...] = (
    # 1: the first released version
    """
    CREATE TABLE sources (
        source VARCHAR PRIMARY KEY, sha256 VARCHAR, size BIGINT, mtime_ns BIGINT, context VARCHAR,
        status VARCHAR, reason VARCHAR, detail VARCHAR, run_id VARCHAR);
    CREATE TABLE readings (sha256 VARCHAR, fingerprint VARCHAR, run_id VARCHAR);
    CREATE TABLE rejects (
        source VARCHAR, sha256 VARCHAR, stage VARCHAR, reason VARCHAR, detail VARCHAR, run_id VARCHAR);
    CREATE TABLE transcripts (
        transcript_id VARCHAR, sha256 VARCHAR, format VARCHAR, study VARCHAR, interview_date VARCHAR,
        n_turns INTEGER, n_words INTEGER, duration_ms BIGINT, metadata VARCHAR, warnings VARCHAR,
        fingerprint VARCHAR, run_id VARCHAR);
    CREATE TABLE turns (
        transcript_id VARCHAR, turn_index INTEGER, speaker VARCHAR, role VARCHAR, participant_id VARCHAR,
        start_ms BIGINT, end_ms BIGINT, text VARCHAR);
    CREATE TABLE speakers (
        transcript_id VARCHAR, name VARCHAR, role VARCHAR, confidence DOUBLE, basis VARCHAR,
        needs_review BOOLEAN, participant_id VARCHAR);
    CREATE TABLE extractions (
        transcript_id VARCHAR, fingerprint VARCHAR, n_sentences INTEGER, run_id VARCHAR);
    CREATE TABLE statements (
        statement_id VARCHAR, transcript_id VARCHAR, turn_index INTEGER, speaker VARCHAR,
        participant_id VARCHAR, label VARCHAR, quote VARCHAR, char_start INTEGER, char_end INTEGER,
        start_ms BIGINT, score DOUBLE, needs_review BOOLEAN, stage VARCHAR, dimension VARCHAR,
        holder VARCHAR, evidence VARCHAR, text_hash VARCHAR, embed_text VARCHAR, run_id VARCHAR);
    CREATE TABLE outcomes (
        statement_id VARCHAR, kind VARCHAR, direction VARCHAR, measure VARCHAR, object VARCHAR,
        context VARCHAR, canonical VARCHAR, job_step VARCHAR, verdict VARCHAR);
    CREATE TABLE vectors (text_hash VARCHAR, model VARCHAR, vector FLOAT[], run_id VARCHAR);
    CREATE TABLE clusterings (fingerprint VARCHAR, run_id VARCHAR);
    CREATE TABLE themes (
        theme_id VARCHAR, label VARCHAR, title VARCHAR, keywords VARCHAR[], n_statements INTEGER,
        n_participants INTEGER, exemplar_statement_id VARCHAR, status VARCHAR, first_run_id VARCHAR,
        last_run_id VARCHAR);
    CREATE TABLE theme_members (theme_id VARCHAR, statement_id VARCHAR, strength DOUBLE);
    CREATE TABLE theme_lineage (
        run_id VARCHAR, theme_id VARCHAR, event VARCHAR, other_theme_id VARCHAR, overlap DOUBLE);
    CREATE TABLE runs (
        run_id VARCHAR, started_at TIMESTAMP, finished_at TIMESTAMP, status VARCHAR, version VARCHAR,
        config VARCHAR, models VARCHAR, counts VARCHAR);
    CREATE TABLE publications (path VARCHAR, fingerprint VARCHAR, run_id VARCHAR);
    """,
    # 2: sources wait until they are read; rows name the recipe that made them; a journal
    """
    ALTER TABLE sources ADD COLUMN stamp VARCHAR DEFAULT '';
    ALTER TABLE sources ADD COLUMN packed_in VARCHAR;
    CREATE TABLE waiting AS FROM sources LIMIT 0;
    CREATE TABLE recipes (
        fingerprint VARCHAR, stage VARCHAR, version VARCHAR, settings VARCHAR, identity VARCHAR, files VARCHAR);
    ALTER TABLE readings ADD COLUMN recipe VARCHAR;
    ALTER TABLE extractions ADD COLUMN recipe VARCHAR;
    ALTER TABLE vectors ADD COLUMN recipe VARCHAR;
    ALTER TABLE clusterings ADD COLUMN recipe VARCHAR;
    CREATE TABLE journal (
        run_id VARCHAR, event VARCHAR, source VARCHAR, sha256 VARCHAR, transcript_id VARCHAR, detail VARCHAR);
    ALTER TABLE runs ADD COLUMN number INTEGER;
    ALTER TABLE runs ADD COLUMN work VARCHAR;
    ALTER TABLE runs ADD COLUMN reason VARCHAR;
    UPDATE runs SET number = ordered.number FROM (
        SELECT run_id, row_number() OVER (ORDER BY started_at, run_id) AS number FROM runs) ordered
    WHERE runs.run_id = ordered.run_id;
    DROP TABLE publications;
    CREATE TABLE publications (
        name VARCHAR, fingerprint VARCHAR, run_id VARCHAR, number INTEGER, size BIGINT, mtime_ns BIGINT,
        counts VARCHAR);
    """,
    # 3: what an input is called where others read; contents never to be read again
    """
    ALTER TABLE sources ADD COLUMN shown VARCHAR;
    ALTER TABLE waiting ADD COLUMN shown VARCHAR;
    CREATE TABLE forgotten (mark VARCHAR, forgotten_at TIMESTAMP);
    CREATE TABLE duties (duty VARCHAR);
    """,
    # 4: how a statement is told and what it measures, the switch story, ratings from surveys
    """
    ALTER TABLE statements ADD COLUMN intensity VARCHAR;
    ALTER TABLE statements ADD COLUMN intensity_reasons VARCHAR[];
    ALTER TABLE statements ADD COLUMN led BOOLEAN;
    ALTER TABLE statements ADD COLUMN part VARCHAR;
    CREATE TABLE measures (
        measure_id VARCHAR, transcript_id VARCHAR, statement_id VARCHAR, turn_index INTEGER, kind VARCHAR,
        low DOUBLE, high DOUBLE, unit VARCHAR, per VARCHAR, approximate BOOLEAN, bound VARCHAR, minutes DOUBLE,
        normalised VARCHAR, relation VARCHAR, quote VARCHAR, char_start INTEGER, char_end INTEGER);
    CREATE TABLE switches (
        switch_id VARCHAR, transcript_id VARCHAR, participant_id VARCHAR, ended VARCHAR, kind VARCHAR);
    CREATE TABLE switch_parts (
        part_id VARCHAR, switch_id VARCHAR, transcript_id VARCHAR, part VARCHAR, rank INTEGER, value VARCHAR,
        product_id VARCHAR, reason VARCHAR, score DOUBLE, turn_index INTEGER, quote VARCHAR, char_start INTEGER,
        char_end INTEGER);
    CREATE TABLE products (
        product_id VARCHAR, transcript_id VARCHAR, name VARCHAR, spellings VARCHAR[], role VARCHAR,
        n_mentions INTEGER, turn_index INTEGER, quote VARCHAR, char_start INTEGER, char_end INTEGER);
    CREATE TABLE ratings (
        statement_id VARCHAR, segment VARCHAR, respondents INTEGER, importance DOUBLE, satisfaction DOUBLE,
        file VARCHAR, sha256 VARCHAR);
    """,
    # 5: themes that keep their identity: where the machine put what, people's word over it, and what changed when
    """
    ALTER TABLE themes ADD COLUMN concentration DOUBLE DEFAULT 0;
    ALTER TABLE themes ADD COLUMN titled_by VARCHAR DEFAULT 'phrases';
    ALTER TABLE themes ADD COLUMN merged_into VARCHAR;
    ALTER TABLE theme_members ADD COLUMN sub_theme_id VARCHAR;
    ALTER TABLE theme_members ADD COLUMN how VARCHAR DEFAULT 'fitted';
    CREATE TABLE statement_contexts (
        statement_id VARCHAR, text_hash VARCHAR, context VARCHAR, method VARCHAR);
    CREATE TABLE sub_themes (
        sub_theme_id VARCHAR, theme_id VARCHAR, label VARCHAR, title VARCHAR, keywords VARCHAR[],
        exemplar_statement_id VARCHAR);
    CREATE TABLE machine_members AS
        SELECT m.theme_id, m.statement_id, t.label, m.strength, m.sub_theme_id, m.how
        FROM theme_members m JOIN themes t USING (theme_id);
    CREATE TABLE machine_noise (
        statement_id VARCHAR, label VARCHAR, nearest_theme_id VARCHAR, distance DOUBLE, reason VARCHAR,
        run_id VARCHAR);
    CREATE TABLE theme_placements (
        label VARCHAR, machine_theme_id VARCHAR, sub_theme_id VARCHAR, theme_id VARCHAR);
    CREATE TABLE theme_pins (label VARCHAR, statement_id VARCHAR, theme_id VARCHAR);
    CREATE TABLE theme_centres (
        label VARCHAR, theme_id VARCHAR, vector FLOAT[], reach DOUBLE, part_of VARCHAR);
    CREATE TABLE label_fits (
        label VARCHAR, run_id VARCHAR, method VARCHAR, n_statements INTEGER, n_noise INTEGER, mean FLOAT[]);
    CREATE TABLE theme_noise (
        statement_id VARCHAR, label VARCHAR, nearest_theme_id VARCHAR, distance DOUBLE, reason VARCHAR);
    CREATE TABLE counter_evidence (
        theme_id VARCHAR, statement_id VARCHAR, similarity DOUBLE, place INTEGER);
    CREATE TABLE theme_curation (entry VARCHAR, label VARCHAR, status VARCHAR, detail VARCHAR, run_id VARCHAR);
    CREATE TABLE theme_history (
        run_id VARCHAR, theme_id VARCHAR, title VARCHAR, status VARCHAR, n_statements INTEGER,
        n_participants INTEGER);
    CREATE TABLE theme_moves (run_id VARCHAR, statement_id VARCHAR, theme_id VARCHAR);
    CREATE TABLE segmentation (n_people INTEGER, n_segments INTEGER, quality DOUBLE, reason VARCHAR);
    CREATE TABLE segment_members (segment_id VARCHAR, participant_id VARCHAR);
    CREATE TABLE segment_traits (
        segment_id VARCHAR, theme_id VARCHAR, inside DOUBLE, outside DOUBLE, place INTEGER);
    """,
    # 6: by which recipe a text was given up, which run took a survey in, which models a recipe has
    """
    ALTER TABLE recipes ADD COLUMN models VARCHAR;
    ALTER TABLE rejects ADD COLUMN recipe VARCHAR;
    ALTER TABLE ratings ADD COLUMN run_id VARCHAR;
    """,
)


def migrate(connection: duckdb.DuckDBPyConnection, path: object) -> None:
    """Bring the state to this program's schema version, one transaction per step.

    Raises:
        StateError: the state was written by a newer program.
    """
    connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER)")
    current = known_version(connection, path)
    for version in range(current + 1, len(MIGRATIONS) + 1):
        connection.begin()
        connection.execute(MIGRATIONS[version - 1])
        connection.execute("INSERT INTO schema_version VALUES (?)", [version])
        connection.commit()


def known_version(connection: duckdb.DuckDBPyConnection, path: object) -> int:
    """The schema version that the tables have; 0 where there are none.

    Raises:
        StateError: the state was written by a newer program.
    """
    current = schema_version(connection)
    if current > len(MIGRATIONS):
        raise StateError(
            f"the state {path} is of schema version {current}; this program knows up to {len(MIGRATIONS)}",
            "Use the newer whyswitch that wrote it, or another --db.",
        )
    return current


def schema_version(connection: duckdb.DuckDBPyConnection) -> int:
    """The schema version that the tables have; 0 where there are none."""
    known = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'schema_version'"
    ).fetchone()
    if not known or not known[0]:
        return 0
    row = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    return int((row[0] if row else None) or 0)
