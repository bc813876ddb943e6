"""What a frame of wishing or dreading gives."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spacy.tokens import Token


@dataclass(frozen=True, slots=True)
class Frame:
    """The head of what is wanted or dreaded, as the frame has it, before its own denials are counted."""

    name: str
    head: Token
    wanted: bool
    outer: tuple[Token, ...] = ()
    """The heads above it within the frame, whose context is its context."""
    subject: Token | None = None
    measure: str | None = None
    """The measure that the frame itself names; None = likelihood."""
    alone: bool = False
    """Whether the subject of the parse is no doer: "my worry was losing it"."""
    amount: tuple[Token, ...] = ()
    """The words of what is taken, spent, paid: the measure says it instead."""
    counted: Token | None = None
    """What is counted, where the measure is a number: the calls of "three calls to get an answer"."""

    def turned(self, *, when: bool = True) -> Frame:
        """The same with wanted and dreaded exchanged."""
        return replace(self, wanted=not self.wanted) if when else self
