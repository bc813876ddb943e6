"""How much a speaker talks like one who asks: features of the talk, weighed by a logistic regression.

The weights were fitted on interviews whose roles are known; docs/roles.md tells which, and how well they do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from pipeline.ingest.turns import Talk

WEIGHTS = (4.2, 5.0, -1.75, 0.3, -0.05, 1.6)
"""Of turns that end asking, turns that ask, the length of turns, "you", "I", and who opens the talk."""
INTERCEPT = 0.4
_SHRINK = 300
"""Characters of talk, of a speaker or of all others, at which the evidence counts half."""
_TURNS, _CHARACTERS = 40, 4_000
"""A speaker's first turns, and characters of them, that are weighed."""

_ASKS = re.compile(
    r" (?:(?:what|how|why|when|where|who|which)"
    r"(?:'s|'d| (?:did|do|does|was|were|is|are|made|about|kind|happened|would|else|sort|makes|got|changed|"
    r"then))\b|"
    r"(?:did|do|were|was|are|have|can|could|would|had|don't|didn't) (?:you|your|it|that|there|they)\b|"
    r"(?:tell me|walk me|talk me|take me back|you mentioned|you said|say more|talk about|describe)\b)"
)
"""What people say who ask; with a blank before each word, which makes the search five times faster."""
_TAIL = 100
"""Characters at a turn's end in which its question stands."""
_YOU = (" you ", " you'", " your", " you?", " you,")
_I = (" i ", " i'", " me ", " my ", " we ", " we'", " our ", " us ")


def leanings(talk: Sequence[Talk]) -> dict[str, float]:
    """Each speaker's log odds of being an interviewer, seen against all others; nothing for a lone one."""
    size: dict[str, int] = {}
    for turn in talk:
        size[turn.speaker] = size.get(turn.speaker, 0) + len(turn.text)
    total = sum(size.values())
    found = {}
    for name, values in contrasts(talk).items():
        less = min(size[name], total - size[name])
        odds = INTERCEPT + sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True))
        found[name] = odds * less / (less + _SHRINK)
    return found


def probability(log_odds: float) -> float:
    """The probability of log odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def contrasts(talk: Sequence[Talk]) -> dict[str, list[float]]:
    """Each speaker's features less the mean of all others', weighted by how much those talk."""
    own: dict[str, list[str]] = {}
    for turn in talk:
        texts = own.setdefault(turn.speaker, [])
        if len(texts) < _TURNS:
            texts.append(turn.text)
    if len(own) < 2:
        return {}
    found = {name: _features(texts, opens=name == talk[0].speaker) for name, texts in own.items()}
    size = {name: 200 + sum(map(len, texts)) for name, texts in own.items()}
    return {name: _contrast(name, found, size) for name in own}


def _contrast(name: str, found: Mapping[str, list[float]], size: Mapping[str, int]) -> list[float]:
    others = [other for other in found if other != name]
    total = sum(size[other] for other in others)
    return [
        mine - sum(found[other][place] * size[other] for other in others) / total
        for place, mine in enumerate(found[name])
    ]


def _features(texts: Sequence[str], *, opens: bool) -> list[float]:
    n_turns = len(texts)
    n_words = max(1, sum(map(len, texts)) // 6)
    tails = "\n".join([f" {one[-_TAIL:]}" for one in texts]).lower()
    shown = f" {' '.join(texts)[:_CHARACTERS].lower()} "
    n_shown = 50 + len(shown) / 6
    return [
        (0.3 + sum(["?" in one[-3:] for one in texts])) / (n_turns + 1.5),
        (0.3 + len(_ASKS.findall(tails))) / (n_turns + 1.5),
        math.log((n_words + 10) / (n_turns + 1)),
        100 * sum(map(shown.count, _YOU)) / n_shown,
        100 * sum(map(shown.count, _I)) / n_shown,
        float(opens),
    ]
