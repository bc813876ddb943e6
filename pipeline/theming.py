"""Themes made of what stands in the state: what each label starts from, and what is put in the place of the old.

A run and a forgetting make them alike; a forgetting makes all of them anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline import cluster
from pipeline.config import ClusterSettings, EmbedSettings, Section, Settings
from pipeline.recipes import Recipe, from_json, recipe, recipes
from pipeline.records import LABELS, Clustering, ClusterInput, Label
from pipeline.stages import stage
from pipeline.state import State, placing, segmenting, surroundings, themes, vectors

BATCH = 512
"""Texts embedded at once where a forgetting has to."""
MADE_HERE = ("embed", "compare", "cluster")


@dataclass(frozen=True, slots=True)
class Making:
    """By what, from which vectors and in which run themes are made."""

    settings: Settings
    recipe: str
    """Fingerprint of the recipe of the stage."""
    compared: vectors.Wanted
    run_id: str


def label_input(state: State, making: Making, label: Label, *, anew: bool = False) -> ClusterInput:
    """All statements of a label, or only those to be placed, as its drift since the last fit asks.

    With ``anew``, all of them in any case.
    """
    settings, compared = making.settings.cluster, making.compared
    if anew or themes.is_forced(state):
        settings = settings.model_copy(update={"refit": "always"})
    fit = themes.fit(state, label)
    method = cluster.method(compared.recipe, settings)
    mode = cluster.mode(fit, cluster.Standing(*themes.standing(state, label)), method, settings)
    if mode == "refit":
        statements = themes.all_statements(state, label, compared)
    else:
        statements = themes.unplaced(state, label, settings.min_participants, compared)
    stood = themes.before(state, label)
    if anew:
        stood["missing"] = {}  # what is forgotten is not remembered by the centre of its theme either
    return ClusterInput(
        label,
        making.run_id,
        mode=mode,
        method=method,
        fit=fit,
        opposing=themes.opposing(state, cluster.OPPOSITE[label], compared, only_new=mode == "grow"),
        **statements,
        **stood,
    )


def put(state: State, found: Sequence[Clustering], making: Making, mark: str) -> None:
    """Replace the themes of all labels and the segments drawn from them; ``mark`` says what they were made from."""
    found = sorted(found, key=lambda one: str(one.label))
    unclaimed = cluster.unclaimed(making.settings, found)
    with state.transaction():
        placing.commit(state, found, unclaimed, placing.Made(mark, making.recipe, making.run_id))
        segmenting.commit(state, cluster.segments(segmenting.told(state)))


def make_anew(state: State, making: Making) -> None:
    """Make all themes anew, in this process and the caller's transaction; all vectors must be there."""
    entry = stage("cluster")
    resources = entry.load(making.settings)
    found: list[Clustering] = []
    for label in LABELS:
        found += entry.run([label_input(state, making, label, anew=True)], resources)
    put(state, found, making, themes.fingerprint(state, making.recipe, making.compared))


def surround(state: State, compared: vectors.Wanted) -> None:
    """Write down the words around statements, where these are compared by them too."""
    if compared.around:
        surroundings.fill(state, cluster.surroundings, cluster.SURROUNDINGS)
    else:
        surroundings.clear(state)


# -- as they were made before -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Before:
    """How the themes that stand were made."""

    recipes: Mapping[str, Recipe]
    settings: Settings
    is_current: bool
    """Whether the same stage, settings and curation file would make them now."""

    def renewed(self) -> Before:
        """The same after the curation file was changed: no reason to make the themes of a current state anew."""
        if not self.is_current:
            return self
        return replace(self, recipes={**self.recipes, "cluster": recipe("cluster", self.settings)})

    def making(self, run_id: str) -> Making:
        """How to make them again."""
        compared = vectors.compared(self.recipes)
        return Making(self.settings, self.recipes["cluster"].fingerprint, compared, run_id)

    def complete(self, state: State, run_id: str) -> Before:
        """The same once every vector is there: those that a run left to the next one are made in this process.

        Where models are others by now, all are made anew.
        """
        surround(state, vectors.compared(self.recipes))
        if not any(vectors.stale(state, one) for one in vectors.sets(self.recipes)):
            return self
        now = {name: one for name, one in recipes(self.settings).items() if name in MADE_HERE}
        fresh = replace(self, recipes={**self.recipes, **now})
        for wanted in vectors.sets(fresh.recipes):
            own = wanted.recipe == fresh.recipes["embed"].fingerprint
            resources = stage("embed").load(self.settings if own else cluster.compared(self.settings))
            for texts in vectors.texts(state, wanted, BATCH):
                vectors.commit(state, stage("embed").run(texts, resources), wanted.recipe, run_id)
        return fresh


def before(state: State, settings: Settings) -> Before | None:
    """How the themes that stand were made, with the curation file of ``settings``; None where there are none.

    Where no run tells any more, by ``settings``.
    """
    if not state.value("SELECT count(*) FROM clusterings"):
        return None
    found = state.rows(
        "SELECT r.models FROM runs r JOIN clusterings c "
        "ON json_extract_string(r.models, '$.cluster.fingerprint') = c.recipe ORDER BY r.number DESC LIMIT 1"
    )
    made = from_json(found[0][0]) if found else recipes(settings)
    same = Settings(
        extract=settings.extract,
        embed=EmbedSettings(**_told(made, "embed", EmbedSettings)),
        cluster=ClusterSettings(
            **_told(made, "cluster", ClusterSettings), curation=settings.cluster.curation
        ),
    )
    return Before(made, same, recipe("cluster", same).fingerprint == made["cluster"].fingerprint)


def _told(made: Mapping[str, Recipe], name: str, section: type[Section]) -> dict[str, Any]:
    """The settings of a section that a recipe tells; those that are no more are left out."""
    told = {key.removeprefix(f"{name}."): value for key, value in made[name].settings.items()}
    return {key: value for key, value in told.items() if key in section.model_fields}
