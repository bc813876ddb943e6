"""Titles: distinctive phrases win, one talkative person does not."""

from __future__ import annotations

from pipeline.cluster.phrases import Phrase
from pipeline.cluster.titles import Telling, names


def told(person: str, *keys: str) -> Telling:
    return Telling(person, 1.0, [Phrase(key, key, is_action=False) for key in keys])


def test_a_phrase_of_every_theme_names_none() -> None:
    first = [
        told("a", "car", "repair bill"),
        told("b", "car", "repair bill"),
        told("c", "car", "repair bill"),
    ]
    second = [told("a", "car", "parking"), told("b", "car", "parking"), told("c", "car", "parking")]
    found = names([first, second])
    assert found[0].title.startswith("Repair bill")
    assert found[1].title.startswith("Parking")


def test_people_count_and_not_mentions() -> None:
    theme = [
        told("a", "moss"),
        told("a", "moss"),
        told("a", "moss"),
        told("b", "garage"),
        told("c", "garage"),
    ]
    other = [told("d", "ferry"), told("e", "ferry")]
    assert names([theme, other])[0].keywords[0] == "garage"


def test_equal_weights_are_ordered_by_the_alphabet() -> None:
    assert names([[told("a", "zebra", "apple")]])[0].keywords == ("apple", "zebra")
