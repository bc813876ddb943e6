"""What happened to each input, run by run: the life that ``whyswitch history`` tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pipeline.state.store import State

Change = Literal[
    "found", "changed", "renamed", "copied", "back", "missing", "unreadable", "refused", "gone", "pruned",
]  # fmt: skip
"""What a look at the inputs can find."""
What = Change | Literal["read", "rejected", "extracted", "set_aside", "dropped"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in an input's life; ``detail`` carries counts and names, never what was said."""

    event: What
    source: str | None = None
    sha256: str | None = None
    transcript_id: str | None = None
    detail: str | None = None


def write(state: State, entries: Iterable[Entry], run_id: str) -> None:
    """Add events to the journal."""
    state.insert(
        "journal", [(run_id, e.event, e.source, e.sha256, e.transcript_id, e.detail) for e in entries]
    )
