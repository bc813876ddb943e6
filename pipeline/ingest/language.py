"""The language of an interview: English by its small words, others by a language identifier."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.ingest.lexicon import SMALL_ENGLISH
from pipeline.ingest.turns import Talk

_LEAST_WORDS, _LEAST_CHARACTERS = 30, 60
"""Words, and characters, below which no language is told: "Okay" is said everywhere."""
_ENGLISH_SHARE = 0.15
"""Share of small words from which a text is English: English speech has 0.25 to 0.45, others below 0.08."""
_DOUBT_SHARE, _DOUBT_WORDS = 0.1, 200
"""A short text with this share is taken for English too, rather than refused."""
_SAMPLE = 3_000
"""Words looked at, spread over the interview."""


def told(talk: Sequence[Talk]) -> str | None:
    """The two-letter code of the language, None where there are too few words to tell."""
    words = _sample(talk)
    text = " ".join(words)
    latin = sum(char < "\u0250" for char in text[:4000]) > 0.5 * min(len(text), 4000)
    if (len(words) < _LEAST_WORDS and latin) or len(text) < _LEAST_CHARACTERS:
        return None
    share = sum(word.strip(".,?!;:\"'“”…-") in SMALL_ENGLISH for word in words) / len(words)
    if share >= _ENGLISH_SHARE or (share >= _DOUBT_SHARE and len(words) < _DOUBT_WORDS):
        return "en"
    # Imported here: it is needed for texts that do not look English alone, and takes half a second.
    import py3langid

    return str(py3langid.classify(text)[0])


def _sample(talk: Sequence[Talk]) -> list[str]:
    """Words from the whole interview: every turn where it is short, evenly chosen turns where it is long."""
    size = sum(len(turn.text) for turn in talk)
    step = max(1, size // (6 * _SAMPLE))
    words: list[str] = []
    for turn in talk[::step]:
        words += turn.text[:6000].lower().replace("’", "'").split()
        if len(words) > _SAMPLE:
            break
    return words
