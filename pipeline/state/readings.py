"""What was read of the inputs: transcripts with turns and speakers, and rejects."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.records import Reading, Reject, Transcript, Turn
from pipeline.state import forgotten, journal, sources
from pipeline.state.store import State


def commit(state: State, readings: Sequence[tuple[Reading, str]], recipe: str, run_id: str) -> None:
    """Store what was read of some contents, each with its fingerprint, in place of what was there.

    Interviews that are to be forgotten are left out. What was extracted from an interview stays where the interview
    reads as before.
    """
    shas = [reading.sha256 for reading, _ in readings]
    gone = forgotten.marks(state)
    pairs = [
        (transcript, _as_extracted(transcript))
        for reading, _ in readings
        for transcript in reading.transcripts
        if not gone or forgotten.mark(transcript.transcript_id) not in gone
    ]
    with state.transaction():
        _drop(state, shas, unless={transcript.transcript_id: mark for transcript, mark in pairs})
        sources.take_place(state, shas)
        state.insert("readings", [(reading.sha256, mark, run_id, recipe) for reading, mark in readings])
        state.insert("transcripts", [_transcript_row(t, mark, run_id) for t, mark in pairs])
        state.insert("turns", [_turn_row(t.transcript_id, turn) for t, _ in pairs for turn in t.turns])
        state.insert("speakers", [row for t, _ in pairs for row in _speaker_rows(t)])
        add_rejects(state, [reject for reading, _ in readings for reject in reading.rejects], run_id)
        journal.write(
            state,
            [
                journal.Entry("read", t.source, t.sha256, t.transcript_id, f"{len(t.turns)} turns")
                for t, _ in pairs
            ],
            run_id,
        )


def add_rejects(state: State, rejects: Sequence[Reject], run_id: str, recipe: str | None = None) -> None:
    """Write down what was refused; a reject of extraction or embedding names the transcript as its source.

    ``recipe`` is the one that embedded, where a text of theirs was given up.
    """
    state.insert(
        "rejects", [(r.source, r.sha256, r.stage, r.reason, r.detail, run_id, recipe) for r in rejects]
    )
    entries = [
        journal.Entry("set_aside", None, r.sha256, r.source, r.reason)
        if r.stage in ("extract", "embed")
        else journal.Entry("rejected", r.source, r.sha256, None, r.reason)
        for r in rejects
    ]
    journal.write(state, entries, run_id)


def sweep(state: State, run_id: str) -> int:
    """Drop what belongs to contents that no source has any more; gives their number."""
    gone = sources.contents_without_source(state)
    if gone:
        with state.transaction():
            dropped = state.rows(
                "SELECT sha256, transcript_id FROM transcripts WHERE sha256 IN (SELECT unnest(?::VARCHAR[]))",
                [gone],
            )
            _drop(state, gone)
            journal.write(state, [journal.Entry("dropped", None, sha, key) for sha, key in dropped], run_id)
    return len(gone)


def _as_extracted(t: Transcript) -> str:
    """A fingerprint of all that extraction sees of an interview."""
    seen = [t.transcript_id, dict(t.metadata), [_turn_row(t.transcript_id, turn) for turn in t.turns]]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def _drop(state: State, shas: Sequence[str], *, unless: Mapping[str, str] | None = None) -> None:
    """Drop what was read of some contents; ``unless``: the interviews, by id, whose statements stay if they read so."""
    same = unless or {}
    ids = dict(
        state.rows(
            "SELECT transcript_id, fingerprint FROM transcripts WHERE sha256 IN (SELECT unnest(?::VARCHAR[]))",
            [list(shas)],
        )
    )
    changed = [key for key, mark in ids.items() if same.get(key) != mark]
    state.delete("readings", "sha256", shas)
    state.run(
        "DELETE FROM rejects WHERE sha256 IN (SELECT unnest(?::VARCHAR[])) "
        "AND source NOT IN (SELECT unnest(?::VARCHAR[]))",
        [list(shas), [key for key in ids if key not in changed]],
    )
    drop_statements(state, changed)
    for table in ("transcripts", "turns", "speakers"):
        state.delete(table, "transcript_id", list(ids))


def drop_statements(state: State, ids: Sequence[str]) -> None:
    """Drop all that was extracted from some transcripts."""
    had = state.rows(
        "SELECT transcript_id FROM extractions WHERE transcript_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(ids)],
    )
    if not had:
        return
    for table in ("outcomes", "statement_contexts"):
        state.run(
            f"DELETE FROM {table} WHERE statement_id IN (SELECT statement_id FROM statements "
            "WHERE transcript_id IN (SELECT unnest(?::VARCHAR[])))",
            [list(ids)],
        )
    for table in ("extractions", "statements", "measures", "switches", "switch_parts", "products"):
        state.delete(table, "transcript_id", ids)


def transcripts(state: State, ids: Sequence[str]) -> list[Transcript]:
    """The transcripts of these ids, with their turns, in the order of the ids; without sources and speakers."""
    heads = {
        row[0]: row[1:]
        for row in state.rows(
            "SELECT transcript_id, sha256, format, study, interview_date, duration_ms, metadata, warnings "
            "FROM transcripts WHERE transcript_id IN (SELECT unnest(?::VARCHAR[]))",
            [list(ids)],
        )
    }
    turns: dict[str, list[Turn]] = {key: [] for key in heads}
    for key, *values in state.rows(
        "SELECT transcript_id, turn_index, speaker, text, role, participant_id, start_ms, end_ms FROM turns "
        "WHERE transcript_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY transcript_id, turn_index",
        [list(ids)],
    ):
        turns[key].append(Turn(*values))
    return [_transcript(key, heads[key], turns[key]) for key in ids if key in heads]


def _transcript(key: str, head: tuple[Any, ...], turns: Sequence[Turn]) -> Transcript:
    sha256, form, study, date, duration, metadata, warnings = head
    return Transcript(
        transcript_id=key,
        source="",
        sha256=sha256,
        format=form,
        turns=tuple(turns),
        speakers=(),
        study=study,
        interview_date=date,
        duration_ms=duration,
        metadata=json.loads(metadata),
        warnings=tuple(json.loads(warnings)),
    )


def _transcript_row(t: Transcript, fingerprint: str, run_id: str) -> tuple[Any, ...]:
    return (
        t.transcript_id, t.sha256, t.format, t.study, t.interview_date, len(t.turns), t.n_words, t.duration_ms,
        json.dumps(dict(t.metadata), sort_keys=True, ensure_ascii=False), json.dumps(list(t.warnings)),
        fingerprint, run_id,
    )  # fmt: skip


def _turn_row(transcript_id: str, t: Turn) -> tuple[Any, ...]:
    return (transcript_id, t.turn_index, t.speaker, t.role, t.participant_id, t.start_ms, t.end_ms, t.text)


def _speaker_rows(t: Transcript) -> list[tuple[Any, ...]]:
    return [
        (t.transcript_id, s.name, s.role, s.confidence, s.basis, s.needs_review, s.participant_id)
        for s in t.speakers
    ]
