"""Which part of the work a run is asked to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import UsageError
from pipeline.stages import STAGES


@dataclass(frozen=True, slots=True)
class Choice:
    """All of it by default."""

    only: tuple[str, ...] = ()
    """Stages to work on; empty = all."""
    force: tuple[str, ...] = ()
    """Stages whose results are all made anew."""
    limit: int | None = None
    """New inputs to read at most."""
    since: datetime | None = None
    """New inputs to read: those changed at this time or later."""
    prune: bool = False
    """Drop what vanished from the inputs instead of keeping it as missing."""
    accept: bool = False
    """Publish although the checks say no; the laws hold all the same."""

    def does(self, stage: str) -> bool:
        """Whether the run works on this stage."""
        return not self.only or stage in self.only


def stage_names(given: Iterable[str]) -> tuple[str, ...]:
    """The stages of these names, in their order.

    Raises:
        UsageError: there is no such stage.
    """
    known = [entry.name for entry in STAGES]
    wanted = {name for part in given for name in part.replace(",", " ").split()}
    for name in sorted(wanted - set(known)):
        raise UsageError(f"there is no stage '{name}'", f"The stages are: {', '.join(known)}.")
    return tuple(name for name in known if name in wanted)


def moment(given: str) -> datetime:
    """A date or time in ISO 8601, in local time where it names no zone.

    Raises:
        UsageError: it is neither.
    """
    try:
        return datetime.fromisoformat(given).astimezone()
    except ValueError as error:
        raise UsageError(
            f"--since {given!r} is no date", "Give one like 2026-03-01 or 2026-03-01T02:00."
        ) from error
