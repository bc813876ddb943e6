"""What waits for each stage, and how a stage is made to do all its work anew."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.recipes import Recipe
from pipeline.state import extractions, sources, themes, vectors
from pipeline.state.store import State


def pending(state: State, recipes: Mapping[str, Recipe]) -> dict[str, int]:
    """Stage -> results that are not current, new inputs aside; while there are any, the state is half a change."""
    mark = themes.fingerprint(state, recipes["cluster"].fingerprint, vectors.compared(recipes))
    waits = {
        "ingest": sum(not one.is_new for one in sources.stale(state, recipes["ingest"].fingerprint)),
        "extract": len(extractions.stale(state, recipes["extract"].fingerprint)),
        "embed": sum(vectors.stale(state, wanted) for wanted in vectors.sets(recipes)),
        "cluster": int(not themes.is_current(state, mark)),
    }
    return {stage: number for stage, number in waits.items() if number}


def force(state: State, stage: str) -> None:
    """Make all results of a stage stale; they stand until they are made anew, also by a later run."""
    with state.transaction():
        if stage == "ingest":
            state.run(
                "UPDATE readings SET fingerprint = 'forced' "
                "WHERE sha256 IN (SELECT sha256 FROM sources WHERE status = 'present')"
            )
        elif stage == "extract":
            state.run("UPDATE extractions SET fingerprint = 'forced'")
        elif stage == "embed":
            state.run("UPDATE vectors SET recipe = 'forced'")
            state.run("UPDATE rejects SET recipe = 'forced' WHERE stage = 'embed'")
        else:
            state.run("UPDATE clusterings SET fingerprint = ?", [themes.FORCED])


def remember(state: State, recipes: Mapping[str, Recipe]) -> None:
    """Keep the recipes, so that later plans can say what changed since."""
    known = {row[0] for row in state.rows("SELECT fingerprint FROM recipes")}
    new = [recipe for recipe in recipes.values() if recipe.fingerprint not in known]
    state.insert("recipes", [recipe.row() for recipe in new])


def remembered(state: State) -> dict[str, Recipe]:
    """Every recipe that anything was made by, by fingerprint."""
    found = state.rows("SELECT fingerprint, stage, version, settings, identity, files, models FROM recipes")
    return {row[0]: Recipe.from_row(row) for row in found}
