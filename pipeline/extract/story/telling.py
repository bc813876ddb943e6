"""Turns of phrase that tell a part of a switch: events, when, who decided, what was paid, what they did until then.

The phrases are data (``models/story/telling.toml``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ConfigError
from pipeline.extract.numbers import quantities
from pipeline.resources import models_folder

DENIED = re.compile(r"\b(?:\w+n't|not|never|nothing|nobody)\b(?: \w+){0,2}$")
"""What stands right before words that are denied."""
DOING = re.compile(
    r"\b(?:wrote|writ\w+|kept|keep\w*|did|do|does|doing|done|had|use[sd]?|using|print\w*|put|puts|count\w*|sort\w*"
    r"|ran|run|rang|add\w*|track\w*|plan\w*|book\w*|paid|pay|stuck|work\w* (?:it|them) out|draw|drew|carr\w+)\b"
)


class Rule(BaseModel):
    """Patterns of which any tells the part; ``value`` is what they tell, ``@1`` the words of the first group."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    part: Literal["event_one", "event_two", "decided_by", "paid", "when", "ended", "doing_now"]
    value: str = ""
    why: str = Field(min_length=8)
    needs: Literal["", "money", "doing"] = Field("", description="what else the sentence must hold")
    near_product: bool = Field(
        False,
        description="whether a product of the switch must be named in the sentence, or the one before or behind",
    )
    patterns: tuple[str, ...] = Field(min_length=1)
    examples: tuple[str, ...] = Field(min_length=2)
    negatives: tuple[str, ...] = Field(min_length=1)

    @cached_property
    def compiled(self) -> tuple[re.Pattern[str], ...]:
        """The patterns, ready to search."""
        return tuple(re.compile(pattern) for pattern in self.patterns)


class RuleFile(BaseModel):
    """All rules, in the order of their trust."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence tells: a part, its value, and the rule that says so."""

    part: str
    value: str
    rule: str
    near_product: bool


@lru_cache(maxsize=1)
def telling_rules() -> tuple[Rule, ...]:
    """The shipped rules.

    Raises:
        ConfigError: the file is missing, no TOML, or breaks the form.
    """
    path = models_folder() / "story" / "telling.toml"
    try:
        return RuleFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).rule
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigError(f"cannot read the rules {path}: {error}", "Reinstall whyswitch.") from error


def told(sentence: str) -> Iterator[Told]:
    """The parts that a participant's sentence tells, one per rule that fires; questions tell none."""
    if sentence.rstrip().endswith("?"):
        return
    plain = sentence.lower().replace("’", "'")
    for rule in telling_rules():
        match = next((m for p in rule.compiled if (m := p.search(plain))), None)
        if match is None or (rule.part.startswith("event") and DENIED.search(plain[: match.start()].strip())):
            continue
        value = match.group(1) if rule.value == "@1" else rule.value or sentence[match.start() : match.end()]
        if rule.needs == "doing" and not DOING.search(plain):
            continue
        if rule.needs == "money":
            sums = [q for q in quantities(sentence) if q.kind == "money"]
            if not sums:
                continue
            value = str(sums[0])
        yield Told(rule.part, value, rule.id, rule.near_product)
