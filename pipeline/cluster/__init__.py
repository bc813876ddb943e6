"""Statements of one label grouped into themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.cluster.density import Groups, Numbers, groups
from pipeline.cluster.phrases import phrases
from pipeline.cluster.titles import Name, Telling, names
from pipeline.config import ClusterSettings, Settings
from pipeline.records import Clustering, ClusterInput, LineageEvent, Theme, ThemeMember, content_id
from pipeline.resources import checked, pinned

if TYPE_CHECKING:
    from spacy.language import Language

VERSION = "2"


@dataclass(frozen=True, slots=True)
class Resources:
    """The settings, and the language model that titles are read with."""

    settings: ClusterSettings
    nlp: Language


def identity(settings: Settings) -> str:  # noqa: ARG001
    """The language model that titles are read with."""
    return pinned("en_core_web_sm").key


def load(settings: Settings) -> Resources:
    """The settings and the language model."""
    import spacy

    return Resources(settings.cluster, spacy.load(checked("en_core_web_sm")))


def run(batch: Sequence[ClusterInput], resources: Resources) -> list[Clustering]:
    """The themes of each label; the same whatever the order of the statements."""
    return [_cluster(_sorted(entry), resources) for entry in batch]


def _sorted(entry: ClusterInput) -> ClusterInput:
    order = sorted(range(len(entry.statement_ids)), key=entry.statement_ids.__getitem__)
    return ClusterInput(
        label=entry.label,
        run_id=entry.run_id,
        statement_ids=tuple(entry.statement_ids[i] for i in order),
        participant_ids=tuple(entry.participant_ids[i] for i in order),
        texts=tuple(entry.texts[i] for i in order),
        vectors=np.asarray(entry.vectors, dtype=np.float64)[order],
        themes=entry.themes,
        members=entry.members,
    )


def _cluster(entry: ClusterInput, resources: Resources) -> Clustering:
    if len(entry.statement_ids) < resources.settings.min_statements:
        return Clustering(entry.label, (), (), ())
    vectors = np.asarray(entry.vectors, dtype=np.float64)
    found = groups(vectors)
    supported = [
        rows for rows in found.rows() if len(_people(entry, rows)) >= resources.settings.min_participants
    ]
    titles = _titles(entry, supported, found, resources.nlp)
    themes, members, events = [], [], []
    for rows, name in zip(supported, titles, strict=True):
        exemplar = entry.statement_ids[_central(vectors, rows)]
        theme_id = content_id("th", entry.label, exemplar)
        themes.append(
            Theme(
                theme_id, entry.label, name.title, name.keywords, len(rows), len(_people(entry, rows)),
                exemplar, "active", entry.run_id, entry.run_id,
            )
        )  # fmt: skip
        members += [ThemeMember(theme_id, entry.statement_ids[i], float(found.strengths[i])) for i in rows]
        events.append(LineageEvent(entry.run_id, theme_id, "born", None, None))
    return Clustering(entry.label, tuple(themes), tuple(members), tuple(events))


def _people(entry: ClusterInput, rows: Numbers) -> set[str]:
    return {entry.participant_ids[i] for i in rows}


def _central(vectors: np.ndarray, rows: Numbers) -> int:
    closeness = vectors[rows] @ vectors[rows].mean(axis=0)
    return int(rows[int(np.argmax(closeness))])


def _titles(entry: ClusterInput, supported: Sequence[Numbers], found: Groups, nlp: Language) -> list[Name]:
    told = []
    for rows in supported:
        read = phrases(nlp, [entry.texts[i] for i in rows])
        told.append(
            [
                Telling(entry.participant_ids[i], 0.5 + 0.5 * float(found.strengths[i]), words)
                for i, words in zip(rows, read, strict=True)
            ]
        )
    return names(told)
