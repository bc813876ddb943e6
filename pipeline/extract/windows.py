"""Dialogue windows: the sentences of a transcript as the token sequences that the reader sees.

A window holds whole sentences, questions included. Each sentence opens with a mark that tells who speaks: the
same turn going on, an interviewer, somebody outside the talk, or one of up to seven participants by order of
appearance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract.sentences import Sentence

SAME_TURN, INTERVIEWER, OTHER, FIRST_PARTICIPANT, PARTICIPANTS = 0, 1, 2, 3, 7
MARKS = FIRST_PARTICIPANT + PARTICIPANTS
LONGEST_SENTENCE = 90
"""Word pieces of a sentence that are read; the rest of an endless one is left unread."""


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids; for each token the number of its sentence in the window (from 1, 0 = none); the sentences."""

    tokens: tuple[int, ...]
    segments: tuple[int, ...]
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The special tokens of an encoder."""

    opening: int
    closing: int
    padding: int
    marks: tuple[int, ...]


def windows(
    dialogue: Sequence[Sentence],
    pieces: Sequence[Sequence[int]],
    vocabulary: Vocabulary,
    length: int,
    overlap: float = 0.5,
) -> list[Window]:
    """Windows of at most ``length`` tokens, each sharing ``overlap`` of its sentences with the one before.

    ``pieces`` are the word pieces of each sentence. Every sentence is in one window at least; with an overlap of one
    half most are in two, which costs twice the time.
    """
    found: list[Window] = []
    start = 0
    while start < len(dialogue):
        window = window_from(dialogue, pieces, vocabulary, length, start)
        found.append(window)
        if window.sentences[-1] == len(dialogue) - 1:
            break
        start += max(1, round(len(window.sentences) * (1 - overlap)))
    return found


def window_from(
    dialogue: Sequence[Sentence],
    pieces: Sequence[Sequence[int]],
    vocabulary: Vocabulary,
    length: int,
    start: int,
) -> Window:
    """The window that starts with one sentence and holds as many as fit."""
    tokens, segments = [vocabulary.opening], [0]
    inside: list[int] = []
    slots: dict[str, int] = {}
    for i in range(start, len(dialogue)):
        opens = i == start or dialogue[i].turn_index != dialogue[i - 1].turn_index
        mark = vocabulary.marks[_mark(dialogue[i], slots) if opens else SAME_TURN]
        sentence = [mark, *pieces[i][:LONGEST_SENTENCE]]
        if inside and len(tokens) + len(sentence) + 1 > length:
            break
        tokens += sentence
        inside.append(i)
        segments += [len(inside)] * len(sentence)
    return Window((*tokens, vocabulary.closing), (*segments, 0), tuple(inside))


def _mark(sentence: Sentence, slots: dict[str, int]) -> int:
    if sentence.role == "interviewer":
        return INTERVIEWER
    if sentence.role == "other":
        return OTHER
    return FIRST_PARTICIPANT + min(slots.setdefault(sentence.speaker, len(slots)), PARTICIPANTS - 1)


def weight(position: int, count: int) -> int:
    """How much a window's word counts for a sentence: more in its middle, where there is context on both sides."""
    return min(position + 1, count - position + 1, 6)
