"""The language of an interview: English by its small words, others by a language identifier."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.ingest.lexicon import SMALL_ENGLISH
from pipeline.ingest.turns import Talk

_LEAST_WORDS, _LEAST_DIFFERENT, _LEAST_CHARACTERS = 30, 15, 60
"""Words, different words, and characters, below which no language is told: "Okay" is said everywhere."""
_ENGLISH_SHARE = 0.15
"""Share of small words from which a text is English: English speech has 0.25 to 0.45, others below 0.08."""
_DOUBT_SHARE, _DOUBT_WORDS = 0.1, 200
"""A short text with this share is taken for English too, rather than refused."""
_PIECES, _PIECE = 25, 80
"""Stretches of talk looked at, spread over the interview, and the characters of each."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_NOT_LATIN = re.compile("[^\\x00-\u024f]")


def told(talk: Sequence[Talk]) -> str | None:
    """The two-letter code of the language, None where there are too few words to tell."""
    text = _sample(talk)
    words = _WORD.findall(text)
    latin = text.isascii() or len(_NOT_LATIN.findall(text)) < 0.5 * len(text)
    if (len(words) < _LEAST_WORDS and latin) or len(text) < _LEAST_CHARACTERS:
        return None
    if len(set(words)) < _LEAST_DIFFERENT and latin:
        return None
    share = sum(map(SMALL_ENGLISH.__contains__, words)) / max(1, len(words))
    if share >= _ENGLISH_SHARE or (share >= _DOUBT_SHARE and len(words) < _DOUBT_WORDS):
        return "en"
    # Imported here: it is needed for texts that do not look English alone, and takes half a second.
    import py3langid

    return str(py3langid.classify(text)[0])


def _sample(talk: Sequence[Talk]) -> str:
    """Stretches from the whole interview in small letters: all of it where it is short."""
    size = sum(len(turn.text) for turn in talk)
    if size <= _PIECES * _PIECE:
        pieces = [turn.text for turn in talk]
    elif len(talk) >= _PIECES:
        pieces = [turn.text[:_PIECE] for turn in talk[:: len(talk) // _PIECES]]
    else:
        pieces = [
            turn.text[begin : begin + _PIECE] for turn in talk for begin in _places(len(turn.text), size)
        ]
    return " ".join(pieces).lower().replace("\u2019", "'")


def _places(length: int, size: int) -> range:
    return range(0, length, max(_PIECE, size // _PIECES))
