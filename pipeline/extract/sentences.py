"""A transcript as a run of sentences, each with its place in its turn and what was asked before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.records import Role, Transcript, Turn

CANDIDATES = "whyswitch/candidates"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of one turn; offsets are code points in the turn's text."""

    turn_index: int
    speaker: str
    role: Role
    start: int
    end: int
    text: str
    question: str
    """What was last asked by somebody else, in full; empty at the start."""
    span: Span | None = None
    """The sentence in its parsed doc; None for those who are not participants."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of a turn: what is parsed as one doc."""

    turn: Turn
    start: int
    text: str
    question: str


def pieces(transcript: Transcript) -> Iterator[Piece]:
    """The paragraphs of all turns, in order."""
    question = asked_by = ""
    for turn in transcript.turns:
        asked = question if asked_by != turn.speaker else ""
        start = 0
        for line in turn.text.split("\n"):
            if line.strip():
                yield Piece(turn, start, line, asked)
            start += len(line) + 1
        if turn.role == "interviewer" or turn.text.rstrip().endswith("?"):
            question, asked_by = turn.text, turn.speaker


def sentences(transcript: Transcript, nlp: Language) -> list[Sentence]:
    """Every sentence of the transcript; those of participants parsed, with candidates and cues."""
    parts = list(pieces(transcript))
    docs = nlp.pipe([(part.text, part) for part in parts], as_tuples=True, batch_size=64)
    return [found for doc, part in docs for found in _of(doc, part)]


def _of(doc: Doc, part: Piece) -> Iterator[Sentence]:
    keep = part.turn.role == "participant"
    spans: Iterable[Span] = doc.spans.get(CANDIDATES, doc.sents)
    for span in spans:
        start, end = trimmed(doc.text, span.start_char, span.end_char)
        if start < end:
            yield Sentence(
                part.turn.turn_index,
                part.turn.speaker,
                part.turn.role,
                part.start + start,
                part.start + end,
                doc.text[start:end],
                part.question,
                span if keep else None,
            )


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def participants(found: Sequence[Sentence]) -> list[int]:
    """The positions of the participants' sentences."""
    return [i for i, sentence in enumerate(found) if sentence.role == "participant"]
