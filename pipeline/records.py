"""What flows between the stages: typed, frozen, each record naming its parent.

Offsets count Unicode code points of the stored text of a turn; times are milliseconds from the start of the
recording, ``None`` where the source tells none. Ids are stable text, derived from content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["interviewer", "participant", "other"]
Label = Literal["push", "pull", "anxiety", "habit", "outcome"]

FORCES: tuple[Label, ...] = ("push", "pull", "anxiety", "habit")
LABELS: tuple[Label, ...] = (*FORCES, "outcome")
TIMELINE: tuple[str, ...] = (
    "first_thought",
    "passive_looking",
    "active_looking",
    "deciding",
    "first_use",
    "ongoing_use",
)


def content_id(prefix: str, *parts: object) -> str:
    """A short stable id: ``prefix`` and 16 hex digits of the sha256 of the parts."""
    text = "\x1f".join(str(part) for part in parts)
    return prefix + hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def text_hash(text: str) -> str:
    """The sha256 (hex) under which the vector of a text is kept."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One input as found: where it lies, its bytes, and what its surroundings say of it."""

    source: str
    sha256: str
    data: bytes
    context: Mapping[str, str] = field(default_factory=dict)
    """Metadata from sidecar files, folders and the file's name; keys as in ``transcripts``."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's uninterrupted talk."""

    turn_index: int
    speaker: str
    text: str
    role: Role = "participant"
    participant_id: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks in one transcript, in what role, how that is known and how sure it is (0 to 1)."""

    name: str
    role: Role
    confidence: float
    basis: str
    needs_review: bool = False
    participant_id: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """An accepted interview with its turns."""

    transcript_id: str
    source: str
    sha256: str
    format: str
    turns: tuple[Turn, ...]
    speakers: tuple[Speaker, ...]
    study: str | None = None
    interview_date: str | None = None
    duration_ms: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def n_words(self) -> int:
        """Whitespace-separated words over all turns."""
        return sum(len(turn.text.split()) for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Reject:
    """An input that was refused, where, and why. ``detail`` never quotes the transcript."""

    source: str
    sha256: str | None
    stage: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The anatomy of one outcome statement: direction + measure + object of control + context."""

    statement_id: str
    kind: str | None
    direction: str | None
    measure: str | None
    object: str | None
    context: str | None
    canonical: str | None
    job_step: str | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A verbatim span of a participant's turn and one label of it."""

    statement_id: str
    transcript_id: str
    turn_index: int
    speaker: str
    participant_id: str
    label: Label
    quote: str
    char_start: int
    char_end: int
    start_ms: int | None
    score: float
    needs_review: bool
    stage: str | None
    dimension: str | None
    holder: str | None
    evidence: str
    """JSON: rule ids, the scores of all labels, the question before, the sentence numbers."""
    text_hash: str
    embed_text: str
    """What is embedded: the quote, made readable out of its context."""
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was found in one transcript."""

    transcript_id: str
    statements: tuple[Statement, ...]
    n_sentences: int


@dataclass(frozen=True, slots=True)
class Text:
    """One distinct text to embed."""

    text_hash: str
    text: str


@dataclass(frozen=True, slots=True)
class Vector:
    """One text's vector under one model; float32 values of unit length."""

    text_hash: str
    model: str
    vector: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A group of statements of one label that tell of the same thing."""

    theme_id: str
    label: Label
    title: str
    keywords: tuple[str, ...]
    n_statements: int
    n_participants: int
    exemplar_statement_id: str | None
    status: Literal["active", "retired", "merged"]
    first_run_id: str
    last_run_id: str


@dataclass(frozen=True, slots=True)
class ThemeMember:
    """A statement's place in a theme; strength from 0 to 1."""

    theme_id: str
    statement_id: str
    strength: float


@dataclass(frozen=True, slots=True)
class LineageEvent:
    """What happened to a theme in one run."""

    run_id: str
    theme_id: str
    event: Literal["born", "continued", "split", "merged", "retired"]
    other_theme_id: str | None
    overlap: float | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out of one input file: transcripts, or the reason why there are none."""

    sha256: str
    transcripts: tuple[Transcript, ...]
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class ClusterInput:
    """All current statements of one label, in the order of their ids, and the themes that stood before."""

    label: Label
    run_id: str
    statement_ids: tuple[str, ...]
    participant_ids: tuple[str, ...]
    texts: tuple[str, ...]
    vectors: object
    """numpy float32 array, one row per statement, rows of unit length."""
    themes: tuple[Theme, ...] = ()
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """theme_id -> ids of its statements in the run before."""


@dataclass(frozen=True, slots=True)
class Clustering:
    """The themes of one label after a run: every theme ever seen, the members of the active, the events."""

    label: Label
    themes: tuple[Theme, ...]
    members: tuple[ThemeMember, ...]
    events: tuple[LineageEvent, ...]
