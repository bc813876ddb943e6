"""Invented names: the same word gets the same one wherever it is met, and only the key tells which."""

from __future__ import annotations

import functools
import hashlib
import hmac
from collections.abc import Iterable

from pipeline.ingest.privacy.lexicon import Kind, Lexicon, fold

_ONSETS = "b d f g h j k l m n p r s t v w z br dr gl gr kl kr pl pr sk sl sm sp st tr vr zw th sh".split()
_VOWELS = "a e i o u ai au ei".split()
_NAMES = Kind.GIVEN | Kind.SURNAME
_CODAS = ["", "", "", "l", "m", "n", "r", "s", "x", "nd"]


class Pseudonyms:
    """Pseudonyms under one key."""

    def __init__(self, key: bytes, lexicon: Lexicon) -> None:
        self._key = key
        self._lexicon = lexicon
        self.of_word = functools.lru_cache(maxsize=65_536)(self._of_word)

    def of_name(self, words: Iterable[str]) -> str:
        """The invented name for the words of a name, a word for a word."""
        return " ".join(self.of_word(fold(word)) for word in words)

    def of_id(self, text: str) -> str:
        """A participant's id in place of one that could be guessed from a name."""
        return "p" + self._digest("id", text).hex()[:16]

    def _of_word(self, word: str) -> str:
        """An invented word that is no known name and no word of the language; short forms as what they stand for."""
        if (
            word.endswith("s")
            and word not in self._lexicon.kinds
            and self._lexicon.kinds.get(word[:-1], Kind.NOTHING) & _NAMES
        ):
            return self._of_word(word[:-1]) + "s"
        canonical = self._lexicon.short_forms.get(word, word)
        for attempt in range(1_000):
            invented = _spell(self._digest(f"name{attempt}", canonical))
            if not self._lexicon.kind(invented):
                break
        return invented.capitalize()

    def _digest(self, purpose: str, text: str) -> bytes:
        return hmac.new(self._key, f"{purpose}\x1f{text}".encode(), hashlib.sha256).digest()


def _spell(digest: bytes) -> str:
    """Three syllables and an ending: 280 to the third times ten spellings."""
    number = int.from_bytes(digest[:8], "big")
    word = ""
    for _ in range(3):
        number, onset = divmod(number, len(_ONSETS))
        number, vowel = divmod(number, len(_VOWELS))
        word += _ONSETS[onset] + _VOWELS[vowel]
    return word + _CODAS[number % len(_CODAS)]
