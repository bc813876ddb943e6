"""The part of a statement's holder in the matter: who pays, who uses, who has a say, who is served.

Read from words; the phrases are data (``models/story/parts.toml``). Where nothing tells it, there is none.
"""

from __future__ import annotations

import re
import tomllib
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ConfigError
from pipeline.resources import models_folder

Part = Literal["buyer", "user", "influencer", "customer"]


class PartRule(BaseModel):
    """Patterns that tell one part of one kind of holder, with examples that prove them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    part: Part
    holder: Literal["self", "other"]
    why: str = Field(min_length=5)
    patterns: tuple[str, ...] = Field(min_length=1)
    examples: tuple[str, ...] = Field(min_length=3)
    negatives: tuple[str, ...] = Field(min_length=1)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """All patterns as one."""
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.patterns))


class PartFile(BaseModel):
    """All rules, narrow ones first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    part: tuple[PartRule, ...]


@lru_cache(maxsize=1)
def part_rules() -> tuple[PartRule, ...]:
    """The shipped rules.

    Raises:
        ConfigError: the file is missing, no TOML, or breaks the form.
    """
    path = models_folder() / "story" / "parts.toml"
    try:
        return PartFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).part
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigError(f"cannot read the parts {path}: {error}", "Reinstall whyswitch.") from error


def part_of(quote: str, holder: str | None) -> Part | None:
    """The part that the quote tells of its holder (``self`` or ``other``); None when it tells none."""
    plain = quote.lower().replace("’", "'")
    for rule in part_rules():
        if rule.holder == holder and rule.compiled.search(plain.replace("used to ", "")):
            return rule.part
    return None
