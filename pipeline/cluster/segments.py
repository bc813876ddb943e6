"""People grouped by need: by the outcome and force themes that they share, never by age, sex or the like.

Each person is the set of themes that they tell of, rare themes weighing more. Groups are made by Ward's method, in
the number (2 to 6) that separates them best, and only stand where they separate better than the same themes dealt
out to people by chance.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.cluster.space import Matrix, Numbers, unit
from pipeline.records import Segment, Segmentation, Trait, content_id

PEOPLE = 12
"""Fewer people who tell of at least ``TOLD`` themes give no segments."""
TOLD = 2
SMALLEST = 3
MOST_SEGMENTS = 6
READ = 2_000
"""People that are compared with each other; further ones join the segment nearest to them."""
CHANCES = 5
"""Times that themes are dealt out by chance."""
TRAITS = 5


def segments(told: Sequence[tuple[str, str]]) -> Segmentation:
    """The segments of people, given (participant_id, theme_id) of all that they tell of, in any order.

    Without segments the reason is ``too_few_people`` or ``no_clear_groups``.
    """
    pairs = sorted(set(told))
    number: dict[str, int] = {}
    for person, _ in pairs:
        number[person] = number.get(person, 0) + 1
    people = [person for person in number if number[person] >= TOLD]
    if len(people) < PEOPLE:
        return Segmentation("too_few_people", len(people), 0.0, ())
    themes = sorted({theme for _, theme in pairs})
    tells = _tells(pairs, people, themes)
    chosen = np.sort(np.random.default_rng(0).permutation(len(people))[:READ])
    found, quality = _best(_weighted(tells[chosen]))
    if quality <= max(_chance(tells[chosen], seed) for seed in range(1, CHANCES + 1)):
        return Segmentation("no_clear_groups", len(people), round(quality, 4), ())
    labels = _joined(tells, chosen, found)
    return Segmentation(None, len(people), round(quality, 4), _described(labels, tells, people, themes))


def _tells(pairs: Sequence[tuple[str, str]], people: Sequence[str], themes: Sequence[str]) -> Matrix:
    row = {person: i for i, person in enumerate(people)}
    column = {theme: i for i, theme in enumerate(themes)}
    tells = np.zeros((len(people), len(themes)), dtype=np.float32)
    for person, theme in pairs:
        if person in row:
            tells[row[person], column[theme]] = 1.0
    return tells


def _weighted(tells: Matrix) -> Matrix:
    rarity = np.log((1 + len(tells)) / (1 + tells.sum(axis=0)))
    return unit(tells * rarity)


def _best(rows: Matrix) -> tuple[Numbers, float]:
    """The grouping that separates best, and how well: the mean silhouette, -1 to 1."""
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(rows.astype(np.float64), "ward")
    distances = 1.0 - rows @ rows.T
    best, quality = np.zeros(len(rows), dtype=np.int64), -1.0
    for count in range(2, MOST_SEGMENTS + 1):
        labels = np.asarray(fcluster(tree, count, "maxclust"), dtype=np.int64) - 1
        if np.bincount(labels).min() < SMALLEST or labels.max() == 0:
            continue
        score = _silhouette(distances, labels)
        if score > quality + 1e-9:
            best, quality = labels, score
    return best, quality


def _silhouette(distances: Matrix, labels: Numbers) -> float:
    member = np.eye(int(labels.max()) + 1)[labels]
    sizes = member.sum(axis=0)
    to_each = distances @ member
    own = labels
    rows = np.arange(len(labels))
    inside = to_each[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = to_each / sizes
    means[rows, own] = np.inf
    outside = means.min(axis=1)
    return float(np.mean((outside - inside) / np.maximum(np.maximum(inside, outside), 1e-9)))


def _chance(tells: Matrix, seed: int) -> float:
    """How well people separate when every theme is dealt out to as many of them by chance."""
    dealt = np.random.default_rng(seed).permuted(tells, axis=0)
    return _best(_weighted(dealt))[1]


def _joined(tells: Matrix, chosen: Numbers, found: Numbers) -> Numbers:
    """The segment of everybody: those not compared join the nearest."""
    rows = _weighted(tells)
    middles = unit(np.array([rows[chosen][found == k].mean(axis=0) for k in range(int(found.max()) + 1)]))
    labels = np.argmax(rows @ middles.T, axis=1)
    labels[chosen] = found
    return np.asarray(labels, dtype=np.int64)


def _described(
    labels: Numbers, tells: Matrix, people: Sequence[str], themes: Sequence[str]
) -> tuple[Segment, ...]:
    described = []
    for k in range(int(labels.max()) + 1):
        inside = labels == k
        here, there = tells[inside].mean(axis=0), tells[~inside].mean(axis=0)
        order = sorted(range(len(themes)), key=lambda i: (-round(float(here[i] - there[i]), 6), themes[i]))
        traits = tuple(
            Trait(themes[i], round(float(here[i]), 4), round(float(there[i]), 4))
            for i in order[:TRAITS]
            if here[i] > there[i]
        )
        key = content_id("sg", *(trait.theme_id for trait in traits))
        members = tuple(person for person, member in zip(people, inside, strict=True) if member)
        described.append(Segment(key, members, traits))
    return tuple(sorted(described, key=lambda segment: (-len(segment.participant_ids), segment.segment_id)))
