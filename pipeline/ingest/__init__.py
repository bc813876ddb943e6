"""Ingest: one file in any transcript dialect becomes turns with speakers, roles and times, or a reject."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from pipeline.config import Settings
from pipeline.ingest.lexicon import WORDS_FILE
from pipeline.ingest.reading import read_source
from pipeline.records import Reading, SourceFile

VERSION = "2"

_READERS = ("pypdf", "python-docx", "openpyxl", "lxml", "charset-normalizer", "py3langid", "PyYAML")
"""Packages whose releases can change what is read."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What reading needs besides the files."""

    settings: Settings


def load(settings: Settings) -> Resources:
    """What a worker needs to read files; nothing heavy."""
    return Resources(settings)


def run(batch: Sequence[SourceFile], resources: Resources) -> list[Reading]:
    """One reading per file, in the order of the batch; no file's fault stops the others."""
    return [read_source(source, resources.settings) for source in batch]


def identity(settings: Settings) -> str:  # noqa: ARG001  (a stage's signature)
    """The hash of what can change a reading besides the settings: the word lists and the reading packages."""
    packages = " ".join(f"{name}={version(name)}" for name in _READERS)
    return hashlib.sha256(WORDS_FILE.read_bytes() + packages.encode()).hexdigest()
