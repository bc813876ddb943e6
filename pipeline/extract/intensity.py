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


class Sign(BaseModel):
    """Phrases of one kind, with what they add."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    grade: Literal[-1, 1, 2]
    why: str = Field(min_length=8)
    phrases: tuple[str, ...] = Field(min_length=1)
    examples: tuple[str, ...] = Field(min_length=3)


class SignFile(BaseModel):
    """All signs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sign: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Intensity:
    """The level and, in the order of the signs, what it rests on: ``repetition: every time``."""

    level: Level
    reasons: tuple[str, ...]


@lru_cache(maxsize=1)
def signs() -> tuple[Sign, ...]:
    """The shipped signs.

    Raises:
        ConfigError: the file is missing, no TOML, or breaks the form.
    """
    path = models_folder() / "outcomes" / "intensity.toml"
    try:
        return SignFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).sign
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigError(
            f"cannot read the signs of intensity {path}: {error}", "Reinstall whyswitch."
        ) from error


def intensity(text: str, measured: Sequence[Quantity] | None = None) -> Intensity:
    """How strongly a quote tells its force; ``measured`` are its quantities, read here when not given.

    Each kind of sign counts once; an amount of time, money or a frequency counts as one sign more.
    """
    plain = " ".join(re.findall(r"[\w']+", text.lower().replace("’", "'")))
    grade, reasons = 0, []
    for sign, pattern in _patterns():
        match = pattern.search(plain)
        if match is not None:
            grade += sign.grade
            reasons.append(f"{sign.id}: {match.group()}")
    told = [q for q in (quantities(text) if measured is None else measured) if q.kind != "count"]
    if told:
        grade += 1
        reasons.append(f"quantity: {told[0]}")
    level: Level = "strong" if grade >= STRONG else "medium" if grade == 1 else "mild"
    return Intensity(level, tuple(reasons))


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Sign, re.Pattern[str]], ...]:
    return tuple(
        (sign, re.compile(r"(?<![\w'])(?:" + "|".join(map(re.escape, sign.phrases)) + r")(?![\w'])"))
        for sign in signs()
    )
