"""Stages mapped in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pipeline.config import Settings
from pipeline.engines.base import Done
from pipeline.engines.work import prepare, work


class SerialEngine:
    """One batch after the other, here."""

    def map(self, stage: str, settings: Settings, batches: Iterable[Sequence[Any]]) -> Iterator[Done]:
        """Yield one ``Done`` per batch, in order."""
        prepare()
        for batch in batches:
            yield work(stage, settings, batch)

    def close(self) -> None:
        """Nothing to let go."""
