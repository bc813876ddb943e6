"""New statements join the themes that reach them; what is left waits until it can form a theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.cluster import density, noise
from pipeline.cluster.describe import Group, exemplars, group, named
from pipeline.cluster.scene import Placed, Resources, people
from pipeline.cluster.space import Matrix, centre, inner, mixed, nearest, placed, reached
from pipeline.records import Centre, ClusterInput, LineageEvent, Theme, ThemeMember, content_id

POOL = 5_000
"""Statements without a theme that are looked through for new themes."""


def grow(entry: ClusterInput, resources: Resources) -> Placed:
    """Places for the statements of ``entry``; themes that stand keep centre, reach and title.

    A theme whose support fell below the minimum, because interviews went away, is retired; its statements are
    among those of ``entry``.
    """
    assert entry.fit is not None
    mixture = mixed(entry.vectors, entry.contexts, resources.settings.context_weight)
    rows = placed(mixture, entry.fit.offset)
    retired = _unsupported(entry, resources)
    standing = tuple(one for one in entry.centres if not {one.theme_id, one.part_of} & retired)
    tops = [one for one in standing if one.part_of is None]
    members = _joined(entry, rows, tops, inner(standing))
    inside = {member.statement_id for member in members}
    left = np.array([i for i, key in enumerate(entry.statement_ids) if key not in inside], dtype=np.int64)
    born = _born(entry, rows, left, tops, resources)
    keys = _new_ids(entry, born)
    fresh = [centre(key, rows[theme.rows]) for key, theme in zip(keys, born, strict=True)]
    grown = [
        ThemeMember(key, entry.statement_ids[i], round(float(close), 6))
        for key, theme in zip(keys, born, strict=True)
        for i, close in zip(theme.rows, theme.closeness, strict=True)
    ]
    inside |= {member.statement_id for member in grown}
    out = [i for i in left if entry.statement_ids[i] not in inside]
    centres = [*tops, *fresh]
    unplaced = noise.explained(
        [entry.statement_ids[i] for i in out],
        nearest(rows[np.array(out, dtype=np.int64)], centres),
        centres,
        (),
    )
    return Placed(
        themes={theme.theme_id: theme for theme in entry.themes} | _themes(entry, born, keys, resources),
        members=(*members, *grown),
        noise=tuple(unplaced),
        centres=(*standing, *fresh),
        sub_themes=tuple(part for part in entry.sub_themes if part.theme_id not in retired),
        events=(
            *(LineageEvent(entry.run_id, key, "retired", None, None) for key in sorted(retired)),
            *(LineageEvent(entry.run_id, key, "born", None, None) for key in keys),
        ),
        fit=entry.fit,
        means={key: mixture[theme.rows].mean(axis=0) for key, theme in zip(keys, born, strict=True)},
    )


def _unsupported(entry: ClusterInput, resources: Resources) -> set[str]:
    """Themes that too few people tell of by now; those that people spoke about stay while anyone tells of them."""
    held = resources.curation.held()
    least = resources.settings.min_participants
    tops = {one.theme_id for one in entry.centres if one.part_of is None}
    return {key for key in tops if entry.support.get(key, 0) < (1 if key in held else least)}


def _joined(
    entry: ClusterInput, rows: Matrix, tops: Sequence[Centre], parts: Mapping[str, Sequence[Centre]]
) -> list[ThemeMember]:
    """The statements that a standing theme reaches."""
    near = nearest(rows, tops)
    found = []
    for i, key in enumerate(entry.statement_ids):
        if not tops or near.distances[i] > tops[int(near.numbers[i])].reach:
            continue
        theme_id = tops[int(near.numbers[i])].theme_id
        part = reached(rows[i], parts.get(theme_id, ()))
        strength = round(max(0.0, 1.0 - float(near.distances[i])), 6)
        found.append(ThemeMember(theme_id, key, strength, part, "assigned"))
    return found


def _born(
    entry: ClusterInput, rows: Matrix, left: np.ndarray, tops: Sequence[Centre], resources: Resources
) -> list[Group]:
    """New themes among what is left: as large as the label's rule asks, and no looser than those that stand."""
    assert entry.fit is not None
    pool = left[-POOL:]
    smallest = density.sizes(entry.fit.n_statements + len(entry.statement_ids)).smallest_group
    if len(pool) < max(2 * smallest, resources.settings.min_statements):
        return []
    loosest = float(np.median([one.reach for one in tops])) if tops else 2.0
    found = []
    for chosen in density.groups(rows[pool]).rows():
        theme = group(rows, pool[chosen])
        enough = len(people(entry, theme.rows)) >= resources.settings.min_participants
        if enough and len(chosen) >= smallest and centre("", rows[theme.rows]).reach <= loosest:
            found.append(theme)
    return found


def _new_ids(entry: ClusterInput, born: Sequence[Group]) -> list[str]:
    ever = {theme.theme_id for theme in entry.themes}
    keys = []
    for exemplar in exemplars(entry, born):
        key, again = content_id("th", entry.label, exemplar), 0
        while key in ever:
            again += 1
            key = content_id("th", entry.label, exemplar, again)
        ever.add(key)
        keys.append(key)
    return keys


def _themes(
    entry: ClusterInput, born: Sequence[Group], keys: Sequence[str], resources: Resources
) -> dict[str, Theme]:
    return {
        key: Theme(
            key, entry.label, name.title, name.keywords, len(theme.rows), len(people(entry, theme.rows)),
            exemplar, "active", entry.run_id, entry.run_id,
        )
        for key, theme, name, exemplar in zip(
            keys, born, named(entry, born, resources), exemplars(entry, born), strict=True
        )
    }  # fmt: skip
