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


SIDECAR_WARNINGS = "sidecar_warnings"
"""The key of a file's context under which stands what of its sidecars could not be read."""


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
class Measure:
    """A quantity said aloud in a statement or right beside it, normalised."""

    measure_id: str
    statement_id: str
    kind: Literal["money", "duration", "count", "frequency", "percentage"]
    low: float
    high: float
    unit: str
    per: str | None
    approximate: bool
    bound: Literal["at least", "at most"] | None
    minutes: float | None
    """The middle of a duration in minutes; None for other kinds."""
    normalised: str
    relation: Literal["within", "beside"]
    """Whether it stands in the statement's quote, or in a short sentence next to it."""
    quote: str
    char_start: int
    char_end: int


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
    intensity: Literal["strong", "medium", "mild"] | None = None
    """How strongly a force is told; None for outcomes."""
    intensity_reasons: tuple[str, ...] = ()
    led: bool = False
    """Whether it merely agrees with a question that said it first."""
    part: Literal["buyer", "user", "influencer", "customer"] | None = None
    """The holder's part in the matter, when told."""
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """One product, firm or thing of an interview that may have been fired or hired; where it is first named."""

    product_id: str
    name: str
    spellings: tuple[str, ...]
    role: Literal["fired", "hired", "candidate", "mentioned"]
    n_mentions: int
    turn_index: int
    quote: str
    char_start: int
    char_end: int


@dataclass(frozen=True, slots=True)
class SwitchPart:
    """One thing told of a switch, with the words that tell it."""

    part_id: str
    part: Literal[
        "fired",
        "hired",
        "candidate",
        "event_one",
        "event_two",
        "when",
        "decided_by",
        "paid",
        "ended",
        "doing_now",
    ]
    rank: int
    """1 for the surest of its part."""
    value: str
    product_id: str | None
    reason: str | None
    """Why a candidate was not taken, in its own words; the rule's id for what is read by rule."""
    score: float | None
    turn_index: int
    quote: str
    char_start: int
    char_end: int


@dataclass(frozen=True, slots=True)
class Switch:
    """The switch of one interview: its products and its parts."""

    switch_id: str
    participant_id: str | None
    ended: Literal["stayed", "went_back"] | None
    """How it ended where that is said in so many words; None where nothing was said to the contrary."""
    kind: Literal["like_for_like", "cross_category", "from_nothing", "stayed"] | None
    products: tuple[Product, ...]
    parts: tuple[SwitchPart, ...]


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was found in one transcript."""

    transcript_id: str
    statements: tuple[Statement, ...]
    n_sentences: int
    switch: Switch | None = None


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
    concentration: float = 0.0
    """Share of its statements that the most talkative of its people said, 0 to 1."""
    titled_by: Literal["phrases", "people"] = "phrases"
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class SubTheme:
    """A part of a theme: the second level."""

    sub_theme_id: str
    theme_id: str
    title: str
    keywords: tuple[str, ...]
    exemplar_statement_id: str


@dataclass(frozen=True, slots=True)
class ThemeMember:
    """A statement's place in a theme, before people's word is applied; strength from 0 to 1."""

    theme_id: str
    statement_id: str
    strength: float
    sub_theme_id: str | None = None
    how: Literal["fitted", "assigned"] = "fitted"
    """Grouped with all others, or given to a theme that stood and reaches it."""


@dataclass(frozen=True, slots=True)
class NoiseStatement:
    """A statement that belongs to no theme: the nearest one, how far it is (0 same, 2 opposite), and why."""

    statement_id: str
    nearest_theme_id: str | None
    distance: float | None
    reason: Literal["too_few_statements", "too_few_participants", "between_themes", "far_from_all"]


@dataclass(frozen=True, slots=True)
class CounterStatement:
    """A statement with an opposing label that is close to a theme; rank 1 is the closest."""

    theme_id: str
    statement_id: str
    similarity: float
    rank: int


@dataclass(frozen=True, slots=True)
class CurationNote:
    """What became of one entry of the curation file."""

    entry: str
    label: Label | None
    status: Literal["applied", "conflict"]
    detail: str


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
class Centre:
    """Where a theme (or a part of one) lies in the space of its label, and how far it reaches."""

    theme_id: str
    vector: tuple[float, ...]
    """Unit length, after the label's offset is taken away."""
    reach: float
    """Largest cosine distance at which a new statement still belongs to it."""
    part_of: str | None = None
    """The theme, where this is the centre of a sub-theme."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The last time that all statements of a label were grouped together."""

    run_id: str
    method: str
    n_statements: int
    n_noise: int
    offset: tuple[float, ...]
    """The mean vector of the label, which tells no theme from another."""


@dataclass(frozen=True, slots=True)
class Opposing:
    """Statements of the labels that speak against one label, for counter-evidence."""

    statement_ids: tuple[str, ...]
    vectors: object
    """numpy float32 array, one row per statement, rows of unit length."""


@dataclass(frozen=True, slots=True)
class ClusterInput:
    """The statements of one label to be placed, and the themes that stood before.

    In mode ``refit`` these are all current statements, in mode ``grow`` those that belong to no theme yet.
    """

    label: Label
    run_id: str
    statement_ids: tuple[str, ...]
    participant_ids: tuple[str, ...]
    texts: tuple[str, ...]
    vectors: object
    """numpy float32 array, one row per statement, rows of unit length."""
    themes: tuple[Theme, ...] = ()
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """theme_id -> ids of its statements that are still there, as the machine placed them in the run before."""
    mode: Literal["refit", "grow"] = "refit"
    contexts: object | None = None
    """numpy float32 array like ``vectors``: what surrounds each statement; ``None`` where it is not asked for."""
    around: tuple[str, ...] = ()
    """The words around each statement, to name themes by; none where they are not kept."""
    centres: tuple[Centre, ...] = ()
    sub_themes: tuple[SubTheme, ...] = ()
    fit: Fit | None = None
    support: Mapping[str, int] = field(default_factory=dict)
    """theme_id -> people who tell of it now, as the machine placed them."""
    missing: Mapping[str, int] = field(default_factory=dict)
    """theme_id -> how many of its statements are gone since the run before."""
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """sub_theme_id -> ids of its statements that are still there."""
    quoted: frozenset[str] = frozenset()
    """The people whose words are the exemplars of the themes that stand."""
    waiting: Mapping[str, str] = field(default_factory=dict)
    """statement_id -> why the run before found no theme for it; of those that are still there."""
    opposing: Opposing | None = None
    method: str = ""
    """What the vectors and the rules of grouping depend on; another one asks for a refit."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where people's word puts what the machine placed in a theme or sub-theme; ``None``: nowhere."""

    machine_theme_id: str
    sub_theme_id: str | None
    theme_id: str | None


@dataclass(frozen=True, slots=True)
class Clustering:
    """The themes of one label after a run.

    ``themes`` are all ever seen, as they stand after people's word; ``members`` and ``noise`` cover the statements
    of the input, as the machine placed them; ``placements`` and ``pins`` say where people put them. Counts of
    statements and people are taken where the result is stored, over all members.
    """

    label: Label
    themes: tuple[Theme, ...]
    members: tuple[ThemeMember, ...]
    events: tuple[LineageEvent, ...]
    mode: Literal["refit", "grow"] = "refit"
    noise: tuple[NoiseStatement, ...] = ()
    centres: tuple[Centre, ...] = ()
    sub_themes: tuple[SubTheme, ...] = ()
    placements: tuple[Placement, ...] = ()
    pins: tuple[tuple[str, str], ...] = ()
    """(statement_id, theme_id): what people put where themselves."""
    counters: tuple[CounterStatement, ...] = ()
    notes: tuple[CurationNote, ...] = ()
    fit: Fit | None = None


@dataclass(frozen=True, slots=True)
class Trait:
    """A theme that sets a segment apart: the shares of people who tell of it, inside and outside."""

    theme_id: str
    inside: float
    outside: float


@dataclass(frozen=True, slots=True)
class Segment:
    """People who tell of like themes, and what sets them apart, the most telling first."""

    segment_id: str
    participant_ids: tuple[str, ...]
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The segments of all people, or the reason why there are none."""

    reason: Literal["too_few_people", "no_clear_groups"] | None
    n_people: int
    quality: float
    segments: tuple[Segment, ...]
