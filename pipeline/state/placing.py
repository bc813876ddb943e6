"""Putting new themes in the place of those that stood, and drawing from them what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.records import Clustering, CurationNote, Theme
from pipeline.state.store import State
from pipeline.state.themes import COUNTED

PER_LABEL = ("themes", "sub_themes", "theme_placements", "theme_pins", "theme_centres", "label_fits")
"""Tables that a clustering replaces for its label."""


@dataclass(frozen=True, slots=True)
class Made:
    """What themes were made from and how, and in which run."""

    fingerprint: str
    recipe: str
    run_id: str


def commit(state: State, found: Sequence[Clustering], unclaimed: Sequence[CurationNote], made: Made) -> None:
    """Replace the themes of all labels; lineage and history are only ever added to."""
    run_id = made.run_id
    with state.transaction():
        for table in ("clusterings", "theme_curation"):
            state.run(f"DELETE FROM {table}")
        state.insert("clusterings", [(made.fingerprint, run_id, made.recipe)])
        state.insert("theme_curation", [(n.entry, n.label, n.status, n.detail, run_id) for n in unclaimed])
        for clustering in found:
            _place(state, clustering, run_id)
            _describe(state, clustering, run_id)
        for statement in SETTLE:
            state.run(statement.replace("$run_id", f"'{run_id}'"))


def _place(state: State, c: Clustering, run_id: str) -> None:
    touched = [m.statement_id for m in c.members] + [n.statement_id for n in c.noise]
    for table in ("machine_members", "machine_noise"):
        if c.mode == "refit":
            state.run(f"DELETE FROM {table} WHERE label = ?", [c.label])
        else:
            state.delete(table, "statement_id", touched)
    state.insert(
        "machine_members",
        [(m.theme_id, m.statement_id, c.label, m.strength, m.sub_theme_id, m.how) for m in c.members],
    )
    state.insert(
        "machine_noise",
        [(n.statement_id, c.label, n.nearest_theme_id, n.distance, n.reason, run_id) for n in c.noise],
    )


def _describe(state: State, c: Clustering, run_id: str) -> None:
    if c.mode == "refit":
        state.run(
            "DELETE FROM counter_evidence WHERE theme_id IN (SELECT theme_id FROM themes WHERE label = ?)",
            [c.label],
        )
    for table in PER_LABEL:
        state.run(f"DELETE FROM {table} WHERE label = ?", [c.label])
    for table, rows in _rows(c, run_id).items():
        state.insert(table, rows)


def _rows(c: Clustering, run_id: str) -> dict[str, list[tuple[Any, ...]]]:
    """Table -> the rows that a clustering leaves there."""
    return {
        "themes": [_theme_row(t) for t in c.themes],
        "sub_themes": [
            (s.sub_theme_id, s.theme_id, c.label, s.title, list(s.keywords), s.exemplar_statement_id)
            for s in c.sub_themes
        ],
        "theme_placements": [(c.label, p.machine_theme_id, p.sub_theme_id, p.theme_id) for p in c.placements],
        "theme_pins": [(c.label, statement_id, theme_id) for statement_id, theme_id in c.pins],
        "theme_centres": [(c.label, e.theme_id, list(e.vector), e.reach, e.part_of) for e in c.centres],
        "label_fits": [
            (c.label, f.run_id, f.method, f.n_statements, f.n_noise, list(f.offset))
            for f in (c.fit,)
            if f is not None
        ],
        "theme_curation": [(n.entry, n.label, n.status, n.detail, run_id) for n in c.notes],
        "theme_lineage": [(e.run_id, e.theme_id, e.event, e.other_theme_id, e.overlap) for e in c.events],
        "counter_evidence": [(e.theme_id, e.statement_id, e.similarity, e.rank) for e in c.counters],
    }


def _theme_row(t: Theme) -> tuple[Any, ...]:
    return (
        t.theme_id, t.label, t.title, list(t.keywords), t.n_statements, t.n_participants, t.exemplar_statement_id,
        t.status, t.first_run_id, t.last_run_id, t.concentration, t.titled_by, t.merged_into,
    )  # fmt: skip


SETTLE = (
    f"DELETE FROM machine_members WHERE statement_id NOT IN (SELECT statement_id FROM {COUNTED})",
    f"DELETE FROM machine_noise WHERE statement_id NOT IN (SELECT statement_id FROM {COUNTED})",
    f"DELETE FROM counter_evidence WHERE statement_id NOT IN (SELECT statement_id FROM {COUNTED})",
    "CREATE OR REPLACE TEMP TABLE members_before AS FROM theme_members",
    "DELETE FROM theme_members",
    """
    INSERT INTO theme_members
    SELECT * FROM (
        SELECT CASE WHEN x.theme_id IS NOT NULL THEN x.theme_id
                    WHEN p.machine_theme_id IS NOT NULL THEN p.theme_id ELSE t.theme_id END AS theme_id,
               m.statement_id, m.strength, if(t.theme_id = m.theme_id, m.sub_theme_id, NULL),
               if(x.theme_id IS NULL, m.how, 'pinned')
        FROM machine_members m
        LEFT JOIN theme_placements t ON t.machine_theme_id = m.theme_id AND t.sub_theme_id IS NULL
        LEFT JOIN theme_placements p ON p.machine_theme_id = m.theme_id AND p.sub_theme_id = m.sub_theme_id
        LEFT JOIN theme_pins x ON x.statement_id = m.statement_id
        UNION ALL
        SELECT x.theme_id, x.statement_id, 1.0, NULL, 'pinned'
        FROM theme_pins x ANTI JOIN machine_members USING (statement_id))
    WHERE theme_id IS NOT NULL ORDER BY ALL
    """,
    "DELETE FROM theme_noise",
    """
    INSERT INTO theme_noise
    SELECT * FROM (
        SELECT n.statement_id, n.label, t.theme_id, if(t.theme_id IS NULL, NULL, n.distance), n.reason
        FROM machine_noise n LEFT JOIN theme_placements t
        ON t.machine_theme_id = n.nearest_theme_id AND t.sub_theme_id IS NULL
        UNION ALL
        SELECT m.statement_id, m.label, NULL, NULL, 'retired_by_people' FROM machine_members m)
    ANTI JOIN theme_members USING (statement_id) ORDER BY ALL
    """,
    """
    UPDATE themes SET n_statements = coalesce(c.n, 0), n_participants = coalesce(c.people, 0),
                      concentration = coalesce(round(c.most / c.n, 4), 0)
    FROM themes t LEFT JOIN (
        SELECT theme_id, sum(k) AS n, count(*) AS people, max(k) AS most FROM (
            SELECT m.theme_id, s.participant_id, count(*) AS k
            FROM theme_members m JOIN statements s USING (statement_id) GROUP BY ALL) GROUP BY theme_id) c
    ON c.theme_id = t.theme_id WHERE themes.theme_id = t.theme_id
    """,
    """
    INSERT INTO theme_moves
    SELECT $run_id, coalesce(n.statement_id, o.statement_id) AS statement_id, n.theme_id
    FROM theme_members n FULL JOIN members_before o USING (statement_id)
    WHERE n.theme_id IS DISTINCT FROM o.theme_id ORDER BY ALL
    """,
    "DROP TABLE members_before",
    """
    INSERT INTO theme_history
    SELECT $run_id, theme_id, title, status, n_statements, n_participants FROM themes
    EXCEPT
    SELECT $run_id, theme_id, h.title, h.status, h.n_statements, h.n_participants FROM (
        SELECT h.theme_id, arg_max(h, r.number) AS h FROM theme_history h JOIN runs r USING (run_id)
        GROUP BY h.theme_id)
    ORDER BY ALL
    """,
)
"""From placements to what is shown, in order."""
