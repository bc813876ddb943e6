"""The things that may be products in an interview, and every place where each is mentioned.

A name is told by its capital; in raw speech-to-text, which has none, by being no word of common talk. Other
things are nouns that the interview keeps coming back to. Mentions of one thing are one thing: case, plural,
possessive, a part of a longer name, a near spelling.
"""

from __future__ import annotations

import difflib
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.extract.story.lines import STOPS, Line, is_cased

MOST_THINGS = 14
"""Unnamed things per interview: those it comes back to most for their rarity."""
FEWEST = 2
"""Mentions of an unnamed thing below which it is passing."""
COMMON = 0.22
"""Share of interviews above which a word is of common talk, and no thing that one interview is about."""
SHORTEST_HALF = 3
"""Letters of either half of a coined name."""
ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "ly", "y", "ish", "ness")
ALIKE = 0.84
"""Likeness (difflib) of two spellings of one name."""
DETERMINERS = frozenset("a an the my our your his her their its this that these those".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a thing is named: line and tokens, ``last`` exclusive."""

    line: int
    first: int
    last: int
    said: str


@dataclass(frozen=True, slots=True)
class Thing:
    """A possible product: its name as most often said, and its mentions in order."""

    key: str
    name: str
    is_name: bool
    mentions: tuple[Mention, ...]

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way it is said, commonest first."""
        return tuple(said for said, _ in Counter(m.said for m in self.mentions).most_common())


@dataclass(frozen=True, slots=True)
class Talk:
    """What is known of common talk: in what share of interviews a word occurs, and words that name no product."""

    shares: Mapping[str, float]
    never: frozenset[str]
    people: frozenset[str] = frozenset()
    """Given names and surnames."""
    places: frozenset[str] = frozenset()
    dictionary: frozenset[str] = frozenset()
    """Nouns, verbs, adjectives and adverbs of English, uninflected."""

    def is_word(self, plain: str) -> bool:
        """Whether it is a word of English, whatever its ending."""
        if plain in self.dictionary or plain in self.shares:
            return True
        stems = (plain.removesuffix(ending) for ending in ENDINGS if plain.endswith(ending))
        return any(stem in self.dictionary or stem + "e" in self.dictionary for stem in stems)

    def is_coined(self, plain: str) -> bool:
        """Whether it is two words of English in one that English does not have: ``plotkeeper``."""
        if not plain.isalpha() or self.is_word(plain):
            return False
        cuts = range(SHORTEST_HALF, len(plain) - SHORTEST_HALF + 1)
        return any(plain[:i] in self.dictionary and plain[i:] in self.dictionary for i in cuts)

    def rarity(self, word: str) -> float:
        """Natural log of one over its share of interviews; a word never met counts as in one of 400."""
        return -math.log(max(self.shares.get(word, 0.0), 0.0025))


def things(lines: Sequence[Line], talk: Talk) -> list[Thing]:
    """The named and unnamed things of an interview, most mentioned first."""
    names = _named(lines, talk)
    taken = {(m.line, i) for group in names.values() for m in group for i in range(m.first, m.last)}
    nouns = _nouns(lines, talk, taken)
    found = [_thing(key, group, is_name=True) for key, group in names.items()]
    found += [_thing(key, group, is_name=False) for key, group in nouns.items()]
    return sorted(found, key=lambda thing: (-len(thing.mentions), thing.key))


def _thing(key: str, group: list[Mention], *, is_name: bool) -> Thing:
    said = Counter(m.said for m in group)
    name = max(said, key=lambda words: (len(words.split()) if is_name else 0, said[words], words))
    return Thing(key, name, is_name, tuple(sorted(group, key=lambda m: (m.line, m.first))))


def _named(lines: Sequence[Line], talk: Talk) -> dict[str, list[Mention]]:
    speakers = {word for line in lines for word in line.speaker.lower().split()}
    runs = _capitalised if is_cased(lines) else _unheard
    groups: dict[str, list[Mention]] = defaultdict(list)
    for mention in runs(lines, talk):
        key = " ".join(lines[mention.line].plain[mention.first : mention.last])
        if key not in speakers and key not in talk.never and len(key) > 2:
            groups[key].append(mention)
    joined = _joined(groups)
    return {key: group for key, group in joined.items() if _may_be_product(key, group, lines, talk)}


def _may_be_product(key: str, group: list[Mention], lines: Sequence[Line], talk: Talk) -> bool:
    """Not the name of a person or of a place; in raw speech-to-text said twice, or said to be called so."""
    words = key.split()
    if words[0] in talk.people or words[-1] in talk.people or any(word in talk.places for word in words):
        return False
    called = any(m.first and lines[m.line].plain[m.first - 1] in ("called", "named") for m in group)
    called = called or talk.is_coined(words[0])
    inside = [
        m
        for m in group
        if m.first and m.said[0].isupper() and lines[m.line].tokens[m.first - 1].text not in STOPS
    ]
    if group[0].said[0].isupper():
        return called or bool(inside) or not talk.is_word(words[0])
    return called or len(group) > 1


def _capitalised(lines: Sequence[Line], talk: Talk) -> Iterator[Mention]:
    """Runs of capitalised words; at a sentence's start only where the word is not of common talk."""
    for number, line in enumerate(lines):
        i = 0
        while i < len(line.tokens):
            if not _is_name(line, i, talk):
                i += 1
                continue
            j = i + 1
            while j < len(line.tokens) and (_is_name(line, j, talk) or line.tokens[j].text.isdigit()):
                j += 1
            yield _mention(lines, number, i, j)
            i = j


def _is_name(line: Line, i: int, talk: Talk) -> bool:
    word, plain = line.tokens[i].text, line.plain[i]
    if not word[0].isupper() or plain in talk.never or plain.split("'")[0] == "i":
        return False
    opens = i == 0 or line.tokens[i - 1].text in STOPS or line.tokens[i - 1].text == ","
    return not (opens and talk.shares.get(plain, 0.0) > 0.02)


def _unheard(lines: Sequence[Line], talk: Talk) -> Iterator[Mention]:
    """Words of no common talk, and whatever is said to be called so."""
    for number, line in enumerate(lines):
        for i, plain in enumerate(line.plain):
            called = i > 0 and line.plain[i - 1] in ("called", "named")
            strange = plain.isalpha() and len(plain) > 3 and talk.shares.get(plain, 0.0) < 0.009
            if (
                plain.isalpha()
                and plain not in talk.never
                and (strange or (called and plain not in DETERMINERS))
            ):
                yield _mention(lines, number, i, i + 1)


def _nouns(lines: Sequence[Line], talk: Talk, taken: set[tuple[int, int]]) -> dict[str, list[Mention]]:
    """Words that this interview comes back to and others do not, the most telling first."""
    groups: dict[str, list[Mention]] = defaultdict(list)
    for number, line in enumerate(lines):
        for i, plain in enumerate(line.plain):
            if (number, i) in taken or len(plain) < 3 or not plain[0].isalpha() or plain in talk.never:
                continue
            if talk.shares.get(plain, 0.0) <= COMMON:
                groups[singular(plain)].append(_mention(lines, number, i, i + 1))
    kept = {key: group for key, group in groups.items() if len(group) >= FEWEST}
    telling = sorted(kept, key=lambda key: (-len(kept[key]) * talk.rarity(key), key))
    return {key: kept[key] for key in telling[:MOST_THINGS]}


def _mention(lines: Sequence[Line], number: int, first: int, last: int) -> Mention:
    line = lines[number]
    said = line.text[line.tokens[first].start : line.tokens[last - 1].end]
    return Mention(number, first, last, said.removesuffix("'s").removesuffix("’s"))


def singular(word: str) -> str:
    """A noun without its plural ending, roughly."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _joined(groups: dict[str, list[Mention]]) -> dict[str, list[Mention]]:
    """Groups of one name as one: a part of one longer name, another plural, a near spelling."""
    by_length = sorted(groups, key=lambda key: (-len(key.split()), -len(groups[key]), key))
    found: dict[str, list[Mention]] = {}
    for key in by_length:
        wholes = [other for other in found if _is_same(key, other)]
        target = wholes[0] if len(wholes) == 1 else key
        found.setdefault(target, []).extend(groups[key])
    return found


def _is_same(key: str, other: str) -> bool:
    ours, theirs = key.split(), other.split()
    if len(ours) < len(theirs):
        return ours == theirs[: len(ours)] or ours == theirs[-len(ours) :]
    if singular(key) == singular(other):
        return True
    near = min(len(key), len(other)) >= 6 and key[0] == other[0]
    return near and difflib.SequenceMatcher(None, key, other).ratio() >= ALIKE
