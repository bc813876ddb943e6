"""What words can be: given names, surnames, common words, products; and the words around them that tell which."""

from __future__ import annotations

import enum
import functools
import hashlib
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

WORDS = Path(__file__).with_name("words")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "ß": "ss", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "’": "'"}
)


class Kind(enum.Flag):
    """What a word is known to be; a word can be several things."""

    NOTHING = 0
    GIVEN = enum.auto()
    """A given name and nothing else."""
    GIVEN_WORD = enum.auto()
    """A given name that is a word, too."""
    GIVEN_PLACE = enum.auto()
    """A given name that is a place, too."""
    SURNAME = enum.auto()
    SURNAME_WORD = enum.auto()
    COMMON = enum.auto()
    """A word of the language."""
    FUNCTION = enum.auto()
    """A small word; no name where it is written small."""


Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
"""First word -> the phrases that begin with it, as words, longest first."""


@dataclass(frozen=True, slots=True)
class Cues:
    """The words around a name, by what they say of it (words/cues.toml)."""

    person: Mapping[str, frozenset[str]]
    thing: Mapping[str, frozenset[str]]
    place: Mapping[str, frozenset[str]]
    month: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The word lists of ``words/``, and the common words of the English model."""

    kinds: Mapping[str, Kind]
    common: frozenset[str]
    products: Phrases
    short_forms: Mapping[str, str]
    cues: Cues

    def kind(self, word: str) -> Kind:
        """What a folded word can be; of a compound (``jean-pierre``) what its parts can."""
        known = self.kinds.get(word, Kind.NOTHING)
        if "-" in word and not known:
            for part in word.split("-"):
                known |= self.kinds.get(part, Kind.NOTHING)
            if known & (Kind.GIVEN | Kind.SURNAME):
                return known & ~(Kind.COMMON | Kind.FUNCTION)
            return known | (
                Kind.COMMON if any(self.is_common(part) for part in word.split("-")) else Kind.NOTHING
            )
        if self.is_common(word):
            known |= Kind.COMMON
        if not known and word.endswith("s"):
            known = self.kinds.get(word[:-1].removesuffix("'"), Kind.NOTHING) & (Kind.GIVEN | Kind.SURNAME)
        return known

    def is_common(self, word: str) -> bool:
        """Whether a folded word, or what it is inflected from, is in the dictionary of the English model."""
        names = Kind.GIVEN | Kind.SURNAME
        return word in self.common or any(
            stem in self.common and not self.kinds.get(stem, Kind.NOTHING) & names for stem in _stems(word)
        )


def fold(text: str) -> str:
    """The word in lower case, without accents, apostrophes straight."""
    low = text.lower()
    if low.isascii():
        return low
    spread = unicodedata.normalize("NFD", low.translate(_LETTERS))
    return "".join(char for char in spread if not unicodedata.combining(char))


def _stems(word: str) -> list[str]:
    """What a regularly inflected English word may come from."""
    found = []
    for ending, lengths in (
        ("s", ("", "e")),
        ("es", ("",)),
        ("ed", ("", "e")),
        ("ing", ("", "e")),
        ("er", ("", "e")),
        ("est", ("",)),
        ("ly", ("",)),
        ("'s", ("",)),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            found += [stem + back for back in lengths]
            if len(stem) > 2 and stem[-1] == stem[-2]:
                found.append(stem[:-1])
            if stem.endswith("i"):
                found.append(stem[:-1] + "y")
    return found


@functools.cache
def word_lists() -> tuple[Mapping[str, Kind], Phrases, Mapping[str, str], Cues]:
    """Every list of ``words/``: kinds of names, products, short forms, cues."""
    kinds: dict[str, Kind] = {}
    for file, kind in (
        ("given", Kind.GIVEN),
        ("given_words", Kind.GIVEN_WORD),
        ("given_places", Kind.GIVEN_PLACE),
        ("surnames", Kind.SURNAME),
        ("surnames_words", Kind.SURNAME_WORD),
        ("function", Kind.FUNCTION | Kind.COMMON),
        ("everyday", Kind.COMMON),
    ):
        for line in _lines(f"{file}.txt"):
            for word in line.split():
                kinds[word] = kinds.get(word, Kind.NOTHING) | kind
    short = {
        form: full.strip()
        for line in _lines("nicknames.txt")
        for forms, _, full in [line.partition(":")]
        for form in forms.split()
    }
    tables = tomllib.loads((WORDS / "cues.toml").read_text(encoding="utf-8"))
    groups = {name: {key: frozenset(words) for key, words in table.items()} for name, table in tables.items()}
    return kinds, phrases(_lines("products.txt")), short, Cues(**groups)


def phrases(lines: list[str]) -> Phrases:
    """Phrases by their first word."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in lines:
        words = tuple(split_words(line))
        if words:
            found.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(group, key=len, reverse=True)) for first, group in found.items()}


def split_words(phrase: str) -> list[str]:
    """The folded words of a phrase, cut where a text's words are cut; apostrophes are left out."""
    text = fold(phrase).replace("'", "")
    return "".join(char if char.isalpha() or char == "-" else " " for char in text).split()


def _lines(file: str) -> list[str]:
    text = (WORDS / file).read_text(encoding="utf-8")
    return [line.strip().lower() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def lists_hash() -> str:
    """One hash over all word lists."""
    digest = hashlib.sha256()
    for path in sorted(WORDS.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
