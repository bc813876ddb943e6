"""What is measured: the extraction as it is shipped, and the baselines that it must beat."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from pipeline import extract
from pipeline.config import Settings
from pipeline.embed import SentenceEncoder
from pipeline.evaluate.gold import GoldText
from pipeline.evaluate.hits import Marks, covered
from pipeline.evaluate.metrics import Judged
from pipeline.records import LABELS, Statement

System = Callable[[GoldText], Marks]
"""Marks (sentences, labels) for all sentences of a text, the interviewers' among them."""

DESCRIPTIONS = {
    "push": "a problem, failure or frustration with the old product or situation that drove them away from it",
    "pull": "an attractive feature or benefit of the new product that drew them to it",
    "anxiety": "a worry, doubt or risk about the new product or about switching to it",
    "habit": "a habit, comfort or inertia that kept them with the old way",
    "outcome": "a result that they want to achieve or to avoid, by which they judge success",
}
SHARES = {"push": 0.124, "pull": 0.065, "anxiety": 0.084, "habit": 0.074, "outcome": 0.041}
"""Share of the participants' sentences of data/corpus that carry each label: what is judged was not looked at."""


def judge(text: GoldText, system: System) -> Judged:
    """One text's participant sentences, coded and predicted, and the labels on all others."""
    marks = system(text).astype(bool)
    said = np.array([text.role(s.speaker) == "participant" for s in text.sentences], dtype=bool)
    gold = np.array([[label in s.labels for label in LABELS] for s in text.sentences], dtype=bool)
    return Judged(text.part, text.name, gold[said], marks[said], leaks=int(marks[~said].sum()))


def shipped(settings: Settings, keep: dict[str, Sequence[Statement]] | None = None) -> System:
    """The extraction with these settings; statements for review are left out.

    All statements, those for review too, are put into ``keep`` under the text's name.
    """
    resources = extract.load(settings)

    def system(text: GoldText) -> Marks:
        found = extract.run([text.transcript()], resources)[0].statements
        if keep is not None:
            keep[text.name] = found
        return marks_of(text, [s for s in found if not s.needs_review])

    return system


def marks_of(text: GoldText, statements: Sequence[Statement]) -> Marks:
    """Which sentences the statements' spans count for."""
    turns = text.transcript().turns
    places = text.places()
    marks = np.zeros((len(places), len(LABELS)), dtype=bool)
    for column, label in enumerate(LABELS):
        spans = [(s.turn_index, s.char_start, s.char_end) for s in statements if s.label == label]
        for row, place in enumerate(places):
            near = [span for span in spans if span[0] == place[0]]
            marks[row, column] = bool(near) and covered(turns[place[0]].text, place, near)
    return marks


def majority(texts: Sequence[GoldText]) -> System:
    """Gives every sentence the commonest force."""
    counts = [sum(label in s.labels for t in texts for s in t.sentences) for label in LABELS]
    best = int(np.argmax(counts))

    def system(text: GoldText) -> Marks:
        marks = np.zeros((len(text.sentences), len(LABELS)), dtype=bool)
        marks[:, best] = True
        return marks

    return system


def zero_shot() -> System:
    """Of each text the sentences most like a label's description, as many as carry it on the written corpus."""
    cosines = described()
    rest = [1 - SHARES[label] for label in LABELS]

    def system(text: GoldText) -> Marks:
        found = cosines(text)
        least = [np.quantile(found[:, i], share) for i, share in enumerate(rest)]
        return np.asarray(found >= np.array(least))

    return system


def described() -> Callable[[GoldText], npt.NDArray[np.float32]]:
    """Gives the cosines (sentences, labels) of a text with the labels' descriptions, by the embedding model."""
    encoder = SentenceEncoder("minilm")
    labels = encoder.encode([DESCRIPTIONS[label] for label in LABELS])
    return lambda text: encoder.encode([s.text for s in text.sentences]) @ labels.T
