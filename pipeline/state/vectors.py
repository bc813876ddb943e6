"""The vector of each distinct text; the old set stays until a new one is whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.records import Text, Vector
from pipeline.state.store import State


def stale(state: State, recipe: str) -> int:
    """How many distinct texts have no vector by this recipe."""
    return int(
        state.value(
            "SELECT count(DISTINCT text_hash) FROM statements ANTI JOIN "
            "(SELECT text_hash FROM vectors WHERE recipe = ?) USING (text_hash)",
            [recipe],
        )
    )


def made_with(state: State) -> dict[str | None, int]:
    """How many vectors each recipe made."""
    return dict(state.rows("SELECT recipe, count(*) FROM vectors GROUP BY recipe ORDER BY recipe"))


def texts(state: State, recipe: str, limit: int) -> Iterator[list[Text]]:
    """Batches of distinct texts without a vector by this recipe, by hash."""
    last = ""
    while True:
        found = state.rows(
            """
            SELECT text_hash, min(embed_text) FROM statements
            ANTI JOIN (SELECT text_hash FROM vectors WHERE recipe = ?) USING (text_hash)
            WHERE text_hash > ? GROUP BY text_hash ORDER BY text_hash LIMIT ?
            """,
            [recipe, last, limit],
        )
        if not found:
            return
        last = found[-1][0]
        yield [Text(*row) for row in found]


def commit(state: State, vectors: Sequence[Vector], recipe: str, run_id: str) -> None:
    """Store vectors."""
    with state.transaction():
        state.insert("vectors", [(v.text_hash, v.model, list(v.vector), run_id, recipe) for v in vectors])


def sweep(state: State, recipe: str) -> None:
    """Drop the vectors of other recipes and of texts that no statement has; call it once the set is whole."""
    unused = "recipe IS DISTINCT FROM ? OR text_hash NOT IN (SELECT text_hash FROM statements)"
    if state.value(f"SELECT count(*) FROM vectors WHERE {unused}", [recipe]):
        with state.transaction():
            state.run(f"DELETE FROM vectors WHERE {unused}", [recipe])
