"""Persons replaced in an interview before anything of it is stored: in its words, its speakers' names, its metadata.

Loaded only where ``privacy.mode`` is not ``off``: ``load`` once per worker, ``private`` once per transcript.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import Settings
from pipeline.ingest.privacy.lexicon import lists_hash
from pipeline.key import key_hash, read_key
from pipeline.records import Transcript
from pipeline.resources import pinned

if TYPE_CHECKING:
    from pipeline.ingest.privacy.transcript import Privacy

VERSION = "3"
"""Raised by hand whenever the same interview would come out otherwise."""


def load(settings: Settings) -> Privacy:
    """The analyser, the word lists and the key.

    Raises:
        ConfigError: the key file cannot be used.
        ModelError: the English model is not the pinned one.
    """
    from pipeline.ingest.privacy.transcript import prepared  # its packages are heavy

    return prepared(settings.privacy, read_key(Path(settings.privacy.key_file)))


def private(transcript: Transcript, privacy: Privacy) -> Transcript:
    """The transcript with every person, address and number in it replaced as ``privacy.mode`` says."""
    from pipeline.ingest.privacy.transcript import private as replaced

    return replaced(transcript, privacy)


def identity(settings: Settings) -> str:
    """The hash of all that can change what is replaced, and by what: lists, model, packages, key."""
    packages = " ".join(f"{name}={version(name)}" for name in ("presidio-analyzer", "phonenumbers", "spacy"))
    parts = (VERSION, lists_hash(), pinned("en_core_web_sm_names").key, packages, key_hash(settings))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
