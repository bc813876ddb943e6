"""The anatomy of an outcome sentence, read off its parse: direction, measure, object of control, context.

First version: what the sentence says in its own words, with a verdict that names what is lacking.
"""

from __future__ import annotations

from spacy.tokens import Span, Token

from pipeline.extract.sentences import Sentence
from pipeline.records import Outcome

MEASURES = {
    "time": {
        "hour",
        "minute",
        "day",
        "week",
        "month",
        "time",
        "forever",
        "age",
        "fast",
        "quick",
        "quickly",
        "long",
        "wait",
        "late",
    },
    "cost": {
        "pay",
        "price",
        "cost",
        "money",
        "dollar",
        "pound",
        "euro",
        "cheap",
        "expensive",
        "afford",
        "bill",
    },
    "effort": {"effort", "hard", "easy", "simple", "hassle", "carry", "drag", "fiddle", "struggle"},
    "number": {"number", "many", "count", "often", "twice", "times"},
}
AVOID = {
    "lose",
    "miss",
    "leak",
    "fail",
    "break",
    "forget",
    "waste",
    "avoid",
    "prevent",
    "stop",
    "worry",
    "drift",
    "die",
    "wrong",
}
WANTS = {"want", "need", "wish", "like", "hope", "have"}


def anatomy(statement_id: str, sentence: Sentence, kind: str | None) -> Outcome:
    """The parts of one outcome sentence; ``verdict`` is ``ok`` or the first defect of the draft."""
    span = sentence.span
    if span is None:
        return Outcome(statement_id, kind, None, None, None, None, None, None, "not_an_outcome")
    lemmas = {token.lemma_.lower() for token in span}
    negated = any(token.dep_ == "neg" for token in span)
    direction = "minimize" if negated or lemmas & AVOID or kind in ("hazard", "problem") else "increase"
    measure = next((name for name, words in MEASURES.items() if lemmas & words), None)
    if measure in ("time", "cost", "effort"):
        direction = "minimize"
    goal = _object(span)
    if goal is None:
        return Outcome(statement_id, kind, direction, measure, None, None, None, None, "vague_object")
    canonical = f"{direction} the {measure or 'likelihood'} of {goal}"
    verdict = "ok" if measure or direction == "minimize" else "no_measure"
    return Outcome(
        statement_id, kind, direction, measure or "likelihood", goal, None, canonical, None, verdict
    )


def _object(span: Span) -> str | None:
    """The clause that is wanted or dreaded, without its subject and helpers."""
    head = next((t for t in span if t.lemma_.lower() in WANTS and t.pos_ == "VERB"), None)
    verb = (
        next((c for c in head.children if c.dep_ in ("xcomp", "ccomp")), None) if head is not None else None
    )
    target: Token = verb if verb is not None else span.root
    if target.pos_ not in ("VERB", "NOUN", "PROPN", "ADJ"):
        return None
    keep = [
        token
        for token in target.subtree
        if span.start <= token.i < span.end
        and not (
            token.head.i == target.i
            and token.dep_ in ("nsubj", "aux", "neg", "mark", "punct", "cc", "conj", "parataxis")
        )
        and not any(
            a.head.i == target.i and a.dep_ in ("nsubj", "conj", "parataxis") for a in token.ancestors
        )
        and token.i >= target.i
    ]
    text = "".join(token.text_with_ws for token in keep).strip(" .,;!?\"'")
    return text if len(text.split()) >= 2 else None
