"""Names of themes: the phrases that set each apart from the others of its label."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.cluster.phrases import Phrase

KEYWORDS = 8


@dataclass(frozen=True, slots=True)
class Telling:
    """One member of a theme for naming: who speaks, how firmly it belongs, its phrases."""

    participant_id: str
    strength: float
    phrases: Sequence[Phrase]


@dataclass(frozen=True, slots=True)
class Name:
    """A theme's title and keywords, strongest first."""

    title: str
    keywords: tuple[str, ...]


def names(themes: Sequence[Sequence[Telling]]) -> list[Name]:
    """One name per theme of a label, in order.

    A phrase weighs by the people who say it (each by the firmest of their statements), and by how rare it
    is in the other themes: c-TF-IDF (Grootendorst 2022) with people in place of words.
    """
    counts = [_people(theme) for theme in themes]
    everywhere: Counter[str] = Counter()
    for count in counts:
        everywhere.update(count)
    average = sum(everywhere.values()) / max(len(themes), 1)
    shown = {phrase.key: phrase for theme in themes for told in theme for phrase in told.phrases}
    return [
        _name(count, everywhere, average, shown, len(theme))
        for count, theme in zip(counts, themes, strict=True)
    ]


def _people(theme: Sequence[Telling]) -> dict[str, float]:
    best: dict[str, dict[str, float]] = defaultdict(dict)
    for told in theme:
        for phrase in told.phrases:
            voices = best[phrase.key]
            voices[told.participant_id] = max(voices.get(told.participant_id, 0.0), told.strength)
    return {key: sum(sorted(voices.values())) for key, voices in best.items()}


def _name(
    count: dict[str, float], everywhere: Counter[str], average: float, shown: dict[str, Phrase], size: int
) -> Name:
    def weight(key: str) -> float:
        shared = min(count[key], 1.0 + math.log2(max(count[key], 1.0)) * 2)
        width = 1.0 + 0.35 * key.count(" ")
        return shared / max(size, 1) * math.log(1 + average / everywhere[key]) * width

    ranked = sorted(count, key=lambda key: (-weight(key), key))
    kept: list[str] = []
    for key in ranked:
        if not any(_overlap(key, other) for other in kept):
            kept.append(key)
        if len(kept) == KEYWORDS:
            break
    title = ", ".join(shown[key].shown for key in kept[:3])
    return Name(title[:1].upper() + title[1:], tuple(shown[key].shown for key in kept))


def _overlap(key: str, other: str) -> bool:
    return bool(set(key.split()) & set(other.split()))
