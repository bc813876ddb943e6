"""Coded texts as training examples: token windows with targets, drawn anew every epoch."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from pipeline.evaluate.gold import Coded, GoldText
from pipeline.extract.reader import DIMENSIONS, KINDS
from pipeline.extract.sentences import Sentence
from pipeline.extract.windows import Vocabulary, Window, window_from
from pipeline.records import LABELS, TIMELINE
from training.dialogues import dialogue_of
from training.noise import Noise
from training.parts import IGNORE, Named
from training.second import Codes, shares


@dataclass(frozen=True, slots=True)
class Document:
    """A coded text ready to be cut into windows."""

    text: GoldText
    dialogue: tuple[Sentence, ...]
    pieces: tuple[tuple[int, ...], ...]
    targets: np.ndarray
    """(n, 9): five labels (0 or 1), stage, holder, dimension, kind (IGNORE where not coded)."""
    shares: np.ndarray
    """(n, 5): the share of the coders who gave each label."""
    counted: np.ndarray
    """Whether the sentence is a participant's."""
    named: Named | None = None
    """What its things are called, and what each was in the switch; None where nothing tells."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step sees."""

    ids: torch.Tensor
    attention: torch.Tensor
    segments: torch.Tensor
    count: int
    targets: torch.Tensor
    shares: torch.Tensor
    counted: torch.Tensor
    parts: torch.Tensor
    """(windows, tokens) the part of the thing that a word piece names; IGNORE where it names none."""


def document(
    text: GoldText, tokenizer: Any, second: Codes | None = None, named: Named | None = None
) -> Document:
    """The text tokenised, with its targets; ``second`` holds what second coders marked."""
    dialogue = dialogue_of(text)
    pieces = tokenizer([s.text for s in text.sentences], add_special_tokens=False, verbose=False)["input_ids"]
    counted = np.array([sentence.role == "participant" for sentence in dialogue])
    targets = np.array([_targets(s) for s in text.sentences])
    given = shares(text, second or {})
    return Document(text, dialogue, tuple(tuple(p) for p in pieces), targets, given, counted, named)


def _targets(sentence: Coded) -> list[int]:
    known = sentence.attributes
    row = [int(label in sentence.labels) for label in LABELS]
    for key, values in (
        ("stage", TIMELINE),
        ("holder", ("self", "other")),
        ("dimension", DIMENSIONS),
        ("outcome_kind", KINDS),
    ):
        value = known.get(key, "")
        row.append(values.index(value) if value in values else IGNORE)
    return row


def epoch_windows(
    documents: Sequence[Document],
    vocabulary: Vocabulary,
    length: int,
    chance: random.Random,
    *,
    keep_empty: float,
    rough: Noise | None = None,
) -> list[tuple[Document, Window]]:
    """Windows that cover every document once, from a random start; of those without any label a share is kept.

    With ``rough`` some texts lose punctuation or gain fillers.
    """
    found: list[tuple[Document, Window]] = []
    for given in documents:
        doc = replace(given, pieces=rough.rougher(given.pieces, chance)) if rough else given
        dialogue = _blurred(doc.dialogue) if chance.random() < 0.5 else doc.dialogue
        start = chance.randrange(0, 8) if len(dialogue) > 16 else 0
        here = [0] if start else []
        position = start
        while position < len(dialogue):
            here.append(position)
            position = window_from(dialogue, doc.pieces, vocabulary, length, position).sentences[-1] + 1
        for first in here:
            window = window_from(dialogue, doc.pieces, vocabulary, length, first)
            rows = list(window.sentences)
            if doc.shares[rows].any() or chance.random() < keep_empty:
                found.append((doc, window))
    chance.shuffle(found)
    return found


def _blurred(dialogue: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The same talk with its interviewers not marked as such, as when roles are unknown."""
    return tuple(replace(s, role="participant") if s.role == "interviewer" else s for s in dialogue)


def batches(windows: Sequence[Any], size: int, chance: random.Random) -> list[list[Any]]:
    """Windows (second in each entry) of like length together, in random order."""
    found = list(windows)
    chance.shuffle(found)
    parts: list[list[Any]] = []
    for start in range(0, len(found), size * 20):
        near = sorted(found[start : start + size * 20], key=lambda entry: len(entry[1].tokens))
        parts += [list(near[i : i + size]) for i in range(0, len(near), size)]
    chance.shuffle(parts)
    return parts


def gather(part: Sequence[tuple[Document, Window]], padding: int) -> Batch:
    """A batch's tensors."""
    from pipeline.extract.reader import collate

    ids, attention, segments, count = collate([window for _, window in part], padding)
    targets = torch.full((len(part), count, len(LABELS) + 4), IGNORE)
    given = torch.zeros(len(part), count, len(LABELS))
    counted = torch.zeros(len(part), count)
    parts = torch.full(ids.shape, IGNORE)
    for row, (doc, window) in enumerate(part):
        if doc.named is not None:
            parts[row, : len(window.tokens)] = torch.from_numpy(doc.named.targets(window.tokens))
        where = list(window.sentences)
        targets[row, : len(where)] = torch.from_numpy(doc.targets[where])
        given[row, : len(where)] = torch.from_numpy(doc.shares[where])
        counted[row, : len(where)] = torch.from_numpy(doc.counted[where].astype(np.float32))
    return Batch(ids, attention, segments, count, targets, given, counted, parts)
