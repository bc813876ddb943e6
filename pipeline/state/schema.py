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
)


def migrate(connection: duckdb.DuckDBPyConnection, path: object) -> None:
    """Bring the state to this program's schema version, one transaction per step.

    Raises:
        StateError: the state was written by a newer program.
    """
    connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER)")
    row = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    current = (row[0] if row else None) or 0
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
