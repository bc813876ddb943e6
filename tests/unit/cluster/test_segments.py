"""Segments: people who share themes stand together, and chance makes no segments."""

from __future__ import annotations

import numpy as np

from pipeline.cluster import segments


def told(groups: int, people: int, *, mixed: float, seed: int = 3) -> list[tuple[str, str]]:
    """People of some groups, each telling of themes of their group; ``mixed`` is the share told of any group."""
    rng = np.random.default_rng(seed)
    return [
        (
            f"p{person:03}",
            f"th{rng.integers(groups * 6) if rng.random() < mixed else group * 6 + rng.integers(6):03}",
        )
        for person in range(people)
        for group in [person % groups]
        for _ in range(5)
    ]


def test_people_who_share_themes_stand_together() -> None:
    found = segments(told(3, 30, mixed=0.1))
    assert found.reason is None
    assert sorted(len(one.participant_ids) for one in found.segments) == [10, 10, 10]
    for one in found.segments:
        assert len({int(person[1:]) % 3 for person in one.participant_ids}) == 1
        assert all(trait.inside > trait.outside for trait in one.traits)


def test_chance_makes_no_segments() -> None:
    found = segments(told(3, 30, mixed=1.0))
    assert (found.reason, found.segments) == ("no_clear_groups", ())


def test_few_people_are_no_segments() -> None:
    found = segments(told(3, 9, mixed=0.0))
    assert (found.reason, found.n_people) == ("too_few_people", 9)


def test_the_order_of_what_is_told_changes_nothing() -> None:
    pairs = told(3, 30, mixed=0.1)
    assert segments(pairs) == segments(pairs[::-1])
