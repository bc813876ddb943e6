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
)


def migrate(connection: duckdb.DuckDBPyConnection, path: object) -> None:
    """Bring the state to this program's schema version, one transaction per step.

    Raises:
        StateError: the state was written by a newer program.
    """
    connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER)")
    current = schema_version(connection)
    if current > len(MIGRATIONS):
        raise StateError(
            f"the state {path} is of schema version {current}; this program knows up to {len(MIGRATIONS)}",
            "Use the newer whyswitch that wrote it, or another --db.",
        )
    for version in range(current + 1, len(MIGRATIONS) + 1):
        connection.begin()
        connection.execute(MIGRATIONS[version - 1])
        connection.execute("INSERT INTO schema_version VALUES (?)", [version])
        connection.commit()


def schema_version(connection: duckdb.DuckDBPyConnection) -> int:
    """The schema version that the tables have; 0 where there are none."""
    known = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'schema_version'"
    ).fetchone()
    if not known or not known[0]:
        return 0
    row = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    return int((row[0] if row else None) or 0)
