"""Numbers as people say them: ``a couple hundred``, ``three and a half``, ``eighteen fifty``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pipeline.errors import ConfigError
from pipeline.resources import models_folder

WAITED = frozenset(
    {
        "",
        "for",
        "in",
        "took",
        "takes",
        "take",
        "within",
        "about",
        "nearly",
        "almost",
        "over",
        "under",
        "spent",
        "and",
    }
    | {"spend", "wasted", "lost", "waited", "of", "than", "inside", "least", "another", "maybe", ",", "."}
)
"""Words behind which "an hour" is a stretch of time rather than a rate."""

LOOSE = frozenset({"odd", "ish", "some", "something"})
"""What makes the number before it a rough one: ``thirty-odd``, ``sixty-some``."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in lower case and its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number or range read from ``first`` up to, not including, ``after``."""

    low: float
    high: float
    approximate: bool
    first: int
    after: int


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """The words of the grammar.

    Raises:
        ConfigError: the file is missing or no TOML.
    """
    path = models_folder() / "outcomes" / "numbers.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read the number words {path}: {error}", "Reinstall whyswitch.") from error


@lru_cache(maxsize=1)
def by_word() -> Mapping[str, Mapping[str, str]]:
    """Each table of word lists turned round: word -> name."""
    tables = ("currencies", "symbols", "cents", "duration_words", "periods", "markers")
    return {table: {word: name for name, said in words()[table].items() for word in said} for table in tables}


def number_range(said: Sequence[Word], i: int) -> Number | None:
    """A number, or two that make a range: ``three or four``, ``two to three``, ``ten, fifteen``."""
    first = number_at(said, i)
    if first is None:
        return None
    joint = word_at(said, first.after)
    if joint in ("or", "to", "-", "–", ",", "and") and (joint != "and" or word_at(said, i - 1) == "between"):
        second = number_at(said, first.after + 1)
        near = second is not None and first.low < second.low <= first.low * 4
        if second is not None and near and not (joint == "," and second.low - first.low > 10):
            return Number(first.low, second.high, first.approximate or joint in ("or", ","), i, second.after)
    if joint == "or" and word_at(said, first.after + 1) == "so":
        return replace(first, approximate=True, after=first.after + 2)
    if joint in ("-", "–") and word_at(said, first.after + 1) in LOOSE:
        return replace(first, approximate=True, after=first.after + 2)
    return replace(first, approximate=True, after=first.after + 1) if joint in LOOSE else first


def number_at(said: Sequence[Word], i: int) -> Number | None:
    """One number in digits or words, with its halves: ``2,500``, ``three and a half``."""
    word = word_at(said, i)
    if word and "0" <= word[0] <= "9":
        number = Number(float(word.replace(",", "")), float(word.replace(",", "")), False, i, i + 1)
        return _multiplied(said, number)
    start = i
    article = word in ("a", "an") or (word == "another" and word_at(said, i + 1) in words()["multipliers"])
    if article:
        i += 1
    if word_at(said, i) == "half":
        return _half(said, start, i)
    vague = words()["vague"].get(word_at(said, i))
    if vague is not None and (article or word_at(said, i) == "dozen"):
        after = i + 2 if word_at(said, i + 1) == "of" else i + 1
        number = Number(float(vague), float(vague), word_at(said, i) != "dozen", start, after)
        return _multiplied(said, number)
    if article:
        if word_at(said, i) in words()["multipliers"]:
            return _halved(said, _spelled(said, start, i, 1.0))
        unit = by_word()["duration_words"].get(word_at(said, i))
        coin = by_word()["currencies"].get(word_at(said, i))
        if coin is not None and not word_at(said, i).endswith("s"):
            return Number(1, 1, False, start, i)
        return (
            Number(1, 1, False, start, i) if unit is not None and word_at(said, start - 1) in WAITED else None
        )
    return _halved(said, _spelled(said, start, i, None))


def _half(said: Sequence[Word], start: int, i: int) -> Number | None:
    """``half an hour``, ``half a million``, ``half a day``."""
    if word_at(said, i + 1) not in ("a", "an"):
        return None
    if word_at(said, i + 2) in words()["multipliers"]:
        value = 0.5 * float(words()["multipliers"][word_at(said, i + 2)])
        return Number(value, value, False, start, i + 3)
    if word_at(said, i + 2) in by_word()["duration_words"]:
        return Number(0.5, 0.5, False, start, i + 2)
    return None


def _spelled(said: Sequence[Word], start: int, i: int, lead: float | None) -> Number | None:
    """A number in words from position ``i``; ``lead`` is the one of "a hundred"."""
    spelled, scales = words()["words"], words()["multipliers"]
    total, current, last = 0.0, lead, lead is not None
    at = i
    while True:
        word = word_at(said, at)
        if (
            word == "and"
            and last
            and at > i
            and word_at(said, at + 1) in spelled
            and word_at(said, at - 1) in scales
        ):
            at += 1
            continue
        if word == "-" and at > i and word_at(said, at + 1) in spelled:
            at += 1
            continue
        if word in spelled:
            value = float(spelled[word])
            if current is not None and not _joins(current, value, word_at(said, at - 1)):
                if 10 <= current < 100 and value >= 10 and word_at(said, at - 1) in spelled:
                    return _pair(said, start, at, current, value, scales)
                break
            current = (current or 0) + value
        elif word in scales and current is not None:
            current *= float(scales[word])
            if scales[word] >= 1000:
                total, current = total + current, 0.0
        else:
            break
        last, at = True, at + 1
    if current is None or at == i:
        return None
    value = total + current
    point = _point(said, at)
    return (
        Number(value + point[0], value + point[0], False, start, point[1])
        if point
        else Number(value, value, False, start, at)
    )


def _pair(
    said: Sequence[Word], start: int, at: int, current: float, value: float, scales: Mapping[str, int]
) -> Number | None:
    """``eighteen fifty``: hundreds, unless it is a year."""
    if word_at(said, at + 1) in scales or current < 11:
        return None
    unit = value
    end = at + 1
    if (
        value >= 20
        and word_at(said, end) in words()["words"]
        and float(words()["words"][word_at(said, end)]) < 10
    ):
        unit, end = value + float(words()["words"][word_at(said, end)]), end + 1
    total = current * 100 + unit
    return Number(total, total, False, start, end)


def _joins(current: float, value: float, before: str) -> bool:
    """Whether a number word goes on the number so far: ``twenty five``, ``hundred six``, not ``five six``."""
    if before in words()["multipliers"] or before == "and":
        return True
    return current % 100 >= 20 and current % 10 == 0 and value < 10


def _point(said: Sequence[Word], at: int) -> tuple[float, int] | None:
    """``one point nine``."""
    digit = words()["words"].get(word_at(said, at + 1))
    if word_at(said, at) != "point" or digit is None or digit > 9:
        return None
    return digit / 10, at + 2


def _halved(said: Sequence[Word], number: Number | None) -> Number | None:
    """``three and a half``; a half of thousands is of one thousand."""
    if number is None:
        return None
    at = number.after
    if (
        word_at(said, at) == "and"
        and word_at(said, at + 1) == "a"
        and word_at(said, at + 2) in ("half", "bit")
    ):
        more = 0.5 if word_at(said, at + 2) == "half" else 0.0
        return replace(
            number, low=number.low + more, high=number.high + more, after=at + 3, approximate=not more
        )
    return number


def _multiplied(said: Sequence[Word], number: Number) -> Number:
    """``2 thousand``, ``a couple of hundred``."""
    scale = words()["multipliers"].get(word_at(said, number.after))
    if scale is None:
        return _halved(said, number) or number
    return replace(times(number, float(scale)), after=number.after + 1)


def times(number: Number, factor: float) -> Number:
    return replace(number, low=round(number.low * factor, 6), high=round(number.high * factor, 6))


def word_at(said: Sequence[Word], i: int) -> str:
    return said[i].text if 0 <= i < len(said) else ""
