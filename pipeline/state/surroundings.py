"""The words around each statement that counts, kept because they are embedded like quotes."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.records import text_hash
from pipeline.state.store import State

Around = Callable[[str, int, int], str]
"""A turn's text, and where a quote starts and ends in it -> the words around it."""


def fill(state: State, around: Around, method: str) -> None:
    """Write down the words around every statement that has none by this method."""
    with state.transaction():
        state.run("DELETE FROM statement_contexts WHERE method <> ?", [method])
        found = state.rows(
            "SELECT s.statement_id, t.text, s.char_start, s.char_end FROM statements s "
            "JOIN turns t USING (transcript_id, turn_index) ANTI JOIN statement_contexts x USING (statement_id) "
            "WHERE NOT s.needs_review ORDER BY s.statement_id"
        )
        rows = []
        for statement_id, text, start, end in found:
            context = around(text, start, end)
            rows.append((statement_id, text_hash(context), context, method))
        state.insert("statement_contexts", rows)


def clear(state: State) -> None:
    """Let all of them go: nothing is compared by them."""
    if state.value("SELECT count(*) FROM statement_contexts"):
        with state.transaction():
            state.run("DELETE FROM statement_contexts")


def missing(state: State) -> int:
    """How many statements that count have none."""
    return int(
        state.value(
            "SELECT count(*) FROM statements ANTI JOIN statement_contexts USING (statement_id) "
            "WHERE NOT needs_review"
        )
    )
