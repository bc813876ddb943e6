"""Which new group is which old theme, and what happened to the others.

Overlap is counted on statements known to both sides: shared / all of either. Known are those that stood in a theme
before, and those that were there and stood in none: a group that takes them in is less the theme that it was. A theme
goes on only where that is at least one half, so that an id can never come to mean something else, and no two groups
can claim one id.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.records import LineageEvent

SAME = 0.5
"""Least overlap at which a theme goes on."""
PART = 0.25
"""Least share of an old theme's statements that makes a group a part of it."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The id of each new group, in order, and the events of the run."""

    theme_ids: tuple[str, ...]
    events: tuple[LineageEvent, ...]


def match(
    run_id: str,
    old: Mapping[str, frozenset[str]],
    new: Sequence[frozenset[str]],
    name: Callable[[int], str],
    noise: Collection[str] = (),
) -> Matched:
    """Ids for ``new`` groups of statements, given the ``old`` themes.

    Args:
        run_id: the run that the events belong to.
        old: theme_id -> its statements; those that are in no group and no theme any more must be left out.
        new: the statements of each group.
        name: the id of a group that is no old theme, by its position.
        noise: statements that were there and stood in no theme.
    """
    known = frozenset().union(noise, *old.values())
    shared = [group & known for group in new]
    continued = _continued(old, shared)
    ids = tuple(continued[i][0] if i in continued else name(i) for i in range(len(new)))
    events = [
        LineageEvent(run_id, theme_id, "continued", None, round(overlap, 4))
        for theme_id, overlap in continued.values()
    ]
    events += [
        LineageEvent(run_id, ids[i], "born", None, None) for i in range(len(new)) if i not in continued
    ]
    gone = {theme_id for theme_id, _ in continued.values()}
    for theme_id in sorted(old):
        events += _parts(run_id, theme_id, old[theme_id], shared, ids, going_on=theme_id in gone)
    return Matched(ids, tuple(events))


def _continued(
    old: Mapping[str, frozenset[str]], shared: Sequence[frozenset[str]]
) -> dict[int, tuple[str, float]]:
    """Position of a group -> the theme that it is, and their overlap."""
    pairs = []
    for theme_id, statements in old.items():
        for position, group in enumerate(shared):
            both = len(statements & group)
            if both and both / len(statements | group) >= SAME:
                pairs.append((-both / len(statements | group), theme_id, position))
    found: dict[int, tuple[str, float]] = {}
    taken: set[str] = set()
    for overlap, theme_id, position in sorted(pairs):
        if theme_id not in taken and position not in found:
            found[position] = (theme_id, -overlap)
            taken.add(theme_id)
    return found


def _parts(
    run_id: str,
    theme_id: str,
    statements: frozenset[str],
    shared: Sequence[frozenset[str]],
    ids: Sequence[str],
    *,
    going_on: bool,
) -> list[LineageEvent]:
    """What became of an old theme besides going on."""
    shares = [
        (ids[i], len(statements & group) / len(statements), len(statements & group) / len(group))
        for i, group in enumerate(shared)
        if ids[i] != theme_id and statements & group
    ]
    parts = [(other, share) for other, share, of_other in shares if share >= PART and of_other >= SAME]
    if going_on:
        return [LineageEvent(run_id, theme_id, "split", other, round(share, 4)) for other, share in parts]
    whole = [(share, other) for other, share, _ in shares if share >= SAME]
    if whole and len(parts) < 2:
        share, other = max(whole)
        return [LineageEvent(run_id, theme_id, "merged", other, round(share, 4))]
    if len(parts) > 1:
        split = [LineageEvent(run_id, theme_id, "split", other, round(share, 4)) for other, share in parts]
        return [*split, LineageEvent(run_id, theme_id, "retired", None, None)]
    return [LineageEvent(run_id, theme_id, "retired", None, None)]
