"""Statements of one label grouped into themes that keep their identity.

    refit (or grow) -> people's word -> counter-evidence

``drift.mode`` says which of the two; ``fit`` groups all statements of a label, ``grow`` only places new ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.cluster.counter import OPPOSITE, counter_statements
from pipeline.cluster.curate import Curation, Scene, Verdict, judge, read, unknown
from pipeline.cluster.drift import Standing, mode
from pipeline.cluster.fit import refit
from pipeline.cluster.grow import grow
from pipeline.cluster.outcome import final_themes
from pipeline.cluster.scene import Placed, Resources, in_order
from pipeline.cluster.segments import segments
from pipeline.cluster.space import Matrix
from pipeline.cluster.surroundings import VERSION as SURROUNDINGS
from pipeline.cluster.surroundings import surroundings
from pipeline.config import ClusterSettings, EmbedSettings, Settings
from pipeline.records import Clustering, ClusterInput, CounterStatement, CurationNote
from pipeline.resources import checked, pinned

__all__ = [
    "OPPOSITE",
    "SURROUNDINGS",
    "VERSION",
    "Resources",
    "Standing",
    "compared",
    "identity",
    "load",
    "method",
    "mode",
    "run",
    "segments",
    "surroundings",
    "unclaimed",
]

VERSION = "6"


def identity(settings: Settings) -> str:
    """The language model that titles are read with, and what the curation file says."""
    path = settings.cluster.curation
    curated = hashlib.sha256(Path(path).read_bytes()).hexdigest() if path and Path(path).is_file() else ""
    return f"{pinned('en_core_web_sm').key} {curated}"


def load(settings: Settings) -> Resources:
    """The settings, the curation file and the language model."""
    import spacy

    return Resources(settings.cluster, read(settings.cluster.curation), spacy.load(checked("en_core_web_sm")))


def compared(settings: Settings) -> Settings:
    """The settings under which statements are embedded to be compared: with ``cluster.model`` where it is set.

    ``auto`` is the encoder that measures best (docs/themes.md) where the reader needs it anyway.
    """
    name = settings.cluster.model
    if name == "auto":
        name = "" if settings.extract.profile == "rules" else "mpnet"
    return settings.model_copy(update={"embed": EmbedSettings(model=name)}) if name else settings


def method(model: str, settings: ClusterSettings) -> str:
    """What a fit depends on besides the statements; themes are made anew when it is another."""
    rules = settings.model_dump(
        include={"context_weight", "min_participants", "min_statements", "assign_noise"}
    )
    text = f"{VERSION} {SURROUNDINGS} {model} {sorted(rules.items())}"
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def run(batch: Sequence[ClusterInput], resources: Resources) -> list[Clustering]:
    """The themes of each label; the same whatever the order of the statements."""
    return [_cluster(in_order(entry), resources) for entry in batch]


def unclaimed(settings: Settings, found: Sequence[Clustering]) -> tuple[CurationNote, ...]:
    """A conflict for every entry of the curation file that speaks of a theme nobody has ever seen."""
    return unknown(read(settings.cluster.curation), [note for entry in found for note in entry.notes])


def _cluster(entry: ClusterInput, resources: Resources) -> Clustering:
    placed = refit(entry, resources) if entry.mode == "refit" else grow(entry, resources)
    scene = _scene(entry, placed, resources.curation)
    verdict = judge(resources.curation, scene)
    themes, events = final_themes(entry, placed, verdict)
    return Clustering(
        label=entry.label,
        themes=themes,
        members=placed.members,
        events=(*placed.events, *events),
        mode=entry.mode,
        noise=placed.noise,
        centres=placed.centres,
        sub_themes=placed.sub_themes,
        placements=verdict.placements(scene),
        pins=tuple(sorted(verdict.pins.items())),
        counters=_counters(entry, placed, verdict),
        notes=tuple(verdict.notes),
        fit=placed.fit,
    )


def _scene(entry: ClusterInput, placed: Placed, curation: Curation) -> Scene:
    parts: dict[str, tuple[str, ...]] = {}
    for part in placed.sub_themes:
        parts[part.theme_id] = (*parts.get(part.theme_id, ()), part.sub_theme_id)
    statements = set(entry.statement_ids)
    if curation.pin:
        statements |= {key for kept in entry.members.values() for key in kept} | entry.waiting.keys()
    return Scene(entry.label, frozenset(placed.themes), parts, statements, frozenset(placed.standing()))


def _counters(entry: ClusterInput, placed: Placed, verdict: Verdict) -> tuple[CounterStatement, ...]:
    """Counter-evidence for the themes that this run described; others keep theirs."""
    means: dict[str, list[Matrix]] = {}
    for theme_id, mean in placed.means.items():
        final = verdict.final(theme_id)
        if final is not None:
            means.setdefault(final, []).append(mean)
    keys = sorted(means)
    rows = np.array([np.mean(np.array(means[key]), axis=0) for key in keys])
    return tuple(counter_statements(keys, rows, entry.opposing))
