"""The gate spares work and changes nothing."""

from __future__ import annotations

from functools import lru_cache

import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from pipeline.extract.cues import CUES, Cues
from pipeline.extract.rules import read_rules
from pipeline.resources import checked, models_folder

RULES = read_rules(models_folder() / "cues")
SAID = [example.said for rule in RULES for example in (*rule.examples, *rule.negatives)]


class Open:
    """Lets every rule through."""

    def open(self, words: set[int]) -> list[str]:  # noqa: ARG002
        return [rule.id for rule in RULES]


@lru_cache(maxsize=1)
def loaded() -> tuple[Language, Cues, Cues]:
    nlp = spacy.load(checked("en_core_web_sm"), exclude=["ner", "senter"])
    ungated = Cues(nlp, RULES)
    ungated._gate = Open()  # type: ignore[assignment]
    return nlp, Cues(nlp, RULES), ungated


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=4))
def test_a_gated_rule_fires_exactly_as_an_ungated_one(said: list[str]) -> None:
    nlp, gated, ungated = loaded()
    doc = nlp(" ".join(said))
    found = [(span.start, span.end, span.label_) for span in gated(doc).spans[CUES]]
    assert found == [(span.start, span.end, span.label_) for span in ungated(doc).spans[CUES]]
