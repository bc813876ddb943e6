"""Paragraphs without labels: read as two who alternate where questions show it, and flagged as doubtful."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.errors import RejectedInput
from pipeline.ingest.draft import Cue

_BOLD = re.compile(r"(?:\*\*|__)(.+?)(?:\*\*|__)$", re.S)
_LEAST = 6
"""Paragraphs below which nothing alternates."""


def blocks(lines: Sequence[str]) -> list[str]:
    """The paragraphs of a text: runs of lines between blank ones, headings left out."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            if not line.startswith("#"):
                found[-1].append(line)
        elif found[-1]:
            found.append([])
    return ["\n".join(block) for block in found if block]


def alternate(found: Sequence[str]) -> list[Cue]:
    """The paragraphs as cues of an interviewer and a participant, by bold print or by turns.

    Raises:
        RejectedInput: ``no_speakers`` where neither bold print nor questions tell the two apart.
    """
    bold = [bool(_BOLD.match(block.strip())) for block in found]
    if (
        len(found) >= 4
        and 0.2 <= sum(bold) / len(found) <= 0.7
        and _asks([b for b, loud in zip(found, bold, strict=True) if loud]) >= 0.5
    ):
        return [
            Cue("Interviewer" if loud else "Participant", block.strip().strip("*_") if loud else block)
            for block, loud in zip(found, bold, strict=True)
        ]
    if len(found) >= _LEAST:
        odd, even = _asks(found[0::2]), _asks(found[1::2])
        if max(odd, even) >= 0.6 and min(odd, even) <= 0.25:
            first, second = ("Interviewer", "Participant") if odd > even else ("Participant", "Interviewer")
            return [Cue(second if place % 2 else first, block) for place, block in enumerate(found)]
    raise RejectedInput(
        "no_speakers", "nothing in the text tells who speaks: no labels, and no question after question"
    )


def _asks(found: Sequence[str]) -> float:
    return sum(block.rstrip(" *_\n").endswith("?") for block in found) / max(1, len(found))
