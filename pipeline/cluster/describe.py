"""Groups of statements as themes: exemplar, title, keywords, parts, centre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.cluster.merge import parts
from pipeline.cluster.phrases import phrases
from pipeline.cluster.scene import Resources
from pipeline.cluster.space import Matrix, Numbers, centre
from pipeline.cluster.titles import Name, Telling, names
from pipeline.records import Centre, ClusterInput, SubTheme, content_id

SPOKEN = 80
"""Statements of a theme that are read for its title: those nearest to its centre."""
AROUND = 20
"""Of these, statements whose surroundings are read too."""
LESS = 0.5
"""What a phrase in the surroundings weighs beside one in the quote."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some rows of the input that are a theme, and how firmly each belongs."""

    rows: Numbers
    closeness: Matrix
    """Cosine of each row with the centre of the group."""


def group(rows: Matrix, chosen: Numbers) -> Group:
    """The rows of a theme with their closeness to its centre."""
    middle = rows[chosen].mean(axis=0)
    length = float(np.linalg.norm(middle)) or 1.0
    return Group(chosen, np.clip(rows[chosen] @ (middle / length), 0.0, 1.0))


def exemplars(entry: ClusterInput, groups: Sequence[Group]) -> list[str]:
    """For each theme the statement nearest its centre, by a person not quoted for another theme while there is one."""
    quoted: set[str] = set()
    found = []
    for theme in groups:
        ranked = sorted(
            range(len(theme.rows)),
            key=lambda i: (-round(float(theme.closeness[i]), 9), entry.statement_ids[theme.rows[i]]),
        )
        near = ranked[: max(3, len(ranked) // 2)]
        fresh = [i for i in near if entry.participant_ids[theme.rows[i]] not in quoted]
        best = theme.rows[(fresh or ranked)[0]]
        quoted.add(entry.participant_ids[best])
        found.append(entry.statement_ids[best])
    return found


def named(entry: ClusterInput, groups: Sequence[Group], resources: Resources) -> list[Name]:
    """A title and keywords for each theme, against all the others."""
    return names([list(_tellings(entry, theme, resources)) for theme in groups])


def _tellings(entry: ClusterInput, theme: Group, resources: Resources) -> Iterable[Telling]:
    order = np.argsort(-theme.closeness, kind="stable")[:SPOKEN]
    read = phrases(resources.nlp, [entry.texts[theme.rows[i]] for i in order])
    near = order[: AROUND if entry.around else 0]
    beside = phrases(resources.nlp, [entry.around[theme.rows[i]] for i in near])
    for place, (i, said) in enumerate(zip(order, read, strict=True)):
        person, firm = entry.participant_ids[theme.rows[i]], 0.5 + 0.5 * float(theme.closeness[i])
        yield Telling(person, firm, said)
        if place < len(beside):
            yield Telling(person, LESS * firm, beside[place])


@dataclass(frozen=True, slots=True)
class Parted:
    """The second level of one theme."""

    sub_themes: tuple[SubTheme, ...] = ()
    centres: tuple[Centre, ...] = ()
    of_statement: tuple[tuple[str, str], ...] = ()
    """(statement_id, sub_theme_id)"""


def parted(entry: ClusterInput, rows: Matrix, theme: Group, theme_id: str, resources: Resources) -> Parted:
    """The parts of a theme told by enough people; nothing where it is of one piece."""
    found = [
        group(rows, theme.rows[part])
        for part in parts(rows[theme.rows])
        if len({entry.participant_ids[i] for i in theme.rows[part]}) >= resources.settings.min_participants
    ]
    if len(found) < 2:
        return Parted()
    best = exemplars(entry, found)
    keys = [content_id("sub", theme_id, exemplar) for exemplar in best]
    titles = named(entry, found, resources)
    return Parted(
        tuple(
            SubTheme(key, theme_id, name.title, name.keywords, exemplar)
            for key, name, exemplar in zip(keys, titles, best, strict=True)
        ),
        tuple(centre(key, rows[part.rows], part_of=theme_id) for key, part in zip(keys, found, strict=True)),
        tuple(
            (entry.statement_ids[i], key) for key, part in zip(keys, found, strict=True) for i in part.rows
        ),
    )
