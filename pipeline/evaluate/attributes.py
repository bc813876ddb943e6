"""How often attributes of statements are right (kind, stage, dimension, holder), beside a majority and two coders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.evaluate.gold import Coded, GoldText
from pipeline.evaluate.hits import covered
from pipeline.records import Statement

ATTRIBUTES = ("outcome_kind", "stage", "dimension", "holder")
Pair = tuple[str, str | None]
"""What was coded and what was said of it."""


@dataclass(frozen=True, slots=True)
class AttributeResult:
    """One attribute over the coded sentences that a statement of the same label was found for."""

    part: str
    attribute: str
    sentences: int
    given: int
    """Of these, how many have a value: no value counts as wrong."""
    accuracy: float
    majority: float
    """What always saying the commonest coded value would reach on the same sentences."""
    coders: float | None
    """How often two coders say the same of sentences that both gave a label; None where one coder coded."""
    coder_sentences: int

    @property
    def of_coders(self) -> float | None:
        """Accuracy as a share of what coders reach with each other."""
        return self.accuracy / self.coders if self.coders else None


def attribute_results(
    texts: Sequence[GoldText], statements: Mapping[str, Sequence[Statement]]
) -> list[AttributeResult]:
    """Per part and attribute; ``statements`` by the text's name, those for review among them."""
    found = []
    for part in sorted({text.part for text in texts}):
        inside = [text for text in texts if text.part == part]
        for attribute in ATTRIBUTES:
            pairs = [pair for text in inside for pair in _pairs(text, statements[text.name], attribute)]
            coded = [pair for text in inside for pair in _coder_pairs(text, attribute)]
            if pairs:
                found.append(_result(part, attribute, pairs, coded))
    return found


def _result(part: str, attribute: str, pairs: Sequence[Pair], coded: Sequence[Pair]) -> AttributeResult:
    commonest = Counter(gold for gold, _ in pairs).most_common(1)[0][1]
    return AttributeResult(
        part,
        attribute,
        len(pairs),
        sum(said is not None for _, said in pairs),
        sum(gold == said for gold, said in pairs) / len(pairs),
        commonest / len(pairs),
        sum(one == other for one, other in coded) / len(coded) if coded else None,
        len(coded),
    )


def _pairs(text: GoldText, statements: Sequence[Statement], attribute: str) -> Iterator[Pair]:
    """Coded values, each with that of the surest statement of one of the sentence's labels."""
    turns = text.transcript().turns
    for sentence, place in zip(text.sentences, text.places(), strict=True):
        gold = sentence.attributes.get(attribute, "")
        if not gold or not sentence.labels:
            continue
        hits = [
            s
            for s in statements
            if s.label in _labels(sentence, attribute)
            and s.turn_index == place[0]
            and covered(turns[place[0]].text, place, [(s.turn_index, s.char_start, s.char_end)])
        ]
        if hits:
            yield gold, _value(max(hits, key=lambda s: s.score), attribute)


def _labels(sentence: Coded, attribute: str) -> frozenset[str]:
    return frozenset({"outcome"} if attribute == "outcome_kind" else set()) or frozenset(sentence.labels)


def _value(statement: Statement, attribute: str) -> str | None:
    if attribute == "outcome_kind":
        return statement.outcome.kind if statement.outcome else None
    return {"stage": statement.stage, "dimension": statement.dimension, "holder": statement.holder}[attribute]


def _coder_pairs(text: GoldText, attribute: str) -> Iterator[Pair]:
    """The values of two coders for sentences that both gave a common label, and the first a value."""
    for sid, one in text.first.items():
        other = text.second.get(sid)
        if other is None or not one.labels & other.labels:
            continue
        value = one.attributes.get(attribute, "")
        if value:
            yield value, other.attributes.get(attribute) or None
