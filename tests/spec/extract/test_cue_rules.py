"""Every example of every cue rule fires it, and no negative does."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import pytest
import spacy
from spacy.language import Language

from pipeline.extract.cues import CUES, Cues
from pipeline.extract.rules import Rule, Said, read_rules
from pipeline.records import LABELS
from pipeline.resources import checked, models_folder

RULES = read_rules(models_folder() / "cues")


@lru_cache(maxsize=1)
def loaded() -> tuple[Language, Cues]:
    """The English pipeline and the shipped rules."""
    nlp = spacy.load(checked("en_core_web_sm"), exclude=["ner", "senter"])
    return nlp, Cues(nlp, RULES)


def fires(rule: Rule, example: Said) -> bool:
    """Whether the rule fires on what is said, after what was asked."""
    nlp, cues = loaded()
    if rule.needs_question and rule.id not in cues.asked(cues.parse(example.asked)):
        return False
    doc = cues(nlp(example.said))
    return any(span.label_ == rule.id for span in doc.spans[CUES])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_fire_and_negatives_do_not(rule: Rule) -> None:
    assert [example.said for example in rule.examples if not fires(rule, example)] == []
    assert [example.said for example in rule.negatives if fires(rule, example)] == []


def test_every_label_has_rules() -> None:
    counts = Counter(rule.label for rule in RULES)
    assert len(RULES) >= 60
    assert all(counts[label] >= 10 for label in LABELS)


@pytest.mark.parametrize("label", ["push", "pull", "anxiety", "habit"])
def test_every_force_has_rules_over_the_parse(label: str) -> None:
    assert sum(bool(rule.dependencies) for rule in RULES if rule.label == label) >= 2


def test_the_card_counts_the_rules() -> None:
    card = (models_folder() / "cues" / "README.md").read_text(encoding="utf-8")
    for label in LABELS:
        weights = [rule.weight for rule in RULES if rule.label == label]
        row = f"| `{label}.toml` | {len(weights)} | {min(weights):.2f} to {max(weights):.2f} |"
        assert row in card, row


def test_no_example_serves_two_rules() -> None:
    said = Counter(example.said for rule in RULES for example in rule.examples)
    assert [text for text, count in said.items() if count > 1] == []
