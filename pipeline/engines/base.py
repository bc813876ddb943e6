"""What every engine gives: batches in, batches done, whatever happened to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.config import Settings

DEATHS = 8
"""Items that may kill their workers one after another, none in between surviving, before the machine is blamed."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One item that its stage could not take, alone and tried twice; ``detail`` is a type's name, not a message."""

    item: Any
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Done:
    """One batch: the items that were taken, their results in the same order, and the failures."""

    items: tuple[Any, ...]
    results: tuple[Any, ...]
    failures: tuple[Failure, ...] = ()


class Engine(Protocol):
    """Maps one stage over batches; yields them as they are done, in any order, few in flight at a time."""

    def map(self, stage: str, settings: Settings, batches: Iterable[Sequence[Any]]) -> Iterator[Done]:
        """Yield one ``Done`` per batch."""
        ...

    def close(self) -> None:
        """Let the workers go."""
        ...


def given_up(killers: Sequence[Any]) -> Iterator[Done]:
    """The items that killed their workers, as failures; nothing where there are none."""
    failures = tuple(Failure(item, "killed_worker", "its process died twice") for item in killers)
    if failures:
        yield Done((), (), failures)
