"""English endings and neutral words."""

from __future__ import annotations

from functools import lru_cache

import pytest
import spacy
from spacy.language import Language

from pipeline.extract.outcome.wording import gerund, text, third
from pipeline.resources import checked


@lru_cache(maxsize=1)
def english() -> Language:
    return spacy.load(checked("en_core_web_sm"), exclude=["ner", "senter"])


@pytest.mark.parametrize(
    ("verb", "wanted"),
    [
        ("find", "finding"),
        ("lose", "losing"),
        ("be", "being"),
        ("run", "running"),
        ("see", "seeing"),
        ("lie", "lying"),
        ("forget", "forgetting"),
        ("open", "opening"),
        ("visit", "visiting"),
        ("fix", "fixing"),
        ("show", "showing"),
        ("play", "playing"),
        ("dye", "dyeing"),
        ("control", "controlling"),
        ("ring", "ringing"),
        ("carry", "carrying"),
        ("stop", "stopping"),
        ("eat", "eating"),
        ("need", "needing"),
        ("quit", "quitting"),
        ("stir", "stirring"),
        ("hear", "hearing"),
        ("send", "sending"),
        ("keep", "keeping"),
    ],
)
def test_gerund(verb: str, wanted: str) -> None:
    assert gerund(verb) == wanted


@pytest.mark.parametrize(
    ("verb", "wanted"),
    [
        ("find", "finds"),
        ("go", "goes"),
        ("carry", "carries"),
        ("be", "is"),
        ("have", "has"),
        ("miss", "misses"),
        ("pay", "pays"),
    ],
)
def test_third(verb: str, wanted: str) -> None:
    assert third(verb) == wanted


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("when I come in with my kids", "when one comes in with the kids"),
        ("before you've paid", "before one has paid"),
        ("if we don't know", "if one doesn't know"),
        ("my own keys", "one's own keys"),
        ("at my mother's", "at one's mother's"),
        ("what's wrong with it", "what's wrong with it"),
        ("the co-op's van, and", "the co-op's van"),
        ("something I can lift by myself", "something one can lift by oneself"),
    ],
)
def test_neutral_text(said: str, wanted: str) -> None:
    assert text(list(english()(said))) == wanted
