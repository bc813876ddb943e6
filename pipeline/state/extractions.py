"""What was found in the transcripts: statements and outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.records import Extraction, Reject, Statement
from pipeline.state import journal
from pipeline.state.readings import add_rejects, drop_statements
from pipeline.state.store import State


@dataclass(frozen=True, slots=True)
class Stale:
    """A transcript without an extraction of the current fingerprint."""

    transcript_id: str
    fingerprint: str
    extracted_with: str | None
    """The recipe of its last extraction; None where that is not known."""
    is_new: bool


def stale(state: State, recipe: str) -> list[Stale]:
    """Transcripts never extracted by this recipe from their present reading, by id."""
    found = state.rows(
        """
        WITH current AS (SELECT transcript_id, sha256(? || fingerprint) AS fingerprint FROM transcripts)
        SELECT c.transcript_id, c.fingerprint, e.recipe, e.transcript_id IS NULL
        FROM current c LEFT JOIN extractions e USING (transcript_id)
        WHERE e.fingerprint IS DISTINCT FROM c.fingerprint ORDER BY c.transcript_id
        """,
        [recipe],
    )
    return [Stale(*row) for row in found]


def commit(
    state: State,
    found: Sequence[tuple[Extraction, str]],
    set_aside: Sequence[tuple[Reject, str]],
    recipe: str,
    run_id: str,
) -> None:
    """Store what was found in some transcripts, each with its fingerprint, in place of what was there.

    ``set_aside`` are those that extraction cannot take, until their fingerprint changes.
    """
    found = [*found, *((Extraction(reject.source, (), 0), mark) for reject, mark in set_aside)]
    ids = [extraction.transcript_id for extraction, _ in found]
    statements = [s for extraction, _ in found for s in extraction.statements]
    with state.transaction():
        drop_statements(state, ids)
        state.run(
            "DELETE FROM rejects WHERE stage = 'extract' AND source IN (SELECT unnest(?::VARCHAR[]))", [ids]
        )
        state.insert(
            "extractions", [(e.transcript_id, mark, e.n_sentences, run_id, recipe) for e, mark in found]
        )
        state.insert("statements", [_statement_row(s, run_id) for s in statements])
        state.insert("outcomes", [_outcome_row(s) for s in statements if s.outcome is not None])
        add_rejects(state, [reject for reject, _ in set_aside], run_id)
        told = [
            journal.Entry("extracted", None, None, e.transcript_id, f"{len(e.statements)} statements")
            for e, _ in found[: len(found) - len(set_aside)]
        ]
        journal.write(state, told, run_id)


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
