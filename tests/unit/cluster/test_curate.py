"""The curation file: what each entry does, and that contradictions are told and not resolved."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cluster.curate import Curation, Scene, judge, read, unknown
from pipeline.errors import ConfigError

SCENE = Scene(
    "push", {"A", "B", "C", "G"}, {"A": ("A1", "A2"), "B": ("B1", "B2")}, {"s1", "s2"}, {"A", "B", "C"}
)
"""G does not stand any more."""


def word(**entries: list[dict[str, str]]) -> Curation:
    return Curation.model_validate(entries)


def test_nothing_said_changes_nothing() -> None:
    verdict = judge(Curation(), SCENE)
    assert [(p.machine_theme_id, p.theme_id) for p in verdict.placements(SCENE)] == [
        ("A", "A"),
        ("B", "B"),
        ("C", "C"),
        ("G", "G"),
    ]


def test_merges_chain() -> None:
    verdict = judge(word(merge=[{"theme": "A", "into": "B"}, {"theme": "B", "into": "C"}]), SCENE)
    assert {p.machine_theme_id: p.theme_id for p in verdict.placements(SCENE)} == {
        "A": "C",
        "B": "C",
        "C": "C",
        "G": "G",
    }
    assert {note.status for note in verdict.notes} == {"applied"}


def test_a_split_sets_the_parts_free() -> None:
    placements = judge(word(split=[{"theme": "A"}]), SCENE).placements(SCENE)
    assert {(p.machine_theme_id, p.sub_theme_id, p.theme_id) for p in placements} >= {
        ("A", None, "A"),
        ("A", "A1", "A1"),
        ("A", "A2", "A2"),
    }


def test_retired_goes_nowhere() -> None:
    verdict = judge(word(retire=[{"theme": "B", "reason": "small talk"}]), SCENE)
    assert verdict.final("B") is None


def test_a_pin_follows_a_merge() -> None:
    verdict = judge(word(merge=[{"theme": "A", "into": "B"}], pin=[{"statement": "s1", "theme": "A"}]), SCENE)
    assert verdict.pins == {"s1": "B"}


CONFLICTS = {
    "two titles": {"rename": [{"theme": "A", "title": "one"}, {"theme": "A", "title": "two"}]},
    "each into the other": {"merge": [{"theme": "A", "into": "B"}, {"theme": "B", "into": "A"}]},
    "into itself": {"merge": [{"theme": "A", "into": "A"}]},
    "into a retired one": {"retire": [{"theme": "B"}], "merge": [{"theme": "A", "into": "B"}]},
    "retired and merged": {"retire": [{"theme": "A"}], "merge": [{"theme": "A", "into": "B"}]},
    "merged twice": {"merge": [{"theme": "A", "into": "B"}, {"theme": "A", "into": "C"}]},
    "across labels": {"merge": [{"theme": "A", "into": "Z"}]},
    "of one piece": {"split": [{"theme": "C"}]},
    "pin into one that is gone": {"pin": [{"statement": "s1", "theme": "G"}]},
    "merge into one that is gone": {"merge": [{"theme": "A", "into": "G"}]},
    "merge of one that is gone": {"merge": [{"theme": "G", "into": "A"}]},
    "retire one that is gone": {"retire": [{"theme": "G"}]},
    "split one that is gone": {"split": [{"theme": "G"}]},
    "title of one that is gone": {"rename": [{"theme": "G", "title": "one"}]},
    "pin into a part of a whole theme": {"pin": [{"statement": "s1", "theme": "B1"}]},
    "merge into a part of a whole theme": {"merge": [{"theme": "C", "into": "B1"}]},
    "title of a part of a whole theme": {"rename": [{"theme": "B1", "title": "one"}]},
    "retire a part of a whole theme": {"retire": [{"theme": "B1"}]},
    "split and merged": {"merge": [{"theme": "A", "into": "B"}], "split": [{"theme": "A"}]},
    "pinned twice": {"pin": [{"statement": "s1", "theme": "A"}, {"statement": "s1", "theme": "B"}]},
    "unknown statement": {"pin": [{"statement": "s9", "theme": "A"}]},
    "statement of another label": {"pin": [{"statement": "s1", "theme": "Z"}]},
    "title of a retired one": {"retire": [{"theme": "A"}], "rename": [{"theme": "A", "title": "one"}]},
}


def test_what_conflicts_puts_nothing_anywhere() -> None:
    curation = word(
        pin=[{"statement": "s1", "theme": "G"}, {"statement": "s2", "theme": "B1"}],
        merge=[{"theme": "A", "into": "G"}],
    )
    verdict = judge(curation, SCENE)
    assert (verdict.pins, verdict.into) == ({}, {})


def test_parts_of_a_split_theme_are_themes() -> None:
    curation = word(
        split=[{"theme": "A"}],
        rename=[{"theme": "A1", "title": "one"}],
        merge=[{"theme": "A2", "into": "B"}],
        pin=[{"statement": "s1", "theme": "A1"}],
    )
    verdict = judge(curation, SCENE)
    assert {note.status for note in verdict.notes} == {"applied"}
    assert (verdict.titles, verdict.into, verdict.pins) == ({"A1": "one"}, {"A2": "B"}, {"s1": "A1"})


@pytest.mark.parametrize("name", CONFLICTS)
def test_conflicts_are_told(name: str) -> None:
    notes = judge(word(**CONFLICTS[name]), SCENE).notes
    assert [note.status for note in notes].count("conflict") == 1
    assert all(note.detail for note in notes if note.status == "conflict")


def test_an_entry_that_no_label_knows_is_a_conflict() -> None:
    curation = word(rename=[{"theme": "A", "title": "one"}, {"theme": "Q", "title": "two"}])
    notes = judge(curation, SCENE).notes
    assert [note.entry for note in unknown(curation, notes)] == ["rename 2"]


def test_the_themes_that_people_spoke_about_are_held() -> None:
    curation = word(rename=[{"theme": "A", "title": "x"}], merge=[{"theme": "B", "into": "C"}])
    assert curation.held() == {"A", "B", "C"}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[[rename]]\ntheme = 'A'\n", "rename 1 title"),
        ("[[merge]]\ntheme = 'A'\ninto = 'B'\nwhy = 'x'\n", "merge 1 why"),
        ("version = 2\n", "version"),
        ("[[rename\n", "TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_its_entry(tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / "themes.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=where):
        read(str(path))


def test_a_missing_file_is_told() -> None:
    with pytest.raises(ConfigError, match="cannot read the curation file"):
        read("/nowhere/themes.toml")
