"""Cue rules as data: what a file under ``models/cues`` may hold, checked when it is loaded.

A rule never decides alone: it says that a sentence sounds like a label, how strongly, and by what words.
"""

from __future__ import annotations

import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import ConfigError
from pipeline.records import Label

Negation = Literal["blocks", "ignored", "required"]
Patterns = tuple[tuple[dict[str, Any], ...], ...]
REMEDY = "See CONTRIBUTING.md, 'How to add a cue rule'."
PARSED = frozenset({"LEMMA", "POS", "TAG", "DEP", "MORPH", "SENT_START"})


class Said(BaseModel):
    """An example: what is said and, where the rule looks at it, the question before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    said: str = Field(min_length=2)
    asked: str = ""


Example = Annotated[Said, BeforeValidator(lambda value: {"said": value} if isinstance(value, str) else value)]


class Rule(BaseModel):
    """One cue: the label it speaks for, the token patterns that fire it, and examples that prove it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z]+(-[a-z0-9]+)+$", description="stable name; starts with its label")
    label: Label
    weight: float = Field(
        gt=0, le=1, description="the share of its firings on real speech that are right, 0 to 1"
    )
    why: str = Field(min_length=10, description="what in the codebook it stands for")
    patterns: Patterns = Field((), description="spaCy token patterns, any of which fires")
    dependencies: Patterns = Field((), description="spaCy dependency patterns, any of which fires")
    question: Patterns = Field(
        (), description="token patterns of which one must be in the question before; empty = any question"
    )
    negation: Negation = Field("blocks", description="what a negation of the matched words does")
    subject: Literal["any", "first", "not_second"] = Field(
        "any", description="whose doing it must be: anybody's, the speaker's, or nobody's addressed as you"
    )
    examples: tuple[Example, ...] = Field(min_length=3, description="sentences that must fire it")
    negatives: tuple[Example, ...] = Field(min_length=2, description="sentences that must not")

    @cached_property
    def needs_question(self) -> bool:
        """Whether it looks at the question before."""
        return bool(self.question)

    @model_validator(mode="after")
    def _whole(self) -> Rule:
        if not self.patterns and not self.dependencies:
            raise ValueError(f"rule '{self.id}' has neither patterns nor dependencies, so it can never fire")
        if not self.id.startswith(self.label + "-"):
            raise ValueError(f"the id of rule '{self.id}' must start with '{self.label}-'")
        parsed = sorted({key for pattern in self.question for token in pattern for key in token} & PARSED)
        if parsed:
            raise ValueError(
                f"rule '{self.id}': questions are not parsed, so {parsed[0]} never matches; use LOWER"
            )
        return self


class RuleFile(BaseModel):
    """A file of rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: tuple[Rule, ...]


def read_rules(*folders: Path) -> tuple[Rule, ...]:
    """All rules of the ``*.toml`` files of some folders, in the order of their ids.

    Raises:
        ConfigError: a folder or file cannot be read, a rule breaks the form, or two rules have one id.
    """
    found: dict[str, tuple[Path, Rule]] = {}
    for folder in folders:
        if not folder.is_dir():
            raise ConfigError(f"there is no folder of rules at {folder}", "Check the setting extract.rules.")
        for path in sorted(folder.glob("[!.]*.toml")):  # hidden ones are no part of the folder's hash
            for rule in _read(path).rule:
                if rule.id in found:
                    where = f"{path} and {found[rule.id][0]}"
                    raise ConfigError(
                        f"there are two rules '{rule.id}': {where}", "Give each rule an id of its own."
                    )
                found[rule.id] = (path, rule)
    return tuple(found[key][1] for key in sorted(found))


def _read(path: Path) -> RuleFile:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read the rule file {path}: {error}", REMEDY) from error
    try:
        return RuleFile.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{path}: {_place(raw, first['loc'])}: {first['msg']}", REMEDY) from error


def _place(raw: dict[str, Any], loc: tuple[int | str, ...]) -> str:
    """Where a fault lies, by the rule's id rather than by its number."""
    rules = raw.get("rule")
    if (
        len(loc) > 1
        and isinstance(rules, list)
        and isinstance(loc[1], int)
        and isinstance(rules[loc[1]], dict)
    ):
        name = rules[loc[1]].get("id", f"number {loc[1] + 1}")
        return " ".join([f"rule '{name}'", *(str(part) for part in loc[2:])])
    return ".".join(str(part) for part in loc) or "the file"
