"""What the steps of one label work on, and what they leave behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.cluster.curate import Curation
from pipeline.cluster.space import Matrix, Numbers
from pipeline.config import ClusterSettings
from pipeline.records import (
    Centre,
    ClusterInput,
    Fit,
    LineageEvent,
    NoiseStatement,
    SubTheme,
    Theme,
    ThemeMember,
)

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True, slots=True)
class Resources:
    """The settings, people's word, and the language model that titles are read with."""

    settings: ClusterSettings
    curation: Curation
    nlp: Language


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the machine put the statements of one label: what refitting and growing give."""

    themes: Mapping[str, Theme]
    """Every theme ever seen, by id; those that stand have a centre."""
    members: tuple[ThemeMember, ...] = ()
    noise: tuple[NoiseStatement, ...] = ()
    centres: tuple[Centre, ...] = ()
    sub_themes: tuple[SubTheme, ...] = ()
    events: tuple[LineageEvent, ...] = ()
    fit: Fit | None = None
    means: Mapping[str, Matrix] = field(default_factory=dict)
    """theme_id -> mean vector of its statements in the input, before the offset is taken away."""

    def standing(self) -> list[str]:
        """The themes that stand, in the order of their ids."""
        return sorted(entry.theme_id for entry in self.centres if entry.part_of is None)


def in_order(entry: ClusterInput) -> ClusterInput:
    """The same input with its statements in the order of their ids, so that no result depends on another."""
    order = sorted(range(len(entry.statement_ids)), key=entry.statement_ids.__getitem__)

    def rows(values: object | None) -> object | None:
        return None if values is None else np.asarray(values, dtype=np.float32)[order]

    return replace(
        entry,
        statement_ids=tuple(entry.statement_ids[i] for i in order),
        participant_ids=tuple(entry.participant_ids[i] for i in order),
        texts=tuple(entry.texts[i] for i in order),
        around=tuple(entry.around[i] for i in order) if entry.around else (),
        vectors=rows(entry.vectors),
        contexts=rows(entry.contexts),
        themes=tuple(sorted(entry.themes, key=lambda theme: theme.theme_id)),
        centres=tuple(sorted(entry.centres, key=lambda centre: centre.theme_id)),
        sub_themes=tuple(sorted(entry.sub_themes, key=lambda part: part.sub_theme_id)),
    )


def people(entry: ClusterInput, rows: Numbers) -> set[str]:
    """Who said the statements of these rows."""
    return {entry.participant_ids[i] for i in rows}


def ids(entry: ClusterInput, rows: Numbers) -> frozenset[str]:
    """The statements of these rows."""
    return frozenset(entry.statement_ids[i] for i in rows)
