"""New statements join the themes that reach them; what is left waits until it can form a theme."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.cluster import density, noise
from pipeline.cluster.describe import Group, exemplars, group, named
from pipeline.cluster.merge import ALIKE, joined
from pipeline.cluster.scene import Placed, Resources, ids, people
from pipeline.cluster.space import Matrix, Numbers, centre, inner, mixed, nearest, placed, reached
from pipeline.records import (
    Centre,
    ClusterInput,
    LineageEvent,
    NoiseStatement,
    Theme,
    ThemeMember,
    content_id,
)

POOL = 5_000
"""Statements without a theme that are looked through for new themes."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What became of the statements that no standing theme reaches."""

    born: list[Group]
    alike: list[tuple[Centre, Numbers]]
    """Standing theme -> rows of a group that is that theme told otherwise."""
    lonely: frozenset[str]
    """Statements of groups that too few people tell of."""


def grow(entry: ClusterInput, resources: Resources) -> Placed:
    """Places for the statements of ``entry``; themes that stand keep centre, reach and title.

    A theme whose support fell below the minimum, because interviews went away, is retired; its statements are
    among those of ``entry``. Statements that waited before join no theme that stood then: it was tried.
    """
    assert entry.fit is not None
    mixture = mixed(entry.vectors, entry.contexts, resources.settings.context_weight)
    rows = placed(mixture, entry.fit.offset)
    standing, homes = _homes(entry, rows, resources)
    tops = [one for one in standing if one.part_of is None]
    left = np.array([i for i, key in enumerate(entry.statement_ids) if key not in homes], dtype=np.int64)
    pool = _pooled(entry, rows, left, tops, resources)
    homes |= {entry.statement_ids[i]: top for top, chosen in pool.alike for i in chosen}
    keys = _new_ids(entry, pool.born)
    fresh = [centre(key, rows[theme.rows]) for key, theme in zip(keys, pool.born, strict=True)]
    grown = _grown(entry, pool.born, keys)
    if resources.settings.assign_noise:
        homes |= _late(
            entry, rows, [i for i in left if entry.statement_ids[i] not in homes], fresh, pool, grown
        )
    members = (*_members(entry, rows, homes, inner(standing)), *grown)
    retired = sorted(
        {one.theme_id for one in entry.centres if one.part_of is None} - {t.theme_id for t in tops}
    )
    return Placed(
        themes={theme.theme_id: theme for theme in entry.themes}
        | _themes(entry, pool.born, keys, set(retired), resources),
        members=members,
        noise=_unplaced(entry, rows, members, (*tops, *fresh), pool.lonely, resources),
        centres=(*standing, *fresh),
        sub_themes=tuple(part for part in entry.sub_themes if part.theme_id not in retired),
        events=(
            *(LineageEvent(entry.run_id, key, "retired", None, None) for key in retired),
            *(LineageEvent(entry.run_id, key, "born", None, None) for key in keys),
        ),
        fit=entry.fit,
        means={key: mixture[theme.rows].mean(axis=0) for key, theme in zip(keys, pool.born, strict=True)},
    )


def _homes(
    entry: ClusterInput, rows: Matrix, resources: Resources
) -> tuple[tuple[Centre, ...], dict[str, Centre]]:
    """The centres that go on standing, and the theme of each statement that has one among them.

    A theme that lost its support stands if statements of tonight give it back. One that people spoke about stands
    while anyone tells of it.
    """
    held, least = resources.curation.held(), resources.settings.min_participants
    enough = {key: 1 if key in held else least for key in (one.theme_id for one in entry.centres)}
    weak = {
        one.theme_id
        for one in entry.centres
        if one.part_of is None and entry.support.get(one.theme_id, 0) < enough[one.theme_id]
    }
    before = {key: theme_id for theme_id, kept in entry.members.items() for key in kept}
    homes = _reached(entry, rows, entry.centres, before)
    told: dict[str, set[str]] = {}
    for key, person in zip(entry.statement_ids, entry.participant_ids, strict=True):
        if key in homes:
            told.setdefault(homes[key].theme_id, set()).add(person)
    retired = {key for key in weak if len(told.get(key, ())) < enough[key]}
    standing = tuple(one for one in entry.centres if not {one.theme_id, one.part_of} & retired)
    return standing, _reached(entry, rows, standing, before) if retired else homes


def _reached(
    entry: ClusterInput, rows: Matrix, centres: Sequence[Centre], before: Mapping[str, str]
) -> dict[str, Centre]:
    """The theme that each statement stood in, if it still does, or else the one that reaches it."""
    tops = [one for one in centres if one.part_of is None]
    own = {one.theme_id: one for one in tops}
    near = nearest(rows, tops)
    homes = {}
    for i, key in enumerate(entry.statement_ids if tops else ()):
        closest = tops[int(near.numbers[i])]
        if before.get(key) in own:
            homes[key] = own[before[key]]
        elif key not in entry.waiting and near.distances[i] <= closest.reach:
            homes[key] = closest
    return homes


def _pooled(
    entry: ClusterInput, rows: Matrix, left: Numbers, tops: Sequence[Centre], resources: Resources
) -> Pool:
    """New themes among what is left: as large as the label's rule asks, and no looser than those that stand."""
    assert entry.fit is not None
    pool = left[-POOL:]
    smallest = density.sizes(entry.fit.n_statements + len(entry.statement_ids)).smallest_group
    waited = {key for key, reason in entry.waiting.items() if reason == "too_few_participants"}
    if len(pool) < max(2 * smallest, resources.settings.min_statements):
        return Pool([], [], frozenset(waited))
    loosest = float(np.median([one.reach for one in tops])) if tops else 2.0
    born, alike = [], []
    groups = joined(rows, [pool[part] for part in density.groups(rows[pool]).rows()])
    centres = [centre("", rows[chosen]) for chosen in groups]
    same = nearest(np.array([one.vector for one in centres], dtype=np.float32), tops)
    for place, (chosen, one) in enumerate(zip(groups, centres, strict=True)):
        if tops and same.distances[place] <= 1.0 - ALIKE:
            alike.append((tops[int(same.numbers[place])], chosen))
        elif len(people(entry, chosen)) < resources.settings.min_participants:
            waited |= ids(entry, chosen)
        elif len(chosen) >= smallest and one.reach <= loosest:
            born.append(group(rows, chosen))
    return Pool(born, alike, frozenset(waited))


def _late(
    entry: ClusterInput,
    rows: Matrix,
    left: Sequence[int],
    fresh: Sequence[Centre],
    pool: Pool,
    grown: Sequence[ThemeMember],
) -> dict[str, Centre]:
    """What is left and within reach of a theme born tonight."""
    inside = {member.statement_id for member in grown} | pool.lonely
    out = np.array([i for i in left if entry.statement_ids[i] not in inside], dtype=np.int64)
    near = nearest(rows[out], fresh)
    closest = [fresh[int(number)] for number in near.numbers] if fresh else []
    return {
        entry.statement_ids[i]: one
        for i, one, distance in zip(out, closest, near.distances, strict=False)
        if distance <= one.reach
    }


def _members(
    entry: ClusterInput, rows: Matrix, homes: Mapping[str, Centre], parts: Mapping[str, Sequence[Centre]]
) -> list[ThemeMember]:
    """The statements of themes that stood before them, or that were born beside them."""
    part_before = {key: part for part, kept in entry.parts.items() for key in kept}
    middles = {one.theme_id: np.array(one.vector, dtype=np.float32) for one in homes.values()}
    found = []
    for i, key in enumerate(entry.statement_ids):
        if key in homes:
            home = homes[key]
            strength = round(max(0.0, float(rows[i] @ middles[home.theme_id])), 6)
            own, part = parts.get(home.theme_id, ()), part_before.get(key)
            if part not in {one.theme_id for one in own}:
                part = reached(rows[i], own)
            found.append(ThemeMember(home.theme_id, key, strength, part, "assigned"))
    return found


def _grown(entry: ClusterInput, born: Sequence[Group], keys: Sequence[str]) -> list[ThemeMember]:
    return [
        ThemeMember(key, entry.statement_ids[i], round(float(close), 6))
        for key, theme in zip(keys, born, strict=True)
        for i, close in zip(theme.rows, theme.closeness, strict=True)
    ]


def _unplaced(
    entry: ClusterInput,
    rows: Matrix,
    members: Sequence[ThemeMember],
    centres: Sequence[Centre],
    lonely: Collection[str],
    resources: Resources,
) -> tuple[NoiseStatement, ...]:
    inside = {member.statement_id for member in members}
    out = np.array([i for i, key in enumerate(entry.statement_ids) if key not in inside], dtype=np.int64)
    keys = [entry.statement_ids[i] for i in out]
    if not centres and len(keys) < resources.settings.min_statements:
        return noise.nothing_found(keys)
    return tuple(noise.explained(keys, nearest(rows[out], centres), centres, lonely))


def _new_ids(entry: ClusterInput, born: Sequence[Group]) -> list[str]:
    ever = {theme.theme_id for theme in entry.themes}
    keys = []
    for exemplar in exemplars(entry, born, entry.quoted):
        key, again = content_id("th", entry.label, exemplar), 0
        while key in ever:
            again += 1
            key = content_id("th", entry.label, exemplar, again)
        ever.add(key)
        keys.append(key)
    return keys


def _themes(
    entry: ClusterInput,
    born: Sequence[Group],
    keys: Sequence[str],
    retired: Collection[str],
    resources: Resources,
) -> dict[str, Theme]:
    """The themes born tonight, named against those that stand."""
    beside = [one for one in entry.themes if one.status == "active" and one.theme_id not in retired]
    titles = named(entry, born, resources, beside)
    best = exemplars(entry, born, entry.quoted)
    return {
        key: Theme(
            key, entry.label, name.title, name.keywords, len(theme.rows), len(people(entry, theme.rows)),
            exemplar, "active", entry.run_id, entry.run_id,
        )
        for key, theme, name, exemplar in zip(keys, born, titles, best, strict=True)
    }  # fmt: skip
