"""Groups of statements as themes: exemplar, title, keywords, parts, centre."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.cluster.merge import parts
from pipeline.cluster.phrases import phrases
from pipeline.cluster.scene import Resources, ids
from pipeline.cluster.space import Matrix, Numbers, centre, inner, reached
from pipeline.cluster.titles import Known, Name, Telling, names
from pipeline.records import Centre, ClusterInput, SubTheme, Theme, content_id

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


def exemplars(
    entry: ClusterInput, groups: Sequence[Group], already: Collection[str] = frozenset()
) -> list[str]:
    """For each theme the statement nearest its centre, by a person not quoted for another theme while there is one.

    ``already``: the people quoted for themes that are not among ``groups``.
    """
    quoted = set(already)
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


def named(
    entry: ClusterInput, groups: Sequence[Group], resources: Resources, beside: Sequence[Theme] = ()
) -> list[Name]:
    """A title and keywords for each theme, against all the others, and against those that stand beside them."""
    told = [list(_tellings(entry, theme, resources)) for theme in groups]
    return names(told, [Known(theme.n_participants, theme.keywords) for theme in beside])


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
    """The parts of a theme told by enough people; nothing where it is of one piece.

    A theme that people split keeps the parts that it has: they are themes that somebody may have named by now.
    """
    if any(one.theme == theme_id for one in resources.curation.split):
        kept = [part for part in entry.sub_themes if part.theme_id == theme_id]
        if kept:
            return _kept(entry, rows, theme, kept)
    found = [
        group(rows, theme.rows[part])
        for part in parts(rows[theme.rows])
        if len({entry.participant_ids[i] for i in theme.rows[part]}) >= resources.settings.min_participants
    ]
    if len(found) < 2:
        return Parted()
    best = exemplars(entry, found)
    return _second_level(
        entry,
        rows,
        [
            (
                SubTheme(
                    content_id("sub", theme_id, exemplar), theme_id, name.title, name.keywords, exemplar
                ),
                part,
            )
            for name, exemplar, part in zip(named(entry, found, resources), best, found, strict=True)
        ],
    )


def _kept(entry: ClusterInput, rows: Matrix, theme: Group, stood: Sequence[SubTheme]) -> Parted:
    """The parts as they were, with the statements that they had and those others that their centres reach."""
    before = {key: part for part, kept in entry.parts.items() for key in kept}
    same_space = entry.fit is not None and entry.fit.method == entry.method
    centres = inner(entry.centres).get(stood[0].theme_id, ()) if same_space else ()
    said: dict[str | None, list[int]] = {}
    for i in theme.rows:
        part = before.get(entry.statement_ids[i]) or reached(rows[i], centres)
        said.setdefault(part, []).append(int(i))
    found = []
    for one in stood:
        if one.sub_theme_id in said:
            members = group(rows, np.array(said[one.sub_theme_id], dtype=np.int64))
            if one.exemplar_statement_id not in ids(entry, members.rows):
                one = replace(one, exemplar_statement_id=exemplars(entry, [members])[0])
            found.append((one, members))
    return _second_level(entry, rows, found)


def _second_level(entry: ClusterInput, rows: Matrix, found: Sequence[tuple[SubTheme, Group]]) -> Parted:
    return Parted(
        tuple(one for one, _ in found),
        tuple(centre(one.sub_theme_id, rows[part.rows], part_of=one.theme_id) for one, part in found),
        tuple((entry.statement_ids[i], one.sub_theme_id) for one, part in found for i in part.rows),
    )
