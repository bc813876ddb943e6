"""A draft of an outcome statement says nothing that was not said, whatever the sentence."""

from __future__ import annotations

from functools import lru_cache

import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.extract.outcome.draft import draft
from pipeline.extract.outcome.lexicon import shipped
from pipeline.extract.outcome.wording import gerund, third
from pipeline.extract.rules import read_rules
from pipeline.resources import checked, models_folder

SAID = [example.said for rule in read_rules(models_folder() / "cues") for example in rule.examples]
KINDS = ("goal", "hazard", "problem", None)
VERDICTS = {
    *("ok", "doubtful", "implied", "no_measure", "names_a_solution", "compound", "vague_object", "fragment"),
    "not_an_outcome",
}
FRAME = frozenset(
    """
    minimize increase the likelihood of time effort cost amount number it takes costs to for spent
    on waiting queuing having being able one one's own oneself him her them anybody anything any
    anyone either is has does was had have not will can would want be get getting there somebody
    because going times has to
    """.split()  # noqa: SIM905 (a list of sixty words is harder to read)
)


@lru_cache(maxsize=1)
def english() -> Language:
    return spacy.load(checked("en_core_web_sm"), exclude=["ner", "senter"])


def said(doc: Doc) -> set[str]:
    """Every form of every word of a text."""
    lemmas = {token.lemma_.lower() for token in doc}
    words = {part for token in doc for part in token.lower_.replace("-", " ").split()}
    return words | lemmas | {gerund(lemma) for lemma in lemmas} | {third(lemma) for lemma in lemmas}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=3), st.sampled_from(KINDS), st.booleans())
def test_no_word_is_invented(parts: list[str], kind: str | None, lower: bool) -> None:
    text = " ".join(parts)
    text = text.lower().translate(str.maketrans("", "", ",.?!")) if lower else text
    doc = english()(text)
    made = draft(doc[:], shipped(), kind)
    assert made.verdict in VERDICTS
    known = said(doc) | FRAME
    retold = {token.lower_ for token in english().tokenizer((made.canonical or "").replace("-", " "))}
    invented = {word for word in retold if word[0].isalpha()} - known
    assert not invented


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gets_a_verdict(text: str) -> None:
    doc = english()(text)
    assert draft(doc[:], shipped(), "goal").verdict in VERDICTS
