"""Text within SQL, where DuckDB takes no parameters: in ATTACH, COMMENT and the definitions of views."""

from __future__ import annotations


def literal(text: object) -> str:
    """The text as a SQL string, quotes and all."""
    return "'" + str(text).replace("'", "''") + "'"
