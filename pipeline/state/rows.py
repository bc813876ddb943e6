"""Records to columns: bulk inserts without a data-frame library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, types: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert ``rows`` into ``table``; ``types`` are the columns' DuckDB types, in the table's order."""
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    unnested = ", ".join(f"unnest(?::{kind}[])" for kind in types)
    connection.execute(f"INSERT INTO {table} SELECT {unnested}", columns)


def column_types(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The DuckDB types of a table's columns, in order."""
    found = connection.execute(
        "SELECT data_type FROM duckdb_columns() WHERE table_name = ? AND database_name = current_database() "
        "ORDER BY column_index",
        [table],
    ).fetchall()
    return [str(row[0]) for row in found]
