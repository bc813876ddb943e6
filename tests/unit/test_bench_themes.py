"""The bench of themes says what it measures: scores, planted corpora, identity from night to night, matching."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from bench.themes.corpora import STUDIES, Corpus, Encoder, Told, intents, joined, planted
from bench.themes.nights import kept
from bench.themes.reading import _planted, write
from bench.themes.recovery import neighbours
from bench.themes.scores import agreement, score
from pipeline import embed


def corpus(*themes: str) -> Corpus:
    told = tuple(
        Told(f"s{i}", f"p{i}", "push", theme, f"text {i}", around="around") for i, theme in enumerate(themes)
    )
    rows = np.eye(len(themes), dtype=np.float32)
    return Corpus("test", told, rows, rows)


class Lengths:
    """An encoder that counts letters, and how often it is called into being."""

    made: ClassVar[list[str]] = []

    def __init__(self, name: str) -> None:
        self.made.append(name)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([[len(text)] for text in texts], dtype=np.float32)


def test_kept_vectors_are_those_of_the_same_model_read_in_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embed, "SentenceEncoder", Lengths)
    keys = {"minilm": "minilm:1"}
    monkeypatch.setattr(embed, "model_key", keys.__getitem__)
    encoder = Encoder("minilm", tmp_path)
    for _ in range(2):
        assert encoder.rows(["one", "three"]).tolist() == [[3.0], [5.0]]
    assert Lengths.made == ["minilm"]
    monkeypatch.setattr(embed, "VERSION", "another")
    encoder.rows(["one", "three"])
    keys["minilm"] = "minilm:2"
    encoder.rows(["one", "three"])
    assert len(Lengths.made) == 3


def test_noise_counts_as_a_group_of_its_own() -> None:
    found = score(corpus("a", "a", "b", "b", ""), ["1", "1", "2", "", ""])
    assert found.groups == 2
    assert found.true_groups == 2
    assert found.noise == 0.25
    assert score(corpus("a", "a", "b", "b", ""), ["1", "1", "2", "2", ""]).ari == 1.0
    assert found.ari < 1.0


def test_all_in_one_group_recovers_nothing() -> None:
    assert score(corpus("a", "a", "b", "b"), ["1"] * 4).ari == pytest.approx(0.0)


def test_agreement_is_on_the_statements_of_both() -> None:
    assert agreement({"a": "1", "b": "1", "c": "2"}, {"a": "x", "b": "x", "d": "y"}) == 1.0


def test_an_id_that_changes_meaning_is_seen() -> None:
    before = {"a": "t", "b": "t", "c": "", "d": ""}
    now = {"a": "", "b": "t", "c": "t", "d": "t", "e": "t"}
    assert kept(before, now) == [0.25]
    assert kept(before, before) == [1.0]


@pytest.mark.parametrize("study", STUDIES)
def test_planted_studies_are_as_the_bars_ask(study: str) -> None:
    told = planted(study)
    assert len({one.person for one in told}) >= 30
    assert len({(one.label, one.theme) for one in told if one.theme}) == 20
    assert {one.label for one in told} == {"push", "pull", "anxiety", "habit", "outcome"}
    assert all(one.text in one.around for one in told)


def test_intents_are_read_by_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "intents.csv"
    path.write_text('text,category\n"Where is my card?",card_arrival\nI lost it,lost_card\n')
    assert [(one.text, one.theme) for one in intents(path)] == [
        ("Where is my card?", "card_arrival"),
        ("I lost it", "lost_card"),
    ]


def test_neighbours_of_one_theme_share_it() -> None:
    one = corpus(*"aaaaaabbbbbb")
    rows = np.repeat(np.eye(2, dtype=np.float32), 6, axis=0)
    assert neighbours(Corpus("test", one.told, rows, None), 0.0) == 1.0


def test_several_corpora_are_one_archive() -> None:
    both = joined([corpus("a", "b"), corpus("c", "d")])
    assert len(both.told) == len(both.vectors) == 4


def test_found_statements_are_matched_with_planted_ones(tmp_path: Path) -> None:
    truth = write("vet-records", tmp_path / "interviews")
    name = sorted(truth)[0]
    turn, start, end, planted_one = truth[name][0]
    label = planted_one[1]
    assert _planted(truth, f"interviews/{name}", turn, start, end, label) == planted_one
    assert _planted(truth, f"interviews/{name}", "another turn", start, end, label) is None
    assert (tmp_path / "interviews" / name).read_text().startswith("Interviewer: ")
