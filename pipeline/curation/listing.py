"""Themes as they stand, as they stood after any run, and all that is known of one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb

from pipeline.errors import UsageError
from pipeline.records import Label
from pipeline.store import open_published


@dataclass(frozen=True, slots=True)
class Row:
    """One theme in a list."""

    theme_id: str
    label: str
    title: str
    status: str
    n_participants: int
    n_statements: int


@dataclass(frozen=True, slots=True)
class Told:
    """All that is known of one theme."""

    theme: dict[str, Any]
    quotes: list[tuple[str, str, str]]
    """(statement_id, speaker, quote), firmest first."""
    parts: list[tuple[str, str, int]]
    """(sub_theme_id, title, people)"""
    against: list[tuple[str, str, str]]
    """(label, speaker, quote) of what others say against it, nearest first."""
    events: list[tuple[int, str, str | None, float | None]]
    """(run number, event, other theme, overlap), oldest first."""


NOW = "SELECT theme_id, label, title, status, n_participants, n_statements FROM themes"
THEN = """
    SELECT theme_id, t.label, h.title, h.status, h.n_participants, h.n_statements FROM (
        SELECT h.theme_id, arg_max(h, r.run_number) AS h FROM theme_history h JOIN runs r USING (run_id)
        WHERE r.run_number <= $run GROUP BY h.theme_id) JOIN themes t USING (theme_id)
"""


def list_themes(
    published: Path, *, label: Label | None = None, as_of: str | None = None, gone: bool = False
) -> list[Row]:
    """The themes that stand, or that stood after the run ``as_of`` (its number or id); with ``gone`` all ever seen.

    Raises:
        UsageError: there is no such file or no such run.
    """
    with open_published(published) as connection:
        values: dict[str, Any] = {"label": label, "gone": gone}
        if as_of is not None:
            values["run"] = _run_number(connection, as_of)
        found = connection.execute(
            f"SELECT * FROM ({NOW if as_of is None else THEN}) "
            "WHERE ($gone OR status = 'active') AND ($label IS NULL OR label = $label) "
            "ORDER BY label, n_participants DESC, n_statements DESC, theme_id",
            values,
        ).fetchall()
    return [Row(*row) for row in found]


def tell(published: Path, theme_id: str, *, quotes: int = 5, as_of: str | None = None) -> Told:
    """One theme with its firmest quotes, its parts, what speaks against it, and its life.

    With ``as_of``, title, support and members as they were after that run, and its life up to then: quotes are of those
    members that are still there, and there are no parts and nothing against it, which are not kept.

    Raises:
        UsageError: there is no such file, theme or run, or the theme was not there yet.
    """
    with open_published(published) as connection:
        theme_id = in_full(connection, "themes", theme_id)
        if as_of is not None:
            return _told_then(connection, theme_id, _run_number(connection, as_of), quotes)
        cursor = connection.execute("SELECT * FROM themes WHERE theme_id = ?", [theme_id])
        names = [column[0] for column in cursor.description or ()]
        row = cursor.fetchone()
        if row is None:
            raise UsageError(
                f"{theme_id} is a part of a theme",
                "`whyswitch themes split` makes its parts themes of their own.",
            )

        def rows(sql: str, *more: object) -> list[Any]:
            return connection.execute(sql, [theme_id, *more]).fetchall()

        return Told(
            dict(zip(names, row, strict=True)),
            rows(
                "SELECT m.statement_id, s.speaker, s.quote FROM theme_members m JOIN statements s USING (statement_id) "
                "WHERE m.theme_id = ? ORDER BY m.strength DESC, m.statement_id LIMIT ?",
                quotes,
            ),
            rows(
                "SELECT sub_theme_id, title, n_participants FROM sub_themes WHERE theme_id = ? "
                "ORDER BY n_participants DESC, sub_theme_id"
            ),
            rows(
                "SELECT s.label, s.speaker, s.quote FROM counter_evidence e JOIN statements s USING (statement_id) "
                "WHERE e.theme_id = ? ORDER BY e.place LIMIT ?",
                quotes,
            ),
            rows(
                "SELECT r.run_number, l.event, l.other_theme_id, l.overlap FROM theme_lineage l "
                "JOIN runs r USING (run_id) WHERE l.theme_id = ? ORDER BY r.run_number, l.event, l.other_theme_id"
            ),
        )


QUOTES_THEN = """
    SELECT statement_id, s.speaker, s.quote FROM (
        SELECT statement_id, arg_max(coalesce(m.theme_id, ''), r.run_number) AS theme_id
        FROM theme_moves m JOIN runs r USING (run_id) WHERE r.run_number <= $run GROUP BY statement_id) p
    JOIN statements s USING (statement_id) LEFT JOIN theme_members n USING (statement_id)
    WHERE p.theme_id = $theme
    ORDER BY n.theme_id IS NOT DISTINCT FROM $theme DESC, n.strength DESC NULLS LAST, statement_id LIMIT $quotes
"""
LIFE_THEN = """
    SELECT r.run_number, l.event, l.other_theme_id, l.overlap FROM theme_lineage l JOIN runs r USING (run_id)
    WHERE l.theme_id = $theme AND r.run_number <= $run ORDER BY r.run_number, l.event, l.other_theme_id
"""


def _told_then(connection: duckdb.DuckDBPyConnection, theme_id: str, run: int, quotes: int) -> Told:
    here = {"theme": theme_id, "run": run}
    row = connection.execute(f"SELECT * FROM ({THEN}) WHERE theme_id = $theme", here).fetchone()
    if row is None:
        raise UsageError(
            f"{theme_id} was no theme yet after run {run}",
            "`whyswitch themes show` without --as-of tells its life.",
        )
    return Told(
        asdict(Row(*row)),
        connection.execute(QUOTES_THEN, {**here, "quotes": quotes}).fetchall(),
        [],
        [],
        connection.execute(LIFE_THEN, here).fetchall(),
    )


def in_full(connection: duckdb.DuckDBPyConnection, table: Literal["themes", "statements"], name: str) -> str:
    """The id that ``name`` is, or is the start of.

    Raises:
        UsageError: no id starts so, or several do.
    """
    key = {"themes": "theme_id", "statements": "statement_id"}[table]
    tables = f"SELECT {key} FROM {table}"
    if table == "themes":
        tables += " UNION SELECT sub_theme_id FROM sub_themes"
    found = [
        row[0]
        for row in connection.execute(
            f"SELECT {key} FROM ({tables}) WHERE starts_with({key}, ?) ORDER BY {key} LIMIT 2", [name]
        ).fetchall()
    ]
    if len(found) == 1 or name in found:
        return name if name in found else str(found[0])
    what = "several ids start" if found else "no id starts"
    raise UsageError(
        f"{what} with '{name}' among the {table}", "`whyswitch themes --all` lists every theme ever seen."
    )


def _run_number(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    found = connection.execute(
        "SELECT run_number FROM runs WHERE run_id = $1 OR run_number::VARCHAR = $1", [name]
    ).fetchone()
    if found is None:
        raise UsageError(
            f"there is no run '{name}'", 'Give its number or id: whyswitch query "FROM runs" lists them.'
        )
    return int(found[0])
