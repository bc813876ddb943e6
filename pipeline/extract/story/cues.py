"""Turns of phrase around a thing that tell its part in a switch: data, in ``models/story/things.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property, lru_cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import ConfigError
from pipeline.extract.story.lines import Line
from pipeline.extract.story.mentions import Mention
from pipeline.resources import models_folder


class Cue(BaseModel):
    """A pattern over the words of a sentence in which the thing is written ``@``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    fired: float = Field(0.0, description="how much it speaks for this part before anything is learnt")
    hired: float = 0.0
    refused: float = 0.0
    pattern: str
    why: str = Field(min_length=5)
    examples: tuple[str, ...] = Field(min_length=1)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, ready to search."""
        return re.compile(self.pattern)

    @model_validator(mode="after")
    def _fires(self) -> Cue:
        for example in self.examples:
            if not self.compiled.search(example):
                raise ValueError(f"cue '{self.id}' does not fire on its example: {example}")
        return self

    def fits(self, line: Line, mention: Mention) -> bool:
        """Whether the words around a mention are so."""
        words = (*line.plain[: mention.first], "@", *line.plain[mention.last :])
        return self.compiled.search(" ".join(words)) is not None


class CueFile(BaseModel):
    """All cues."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cue: tuple[Cue, ...]


@lru_cache(maxsize=1)
def cues() -> tuple[Cue, ...]:
    """The shipped cues.

    Raises:
        ConfigError: the file is missing, no TOML, or breaks the form.
    """
    return read_cues("things.toml")


def read_cues(name: str) -> tuple[Cue, ...]:
    """The cues of a file of ``models/story``.

    Raises:
        ConfigError: the file is missing, no TOML, or breaks the form.
    """
    path = models_folder() / "story" / name
    try:
        return CueFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).cue
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigError(f"cannot read the cues {path}: {error}", "Reinstall whyswitch.") from error
