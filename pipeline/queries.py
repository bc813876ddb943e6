"""One SQL query on the published file, printed as a table, CSV or JSON."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any, Literal

import duckdb

from pipeline.errors import UsageError
from pipeline.store import open_published
from pipeline.terminal import table, terminal

MOST_ROWS = 200
"""Rows of a printed table; CSV and JSON give all."""


def print_query(db: Path, sql: str, output: Literal["table", "csv", "json"]) -> None:
    """Print the rows of a query.

    Raises:
        UsageError: there is no such file, or the query is wrong; the message is DuckDB's.
    """
    with open_published(db) as connection:
        try:
            _check_one(connection, sql)
            # The published file is all that a query sees: no other file, no network, nothing written.
            connection.execute("SET enable_external_access = false")
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description or ()]
            rows = cursor.fetchall()
        except duckdb.Error as error:
            raise UsageError(
                f"the query failed: {error}", "docs/tables.md lists the tables and views."
            ) from error
    if output == "json":
        json.dump(
            [dict(zip(names, row, strict=True)) for row in rows],
            sys.stdout,
            default=str,
            ensure_ascii=False,
            indent=1,
        )
        sys.stdout.write("\n")
    elif output == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
    else:
        _print_table(names, rows)


def _check_one(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    number = len(connection.extract_statements(sql))
    if number != 1:
        raise UsageError(
            f"there are {number} queries in it, and one alone can be shown"
            if number
            else "there is no query in it",
            'Give one at a time, as in: whyswitch query "FROM top_themes LIMIT 10"',
        )


def _print_table(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    console = terminal(soft_wrap=False)
    grid = table(*names)
    for row in rows[:MOST_ROWS]:
        grid.add_row(*("" if value is None else str(value) for value in row))
    console.print(grid)
    if len(rows) > MOST_ROWS:
        console.print(f"{len(rows) - MOST_ROWS} more rows: use --format csv or json, or a LIMIT.")
