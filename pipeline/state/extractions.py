"""What was found in the transcripts: statements and outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.records import Extraction, Measure, Product, Reject, Statement, SwitchPart
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
    forced: bool


def stale(state: State, recipe: str) -> list[Stale]:
    """Transcripts never extracted by this recipe from their present reading, by id."""
    found = state.rows(
        """
        WITH current AS (SELECT transcript_id, sha256(? || fingerprint) AS fingerprint FROM transcripts)
        SELECT c.transcript_id, c.fingerprint, e.recipe, e.transcript_id IS NULL,
               coalesce(e.fingerprint = 'forced', false)
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
            "DELETE FROM rejects WHERE stage IN ('extract', 'embed') AND source IN (SELECT unnest(?::VARCHAR[]))",
            [ids],
        )
        state.insert(
            "extractions", [(e.transcript_id, mark, e.n_sentences, run_id, recipe) for e, mark in found]
        )
        state.insert("statements", [_statement_row(s, run_id) for s in statements])
        state.insert("outcomes", [_outcome_row(s) for s in statements if s.outcome is not None])
        state.insert("measures", [_measure_row(s, measure) for s in statements for measure in s.measures])
        _insert_switches(state, [extraction for extraction, _ in found])
        add_rejects(state, [reject for reject, _ in set_aside], run_id)
        told = [
            journal.Entry("extracted", None, None, e.transcript_id, f"{len(e.statements)} statements")
            for e, _ in found[: len(found) - len(set_aside)]
        ]
        journal.write(state, told, run_id)


def give_up(state: State, lost: Mapping[str, tuple[str, str]], recipe: str, run_id: str) -> None:
    """Set aside the transcripts that hold a text which cannot be embedded by this recipe.

    Nothing of them is shown without all of their vectors: what was extracted is dropped, and they count as done until
    they are extracted again (see ``take_up``).

    Args:
        state: as it stands once all other texts have their vector.
        lost: text_hash -> reason and detail.
        recipe: the one that embeds.
        run_id: the run that gives them up.
    """
    found = state.rows(
        """
        SELECT t.transcript_id, t.sha256, min(x.text_hash) FROM transcripts t JOIN (
            SELECT transcript_id, text_hash FROM statements UNION ALL
            SELECT s.transcript_id, c.text_hash FROM statement_contexts c JOIN statements s USING (statement_id)) x
        USING (transcript_id) WHERE x.text_hash IN (SELECT unnest(?::VARCHAR[])) GROUP BY ALL ORDER BY ALL
        """,
        [list(lost)],
    )
    ids = [transcript_id for transcript_id, _, _ in found]
    with state.transaction():
        done = state.rows(
            "SELECT * FROM extractions WHERE transcript_id IN (SELECT unnest(?::VARCHAR[]))", [ids]
        )
        drop_statements(state, ids)
        state.insert("extractions", done)
        rejects = [Reject(key, sha256, "embed", *lost[text]) for key, sha256, text in found]
        add_rejects(state, rejects, run_id, recipe)


def take_up(state: State, recipes: Sequence[str]) -> None:
    """Make the transcripts stale of which a text was given up by a recipe that is none of these any more."""
    state.run(
        "UPDATE extractions SET fingerprint = 'forced' WHERE transcript_id IN (SELECT source FROM rejects "
        "WHERE stage = 'embed' AND recipe NOT IN (SELECT unnest(?::VARCHAR[])))",
        [list(recipes)],
    )


def _insert_switches(state: State, found: Sequence[Extraction]) -> None:
    told = [(e.transcript_id, e.switch) for e in found if e.switch is not None]
    state.insert("switches", [(w.switch_id, key, w.participant_id, w.ended, w.kind) for key, w in told])
    state.insert("switch_parts", [_part_row(key, w.switch_id, part) for key, w in told for part in w.parts])
    state.insert("products", [_product_row(key, product) for key, w in told for product in w.products])


def _part_row(transcript_id: str, switch_id: str, p: SwitchPart) -> tuple[Any, ...]:
    return (
        p.part_id, switch_id, transcript_id, p.part, p.rank, p.value, p.product_id, p.reason, p.score, p.turn_index,
        p.quote, p.char_start, p.char_end,
    )  # fmt: skip


def _product_row(transcript_id: str, p: Product) -> tuple[Any, ...]:
    return (
        p.product_id, transcript_id, p.name, list(p.spellings), p.role, p.n_mentions, p.turn_index, p.quote,
        p.char_start, p.char_end,
    )  # fmt: skip


def _statement_row(s: Statement, run_id: str) -> tuple[Any, ...]:
    return (
        s.statement_id, s.transcript_id, s.turn_index, s.speaker, s.participant_id, s.label, s.quote, s.char_start,
        s.char_end, s.start_ms, s.score, s.needs_review, s.stage, s.dimension, s.holder, s.evidence, s.text_hash,
        s.embed_text, run_id, s.intensity, list(s.intensity_reasons), s.led, s.part,
    )  # fmt: skip


def _measure_row(s: Statement, m: Measure) -> tuple[Any, ...]:
    return (
        m.measure_id, s.transcript_id, m.statement_id, s.turn_index, m.kind, m.low, m.high, m.unit, m.per,
        m.approximate, m.bound, m.minutes, m.normalised, m.relation, m.quote, m.char_start, m.char_end,
    )  # fmt: skip


def _outcome_row(s: Statement) -> tuple[Any, ...]:
    o = s.outcome
    assert o is not None
    return (
        o.statement_id, o.kind, o.direction, o.measure, o.object, o.context, o.canonical, o.job_step, o.verdict,
    )  # fmt: skip
