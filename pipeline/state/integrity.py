"""Whether the state is whole: every block readable, every row with its parent."""

from __future__ import annotations

import duckdb

PARENTS: tuple[tuple[str, str, str], ...] = (
    ("readings", "sources", "sha256"),
    ("transcripts", "readings", "sha256"),
    ("turns", "transcripts", "transcript_id"),
    ("speakers", "transcripts", "transcript_id"),
    ("extractions", "transcripts", "transcript_id"),
    ("statements", "extractions", "transcript_id"),
    ("outcomes", "statements", "statement_id"),
    ("statement_contexts", "statements", "statement_id"),
    ("vectors", "texts", "text_hash"),
    ("theme_members", "statements", "statement_id"),
    ("theme_members", "themes", "theme_id"),
    ("theme_noise", "statements", "statement_id"),
)
"""(table, its parent, the column they share)"""

GATHERED = {
    "texts": "(SELECT text_hash FROM statements UNION ALL SELECT text_hash FROM statement_contexts) texts"
}
"""Parents that are rows of several tables."""

PASSING = {"readings", "vectors", "theme_members", "theme_noise"}
"""Tables that may have rows without parents between two stages: a later step of the run drops them."""

UNIQUE: tuple[tuple[str, str], ...] = (
    ("sources", "source"),
    ("readings", "sha256"),
    ("transcripts", "transcript_id"),
    ("turns", "transcript_id, turn_index"),
    ("extractions", "transcript_id"),
    ("statements", "statement_id"),
    ("vectors", "text_hash, recipe"),
    ("statement_contexts", "statement_id"),
    ("themes", "theme_id"),
    ("theme_members", "statement_id"),
    ("theme_noise", "statement_id"),
)
"""(table, columns that are its key)"""


def faults(connection: duckdb.DuckDBPyConnection, *, at_rest: bool = True) -> list[str]:
    """What is wrong with the state, each with its number of rows.

    ``at_rest`` says that the last run ended with all stages done, so that nothing may wait to be dropped.

    Raises:
        duckdb.Error: a block cannot be read.
    """
    found = []
    for table, parent, key in PARENTS:
        if at_rest or table not in PASSING:
            rows = GATHERED.get(parent, parent)
            number = _number(connection, f"SELECT count(*) FROM {table} ANTI JOIN {rows} USING ({key})")
            found += [f"{number} {table} without {parent}"] if number else []
    for table, key in UNIQUE:
        number = _number(
            connection, f"SELECT count(*) FROM (SELECT {key} FROM {table} GROUP BY ALL HAVING count(*) > 1)"
        )
        found += [f"{number} {table} more than once"] if number else []
    return found


def read_all(connection: duckdb.DuckDBPyConnection) -> int:
    """Read every row of every table, so that a damaged block shows; gives their number.

    Raises:
        duckdb.Error: a block cannot be read.
    """
    tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall()
    return sum(_number(connection, f"SELECT count(hash(t)) FROM {name} t") for (name,) in tables)


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
