"""Names of themes: the phrases that set each apart from the others of its label."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.cluster.phrases import Phrase

KEYWORDS = 8
IN_TITLE = 3
ALONE = 0.35
"""What a phrase weighs that one person alone says."""
HALF = 0.5
"""What a verb without its object weighs."""
WIDE = 1.5
"""What more than one word weighs: it says more."""
SAID = 0.5
"""Share of a theme's people who are taken to say a keyword of it, where only its keywords are at hand."""
FAINT = 0.4
"""Share of the strongest phrase's weight below which a phrase is no part of the title."""


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


@dataclass(frozen=True, slots=True)
class Known:
    """A theme of which only this is at hand: how many tell of it, and its keywords as they are shown."""

    n_people: int
    keywords: tuple[str, ...]


@dataclass(slots=True)
class _Voices:
    """Who says what in a theme."""

    people: set[str] = field(default_factory=set)
    said: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    """Phrase -> person -> the weight of the firmest statement."""

    def count(self, key: str) -> float:
        """The weight of all who say a phrase; summed in one order, so that it is the same in every run."""
        return sum(sorted(self.said[key].values())) if key in self.said else 0.0


def names(themes: Sequence[Sequence[Telling]], beside: Sequence[Known] = ()) -> list[Name]:
    """One name per theme of a label, in order; ``beside`` are the label's other themes.

    A phrase weighs by the people who say it (each by the firmest of their statements), and by how much larger
    their share is than among those who tell of the other themes: c-TF-IDF (Grootendorst 2022) with people in
    place of words, and odds in place of frequencies, so that a word of all themes names none. Of the themes beside
    them, half of the people are taken to say each keyword.
    """
    voices = [_listened(theme) for theme in themes]
    total: Counter[str] = Counter()
    for theme in voices:
        total.update({key: theme.count(key) for key in theme.said})
    people = sum(len(theme.people) for theme in voices) + sum(theme.n_people for theme in beside)
    forms = _forms(themes)
    for other in beside:
        told = set(other.keywords)
        total.update({key: SAID * other.n_people for key, form in forms.items() if form.shown in told})
    return [_name(theme, total, people, forms) for theme in voices]


def _listened(theme: Sequence[Telling]) -> _Voices:
    voices = _Voices()
    for told in theme:
        voices.people.add(told.participant_id)
        for phrase in told.phrases:
            who = voices.said[phrase.key]
            who[told.participant_id] = max(who.get(told.participant_id, 0.0), told.strength)
    return voices


def _forms(themes: Sequence[Sequence[Telling]]) -> dict[str, Phrase]:
    """Phrase -> how it is said most often; of equals the first of the alphabet."""
    seen: dict[str, Counter[Phrase]] = defaultdict(Counter)
    for theme in themes:
        for told in theme:
            for phrase in told.phrases:
                seen[phrase.key][phrase] += 1
    return {key: min(forms, key=lambda p: (-forms[p], p.shown)) for key, forms in seen.items()}


def _name(theme: _Voices, total: Counter[str], people: int, forms: Mapping[str, Phrase]) -> Name:
    here, there = len(theme.people), people - len(theme.people)

    def weight(key: str) -> float:
        count = theme.count(key)
        inside = (count + 0.5) / (here + 1.0)
        outside = (max(total[key] - count, 0.0) + 0.5) / (there + 1.0)
        odds = math.log(inside / outside) if there else 1.0
        shared = 1.0 if len(theme.said[key]) > 1 else ALONE
        return math.log2(1.0 + count) * max(odds, 0.0) * shared * _width(forms[key])

    weights = {key: round(weight(key), 9) for key in theme.said}
    kept: list[str] = []
    for key in sorted(weights, key=lambda key: (-weights[key], key)):
        if not any(_overlap(key, other) for other in kept):
            kept.append(key)
    leading = _leading(kept, weights, theme, forms)
    told = [*leading, *(key for key in kept if key not in leading)][:KEYWORDS]
    title = ", ".join(forms[key].shown for key in leading)
    return Name(title[:1].upper() + title[1:], tuple(forms[key].shown for key in told))


def _leading(
    kept: Sequence[str], weights: Mapping[str, float], theme: _Voices, forms: Mapping[str, Phrase]
) -> list[str]:
    """The phrases of the title: the strongest whole ones, shared before those of one person.

    A half phrase leads only where there is no whole one; what is faint beside the strongest is left out.
    """
    whole = [key for key in kept if forms[key].is_whole] or list(kept)
    shared = [key for key in whole if len(theme.said[key]) > 1]
    chosen = (shared or whole)[:IN_TITLE]
    chosen = [key for key in chosen if weights[key] >= FAINT * weights[chosen[0]]]
    if len(chosen) == 1:
        chosen += [key for key in whole if key not in chosen][:1]
    return chosen


def _width(phrase: Phrase) -> float:
    if not phrase.is_whole:
        return HALF
    return WIDE if " " in phrase.key else 1.0


def _overlap(key: str, other: str) -> bool:
    return bool(set(key.split()) & set(other.split()))
