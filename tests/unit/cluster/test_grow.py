"""A label from night to night: what joins, waits, is born, retired, kept apart or together by people's word."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline import cluster
from pipeline.cluster.space import centre
from pipeline.config import Settings
from pipeline.records import SubTheme
from tests.unit.cluster.nights import WIDTH, Nights, Told

THINGS = ("repair bill", "parking permit", "insurance letter", "rusty gearbox", "ferry ticket", "broken lift")
CENTRES = np.random.default_rng(5).normal(size=(len(THINGS), WIDTH))
ASIDE = 5.0 * np.linalg.svd(CENTRES)[2][-1]
"""A direction that no theme lies in, nearly as long as those of the themes."""


@pytest.fixture(scope="module")
def resources() -> cluster.Resources:
    return cluster.load(Settings())


def tell(
    name: str, thing: int, count: int, *, people: int = 6, noise: float = 0.3, aside: float = 0.0
) -> list[Told]:
    """Statements about a thing by several people; ``aside``: told from another side, in like vectors."""
    random = np.random.default_rng([ord(letter) for letter in name])
    found = []
    for i in range(count):
        row = CENTRES[thing] + aside * ASIDE + noise * random.normal(size=WIDTH)
        text = f"I was tired of the {THINGS[thing]} again, number {i}."
        found.append(Told(f"{name}{i:02}", f"p{i % people}", text, row / np.linalg.norm(row)))
    return found


def studied(resources: cluster.Resources) -> Nights:
    """Four themes of fifteen statements each, fitted."""
    nights = Nights(resources)
    nights.night([told for thing in range(4) for told in tell(f"first-{thing}-", thing, 15)])
    return nights


def about(nights: Nights, prefix: str) -> str:
    """The theme that most statements of a name stand in."""
    found = [one.theme_id for key, one in nights.members.items() if key.startswith(prefix)]
    return max(sorted(set(found)), key=found.count)


def events(nights: Nights) -> list[tuple[str, str]]:
    assert nights.last is not None
    return sorted((one.event, one.theme_id) for one in nights.last.events)


def status(nights: Nights) -> dict[str, str]:
    assert nights.last is not None
    return {theme.theme_id: theme.status for theme in nights.last.themes}


def test_new_statements_join_the_theme_that_reaches_them(resources: cluster.Resources) -> None:
    nights = studied(resources)
    themes, theme = nights.themes(), about(nights, "first-2-")
    found = nights.night(tell("new", 2, 5, noise=0.1))
    assert {(one.theme_id, one.how) for one in found.members} == {(theme, "assigned")}
    assert nights.themes().keys() == themes.keys()
    assert events(nights) == []


def test_what_no_theme_reaches_waits_and_forms_a_theme(resources: cluster.Resources) -> None:
    nights = studied(resources)
    before = set(nights.themes())
    nights.night(tell("few", 4, 4, noise=0.2))
    assert {one.reason for one in nights.last.noise if one.statement_id.startswith("few")} == {"far_from_all"}
    nights.night([*tell("more", 4, 8, noise=0.2), *tell("alone", 5, 8, people=1, noise=0.2)])
    [born] = set(nights.themes()) - before
    assert about(nights, "few") == about(nights, "more") == born
    assert events(nights) == [("born", born)]
    title = next(theme.title for theme in nights.last.themes if theme.theme_id == born)
    assert "ferry" in title.lower()


def test_a_group_of_one_person_says_so_every_night(resources: cluster.Resources) -> None:
    nights = studied(resources)
    alone = tell("alone", 5, 8, people=1, noise=0.2)
    nights.night([*alone, *tell("more", 4, 8, noise=0.2)])
    for _ in range(2):
        reasons = {reason for key, reason in nights.noise.items() if key.startswith("alone")}
        assert reasons == {"too_few_participants"}
        nights.night(tell("late", 1, 1, noise=0.1))


def test_too_few_statements_stay_too_few(resources: cluster.Resources) -> None:
    nights = Nights(resources)
    for _ in range(2):
        nights.night(tell("few", 0, 5))
        assert set(nights.noise.values()) == {"too_few_statements"}


def test_strangers_left_over_by_held_themes_are_no_theme(resources: cluster.Resources) -> None:
    nights = studied(resources)
    held = [{"theme": theme_id, "title": "Held"} for theme_id in sorted(nights.themes())]
    nights.night(
        [told for thing in (4, 5) for told in tell(f"s{thing}", thing, 2)],
        mode="refit",
        curation={"rename": held},
    )
    assert len(nights.themes()) == 4


def test_noise_is_not_swept_away_where_that_is_not_wanted(resources: cluster.Resources) -> None:
    nights = studied(resources)
    [left_out] = tell("between", 2, 1, noise=0.1)
    nights.told[left_out.key], nights.noise[left_out.key] = left_out, "between_themes"
    nights.night(tell("new", 2, 3, noise=0.1), assign_noise=False)
    assert nights.noise[left_out.key] == "between_themes"
    assert about(nights, "new") == about(nights, "first-2-")


def test_a_theme_that_lost_its_people_is_retired_and_its_statements_are_noise(
    resources: cluster.Resources,
) -> None:
    nights = studied(resources)
    theme = about(nights, "first-3-")
    nights.lose(key for key in nights.themes()[theme] if nights.told[key].person != "p0")
    nights.night()
    assert theme not in nights.themes()
    assert (events(nights), status(nights)[theme]) == ([("retired", theme)], "retired")
    assert {key for key in nights.told if key.startswith("first-3-")} <= set(nights.noise)


def test_a_theme_that_people_named_stands_while_anyone_tells_of_it(resources: cluster.Resources) -> None:
    nights = studied(resources)
    theme = about(nights, "first-3-")
    left = {key for key in nights.themes()[theme] if nights.told[key].person == "p0"}
    nights.lose(nights.themes()[theme] - left)
    nights.night(curation={"rename": [{"theme": theme, "title": "The gearbox"}]})
    assert nights.themes()[theme] == left
    assert status(nights)[theme] == "active"


@pytest.mark.parametrize("mode", ["grow", "refit"])
def test_themes_outlive_their_statements_where_interviews_are_read_anew(
    resources: cluster.Resources, mode: str
) -> None:
    nights = studied(resources)
    before = {about(nights, f"first-{thing}-"): thing for thing in range(4)}
    nights.lose(list(nights.told))
    again = [told for thing in range(4) for told in tell(f"again-{thing}-", thing, 15)]
    nights.night(again, mode=mode)  # type: ignore[arg-type]
    assert {about(nights, f"again-{thing}-"): thing for thing in range(4)} == before
    assert {event for event, _ in events(nights)} <= {"continued"}


def test_a_held_theme_is_no_husk_after_interviews_were_read_anew(resources: cluster.Resources) -> None:
    nights = studied(resources)
    theme = about(nights, "first-0-")
    nights.lose([key for key in nights.told if key != min(nights.themes()[theme])])
    again = [told for thing in range(4) for told in tell(f"again-{thing}-", thing, 15)]
    nights.night(again, mode="refit", curation={"rename": [{"theme": theme, "title": "The bill"}]})
    assert len(nights.themes()[theme]) >= 8
    assert about(nights, "again-0-") == theme


@pytest.mark.parametrize("mode", ["grow", "refit"])
def test_a_theme_told_otherwise_is_no_second_theme(resources: cluster.Resources, mode: str) -> None:
    nights = studied(resources)
    before, theme = set(nights.themes()), about(nights, "first-0-")
    curation = {"rename": [{"theme": theme, "title": "The bill"}]}
    nights.night(
        [*tell("otherwise", 0, 10, noise=0.15, aside=0.4), *tell("more", 4, 10, noise=0.15)],
        mode=mode,  # type: ignore[arg-type]
        curation=curation,
    )
    assert about(nights, "otherwise") == theme
    assert len(set(nights.themes()) - before) == 1


def parted(resources: cluster.Resources) -> tuple[Nights, str]:
    """Four themes, one of them in two parts: told from two sides."""
    nights = studied(resources)
    theme = about(nights, "first-0-")
    assert nights.last is not None
    parts, centres = [], []
    for name, half in (("sub-a", slice(0, 7)), ("sub-b", slice(7, None))):
        keys = sorted(nights.themes()[theme])[half]
        for key in keys:
            nights.members[key] = replace(nights.members[key], sub_theme_id=name)
        parts.append(SubTheme(name, theme, name, (name,), keys[0]))
        rows = np.array([nights.told[key].vector for key in keys]) - np.array(nights.last.fit.offset)
        centres.append(centre(name, rows / np.linalg.norm(rows, axis=1, keepdims=True), part_of=theme))
    nights.last = replace(
        nights.last,
        sub_themes=tuple(parts),
        centres=(*(one for one in nights.last.centres if one.part_of is None), *centres),
    )
    return nights, theme


def test_a_split_outlives_refits_and_its_parts_their_statements(resources: cluster.Resources) -> None:
    nights, theme = parted(resources)
    before = {key: one.sub_theme_id for key, one in nights.members.items() if one.theme_id == theme}
    curation = {"split": [{"theme": theme}], "rename": [{"theme": "sub-a", "title": "One side"}]}
    nights.night(mode="grow", curation=curation)
    assert status(nights) | {"sub-a": "active", "sub-b": "active"} == status(nights)
    for night in range(2):
        nights.night(tell(f"new-{night}-", 0, 8, noise=0.15), mode="refit", curation=curation)
        assert {note.status for note in nights.last.notes} == {"applied"}
        shown = {one.theme_id: one for one in nights.last.themes if one.status == "active"}
        assert shown["sub-a"].title == "One side"
        assert {key: nights.members[key].sub_theme_id for key in before} == before
        assert shown["sub-a"].n_statements + shown["sub-b"].n_statements >= len(before)


def test_a_merge_lasts_and_can_be_taken_back(resources: cluster.Resources) -> None:
    nights = studied(resources)
    one, other = about(nights, "first-0-"), about(nights, "first-1-")
    curation = {"merge": [{"theme": one, "into": other}]}
    nights.night(curation=curation)
    assert (status(nights)[one], events(nights)) == ("merged", [("merged", one)])
    found = nights.night(tell("new", 0, 10, noise=0.1), mode="refit", curation=curation)
    assert status(nights)[one] == "merged"
    assert next(theme.n_statements for theme in found.themes if theme.theme_id == other) >= 35
    nights.night()
    assert (status(nights)[one], events(nights)) == ("active", [("continued", one)])


def test_what_is_said_of_a_theme_that_is_gone_is_told_every_night(resources: cluster.Resources) -> None:
    nights = studied(resources)
    theme = about(nights, "first-3-")
    nights.lose(list(nights.themes()[theme]))
    curation = {"pin": [{"statement": "first-0-00", "theme": theme}], "retire": [{"theme": theme}]}
    for _ in range(2):
        found = nights.night(curation=curation)
        assert [note.status for note in found.notes] == ["conflict", "conflict"]
        assert found.pins == ()
        assert status(nights)[theme] == "retired"
