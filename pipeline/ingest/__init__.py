"""Ingest: one file in any transcript dialect becomes turns with speakers, roles and times, or a reasoned reject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.config import Settings
from pipeline.ingest.reading import read_source
from pipeline.records import Reading, SourceFile

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Resources:
    """What reading needs besides the files."""

    settings: Settings


def load(settings: Settings) -> Resources:
    """What a worker needs to read files."""
    return Resources(settings)


def run(batch: Sequence[SourceFile], resources: Resources) -> list[Reading]:
    """One reading per file, in the order of the batch."""
    return [read_source(source, resources.settings) for source in batch]


def identity(settings: Settings) -> str:
    """A hash of what can change a reading besides the settings."""
    return f"ingest-{VERSION}" if settings else ""
