"""Reading and writing the working state."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from pipeline.errors import StateError
from pipeline.records import (
    LABELS,
    Clustering,
    ClusterInput,
    Extraction,
    Label,
    Reading,
    Reject,
    Statement,
    Text,
    Theme,
    Transcript,
    Turn,
    Vector,
)
from pipeline.state.rows import column_types, insert
from pipeline.state.schema import migrate


def state_path(published: Path) -> Path:
    """Where the working state of a published file lies: ``.state`` before its ending."""
    return published.with_name(f"{published.stem}.state{published.suffix or '.duckdb'}")


class State:
    """The open working state. One run holds it at a time (see ``hold``)."""

    def __init__(self, path: Path, *, memory_limit: str = "2GB", threads: int = 2) -> None:
        self.path = path
        try:
            self.connection = duckdb.connect(
                str(path), config={"memory_limit": memory_limit, "threads": threads}
            )
        except duckdb.Error as error:
            raise StateError(
                f"cannot open the state {path}: {type(error).__name__}",
                "If it is damaged, move it away: the next run computes everything anew.",
            ) from error
        self.connection.execute("SET preserve_insertion_order = true")
        migrate(self.connection, path)
        self._types: dict[str, list[str]] = {}

    def close(self) -> None:
        """Checkpoint and close."""
        self.connection.close()

    # -- small tools ------------------------------------------------------------------------------------------

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.connection.execute(sql, list(parameters)).fetchall()

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """The first column of the first row of a query, or None."""
        row = self.connection.execute(sql, list(parameters)).fetchone()
        return row[0] if row else None

    def _insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        if table not in self._types:
            self._types[table] = column_types(self.connection, table)
        insert(self.connection, table, self._types[table], rows)

    def _delete(self, table: str, column: str, values: Sequence[str]) -> None:
        self.connection.execute(
            f"DELETE FROM {table} WHERE {column} IN (SELECT unnest(?::VARCHAR[]))", [list(values)]
        )

    def transaction(self) -> _Transaction:
        """A block that commits as a whole or not at all."""
        return _Transaction(self.connection)

    # -- sources ----------------------------------------------------------------------------------------------

    def known_sources(self) -> dict[str, tuple[str | None, int, int]]:
        """source -> (sha256, size, modification time in ns), to spare hashing what did not change."""
        found = self.rows("SELECT source, sha256, size, mtime_ns FROM sources WHERE status = 'present'")
        return {row[0]: (row[1], row[2], row[3]) for row in found}

    def commit_sources(self, found: Sequence[tuple[Any, ...]], missing: Sequence[str]) -> None:
        """Replace the rows of the sources found; mark those missing (kept, not dropped)."""
        with self.transaction():
            self._delete("sources", "source", [row[0] for row in found])
            self._insert("sources", found)
            self.connection.execute(
                "UPDATE sources SET status = 'missing' WHERE source IN (SELECT unnest(?::VARCHAR[]))",
                [list(missing)],
            )

    def sweep(self) -> None:
        """Drop what belongs to contents that no source has any more."""
        with self.transaction():
            gone = "(SELECT sha256 FROM sources WHERE sha256 IS NOT NULL)"
            self.connection.execute(f"DELETE FROM readings WHERE sha256 NOT IN {gone}")
            self.connection.execute(f"DELETE FROM rejects WHERE sha256 NOT IN {gone}")
            ids = [
                row[0]
                for row in self.rows(f"SELECT transcript_id FROM transcripts WHERE sha256 NOT IN {gone}")
            ]
            self._drop_transcripts(ids)
            self.connection.execute(
                "DELETE FROM vectors WHERE text_hash NOT IN (SELECT text_hash FROM statements)"
            )

    def _drop_transcripts(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        self.connection.execute(
            "DELETE FROM outcomes WHERE statement_id IN (SELECT statement_id FROM statements "
            "WHERE transcript_id IN (SELECT unnest(?::VARCHAR[])))",
            [list(ids)],
        )
        for table in ("transcripts", "turns", "speakers", "extractions", "statements"):
            self._delete(table, "transcript_id", ids)

    # -- ingest -----------------------------------------------------------------------------------------------

    def stale_sources(self, stage_fingerprint: str) -> list[tuple[str, str, str, int, str]]:
        """(source, sha256, context, size, fingerprint) of contents never read with this fingerprint.

        One row per distinct content: of several sources with the same, the first by name.
        """
        return self.rows(
            """
            WITH current AS (
                SELECT source, sha256, context, size, sha256(? || sha256 || context) AS fingerprint
                FROM sources WHERE sha256 IS NOT NULL AND status = 'present'
                QUALIFY row_number() OVER (PARTITION BY sha256 ORDER BY source) = 1)
            SELECT source, sha256, context, size, fingerprint
            FROM current ANTI JOIN readings USING (sha256, fingerprint) ORDER BY source
            """,
            [stage_fingerprint],
        )

    def commit_readings(self, readings: Sequence[tuple[Reading, str]], run_id: str) -> None:
        """Store what was read of some contents, each with its fingerprint, in place of what was there."""
        shas = [reading.sha256 for reading, _ in readings]
        with self.transaction():
            old = self.rows(
                "SELECT transcript_id FROM transcripts WHERE sha256 IN (SELECT unnest(?::VARCHAR[]))", [shas]
            )
            self._drop_transcripts([row[0] for row in old])
            self._delete("readings", "sha256", shas)
            self._delete("rejects", "sha256", shas)
            self._insert("readings", [(reading.sha256, mark, run_id) for reading, mark in readings])
            pairs = [(t, mark) for reading, mark in readings for t in reading.transcripts]
            self._insert("transcripts", [_transcript_row(t, mark, run_id) for t, mark in pairs])
            self._insert("turns", [_turn_row(t.transcript_id, turn) for t, _ in pairs for turn in t.turns])
            self._insert(
                "speakers",
                [
                    (t.transcript_id, s.name, s.role, s.confidence, s.basis, s.needs_review, s.participant_id)
                    for t, _ in pairs
                    for s in t.speakers
                ],
            )
            self.commit_rejects([r for reading, _ in readings for r in reading.rejects], run_id)

    def commit_rejects(self, rejects: Sequence[Reject], run_id: str) -> None:
        """Write down what was refused."""
        self._insert("rejects", [(r.source, r.sha256, r.stage, r.reason, r.detail, run_id) for r in rejects])

    # -- extract ----------------------------------------------------------------------------------------------

    def stale_transcripts(self, stage_fingerprint: str) -> list[tuple[str, str]]:
        """(transcript_id, fingerprint) of transcripts never extracted with this fingerprint."""
        return self.rows(
            """
            WITH current AS (
                SELECT transcript_id, sha256(? || fingerprint) AS fingerprint FROM transcripts)
            SELECT transcript_id, fingerprint
            FROM current ANTI JOIN extractions USING (transcript_id, fingerprint) ORDER BY transcript_id
            """,
            [stage_fingerprint],
        )

    def transcripts(self, ids: Sequence[str]) -> list[Transcript]:
        """The transcripts of these ids, with their turns, in the order of the ids."""
        heads = {
            row[0]: row
            for row in self.rows(
                "SELECT transcript_id, sha256, format, study, interview_date, duration_ms, metadata, warnings "
                "FROM transcripts WHERE transcript_id IN (SELECT unnest(?::VARCHAR[]))",
                [list(ids)],
            )
        }
        turns: dict[str, list[Turn]] = {key: [] for key in heads}
        for row in self.rows(
            "SELECT transcript_id, turn_index, speaker, text, role, participant_id, start_ms, end_ms FROM turns "
            "WHERE transcript_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY transcript_id, turn_index",
            [list(ids)],
        ):
            turns[row[0]].append(Turn(*row[1:]))
        return [
            Transcript(
                transcript_id=key,
                source="",
                sha256=heads[key][1],
                format=heads[key][2],
                turns=tuple(turns[key]),
                speakers=(),
                study=heads[key][3],
                interview_date=heads[key][4],
                duration_ms=heads[key][5],
                metadata=json.loads(heads[key][6]),
                warnings=tuple(json.loads(heads[key][7])),
            )
            for key in ids
            if key in heads
        ]

    def commit_extractions(self, found: Sequence[tuple[Extraction, str]], run_id: str) -> None:
        """Store what was found in some transcripts, each with its fingerprint, in place of what was there."""
        ids = [extraction.transcript_id for extraction, _ in found]
        with self.transaction():
            self.connection.execute(
                "DELETE FROM outcomes WHERE statement_id IN (SELECT statement_id FROM statements "
                "WHERE transcript_id IN (SELECT unnest(?::VARCHAR[])))",
                [ids],
            )
            for table in ("extractions", "statements"):
                self._delete(table, "transcript_id", ids)
            self.connection.execute(
                "DELETE FROM rejects WHERE stage = 'extract' AND source IN (SELECT unnest(?::VARCHAR[]))",
                [ids],
            )
            self._insert("extractions", [(e.transcript_id, mark, e.n_sentences, run_id) for e, mark in found])
            statements = [s for extraction, _ in found for s in extraction.statements]
            self._insert("statements", [_statement_row(s, run_id) for s in statements])
            self._insert("outcomes", [_outcome_row(s) for s in statements if s.outcome is not None])

    def quarantine(self, rejects: Sequence[Reject], marks: dict[str, str], run_id: str) -> None:
        """Set aside transcripts that extraction cannot take, until their fingerprint changes."""
        empty = [(Extraction(r.source, (), 0), marks[r.source]) for r in rejects]
        if not empty:
            return
        self.commit_extractions(empty, run_id)
        with self.transaction():
            self.commit_rejects(rejects, run_id)

    # -- embed ------------------------------------------------------------------------------------------------

    def stale_texts(self, model: str) -> int:
        """How many distinct texts have no vector under this model."""
        return int(
            self.value(
                "SELECT count(DISTINCT text_hash) FROM statements ANTI JOIN "
                "(SELECT text_hash FROM vectors WHERE model = ?) USING (text_hash)",
                [model],
            )
        )

    def texts_to_embed(self, model: str, limit: int) -> Iterator[list[Text]]:
        """Batches of distinct texts without a vector under this model, by hash."""
        last = ""
        while True:
            found = self.rows(
                """
                SELECT text_hash, any_value(embed_text) FROM statements
                ANTI JOIN (SELECT text_hash FROM vectors WHERE model = ?) USING (text_hash)
                WHERE text_hash > ? GROUP BY text_hash ORDER BY text_hash LIMIT ?
                """,
                [model, last, limit],
            )
            if not found:
                return
            last = found[-1][0]
            yield [Text(*row) for row in found]

    def commit_vectors(self, vectors: Sequence[Vector], run_id: str) -> None:
        """Store vectors; a text that already has one under that model keeps the first."""
        with self.transaction():
            self._insert("vectors", [(v.text_hash, v.model, list(v.vector), run_id) for v in vectors])

    def drop_other_vectors(self, model: str) -> None:
        """Once the set of one model is whole, let the vectors of others go."""
        with self.transaction():
            self.connection.execute("DELETE FROM vectors WHERE model <> ?", [model])

    # -- cluster ----------------------------------------------------------------------------------------------

    def clustering_fingerprint(self, stage_fingerprint: str, model: str) -> str:
        """Covers the settings, the model, and every statement that counts with its participant and text."""
        digest = self.value(
            "SELECT sha256(coalesce(string_agg(statement_id || ' ' || participant_id || ' ' || text_hash, chr(10) "
            "ORDER BY statement_id), '')) FROM statements WHERE NOT needs_review"
        )
        return hashlib.sha256(f"{stage_fingerprint}\x1f{model}\x1f{digest}".encode()).hexdigest()

    def is_clustered(self, fingerprint: str) -> bool:
        """Whether the themes in the state were made with this fingerprint."""
        return bool(self.value("SELECT count(*) FROM clusterings WHERE fingerprint = ?", [fingerprint]))

    def cluster_inputs(self, model: str, run_id: str) -> Iterator[ClusterInput]:
        """One input per label, in the order of ``LABELS``."""
        for label in LABELS:
            yield self._cluster_input(label, model, run_id)

    def _cluster_input(self, label: Label, model: str, run_id: str) -> ClusterInput:
        found = self.connection.execute(
            """
            SELECT s.statement_id, s.participant_id, s.quote, v.vector FROM statements s
            JOIN (SELECT text_hash, any_value(vector) AS vector FROM vectors WHERE model = ? GROUP BY text_hash) v
            USING (text_hash) WHERE s.label = ? AND NOT s.needs_review ORDER BY s.statement_id
            """,
            [model, label],
        ).fetchall()
        themes = tuple(
            Theme(row[0], row[1], row[2], tuple(row[3]), *row[4:])
            for row in self.rows("SELECT * FROM themes WHERE label = ? ORDER BY theme_id", [label])
        )
        members: dict[str, list[str]] = {}
        for theme_id, statement_id in self.rows(
            "SELECT theme_id, statement_id FROM theme_members JOIN themes USING (theme_id) WHERE label = ? "
            "ORDER BY ALL",
            [label],
        ):
            members.setdefault(theme_id, []).append(statement_id)
        return ClusterInput(
            label=label,
            run_id=run_id,
            statement_ids=tuple(row[0] for row in found),
            participant_ids=tuple(row[1] for row in found),
            texts=tuple(row[2] for row in found),
            vectors=np.array([row[3] for row in found], dtype=np.float32),
            themes=themes,
            members={key: tuple(value) for key, value in members.items()},
        )

    def commit_clusterings(self, found: Sequence[Clustering], fingerprint: str, run_id: str) -> None:
        """Replace the themes of all labels; lineage is only ever added to."""
        with self.transaction():
            for table in ("themes", "theme_members", "clusterings"):
                self.connection.execute(f"DELETE FROM {table}")
            self._insert("clusterings", [(fingerprint, run_id)])
            self._insert(
                "themes",
                [
                    (
                        t.theme_id, t.label, t.title, list(t.keywords), t.n_statements, t.n_participants,
                        t.exemplar_statement_id, t.status, t.first_run_id, t.last_run_id,
                    )
                    for c in found
                    for t in c.themes
                ],
            )  # fmt: skip
            self._insert(
                "theme_members", [(m.theme_id, m.statement_id, m.strength) for c in found for m in c.members]
            )
            self._insert(
                "theme_lineage",
                [
                    (e.run_id, e.theme_id, e.event, e.other_theme_id, e.overlap)
                    for c in found
                    for e in c.events
                ],
            )

    # -- runs -------------------------------------------------------------------------------------------------

    def begin_run(self, run_id: str, started: object, version: str, config: str, models: str) -> None:
        """Write down that a run started; one that is never ended stays ``running`` until the next begins."""
        with self.transaction():
            self.connection.execute("UPDATE runs SET status = 'broken_off' WHERE status = 'running'")
            self.connection.execute(
                "INSERT INTO runs VALUES (?, ?, NULL, 'running', ?, ?, ?, NULL)",
                [run_id, started, version, config, models],
            )

    def end_run(self, run_id: str, finished: object, status: str, counts: str) -> None:
        """Write down how a run ended."""
        with self.transaction():
            self.connection.execute(
                "UPDATE runs SET finished_at = ?, status = ?, counts = ? WHERE run_id = ?",
                [finished, status, counts, run_id],
            )


class _Transaction:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.begin()

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        if kind is None:
            self._connection.commit()
        else:
            self._connection.rollback()


def _transcript_row(t: Transcript, fingerprint: str, run_id: str) -> tuple[Any, ...]:
    return (
        t.transcript_id, t.sha256, t.format, t.study, t.interview_date, len(t.turns), t.n_words, t.duration_ms,
        json.dumps(dict(t.metadata), sort_keys=True, ensure_ascii=False), json.dumps(list(t.warnings)),
        fingerprint, run_id,
    )  # fmt: skip


def _turn_row(transcript_id: str, t: Turn) -> tuple[Any, ...]:
    return (transcript_id, t.turn_index, t.speaker, t.role, t.participant_id, t.start_ms, t.end_ms, t.text)


def _statement_row(s: Statement, run_id: str) -> tuple[Any, ...]:
    return (
        s.statement_id, s.transcript_id, s.turn_index, s.speaker, s.participant_id, s.label, s.quote, s.char_start,
        s.char_end, s.start_ms, s.score, s.needs_review, s.stage, s.dimension, s.holder, s.evidence, s.text_hash,
        s.embed_text, run_id,
    )  # fmt: skip


def _outcome_row(s: Statement) -> tuple[Any, ...]:
    o = s.outcome
    assert o is not None
    return (
        o.statement_id, o.kind, o.direction, o.measure, o.object, o.context, o.canonical, o.job_step, o.verdict,
    )  # fmt: skip
