"""What an outcome sentence is about where no rule says it: weights by named feature, and when they overrule."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from pipeline.errors import ModelError
from pipeline.extract.outcome import guess as module
from pipeline.extract.outcome.draft import draft, framed
from pipeline.extract.outcome.guess import Guess, Linear, Ruled, candidates, guessed, shipped_guess
from pipeline.extract.outcome.lexicon import shipped
from pipeline.resources import checked

NONE = Linear(classes=("head",), bias=(0.0,), weights={})
SPOKEN = "Half the day went on ringing round the suppliers."


@lru_cache(maxsize=1)
def english() -> Language:
    return spacy.load(checked("en_core_web_sm"), exclude=["ner", "senter"])


def guess(
    head: dict[str, tuple[float, ...]], direction: tuple[float, float], measure: tuple[float, float]
) -> Guess:
    return Guess(
        head=Linear(classes=("head",), bias=(0.0,), weights=head),
        direction=Linear(classes=("minimize", "increase"), bias=direction, weights={}),
        measure=Linear(classes=("likelihood", "time"), bias=measure, weights={}),
    )


def test_the_likeliest_class_comes_with_its_chance() -> None:
    model = Linear(classes=("time", "cost"), bias=(0.0, 1.0), weights={"word hour": (3.0, 0.0)})
    assert model.likeliest({"word hour": 1.0, "word unknown": 1.0})[0] == "time"
    name, chance = model.likeliest({})
    assert name == "cost"
    assert chance == pytest.approx(0.7311, abs=1e-4)


def test_the_word_with_the_most_weight_is_the_head() -> None:
    span = english()(SPOKEN)[:]
    found = guessed(span, shipped(), "problem", Ruled(), guess({"lemma ring": (2.0,)}, (1, 0), (0, 3)))
    assert found is not None
    assert (found.frame.head.text, found.frame.wanted) == ("ringing", False)
    assert (found.direction, found.measure) == ("minimize", "time")


def test_the_rules_keep_the_direction_and_measure_of_which_the_model_is_not_sure() -> None:
    span = english()(SPOKEN)[:]
    ruled = Ruled("wish", 1, "increase", "likelihood")
    unsure, sure = (
        guess({"lemma ring": (2.0,)}, (1, 0), (0, 1)),
        guess({"lemma ring": (2.0,)}, (3, 0), (0, 3)),
    )
    kept = guessed(span, shipped(), "problem", ruled, unsure)
    assert kept is not None
    assert (kept.direction, kept.measure, kept.frame.measure) == ("increase", "likelihood", None)
    changed = guessed(span, shipped(), "problem", ruled, sure)
    assert changed is not None
    assert (changed.direction, changed.measure) == ("minimize", "time")


def test_a_word_that_is_hardly_likelier_than_that_of_the_rules_is_left() -> None:
    span = english()(SPOKEN)[:]
    day = next(t.i for t in span if t.text == "day")
    ruled = Ruled("wish", day, "increase", "likelihood")
    assert guessed(span, shipped(), "goal", ruled, guess({"lemma ring": (0.4,)}, (1, 0), (1, 0))) is None
    assert guessed(span, shipped(), "goal", ruled, guess({"lemma ring": (0.6,)}, (1, 0), (1, 0))) is not None


def test_what_must_not_be_missed_is_no_head() -> None:
    span = english()("I booked it off so she gets there without losing pay.")[:]
    assert "losing" not in [t.text for t in candidates(span)]


@pytest.mark.parametrize("text", ["", "...", "42!", "And, er,"])
def test_a_sentence_without_words_has_no_head(text: str) -> None:
    doc = english()(text)
    assert guessed(doc[:], shipped(), "goal", Ruled(), shipped_guess()) is None
    assert draft(doc[:], shipped(), "goal").verdict == "not_an_outcome"


def test_only_an_outcome_is_guessed() -> None:
    span = english()(SPOKEN)[:]
    assert framed(span, shipped(), None).verdict == draft(span, shipped(), None).verdict == "not_an_outcome"
    made = draft(span, shipped(), "problem")
    assert (made.verdict, made.direction, made.measure) == ("implied", "minimize", "time")
    assert made.canonical is None


def test_a_damaged_model_is_told_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "models_folder", lambda: tmp_path)
    (tmp_path / "outcomes").mkdir()
    (tmp_path / "outcomes" / "guess.json").write_text(json.dumps({"head": NONE.model_dump()}))
    shipped_guess.cache_clear()
    with pytest.raises(ModelError, match=r"guess\.json"):
        shipped_guess()
    shipped_guess.cache_clear()
