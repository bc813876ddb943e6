"""What a reader makes of a file: cues in order, and what the file says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.records import Role


class Cue(NamedTuple):
    """A stretch of talk as the source cuts it; times in milliseconds, None where it tells none."""

    speaker: str | None
    text: str
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(slots=True)
class Draft:
    """One interview as read, before turns are joined and roles assigned."""

    format: str
    cues: list[Cue]
    metadata: dict[str, str] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    """Roles the file itself states (a legend, a role column, ``Name (interviewer)``)."""
    warnings: list[str] = field(default_factory=list)
    duration_ms: int | None = None
    language: str | None = None
    """The language the file declares."""
    doubtful: bool = False
    """Who speaks was guessed from the order of paragraphs."""
