"""A related task before ours: 54,000 short comments with 28 emotions (Demszky et al. 2020, CC BY 4.0).

Comments are packed into windows like sentences of a dialogue, so that the encoder learns what worry, annoyance and
desire sound like in the form in which it will see interviews.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from pipeline.extract.reader import DialogueNet, collate
from pipeline.extract.windows import FIRST_PARTICIPANT, Vocabulary, Window

EMOTIONS = 28


def read_emotions(path: Path) -> list[tuple[str, tuple[int, ...]]]:
    """(comment, numbers of its emotions) of a tab-separated file; empty when it is absent."""
    if not path.is_file():
        return []
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        (row[0], tuple(int(n) for n in row[1].split(","))) for row in rows if len(row) >= 2 and row[0].strip()
    ]


def emotion_windows(
    comments: Sequence[tuple[str, tuple[int, ...]]], tokenizer: Any, vocabulary: Vocabulary, length: int
) -> list[tuple[Window, tuple[int, ...]]]:
    """Windows of comments, each comment a turn of its own; with the comments' numbers."""
    pieces = tokenizer([text for text, _ in comments], add_special_tokens=False, verbose=False)["input_ids"]
    found = []
    tokens, segments, inside = [vocabulary.opening], [0], []
    for i, piece in enumerate(pieces):
        part = [vocabulary.marks[FIRST_PARTICIPANT + len(inside) % 2], *piece[:60]]
        if inside and len(tokens) + len(part) + 1 > length:
            found.append((_closed(tokens, segments, inside, vocabulary), tuple(inside)))
            tokens, segments, inside = [vocabulary.opening], [0], []
        tokens += part
        inside.append(i)
        segments += [len(inside)] * len(part)
    if inside:
        found.append((_closed(tokens, segments, inside, vocabulary), tuple(inside)))
    return found


def _closed(tokens: list[int], segments: list[int], inside: list[int], vocabulary: Vocabulary) -> Window:
    return Window((*tokens, vocabulary.closing), (*segments, 0), tuple(range(len(inside))))


class EmotionNet(nn.Module):
    """The dialogue network's encoder and pooling under a head of its own."""

    def __init__(self, net: DialogueNet, hidden: int) -> None:
        super().__init__()
        self.net = net
        self.head = nn.Linear(2 * hidden, EMOTIONS)

    def forward(self, *inputs: Any) -> Any:
        """Logits (windows, comments, EMOTIONS)."""
        return self.head(self.net.drop(self.net.pool(*inputs)))


def emotion_batches(
    found: list[tuple[Window, tuple[int, ...]]],
    comments: Sequence[tuple[str, tuple[int, ...]]],
    size: int,
    padding: int,
    chance: random.Random,
) -> Any:
    """Shuffled batches: the network's inputs, targets (windows, comments, EMOTIONS), and which rows count."""
    chance.shuffle(found)
    for start in range(0, len(found), size):
        part = found[start : start + size]
        inputs = collate([window for window, _ in part], padding)
        targets = torch.zeros(len(part), inputs[3], EMOTIONS)
        counted = torch.zeros(len(part), inputs[3])
        for row, (_, numbers) in enumerate(part):
            counted[row, : len(numbers)] = 1
            for column, number in enumerate(numbers):
                targets[row, column, list(comments[number][1])] = 1
        yield inputs, targets, counted
