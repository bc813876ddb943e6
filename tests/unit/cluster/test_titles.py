"""Titles: distinctive phrases win, one talkative person does not."""

from __future__ import annotations

from pipeline.cluster.phrases import Phrase
from pipeline.cluster.titles import Telling, names


def told(person: str, *keys: str) -> Telling:
    return Telling(person, 1.0, [Phrase(key, key) for key in keys])


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


def test_half_a_phrase_leads_only_where_there_is_no_whole_one() -> None:
    hang = Phrase("hang on", "hang on", is_whole=False)
    tank = Phrase("fill tank", "fill the tank")
    both = [Telling("a", 1.0, [hang, tank]), Telling("b", 1.0, [hang])]
    assert names([both])[0].title.startswith("Fill the tank")
    assert names([[Telling("a", 1.0, [hang])]])[0].title == "Hang on"


def test_a_phrase_is_shown_as_most_people_say_it() -> None:
    one, many = Phrase("tank", "tank"), Phrase("tank", "tanks")
    theme = [Telling("a", 1.0, [one]), Telling("b", 1.0, [many]), Telling("c", 1.0, [many])]
    assert names([theme])[0].title == "Tanks"


def test_nothing_said_gives_an_empty_name() -> None:
    assert names([[Telling("a", 1.0, [])]])[0].keywords == ()
