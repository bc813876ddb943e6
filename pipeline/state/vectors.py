"""The vector of each distinct text; an old set stays until a new one is whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.recipes import Recipe
from pipeline.records import Text, Vector
from pipeline.state import surroundings
from pipeline.state.store import State


@dataclass(frozen=True, slots=True)
class Wanted:
    """A set of vectors: of all quotes, and where ``around`` also of the words around those that count."""

    recipe: str
    around: bool

    @property
    def texts(self) -> str:
        """SQL that gives the text_hash and text of all that belongs to the set."""
        quotes = "SELECT text_hash, embed_text AS text FROM statements"
        if not self.around:
            return quotes
        return f"{quotes} UNION ALL SELECT text_hash, context FROM statement_contexts"


def compared(recipes: Mapping[str, Recipe]) -> Wanted:
    """The set that themes are made from."""
    around = recipes["cluster"].settings["cluster.context_weight"] > 0
    return Wanted(recipes.get("compare", recipes["embed"]).fingerprint, bool(around))


def sets(recipes: Mapping[str, Recipe]) -> tuple[Wanted, ...]:
    """All sets that are kept: one, or two where statements are compared by another model."""
    last = compared(recipes)
    first = recipes["embed"].fingerprint
    return (last,) if first == last.recipe else (Wanted(first, around=False), last)


def stale(state: State, wanted: Wanted) -> int:
    """How many distinct texts of a set have no vector, and how many statements lack the words around them."""
    without = state.value(
        f"SELECT count(DISTINCT text_hash) FROM ({wanted.texts}) ANTI JOIN "
        "(SELECT text_hash FROM vectors WHERE recipe = ?) USING (text_hash)",
        [wanted.recipe],
    )
    return int(without) + (surroundings.missing(state) if wanted.around else 0)


def made_with(state: State) -> dict[str | None, int]:
    """How many vectors each recipe made."""
    return dict(state.rows("SELECT recipe, count(*) FROM vectors GROUP BY recipe ORDER BY recipe"))


def texts(state: State, wanted: Wanted, limit: int) -> Iterator[list[Text]]:
    """Batches of distinct texts without a vector by this recipe, by hash."""
    last = ""
    while True:
        found = state.rows(
            f"""
            SELECT text_hash, min(text) FROM ({wanted.texts})
            ANTI JOIN (SELECT text_hash FROM vectors WHERE recipe = ?) USING (text_hash)
            WHERE text_hash > ? GROUP BY text_hash ORDER BY text_hash LIMIT ?
            """,
            [wanted.recipe, last, limit],
        )
        if not found:
            return
        last = found[-1][0]
        yield [Text(*row) for row in found]


def commit(state: State, vectors: Sequence[Vector], recipe: str, run_id: str) -> None:
    """Store vectors; all of one length."""
    if not vectors:
        return
    import numpy as np  # where there is nothing to store, a run does without it

    # As one column per dimension: DuckDB takes those as they lie in memory, lists of floats one by one.
    table = np.asarray([v.vector for v in vectors], dtype=np.float32).T
    columns = {f"d{i}": np.ascontiguousarray(row) for i, row in enumerate(table)}
    hashes = np.array([v.text_hash for v in vectors], dtype=object)
    models = np.array([v.model for v in vectors], dtype=object)
    state.connection.register("made", {"text_hash": hashes, "model": models, **columns})
    try:
        with state.transaction():
            state.run(
                f"INSERT INTO vectors SELECT text_hash, model, [{', '.join(columns)}]::FLOAT[], ?, ? FROM made",
                [run_id, recipe],
            )
    finally:
        state.connection.unregister("made")


def sweep(state: State, wanted: Sequence[Wanted]) -> None:
    """Drop the vectors that belong to none of the sets; call it once these are whole."""
    kept = " AND ".join(
        f"NOT (recipe IS NOT DISTINCT FROM ? AND text_hash IN (SELECT text_hash FROM ({one.texts})))"
        for one in wanted
    )
    recipes = [one.recipe for one in wanted]
    if state.value(f"SELECT count(*) FROM vectors WHERE {kept}", recipes):
        with state.transaction():
            state.run(f"DELETE FROM vectors WHERE {kept}", recipes)
