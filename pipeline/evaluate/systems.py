"""What is measured: the extraction as it is shipped, and the baselines that it must beat."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from pipeline import extract
from pipeline.config import Settings
from pipeline.embed import SentenceEncoder
from pipeline.evaluate.gold import GoldText
from pipeline.evaluate.hits import covered
from pipeline.evaluate.metrics import Judged
from pipeline.records import LABELS, Statement

System = Callable[[GoldText], tuple[np.ndarray, int]]
"""Marks (sentences, labels) for all sentences of a text, and the number of leaks."""

DESCRIPTIONS = {
    "push": "a problem, failure or frustration with the old product or situation that drove them away from it",
    "pull": "an attractive feature or benefit of the new product that drew them to it",
    "anxiety": "a worry, doubt or risk about the new product or about switching to it",
    "habit": "a habit, comfort or inertia that kept them with the old way",
    "outcome": "a result that they want to achieve or to avoid, by which they judge success",
}
SIMILAR = 0.35
"""Cosine above which the zero-shot baseline gives a label."""


def judge(text: GoldText, system: System) -> Judged:
    """One text's participant sentences, coded and predicted."""
    marks, leaks = system(text)
    rows = [i for i, s in enumerate(text.sentences) if text.role(s.speaker) == "participant"]
    gold = np.array([[label in text.sentences[i].labels for label in LABELS] for i in rows], dtype=bool)
    return Judged(text.part, text.name, gold, marks[rows].astype(bool), leaks)


def shipped(settings: Settings, keep: dict[str, Sequence[Statement]] | None = None) -> System:
    """The extraction with these settings; statements for review are left out.

    All statements, those for review too, are put into ``keep`` under the text's name.
    """
    resources = extract.load(settings)

    def system(text: GoldText) -> tuple[np.ndarray, int]:
        found = extract.run([text.transcript()], resources)[0].statements
        if keep is not None:
            keep[text.name] = found
        return marks_of(text, [s for s in found if not s.needs_review])

    return system


def marks_of(text: GoldText, statements: Sequence[Statement]) -> tuple[np.ndarray, int]:
    """Which sentences the statements' spans count for, and how many stand in others' turns."""
    turns = text.transcript().turns
    places = text.places()
    marks = np.zeros((len(places), len(LABELS)), dtype=bool)
    for column, label in enumerate(LABELS):
        spans = [(s.turn_index, s.char_start, s.char_end) for s in statements if s.label == label]
        for row, place in enumerate(places):
            near = [span for span in spans if span[0] == place[0]]
            marks[row, column] = bool(near) and covered(turns[place[0]].text, place, near)
    leaks = sum(turns[s.turn_index].role != "participant" for s in statements)
    return marks, leaks


def majority(texts: Sequence[GoldText]) -> System:
    """Gives every sentence the commonest force."""
    counts = [sum(label in s.labels for t in texts for s in t.sentences) for label in LABELS]
    best = int(np.argmax(counts))

    def system(text: GoldText) -> tuple[np.ndarray, int]:
        marks = np.zeros((len(text.sentences), len(LABELS)), dtype=bool)
        marks[:, best] = True
        return marks, 0

    return system


def zero_shot() -> System:
    """Cosine of each sentence with a description of each label, by the embedding model."""
    encoder = SentenceEncoder("minilm")
    labels = encoder.encode([DESCRIPTIONS[label] for label in LABELS])

    def system(text: GoldText) -> tuple[np.ndarray, int]:
        vectors = encoder.encode([s.text for s in text.sentences])
        return vectors @ labels.T >= SIMILAR, 0

    return system
