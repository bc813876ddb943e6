"""Ingest: one file in any transcript dialect becomes turns with speakers, roles and times, or a reject."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from pipeline.config import Settings
from pipeline.ingest import privacy as privacies
from pipeline.ingest.lexicon import NAME_FILES, WORDS_FILE
from pipeline.records import Reading, SourceFile

if TYPE_CHECKING:
    from pipeline.ingest.privacy.transcript import Privacy

VERSION = "7"

_READERS = ("pypdf", "python-docx", "openpyxl", "lxml", "charset-normalizer", "py3langid", "PyYAML")
"""Packages whose releases can change what is read."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What reading needs besides the files."""

    settings: Settings
    privacy: Privacy | None = None
    """What replaces persons; None where privacy is off."""


def load(settings: Settings) -> Resources:
    """What a worker needs to read files; heavy only where persons are replaced.

    Raises:
        ConfigError: the key file cannot be used.
        ModelError: the English model is not the pinned one.
    """
    return Resources(settings, privacies.load(settings) if settings.is_private else None)


def run(batch: Sequence[SourceFile], resources: Resources) -> list[Reading]:
    """One reading per file, in the order of the batch; no file's fault stops the others."""
    from pipeline.ingest.reading import read_source  # its formats' packages are heavy

    readings = [read_source(source, resources.settings) for source in batch]
    if resources.privacy is None:
        return readings
    return [_private(reading, resources.privacy) for reading in readings]


def _private(reading: Reading, privacy: Privacy) -> Reading:
    kept = tuple(privacies.private(transcript, privacy) for transcript in reading.transcripts)
    return dataclasses.replace(reading, transcripts=kept)


def identity(settings: Settings) -> str:
    """The hash of what can change a reading besides the settings: word lists, reading packages, the key."""
    packages = " ".join(f"{name}={version(name)}" for name in _READERS)
    replacing = privacies.identity(settings) if settings.is_private else ""
    words = b"".join(file.read_bytes() for file in (WORDS_FILE, *NAME_FILES))
    return hashlib.sha256(words + packages.encode() + replacing.encode()).hexdigest()
