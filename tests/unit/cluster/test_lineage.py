"""Each event in a theme's life, from readable groups: letters are statements."""

from __future__ import annotations

import pytest

from pipeline.cluster.lineage import match

CASES = {
    "goes on unchanged": ({"T1": "abcd"}, ["abcd"], ["T1"], [("T1", "continued", None, 1.0)]),
    "goes on with newcomers": ({"T1": "abcd"}, ["abcdxyz"], ["T1"], [("T1", "continued", None, 1.0)]),
    "goes on though one left": ({"T1": "abcd"}, ["abc"], ["T1"], [("T1", "continued", None, 0.75)]),
    "born": ({}, ["abcd"], ["N0"], [("N0", "born", None, None)]),
    "born of unknown statements beside an old one": (
        {"T1": "abcd"},
        ["abcd", "wxyz"],
        ["T1", "N1"],
        [("T1", "continued", None, 1.0), ("N1", "born", None, None)],
    ),
    "retired": ({"T1": "abcd"}, [], [], [("T1", "retired", None, None)]),
    "retired where its statements scatter": (
        {"T1": "abcdefgh", "T2": "qrstuvwxyz"},
        ["qrstuvwxyza"],
        ["T2"],
        [("T2", "continued", None, 0.9091), ("T1", "retired", None, None)],
    ),
    "merged into one that goes on": (
        {"T1": "abcdef", "T2": "xyz"},
        ["abcdefxyz"],
        ["T1"],
        [("T1", "continued", None, 0.6667), ("T2", "merged", "T1", 1.0)],
    ),
    "split, the larger part goes on": (
        {"T1": "abcdefgh"},
        ["abcde", "fgh"],
        ["T1", "N1"],
        [("T1", "continued", None, 0.625), ("N1", "born", None, None), ("T1", "split", "N1", 0.375)],
    ),
    "split into parts too small to go on": (
        {"T1": "abcdef"},
        ["abc12", "def34"],
        ["T1", "N1"],
        [("T1", "continued", None, 0.5), ("N1", "born", None, None), ("T1", "split", "N1", 0.5)],
    ),
    "split in three and retired": (
        {"T1": "abcdefghi"},
        ["abc", "def", "ghi"],
        ["N0", "N1", "N2"],
        [
            ("N0", "born", None, None),
            ("N1", "born", None, None),
            ("N2", "born", None, None),
            ("T1", "split", "N0", 0.3333),
            ("T1", "split", "N1", 0.3333),
            ("T1", "split", "N2", 0.3333),
            ("T1", "retired", None, None),
        ],
    ),
    "two thirds of a stranger do not make it the same": (
        {"T1": "abcd", "T2": "efghijkl"},
        ["abcdefghijkl"],
        ["T2"],
        [("T2", "continued", None, 0.6667), ("T1", "merged", "T2", 1.0)],
    ),
}


@pytest.mark.parametrize(
    ("noise", "expected"),
    [("", ("T1", "continued", None, 1.0)), ("wx", ("T1", "continued", None, 0.6667))],
)
def test_noise_that_is_taken_in_counts_against_the_overlap(
    noise: str, expected: tuple[str, str, None, float]
) -> None:
    found = match("run-9", {"T1": frozenset("abcd")}, [frozenset("abcdwxyz")], lambda i: f"N{i}", noise)
    assert [(e.theme_id, e.event, e.other_theme_id, e.overlap) for e in found.events] == [expected]


def test_a_theme_drowned_in_former_noise_is_another() -> None:
    found = match("run-9", {"T1": frozenset("abc")}, [frozenset("abcvwxyz")], lambda i: f"N{i}", "vwxyz")
    assert found.theme_ids == ("N0",)
    assert [(e.theme_id, e.event) for e in found.events] == [("N0", "born"), ("T1", "merged")]


@pytest.mark.parametrize("name", CASES)
def test_events(name: str) -> None:
    old, new, ids, events = CASES[name]
    found = match(
        "run-9",
        {key: frozenset(statements) for key, statements in old.items()},
        [frozenset(group) for group in new],
        lambda i: f"N{i}",
    )
    assert list(found.theme_ids) == ids
    assert [(e.theme_id, e.event, e.other_theme_id, e.overlap) for e in found.events] == events
    assert {e.run_id for e in found.events} <= {"run-9"}
