"""What a user can meet, with its exit code and its remedy.

    WhyswitchError            1  the run failed
    ├── UsageError            2  the command was called wrongly
    │   ├── ConfigError       2  a setting is unknown or out of its bounds
    │   └── NoInputError      2  nothing to read under the given paths
    ├── ModelError            1  a model or rule pack is missing, or is not the pinned one
    ├── StateError            1  the working state cannot be used
    │   └── StateHeldError    4  another run holds the state
    ├── PublishError          1  the published file could not be replaced
    └── StageError            1  a stage failed in a way nobody foresaw
    RejectedInput                one input is refused (caught by ingest; the run goes on)

Exit code 3 is no error: the run is done, but some inputs were rejected. Messages say what, where, and what to
do; they carry ids and counts, never a participant's words.
"""

from __future__ import annotations


class WhyswitchError(Exception):
    """Base of every failure that is shown to the user as a message, without a traceback."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  {self.remedy}" if self.remedy else self.message


class UsageError(WhyswitchError):
    """The command was called wrongly."""

    exit_code = 2


class ConfigError(UsageError):
    """A setting is unknown, of the wrong type or out of its bounds."""


class NoInputError(UsageError):
    """Nothing to read under the given paths."""


class ModelError(WhyswitchError):
    """A model or rule pack is missing, damaged, or not the pinned one."""


class StateError(WhyswitchError):
    """The working state cannot be opened, or is of a newer version than this program."""


class StateHeldError(StateError):
    """Another run holds the state."""

    exit_code = 4


class PublishError(WhyswitchError):
    """The published file could not be written or replaced; the one of the last run stands."""


class StageError(WhyswitchError):
    """A stage failed in a way nobody foresaw; the cause is chained."""


class RejectedInput(Exception):
    """One input is refused.

    Args:
        reason: a short stable word (``empty``, ``binary``, ``no_participant``, ...), see ``docs/formats.md``.
        detail: one line for a person, without any of the transcript's words.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[RejectedInput], tuple[str, str]]:
        return (RejectedInput, (self.reason, self.detail))
