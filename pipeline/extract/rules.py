"""Cue rules as data: what a file under ``models/cues`` may hold, checked when it is loaded.

A rule never decides alone: it says that a sentence sounds like a label, how strongly, and by what words.
"""

from __future__ import annotations

import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ConfigError
from pipeline.records import Label

Negation = Literal["blocks", "ignored", "required"]


class Rule(BaseModel):
    """One cue: the label it speaks for, the token patterns that fire it, and examples that prove it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z]+(-[a-z0-9]+)+$", description="stable name; starts with its label")
    label: Label
    weight: float = Field(gt=0, le=1, description="how strongly it speaks for the label, 0 to 1")
    why: str = Field(min_length=10, description="what in the codebook it stands for")
    patterns: tuple[tuple[dict[str, Any], ...], ...] = Field((), description="spaCy token patterns, any of which fires")
    dependencies: tuple[tuple[dict[str, Any], ...], ...] = Field((), description="spaCy dependency patterns")
    question: tuple[tuple[dict[str, Any], ...], ...] = Field(
        (), description="token patterns of which one must be in the question before; empty = any question"
    )
    negation: Negation = Field("blocks", description="what a negation of the matched words does")
    subject: Literal["any", "first", "not_second"] = Field(
        "any", description="whose doing it must be: anybody's, the speaker's, or nobody's addressed as you"
    )
    examples: tuple[str, ...] = Field(min_length=2, description="sentences that must fire it")
    negatives: tuple[str, ...] = Field(min_length=1, description="sentences that must not")

    @cached_property
    def needs_question(self) -> bool:
        """Whether it looks at the question before."""
        return bool(self.question)


class RuleFile(BaseModel):
    """A file of rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: tuple[Rule, ...]


def read_rules(*folders: Path) -> tuple[Rule, ...]:
    """All rules of the ``*.toml`` files of some folders, in the order of their ids.

    Raises:
        ConfigError: a file is no TOML, a rule breaks the form, or two rules have one id.
    """
    found: dict[str, Rule] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.toml"))):
        for rule in _read(path).rule:
            if rule.id in found:
                raise ConfigError(f"{path}: there are two rules '{rule.id}'", "Give each rule an id of its own.")
            if not rule.id.startswith(rule.label + "-"):
                raise ConfigError(f"{path}: the id of rule '{rule.id}' must start with '{rule.label}-'")
            found[rule.id] = rule
    return tuple(found[key] for key in sorted(found))


def _read(path: Path) -> RuleFile:
    try:
        return RuleFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read the rule file {path}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}: {where}: {first['msg']}", "See CONTRIBUTING.md, 'How to add a rule'.") from error
