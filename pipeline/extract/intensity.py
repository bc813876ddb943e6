"""How strongly a force is told, with the signs that say so: quantity, repetition, consequence.

Directional only: it ranks the quotes of one theme, and is never summed over statements.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ConfigError
from pipeline.extract.numbers import Quantity, quantities
from pipeline.resources import models_folder

Level = Literal["strong", "medium", "mild"]
STRONG = 2
RAISED = re.compile(r"(?P<before>(?<=[\w'] ))?\b(?P<word>\w+)[ ]+(?=(?P<raised>[^\W\d_][\w']*))")
"""A word with the one right behind it, and whether one stands right before it in the same clause."""


class Sign(BaseModel):
    """Phrases of one kind, with what they add."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    grade: Literal[-1, 1, 2]
    why: str = Field(min_length=8)
    phrases: tuple[str, ...] = Field(min_length=1)
    raising: tuple[str, ...] = ()
    """Words that count only right before what they raise: ``so slow``."""
    examples: tuple[str, ...] = Field(min_length=3)


class SignFile(BaseModel):
    """All signs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unraised: frozenset[str]
    """Words that none of ``raising`` raises: pronouns, articles, helpers, prepositions, conjunctions."""
    sign: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Intensity:
    """The level and, in the order of the signs, what it rests on: ``repetition: every time``."""

    level: Level
    reasons: tuple[str, ...]


@lru_cache(maxsize=1)
def shipped() -> SignFile:
    """The shipped signs, with the words that are not raised.

    Raises:
        ConfigError: the file is missing, no TOML, or breaks the form.
    """
    path = models_folder() / "outcomes" / "intensity.toml"
    try:
        return SignFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigError(
            f"cannot read the signs of intensity {path}: {error}", "Reinstall whyswitch."
        ) from error


def signs() -> tuple[Sign, ...]:
    """The shipped signs, in their order."""
    return shipped().sign


def intensity(text: str, measured: Sequence[Quantity] | None = None) -> Intensity:
    """How strongly a quote tells its force; ``measured`` are its quantities, read here when not given.

    Each kind of sign counts once; an amount of time, money or a frequency counts as one sign more.
    """
    said = " ".join(text.replace("’", "'").split())
    plain = " ".join(re.findall(r"[\w']+", said.lower()))
    grade, reasons = 0, []
    for sign, pattern in _patterns():
        match = pattern.search(plain)
        words = match.group() if match is not None else _raised(sign, said)
        if words:
            grade += sign.grade
            reasons.append(f"{sign.id}: {words}")
    told = [q for q in (quantities(text) if measured is None else measured) if q.kind != "count"]
    if told:
        grade += 1
        reasons.append(f"quantity: {told[0]}")
    level: Level = "strong" if grade >= STRONG else "medium" if grade == 1 else "mild"
    return Intensity(level, tuple(reasons))


def _raised(sign: Sign, text: str) -> str:
    """The first ``so slow`` of a text, in lower case; empty where its words raise nothing."""
    for match in RAISED.finditer(text):
        word, raised = match.group("word").lower(), match.group("raised")
        plain = raised.lower().partition("'")[0]
        named = raised[0].isupper() and not raised.isupper()
        plural = plain.endswith("s") and not plain.endswith(("ss", "ous"))
        free = (
            match.group("before") is not None and not named and not plural and plain not in shipped().unraised
        )
        if word in sign.raising and free:
            return f"{word} {plain}"
    return ""


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Sign, re.Pattern[str]], ...]:
    return tuple(
        (sign, re.compile(r"(?<![\w'])(?:" + "|".join(map(re.escape, sign.phrases)) + r")(?![\w'])"))
        for sign in signs()
    )
