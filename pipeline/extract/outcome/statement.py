"""The words of a statement: direction, measure, and what it is measured of."""

from __future__ import annotations

from spacy.tokens import Token

from pipeline.extract.outcome.clauses import Phrase
from pipeline.extract.outcome.frame import Frame
from pipeline.extract.outcome.lexicon import Lexicon, MeasureEntry

PLURAL = ("NNS", "NNPS")
SCALE = {"less": "minimize", "fewer": "minimize", "more": "increase"}
UNMEASURED = frozenset({"improve", "boost", "extend", "lengthen", "shorten", "limit"})
"""Verbs that want a thing better without saying in what measure."""
TAKEN = {"take subject": "the time {} takes", "cost subject": "the amount {} costs"}
SPENT = {
    "spend": "the time spent on {}",
    "waste": "the time spent on {}",
    "wait": "the time spent waiting for {}",
    "queue": "the time spent queuing for {}",
}


def of_doing(frame: Frame, phrase: Phrase, direction: str) -> tuple[str, str, str]:
    """Direction, measure and the words behind the direction, for a doing."""
    doing = joined(phrase.subject, phrase.gerund)
    by = f"for {phrase.subject} to" if phrase.subject else "to"
    if frame.counted is not None:
        steps = joined(
            *(c.lower_ for c in frame.counted.children if c.dep_ in ("compound", "amod")),
            frame.counted.lower_,
        )
        return "minimize", "number", f"the number of {steps} it takes {by} {phrase.infinitive}"
    if frame.measure == "time" and frame.name in ("spend", "waste", "wait", "queue"):
        return "minimize", "time", f"the time spent {doing}"
    if frame.measure in ("time", "effort"):
        return "minimize", frame.measure, f"the {frame.measure} it takes {by} {phrase.infinitive}"
    if frame.measure == "cost":
        return "minimize", "cost", f"the cost of {doing}"
    return direction, "likelihood", f"the likelihood of {doing}"


def of_thing(frame: Frame, phrase: Phrase, direction: str, lexicon: Lexicon) -> tuple[str, str, str]:
    """Direction, measure and the words behind the direction, for a thing."""
    words = phrase.gerund
    if frame.name in TAKEN:
        return "minimize", frame.measure or "time", TAKEN[frame.name].format(words)
    if frame.measure is not None:
        return "minimize", frame.measure, SPENT.get(frame.name, f"the {frame.measure} of {{}}").format(words)
    scale = next((c.lower_ for c in frame.head.children if c.lower_ in SCALE), None)
    entry = _noun_measure(frame.head, lexicon)
    if scale is not None or frame.name.startswith("scaled"):
        scaled = SCALE[scale] if scale is not None else direction
        if entry is not None:
            return scaled, entry.measure, words if words.startswith(("the ", "one's ")) else f"the {words}"
        if frame.name.split()[-1] in UNMEASURED:
            return scaled, "", words if words.startswith("the ") else f"the {words}"
        measure = "number" if frame.head.tag_ in PLURAL else "amount"
        return scaled, measure, f"the {measure} of {words.removeprefix('the ')}"
    having = "having " if direction == "increase" else ""
    return direction, "likelihood", f"the likelihood of {having}{words}"


def _noun_measure(head: Token, lexicon: Lexicon) -> MeasureEntry | None:
    return lexicon.measures.get(("noun", head.lemma_.lower()))


def joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
