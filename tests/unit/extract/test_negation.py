"""What counts as a denial of words (codebook, hard case 8)."""

from __future__ import annotations

from functools import lru_cache

import pytest
import spacy
from spacy.language import Language

from pipeline.extract.negation import is_negated
from pipeline.resources import checked


@lru_cache(maxsize=1)
def english() -> Language:
    return spacy.load(checked("en_core_web_sm"), exclude=["ner", "senter"])


def negated(text: str, word: str) -> bool:
    return is_negated(next(token for token in english()(text) if token.lower_ == word), ())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I wasn't worried at all about the price.", "worried"),
        ("I was never worried.", "worried"),
        ("It wasn't that the old one was bad.", "bad"),
        ("It wasn't because it was slow.", "slow"),
        ("Not that it was slow, mind.", "slow"),
        ("I don't think it was slow.", "slow"),
        ("I wouldn't say it was slow.", "slow"),
        ("There was nothing annoying about it.", "annoying"),
        ("There wasn't anything that annoyed me.", "annoyed"),
        ("We got there without any hassle.", "hassle"),
        ("There was never any fear of that.", "fear"),
        ("Nobody was worried.", "worried"),
        ("It wasn't slow or clunky.", "clunky"),
        ("It was hardly a hassle.", "hassle"),
        ("I don't have to worry.", "worry"),
    ],
)
def test_denied(text: str, word: str) -> None:
    assert negated(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I was worried about the price.", "worried"),
        ("No, it was slow.", "slow"),
        ("It was slow, wasn't it?", "slow"),
        ("It wasn't just slow, it was ugly.", "slow"),
        ("I didn't sleep and worried all night.", "worried"),
        ("I didn't go, because of the hassle.", "hassle"),
        ("I didn't ring them, because it was slow.", "slow"),
        ("It was cheap but slow, not that anybody said so.", "slow"),
        ("I never liked him, but it was slow.", "slow"),
    ],
)
def test_not_denied(text: str, word: str) -> None:
    assert not negated(text, word)


def test_the_words_own_negation_is_no_denial() -> None:
    doc = english()("It was not good enough.")
    good = next(token for token in doc if token.lower_ == "good")
    assert is_negated(good, ())
    assert not is_negated(good, [token.i for token in doc if token.dep_ == "neg"])
