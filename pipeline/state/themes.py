"""The themes, and what they are made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from pipeline.records import LABELS, Clustering, ClusterInput, Label, Theme
from pipeline.state.store import State

SLICE = 20_000
"""Vectors fetched at once: they pass through Python objects on their way into one array."""


def fingerprint(state: State, recipe: str, embed_recipe: str) -> str:
    """Covers the recipes, and every statement that counts with its person, label and words."""
    row = state.rows(
        """
        SELECT count(*), sum(md5_number_lower(line)), sum(md5_number_upper(line)) FROM (
            SELECT concat_ws(' ', statement_id, participant_id, label, text_hash, md5(quote)) AS line
            FROM statements WHERE NOT needs_review)
        """
    )[0]
    return hashlib.sha256(f"{recipe}\x1f{embed_recipe}\x1f{row}".encode()).hexdigest()


def is_current(state: State, mark: str) -> bool:
    """Whether the themes in the state were made with this fingerprint."""
    return bool(state.value("SELECT count(*) FROM clusterings WHERE fingerprint = ?", [mark]))


def made_with(state: State) -> str | None:
    """The recipe that made the themes; None where there are none or it is not known."""
    recipe = state.value("SELECT recipe FROM clusterings LIMIT 1")
    return str(recipe) if recipe else None


def inputs(state: State, embed_recipe: str, run_id: str) -> Iterator[ClusterInput]:
    """One input per label, in the order of ``LABELS``, each made when it is asked for."""
    for label in LABELS:
        yield _input(state, label, embed_recipe, run_id)


def _input(state: State, label: Label, embed_recipe: str, run_id: str) -> ClusterInput:
    found = state.rows(
        "SELECT statement_id, participant_id, quote, text_hash FROM statements "
        "WHERE label = ? AND NOT needs_review ORDER BY statement_id",
        [label],
    )
    themes = tuple(
        Theme(row[0], row[1], row[2], tuple(row[3]), *row[4:])
        for row in state.rows("SELECT * FROM themes WHERE label = ? ORDER BY theme_id", [label])
    )
    members: dict[str, list[str]] = {}
    for theme_id, statement_id in state.rows(
        "SELECT theme_id, statement_id FROM theme_members JOIN themes USING (theme_id) WHERE label = ? ORDER BY ALL",
        [label],
    ):
        members.setdefault(theme_id, []).append(statement_id)
    return ClusterInput(
        label=label,
        run_id=run_id,
        statement_ids=tuple(row[0] for row in found),
        participant_ids=tuple(row[1] for row in found),
        texts=tuple(row[2] for row in found),
        vectors=_vectors(state, [row[3] for row in found], embed_recipe),
        themes=themes,
        members={key: tuple(value) for key, value in members.items()},
    )


def _vectors(state: State, hashes: Sequence[str], embed_recipe: str) -> npt.NDArray[np.float32]:
    """One row per hash, in their order."""
    width = state.value("SELECT len(vector) FROM vectors WHERE recipe = ? LIMIT 1", [embed_recipe]) or 0
    rows = np.empty((len(hashes), width), dtype=np.float32)
    for start in range(0, len(hashes), SLICE):
        part = list(hashes[start : start + SLICE])
        got = state.connection.execute(
            "SELECT w.place, v.vector FROM (SELECT unnest(?::VARCHAR[]) AS text_hash, unnest(?::INTEGER[]) AS place) w "
            "JOIN vectors v USING (text_hash) WHERE v.recipe = ?",
            [part, list(range(start, start + len(part))), embed_recipe],
        ).fetchnumpy()
        rows[got["place"]] = np.stack(list(got["vector"]))
    return rows


def commit(state: State, found: Sequence[Clustering], mark: str, recipe: str, run_id: str) -> None:
    """Replace the themes of all labels; lineage is only ever added to."""
    with state.transaction():
        for table in ("themes", "theme_members", "clusterings"):
            state.run(f"DELETE FROM {table}")
        state.insert("clusterings", [(mark, run_id, recipe)])
        state.insert(
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
        state.insert(
            "theme_members", [(m.theme_id, m.statement_id, m.strength) for c in found for m in c.members]
        )
        state.insert(
            "theme_lineage",
            [(e.run_id, e.theme_id, e.event, e.other_theme_id, e.overlap) for c in found for e in c.events],
        )
