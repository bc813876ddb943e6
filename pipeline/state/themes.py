"""The themes, and what they are made from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.records import Centre, Fit, Label, Opposing, SubTheme, Theme
from pipeline.state.store import State
from pipeline.state.vectors import Wanted

SLICE = 20_000
"""Vectors fetched at once: they pass through Python objects on their way into one array."""

POOL = 5_000
"""Statements that found no theme earlier and are looked at again beside new ones, latest first."""

FORCED = "forced"
"""The fingerprint of themes that are to be made anew whatever they were made from."""

COUNTED = "statements WHERE NOT needs_review"
UNPLACED = "ANTI JOIN machine_members USING (statement_id) ANTI JOIN machine_noise USING (statement_id)"


def fingerprint(state: State, recipe: str, compared: Wanted) -> str:
    """Covers the recipes, and every statement that counts with its person, label, words and surroundings."""
    around, join = "", ""
    if compared.around:
        around, join = ", x.text_hash", "LEFT JOIN statement_contexts x USING (statement_id)"
    row = state.rows(
        f"""
        SELECT count(*), sum(md5_number_lower(line)), sum(md5_number_upper(line)) FROM (
            SELECT concat_ws(' ', s.statement_id, participant_id, label, s.text_hash, md5(quote){around}) AS line
            FROM statements s {join} WHERE NOT needs_review)
        """
    )[0]
    return hashlib.sha256(f"{recipe}\x1f{compared.recipe}\x1f{row}".encode()).hexdigest()


def is_current(state: State, mark: str) -> bool:
    """Whether the themes in the state were made with this fingerprint."""
    return bool(state.value("SELECT count(*) FROM clusterings WHERE fingerprint = ?", [mark]))


def is_forced(state: State) -> bool:
    """Whether somebody asked for all themes to be made anew."""
    return is_current(state, FORCED)


def made_with(state: State) -> str | None:
    """The recipe that made the themes; None where there are none or it is not known."""
    recipe = state.value("SELECT recipe FROM clusterings LIMIT 1")
    return str(recipe) if recipe else None


# -- what stands before -------------------------------------------------------------------------------------------


def fit(state: State, label: Label) -> Fit | None:
    """The last fit of a label."""
    found = state.rows(
        "SELECT run_id, method, n_statements, n_noise, mean FROM label_fits WHERE label = ?", [label]
    )
    if not found:
        return None
    run_id, method, n_statements, n_noise, mean = found[0]
    return Fit(run_id, method, n_statements, n_noise, tuple(mean))


def standing(state: State, label: Label) -> tuple[int, int, int, int]:
    """Statements of a label now; of them, those that the run before left in no theme; those new; those gone."""
    [found] = state.rows(
        f"""
        SELECT count(s.statement_id), count(s.statement_id) FILTER (p.in_noise),
               count(*) FILTER (p.statement_id IS NULL), count(*) FILTER (s.statement_id IS NULL)
        FROM (SELECT statement_id FROM {COUNTED} AND label = $1) s
        FULL JOIN (SELECT statement_id, false AS in_noise FROM machine_members WHERE label = $1
                   UNION ALL SELECT statement_id, true FROM machine_noise WHERE label = $1) p USING (statement_id)
        """,
        [label],
    )
    statements, noise, new, gone = (int(value) for value in found)
    return statements, noise, new, gone


def before(state: State, label: Label) -> dict[str, Any]:
    """The themes of a label as the last run left them: the fields of ``ClusterInput`` that tell of it."""
    members: dict[str, list[str]] = {}
    parts: dict[str, list[str]] = {}
    for theme_id, part, statement_id in state.rows(
        f"SELECT m.theme_id, m.sub_theme_id, m.statement_id FROM machine_members m SEMI JOIN (FROM {COUNTED}) "
        "USING (statement_id) WHERE m.label = ? ORDER BY m.theme_id, m.statement_id",
        [label],
    ):
        members.setdefault(theme_id, []).append(statement_id)
        if part is not None:
            parts.setdefault(part, []).append(statement_id)
    people = state.rows(
        f"SELECT m.theme_id, count(DISTINCT s.participant_id) FROM machine_members m "
        f"JOIN (FROM {COUNTED}) s USING (statement_id) WHERE m.label = ? GROUP BY ALL ORDER BY ALL",
        [label],
    )
    missing = state.rows(
        f"SELECT m.theme_id, count(*) FROM machine_members m ANTI JOIN (FROM {COUNTED}) USING (statement_id) "
        "WHERE m.label = ? GROUP BY ALL ORDER BY ALL",
        [label],
    )
    quoted = state.rows(
        "SELECT DISTINCT s.participant_id FROM themes t JOIN statements s ON s.statement_id = t.exemplar_statement_id "
        "WHERE t.label = ? AND t.status = 'active'",
        [label],
    )
    waiting = state.rows(
        f"SELECT n.statement_id, n.reason FROM machine_noise n SEMI JOIN (FROM {COUNTED}) USING (statement_id) "
        "WHERE n.label = ? ORDER BY ALL",
        [label],
    )
    return {
        "themes": _themes(state, label),
        "members": {key: tuple(value) for key, value in members.items()},
        "centres": _centres(state, label),
        "sub_themes": _sub_themes(state, label),
        "support": dict(people),
        "missing": dict(missing),
        "parts": {key: tuple(value) for key, value in parts.items()},
        "waiting": dict(waiting),
        "quoted": frozenset(row[0] for row in quoted),
    }


def _themes(state: State, label: Label) -> tuple[Theme, ...]:
    found = state.rows("SELECT * FROM themes WHERE label = ? ORDER BY theme_id", [label])
    return tuple(Theme(key, label, title, tuple(keywords), *rest) for key, _, title, keywords, *rest in found)


def _centres(state: State, label: Label) -> tuple[Centre, ...]:
    found = state.rows(
        "SELECT theme_id, vector, reach, part_of FROM theme_centres WHERE label = ? ORDER BY theme_id",
        [label],
    )
    return tuple(Centre(key, tuple(vector), reach, part_of) for key, vector, reach, part_of in found)


def _sub_themes(state: State, label: Label) -> tuple[SubTheme, ...]:
    found = state.rows(
        "SELECT sub_theme_id, theme_id, title, keywords, exemplar_statement_id FROM sub_themes "
        "WHERE label = ? ORDER BY sub_theme_id",
        [label],
    )
    return tuple(
        SubTheme(key, of, title, tuple(words), exemplar) for key, of, title, words, exemplar in found
    )


# -- statements to be placed --------------------------------------------------------------------------------------


def all_statements(state: State, label: Label, compared: Wanted) -> dict[str, Any]:
    """All statements of a label with their vectors, as fields of ``ClusterInput``."""
    return _statements(state, f"SELECT statement_id FROM {COUNTED} AND label = ?", [label], compared)


def unplaced(state: State, label: Label, least: int, compared: Wanted) -> dict[str, Any]:
    """The statements of a label to be placed, with their vectors, as fields of ``ClusterInput``.

    These are the new ones, the latest without a theme, and those of themes that fewer than ``least`` people tell
    of by now.
    """
    chosen = f"""
        SELECT s.statement_id FROM statements s {UNPLACED} WHERE s.label = ? AND NOT s.needs_review
        UNION ALL
        (SELECT n.statement_id FROM machine_noise n LEFT JOIN runs r USING (run_id)
         SEMI JOIN (FROM {COUNTED}) c ON c.statement_id = n.statement_id
         WHERE n.label = ? ORDER BY r.number DESC, n.statement_id LIMIT {POOL})
        UNION ALL
        SELECT m.statement_id FROM machine_members m SEMI JOIN (FROM {COUNTED}) USING (statement_id)
        WHERE m.label = ? AND m.theme_id IN (
            SELECT theme_id FROM machine_members JOIN (FROM {COUNTED}) USING (statement_id)
            GROUP BY theme_id HAVING count(DISTINCT participant_id) < {least})
    """
    return _statements(state, chosen, [label] * 3, compared)


def opposing(
    state: State, labels: Sequence[Label], compared: Wanted, *, only_new: bool = False
) -> Opposing | None:
    """The statements of other labels with their vectors; with ``only_new``, those that are not placed yet."""
    if not labels:
        return None
    found = state.rows(
        f"""
        SELECT s.statement_id, s.text_hash FROM statements s {UNPLACED if only_new else ""}
        WHERE NOT s.needs_review AND s.label IN (SELECT unnest(?::VARCHAR[]))
        ORDER BY s.statement_id
        """,
        [list(labels)],
    )
    hashes = [row[1] for row in found]
    return Opposing(tuple(row[0] for row in found), _vectors(state, hashes, compared.recipe))


def _statements(state: State, chosen: str, parameters: list[Any], compared: Wanted) -> dict[str, Any]:
    found = state.rows(
        f"""
        SELECT s.statement_id, s.participant_id, s.quote, s.text_hash, x.text_hash, x.context
        FROM ({chosen}) JOIN statements s USING (statement_id)
        LEFT JOIN statement_contexts x USING (statement_id) ORDER BY s.statement_id
        """,
        parameters,
    )
    contexts = _vectors(state, [row[4] for row in found], compared.recipe) if compared.around else None
    return {
        "statement_ids": tuple(row[0] for row in found),
        "participant_ids": tuple(row[1] for row in found),
        "texts": tuple(row[2] for row in found),
        "around": tuple(row[5] for row in found) if compared.around else (),
        "vectors": _vectors(state, [row[3] for row in found], compared.recipe),
        "contexts": contexts,
    }


def _vectors(state: State, hashes: Sequence[str], recipe: str) -> npt.NDArray[np.float32]:
    """One row per hash, in their order."""
    width = state.value("SELECT len(vector) FROM vectors WHERE recipe = ? LIMIT 1", [recipe]) or 0
    rows = np.empty((len(hashes), width), dtype=np.float32)
    for start in range(0, len(hashes), SLICE):
        part = list(hashes[start : start + SLICE])
        got = state.connection.execute(
            "SELECT w.place, v.vector FROM (SELECT unnest(?::VARCHAR[]) AS text_hash, unnest(?::INTEGER[]) AS place) w "
            "JOIN vectors v USING (text_hash) WHERE v.recipe = ?",
            [part, list(range(start, start + len(part))), recipe],
        ).fetchnumpy()
        if part:
            rows[got["place"]] = np.stack(list(got["vector"]))
    return rows
