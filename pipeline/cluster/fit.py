"""All statements of a label grouped together, and the groups matched with the themes that stood before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.cluster import noise, views
from pipeline.cluster.describe import Group, Parted, exemplars, group, named, parted
from pipeline.cluster.lineage import SAME, match
from pipeline.cluster.merge import ALIKE, joined
from pipeline.cluster.scene import Placed, Resources, ids, people
from pipeline.cluster.space import (
    Matrix,
    Numbers,
    centre,
    inner,
    mixed,
    nearest,
    offset,
    placed,
    reached,
    singles,
)
from pipeline.records import (
    Centre,
    ClusterInput,
    Fit,
    LineageEvent,
    NoiseStatement,
    Theme,
    ThemeMember,
    content_id,
)

KEPT_TITLE = 2 / 3
"""Overlap from which a theme that goes on keeps its title."""
REMEMBERED = 0.5
"""Share of a theme's old statements still there, below which its centre says what the new ones would have been."""


@dataclass(frozen=True, slots=True)
class Found:
    """The groups of a label and the statements of groups that too few people tell of."""

    groups: list[Group]
    held: list[str]
    """The ids of the first groups: themes that people spoke about, kept as they were."""
    lonely: frozenset[str]


def refit(entry: ClusterInput, resources: Resources) -> Placed:
    """The themes of all statements of ``entry``, which are in the order of their ids."""
    mixture = mixed(entry.vectors, entry.contexts, resources.settings.context_weight)
    if len(entry.statement_ids) < resources.settings.min_statements:
        return _nothing(entry, mixture)
    mean = offset(mixture)
    rows = placed(mixture, mean)
    old = _remembered(entry, mixture)
    found = _found(entry, rows, old, resources)
    keys, events = _identities(entry, old, found)
    themes = _themes(entry, found, keys, events, resources)
    centres = tuple(centre(key, rows[theme.rows]) for key, theme in zip(keys, found.groups, strict=True))
    second = [
        parted(entry, rows, theme, key, resources) for key, theme in zip(keys, found.groups, strict=True)
    ]
    members = _members(entry, found, keys, second)
    within = tuple(part for parts in second for part in parts.centres)
    late, left = _leftovers(
        entry, rows, members, centres, inner(within), found.lonely, assign=resources.settings.assign_noise
    )
    return Placed(
        themes=themes,
        members=(*members, *late),
        noise=left,
        centres=centres + within,
        sub_themes=tuple(part for parts in second for part in parts.sub_themes),
        events=events,
        fit=Fit(entry.run_id, entry.method, len(rows), len(left), singles(mean)),
        means={key: mixture[theme.rows].mean(axis=0) for key, theme in zip(keys, found.groups, strict=True)},
    )


def _nothing(entry: ClusterInput, mixture: Matrix) -> Placed:
    """No themes: too few statements. Those that stood are retired."""
    mean = offset(mixture) if len(mixture) else np.zeros(0)
    events = [
        LineageEvent(entry.run_id, theme_id, "retired", None, None)
        for theme_id in sorted(entry.members)
        if entry.members[theme_id]
    ]
    return Placed(
        themes={theme.theme_id: theme for theme in entry.themes},
        noise=noise.nothing_found(entry.statement_ids),
        events=tuple(events),
        fit=Fit(entry.run_id, entry.method, len(mixture), len(mixture), singles(mean)),
    )


def _found(
    entry: ClusterInput, rows: Matrix, old: Mapping[str, frozenset[str]], resources: Resources
) -> Found:
    position = {key: i for i, key in enumerate(entry.statement_ids)}
    held = {
        theme_id: np.array(sorted(position[key] for key in old[theme_id]), dtype=np.int64)
        for theme_id in sorted(resources.curation.held() & old.keys())
    }
    taken = {int(i) for chosen in held.values() for i in chosen}
    free = np.array([i for i in range(len(rows)) if i not in taken], dtype=np.int64)
    least = resources.settings.min_participants
    lonely: set[str] = set()
    kept: list[Numbers] = []
    for chosen in joined(rows, [free[part] for part in views.groups(rows[free]).rows()]) if len(free) else []:
        if len(people(entry, chosen)) >= least:
            kept.append(chosen)
        else:
            lonely |= ids(entry, chosen)
    held, kept = _with_twins(entry, rows, old, held, kept)
    groups = [group(rows, chosen) for chosen in [*held.values(), *kept]]
    return Found(groups, list(held), frozenset(lonely))


def _with_twins(
    entry: ClusterInput,
    rows: Matrix,
    old: Mapping[str, frozenset[str]],
    held: Mapping[str, Numbers],
    kept: Sequence[Numbers],
) -> tuple[dict[str, Numbers], list[Numbers]]:
    """The held themes with the new groups that are one of them told again, and the other groups.

    A group most of which stood in a theme before is that theme, however alike; and no held theme takes in so much
    that it would be another.
    """
    whole = dict(held)
    if not whole or not kept:
        return whole, list(kept)
    stood = frozenset().union(*(old[key] for key in old.keys() - held.keys()))
    themes = [centre(key, rows[chosen]) for key, chosen in held.items()]
    near = nearest(np.array([centre("", rows[one]).vector for one in kept], dtype=np.float32), themes)
    others = []
    for place, chosen in enumerate(kept):
        key = themes[int(near.numbers[place])].theme_id
        both = np.sort(np.concatenate([whole[key], chosen]))
        fresh = len(ids(entry, chosen) & stood) < SAME * len(chosen)
        if near.distances[place] <= 1.0 - ALIKE and fresh and _overlap(entry, old[key], both) >= SAME:
            whole[key] = both
        else:
            others.append(chosen)
    return whole, others


def _overlap(entry: ClusterInput, before: frozenset[str], rows: Numbers) -> float:
    """Share of a theme's statements, among those known before, that it had before."""
    now = ids(entry, rows) & (before | entry.waiting.keys() | _stood(entry))
    return len(before & now) / len(before | now)


def _stood(entry: ClusterInput) -> frozenset[str]:
    return frozenset(key for kept in entry.members.values() for key in kept)


def _identities(
    entry: ClusterInput, old: Mapping[str, frozenset[str]], found: Found
) -> tuple[list[str], tuple[LineageEvent, ...]]:
    """The id of each group, and what happened to every theme that stood."""
    free = found.groups[len(found.held) :]
    best = exemplars(entry, free)
    ever = {theme.theme_id for theme in entry.themes}

    def name(i: int) -> str:
        key, again = content_id("th", entry.label, best[i]), 0
        while key in ever:
            again += 1
            key = content_id("th", entry.label, best[i], again)
        ever.add(key)
        return key

    loose = {key: kept for key, kept in old.items() if key not in found.held}
    new = [ids(entry, theme.rows) for theme in free]
    matched = match(entry.run_id, loose, new, name, entry.waiting.keys())
    stayed = tuple(
        LineageEvent(entry.run_id, key, "continued", None, round(_overlap(entry, old[key], theme.rows), 4))
        for key, theme in zip(found.held, found.groups, strict=False)
    )
    return [*found.held, *matched.theme_ids], stayed + matched.events


def _remembered(entry: ClusterInput, mixture: Matrix) -> dict[str, frozenset[str]]:
    """The statements of each theme that stood; themes of which nothing is left are left out.

    Where most of a theme's are gone because interviews were read anew, those that its centre reaches, and that stood
    in no other theme, stand in.
    """
    present = frozenset(entry.statement_ids)
    old = {key: present.intersection(kept) for key, kept in entry.members.items()}
    there = {key: len(kept) for key, kept in old.items()}
    lost = {
        key
        for key, gone in entry.missing.items()
        if there.get(key, 0) < REMEMBERED * (there.get(key, 0) + gone)
    }
    if lost and entry.fit is not None and entry.fit.method == entry.method:
        taken = frozenset().union(*old.values())
        for key, again in _reached(entry, placed(mixture, entry.fit.offset), lost).items():
            old[key] = old.get(key, frozenset()) | (again - taken)
    return {key: kept for key, kept in old.items() if kept}


def _reached(entry: ClusterInput, rows: Matrix, lost: Collection[str]) -> dict[str, set[str]]:
    """For each lost theme the statements that are nearest to its centre and within its reach."""
    centres = [one for one in entry.centres if one.part_of is None]
    near = nearest(rows, centres)
    again: dict[str, set[str]] = {}
    for i, key in enumerate(entry.statement_ids if centres else ()):
        closest = centres[int(near.numbers[i])]
        if closest.theme_id in lost and near.distances[i] <= closest.reach:
            again.setdefault(closest.theme_id, set()).add(key)
    return again


def _themes(
    entry: ClusterInput,
    found: Found,
    keys: Sequence[str],
    events: Sequence[LineageEvent],
    resources: Resources,
) -> dict[str, Theme]:
    """Every theme ever seen; those that stand described by their statements."""
    before = {theme.theme_id: theme for theme in entry.themes}
    kept = {event.theme_id: event.overlap or 0.0 for event in events if event.event == "continued"}
    titles = named(entry, found.groups, resources)
    themes = dict(before)
    for key, theme, name, exemplar in zip(
        keys, found.groups, titles, exemplars(entry, found.groups), strict=True
    ):
        old = before.get(key)
        keep = old is not None and kept.get(key, 0.0) >= KEPT_TITLE and old.titled_by == "phrases"
        themes[key] = Theme(
            theme_id=key,
            label=entry.label,
            title=old.title if old is not None and keep else name.title,
            keywords=name.keywords,
            n_statements=len(theme.rows),
            n_participants=len(people(entry, theme.rows)),
            exemplar_statement_id=exemplar,
            status="active",
            first_run_id=old.first_run_id if old else entry.run_id,
            last_run_id=entry.run_id,
        )
    return themes


def _members(
    entry: ClusterInput, found: Found, keys: Sequence[str], second: Sequence[Parted]
) -> tuple[ThemeMember, ...]:
    members = []
    for key, theme, parts in zip(keys, found.groups, second, strict=True):
        part_of = dict(parts.of_statement)
        for i, close in zip(theme.rows, theme.closeness, strict=True):
            statement_id = entry.statement_ids[i]
            members.append(ThemeMember(key, statement_id, round(float(close), 6), part_of.get(statement_id)))
    return tuple(members)


def _leftovers(
    entry: ClusterInput,
    rows: Matrix,
    members: Sequence[ThemeMember],
    centres: Sequence[Centre],
    parts: Mapping[str, Sequence[Centre]],
    lonely: Collection[str],
    *,
    assign: bool,
) -> tuple[tuple[ThemeMember, ...], tuple[NoiseStatement, ...]]:
    """What density left out: given to a theme that reaches it, or explained."""
    inside = {member.statement_id for member in members}
    out = np.array([i for i, key in enumerate(entry.statement_ids) if key not in inside], dtype=np.int64)
    near = nearest(rows[out], centres)
    late = []
    for i, row in enumerate(out if assign and centres else ()):
        closest = centres[int(near.numbers[i])]
        if near.distances[i] <= closest.reach and entry.statement_ids[row] not in lonely:
            strength = round(max(0.0, 1.0 - float(near.distances[i])), 6)
            part = reached(rows[row], parts.get(closest.theme_id, ()))
            late.append(ThemeMember(closest.theme_id, entry.statement_ids[row], strength, part, "assigned"))
    given = {member.statement_id for member in late}
    keys = [entry.statement_ids[row] for row in out]
    left = [one for one in noise.explained(keys, near, centres, lonely) if one.statement_id not in given]
    return tuple(late), tuple(left)
