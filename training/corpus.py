"""The written corpus under ``data/corpus``: one interview a file, one sentence a line, codes behind ``||``.

    @domain: home heating oil
    INT: What was the first you thought about it?
    MAUREEN: Oh now.
    The lorry got as far as Hanley's and turned back. || push|first_thought|functional|self

A line that starts with a name in capitals and a colon opens a turn. ``INT``, ``INT2`` ask; ``OTHER`` is outside the
talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.evaluate.gold import Coded, GoldText
from pipeline.records import LABELS, TIMELINE

OPENING = re.compile(r"^([^\W\d_][\w'’-]{0,23}): ?(.*)$")
KINDS = ("goal", "hazard", "problem")
VALUES = {
    "stage": ("", *TIMELINE),
    "dimension": ("", "functional", "emotional", "social"),
    "holder": ("", "self", "other"),
}


@dataclass(frozen=True, slots=True)
class Interview:
    """A written interview with its header (domain, persona, fired, hired, switch, style)."""

    header: Mapping[str, str]
    text: GoldText


def read_corpus(folder: Path) -> list[Interview]:
    """Every interview under a folder, by batch and name.

    Raises:
        UsageError: a line breaks the form; the message names file and line.
    """
    return [read_interview(path) for path in sorted(folder.glob("*/*.txt"))]


def read_interview(path: Path) -> Interview:
    """One interview.

    Raises:
        UsageError: a line breaks the form.
    """
    header: dict[str, str] = {}
    sentences: list[Coded] = []
    turn, speaker = -1, ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("@"):
            key, _, value = line[1:].partition(":")
            header[key.strip()] = value.strip()
            continue
        opening = OPENING.match(line)
        if opening and opening.group(1) == opening.group(1).upper():
            turn, speaker, line = turn + 1, opening.group(1), opening.group(2)
        words, _, code = line.partition("||")
        if not words.strip():
            continue
        if not speaker:
            raise UsageError(f"{path}:{number}: a sentence stands before the first speaker")
        sentences.append(
            _coded(len(sentences) + 1, turn, speaker, words.strip(), code.strip(), f"{path}:{number}")
        )
    asking = frozenset(s.speaker for s in sentences if s.speaker.startswith("INT") or s.speaker == "OTHER")
    return Interview(header, GoldText(path.parent.name, path.stem, tuple(sentences), asking))


def _coded(sid: int, turn: int, speaker: str, words: str, code: str, where: str) -> Coded:
    if not code:
        return Coded(sid, turn, speaker, words, frozenset(), {})
    parts = [part.strip() for part in code.split("|")]
    given = list(_labels(parts[0], where))
    values = dict(zip(VALUES, [*parts[1:], "", "", ""], strict=False))
    for name, value in values.items():
        if value not in VALUES[name]:
            raise UsageError(f"{where}: {name} cannot be '{value}'")
    kinds = [kind for _, kind in given if kind]
    labels = frozenset(label for label in LABELS if label in {name for name, _ in given})
    return Coded(sid, turn, speaker, words, labels, {"outcome_kind": kinds[0] if kinds else "", **values})


def _labels(text: str, where: str) -> Iterator[tuple[str, str]]:
    for part in text.split(","):
        name, _, kind = part.strip().partition(":")
        if name not in LABELS or kind not in ("", *KINDS):
            raise UsageError(f"{where}: there is no label '{part.strip()}'")
        yield name, kind
