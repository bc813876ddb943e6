"""Reading the published file."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.errors import UsageError


def open_published(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a published file.

    Raises:
        UsageError: there is no such file, or it is no published file.
    """
    if not path.is_file():
        raise UsageError(f"there is no {path}", "`whyswitch run INPUT --db FILE` makes one.")
    try:
        connection = duckdb.connect(str(path), read_only=True)
        connection.execute("SELECT 1 FROM runs LIMIT 1")
    except duckdb.Error as error:
        raise UsageError(
            f"{path} is no published whyswitch file ({type(error).__name__})", "`whyswitch run` makes one."
        ) from error
    return connection
