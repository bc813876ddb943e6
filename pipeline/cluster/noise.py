"""Statements of no theme: which theme is nearest, how far it is, and why they do not belong to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from pipeline.cluster.space import Nearest
from pipeline.records import Centre, NoiseStatement

NEARLY = 1.1
"""Of a theme's reach: a second theme within it makes a statement lie between the two."""


def nothing_found(statement_ids: Iterable[str]) -> tuple[NoiseStatement, ...]:
    """All statements, where there are too few to speak of themes."""
    return tuple(NoiseStatement(key, None, None, "too_few_statements") for key in statement_ids)


def explained(
    statement_ids: Sequence[str], near: Nearest, centres: Sequence[Centre], lonely: Collection[str]
) -> Iterator[NoiseStatement]:
    """Each statement with its reason: between themes where density left it out though one reaches it, or where two
    nearly do; else far from all.

    Args:
        statement_ids: what was left out, in the order of ``near``.
        near: the nearest centre of each.
        centres: what ``near`` counts; none where no theme stands.
        lonely: those whose group was told by too few people.
    """
    for i, key in enumerate(statement_ids):
        if not centres:
            yield NoiseStatement(key, None, None, "too_few_participants" if key in lonely else "far_from_all")
            continue
        closest = centres[int(near.numbers[i])]
        distance = float(near.distances[i])
        if key in lonely:
            reason = "too_few_participants"
        else:
            between = distance <= closest.reach or near.seconds[i] <= NEARLY * closest.reach
            reason = "between_themes" if between else "far_from_all"
        yield NoiseStatement(key, closest.theme_id, round(distance, 6), reason)  # type: ignore[arg-type]
