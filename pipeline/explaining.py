"""Why a statement carries its label: its turn, what was asked, scores, rules, coded examples, what counts around it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from pipeline import extract
from pipeline.config import Settings
from pipeline.errors import UsageError
from pipeline.extract.neighbours import read_examples
from pipeline.extract.rules import read_rules
from pipeline.extract.sentences import Sentence, sentences
from pipeline.records import LABELS, Transcript, Turn
from pipeline.resources import models_folder
from pipeline.store import open_published

BEFORE, AFTER = 8, 3
"""Sentences around the statement that are left out in turn, to see whether they count."""
AROUND = 30
"""Sentences read on either side: about a window."""
COUNTS = 0.02
"""Change of the score from which a sentence is said to count."""
SAME = 0.06
"""Difference from the published score up to which the score is taken for the same."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A cue rule that fired in the statement, and why it speaks for the label."""

    rule_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """A coded example that the reader takes for alike."""

    example_id: str
    labels: str
    likeness: float
    text: str


@dataclass(frozen=True, slots=True)
class Around:
    """A sentence of the context, and how much the label's score falls without it (below zero: rises)."""

    turn_index: int
    speaker: str
    text: str
    falls: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a statement rests on."""

    statement_id: str
    transcript_id: str
    source: str
    turn_index: int
    speaker: str
    label: str
    score: float
    needs_review: bool
    turn: str
    char_start: int
    char_end: int
    question: str
    scores: dict[str, float]
    rules: tuple[Rule, ...]
    examples: tuple[Likeness, ...]
    context: tuple[Around, ...]
    note: str
    """Why nothing is said of the context; empty where it is."""


def explain(published: Path, statement_id: str, settings: Settings, *, context: bool = True) -> Explanation:
    """What a published statement rests on; with ``context`` its surroundings are read again.

    Raises:
        UsageError: there is no published file, or no such statement in it.
        ModelError: a model is missing.
    """
    with open_published(published) as connection:
        row = _row(connection, statement_id)
        turns = _turns(connection, row["transcript_id"])
    told = json.loads(row["evidence"])
    around: tuple[Around, ...] = ()
    note = "not asked for"
    if context:
        around, note = _context(row, turns, settings)
    return Explanation(
        statement_id=statement_id,
        transcript_id=row["transcript_id"],
        source=row["source"],
        turn_index=row["turn_index"],
        speaker=row["speaker"],
        label=row["label"],
        score=row["score"],
        needs_review=row["needs_review"],
        turn=turns[row["turn_index"]].text,
        char_start=row["char_start"],
        char_end=row["char_end"],
        question=told.get("question", ""),
        scores=told.get("scores", {}),
        rules=_rules(told.get("rules", []), settings),
        examples=_examples(told.get("examples", [])),
        context=around,
        note=note,
    )


def _row(connection: duckdb.DuckDBPyConnection, statement_id: str) -> dict[str, Any]:
    cursor = connection.execute("SELECT * FROM statements WHERE statement_id = ?", [statement_id])
    names = [column[0] for column in cursor.description or ()]
    row = cursor.fetchone()
    if row is None:
        raise UsageError(
            f"there is no statement '{statement_id}'",
            "Ids stand in `statements.statement_id`; `whyswitch query` finds them.",
        )
    return dict(zip(names, row, strict=True))


def _turns(connection: duckdb.DuckDBPyConnection, transcript_id: str) -> tuple[Turn, ...]:
    rows = connection.execute(
        "SELECT turn_index, speaker, text, role FROM turns WHERE transcript_id = ? ORDER BY turn_index",
        [transcript_id],
    ).fetchall()
    return tuple(Turn(*row) for row in rows)


def _rules(ids: list[str], settings: Settings) -> tuple[Rule, ...]:
    known = {rule.id: rule.why for rule in read_rules(*extract.rule_folders(settings.extract))} if ids else {}
    return tuple(Rule(one, known.get(one, "")) for one in ids)


def _examples(found: list[dict[str, Any]]) -> tuple[Likeness, ...]:
    texts = {one.example_id: one.text for one in read_examples(models_folder() / "dialogue")} if found else {}
    return tuple(
        Likeness(one["id"], one["labels"], one["likeness"], texts.get(one["id"], "")) for one in found
    )


def _context(
    row: dict[str, Any], turns: tuple[Turn, ...], settings: Settings
) -> tuple[tuple[Around, ...], str]:
    """The sentences around that change the score most, the strongest first; or why that cannot be told."""
    extractor = extract.load(settings)
    whole = sentences(
        Transcript(row["transcript_id"], row["source"], "", "", turns, ()),
        extractor.nlp,
    )
    inside = [
        i
        for i, s in enumerate(whole)
        if s.turn_index == row["turn_index"] and s.start < row["char_end"] and s.end > row["char_start"]
    ]
    dialogue = whole[max(0, inside[0] - AROUND) : inside[-1] + AROUND + 1]
    own = [whole[i] for i in inside]
    column = LABELS.index(row["label"])

    def score(said: list[Sentence]) -> float:
        table = extractor.scorer.score(said).probabilities
        return float(np.max(table[[i for i, s in enumerate(said) if s in own], column]))

    if abs(score(whole) - row["score"]) > SAME:
        return (), "the settings or models of today give another score than those that made it"
    full = score(dialogue)
    first = dialogue.index(own[0])
    near = [*dialogue[max(0, first - BEFORE) : first], *dialogue[first + len(own) :][:AFTER]]
    falls = [(s, full - score([other for other in dialogue if other is not s])) for s in near]
    counting = sorted((one for one in falls if abs(one[1]) >= COUNTS), key=lambda one: -abs(one[1]))
    return tuple(Around(s.turn_index, s.speaker, s.text, round(fall, 3)) for s, fall in counting[:5]), ""
