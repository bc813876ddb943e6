"""A source's bytes, wherever a worker asks for them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from pipeline.records import SourceFile


@dataclass(frozen=True, slots=True)
class Found:
    """One input file as the runner hands it to a worker: a reference, not its bytes."""

    source: str
    sha256: str
    context: str
    fingerprint: str


class SourceChanged(OSError):
    """The file's content is no longer the one that was scanned."""


def open_source(found: Found) -> SourceFile:
    """The file's bytes with its context.

    Raises:
        SourceChanged: its content is no longer the one that was scanned; the next run takes it up.
        OSError: it cannot be read.
    """
    data = Path(found.source).read_bytes()
    if hashlib.sha256(data).hexdigest() != found.sha256:
        raise SourceChanged(f"{found.source} changed while it was read")
    return SourceFile(found.source, found.sha256, data, json.loads(found.context))
