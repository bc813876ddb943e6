"""The coded outcome sentences are learnt from, by interview, and none of those that measure is among them."""

from __future__ import annotations

from pathlib import Path

import spacy

from pipeline.extract.outcome.draft import by_rules
from pipeline.extract.outcome.guess import of_word
from pipeline.extract.outcome.lexicon import shipped
from pipeline.resources import checked
from training.guesses import Case, cross_validated, fit
from training.speech import rows

DATA = Path(__file__).parents[3] / "data"
SAID = [
    ("I want to find the file.", "increase", "find"),
    ("I want to see the week.", "increase", "see"),
    ("I don't want to lose the photo.", "minimize", "lose"),
    ("I don't want to drop the phone.", "minimize", "drop"),
]


def some() -> list[Case]:
    nlp = spacy.load(checked("en_core_web_sm"), exclude=["ner", "senter"])
    found = []
    for i, (said, direction, head) in enumerate(SAID * 5):
        span = nlp(said)[:]
        ruled = by_rules(span, shipped(), "goal")
        found.append(Case(i % 5, span, "goal", direction, "likelihood", head, ruled))
    return found


def test_the_models_learn_what_they_are_taught() -> None:
    cases = some()
    model = fit(cases, shipped())
    for case in cases[:4]:
        words = [t for t in case.span if t.pos_ in ("VERB", "NOUN")]
        best = max(words, key=lambda w: model.head.totals(of_word(w, case.span, shipped(), case.ruled))[0])
        assert best.lemma_ == case.head


def test_every_part_is_measured_on_folds_left_out() -> None:
    shares = cross_validated(some(), shipped())
    assert shares["sentences"] == 20
    assert shares["framed: sentences"] == 20
    assert shares["head among candidates"] == 1
    assert shares["head"] >= shares["framed: head by rules"] >= 0.5


def test_no_sentence_is_both_taught_and_measured() -> None:
    taught = {row["interview"] for row in rows(DATA / "outcomes" / "taught.tsv")}
    measured = {row["interview"] for row in rows(DATA / "outcomes" / "coded.tsv")}
    assert taught
    assert measured
    assert not taught & measured
