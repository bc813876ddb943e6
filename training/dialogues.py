"""Coded texts as the reader takes them, and which of them are kept for thresholds."""

from __future__ import annotations

import csv
from pathlib import Path

from pipeline.evaluate.gold import GoldText
from pipeline.extract.sentences import Sentence


def dialogue_of(text: GoldText) -> tuple[Sentence, ...]:
    """The sentences as the reader takes them."""
    return tuple(
        Sentence(s.turn, s.speaker, text.role(s.speaker), 0, len(s.text), s.text, "") for s in text.sentences
    )


def held_out(listed: Path) -> set[tuple[str, str]]:
    """Part and name of the texts that no training may see, by a list that outlives every training."""
    with listed.open(encoding="utf-8", newline="") as lines:
        return {(row["part"], row["name"]) for row in csv.DictReader(lines, delimiter="\t")}
