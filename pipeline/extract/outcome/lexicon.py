"""The words that tell an outcome, as data under ``models/outcomes``, checked when they are loaded."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ConfigError
from pipeline.resources import models_folder

Role = Literal["wish", "would", "dread", "duty", "aim", "assure", "prevent", "lower", "raise"]
MeasureRole = Literal["unit", "adverb", "adjective", "noun", "verb"]
Measure = Literal["time", "effort", "likelihood", "number", "cost", "amount"]
Step = Literal["define", "locate", "prepare", "confirm", "execute", "monitor", "modify", "conclude"]


class Entry(BaseModel):
    """Words of one kind, with sentences that prove them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z]+(-[a-z0-9]+)*$")
    why: str = Field(min_length=8)
    lemmas: tuple[str, ...] = Field(min_length=1, description="lower-case lemmas; particles after a blank")
    examples: tuple[str, ...] = Field(min_length=2, description="sentences whose draft must show the entry")


class DirectionEntry(Entry):
    """What is wanted, dreaded, owed or aimed at; what makes sure of, prevents, lowers or raises it."""

    role: Role


class MeasureEntry(Entry):
    """Words of one measure; ``direction`` is where the speaker wants it to go when the word is said."""

    measure: Measure
    role: MeasureRole
    direction: Literal["minimize", "increase"] = "minimize"


class StepEntry(Entry):
    """Verbs of one step of the universal job map."""

    step: Step


class SolutionEntry(Entry):
    """Nouns that name a means rather than an end, and names of products."""


class Lexicon(BaseModel):
    """All words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    direction: tuple[DirectionEntry, ...]
    measure: tuple[MeasureEntry, ...]
    step: tuple[StepEntry, ...]
    solution: tuple[SolutionEntry, ...]

    @cached_property
    def roles(self) -> Mapping[str, frozenset[str]]:
        """Lemmas by role of direction."""
        found: dict[str, set[str]] = {}
        for entry in self.direction:
            found.setdefault(entry.role, set()).update(entry.lemmas)
        return {role: frozenset(lemmas) for role, lemmas in found.items()}

    @cached_property
    def measures(self) -> Mapping[tuple[str, str], MeasureEntry]:
        """Entries by role and lemma."""
        return {(entry.role, lemma): entry for entry in self.measure for lemma in entry.lemmas}

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """Step by verb, with its particle where it has one."""
        return {lemma: entry.step for entry in self.step for lemma in entry.lemmas}

    @cached_property
    def solutions(self) -> frozenset[str]:
        """Nouns and names of means."""
        return frozenset(lemma for entry in self.solution for lemma in entry.lemmas)

    def with_means(self, names: tuple[str, ...]) -> Lexicon:
        """The same words, to which the names (lower case, one word each) are means, too."""
        entry = SolutionEntry.model_construct(
            id="named-here", why="names that one interview tells of", lemmas=names, examples=()
        )
        parts = {name: getattr(self, name) for name in type(self).model_fields}
        return Lexicon.model_construct(**parts | {"solution": (*self.solution, entry)})

    def is_a(self, lemma: str, *roles: Role) -> bool:
        """Whether a lemma has one of some roles."""
        return any(lemma in self.roles.get(role, ()) for role in roles)


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """The lexicon under ``models/outcomes``.

    Raises:
        ConfigError: a file is missing, no TOML, or breaks the form.
    """
    return read_lexicon(models_folder() / "outcomes")


def read_lexicon(folder: Path) -> Lexicon:
    """The lexicon of a folder that holds directions, measures, job_steps and solutions as TOML files."""
    raw: dict[str, Any] = {}
    for name in ("directions", "measures", "job_steps", "solutions"):
        path = folder / f"{name}.toml"
        try:
            raw |= tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"cannot read the word list {path}: {error}", "Reinstall whyswitch.") from error
    try:
        return Lexicon.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"{folder}: {where}: {first['msg']}", "See CONTRIBUTING.md, 'How to add a word'."
        ) from error
