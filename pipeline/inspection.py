"""Files read as a run would read them, and shown instead of stored: the work of ``inspect`` and ``roles``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import ingest
from pipeline.config import Settings
from pipeline.inputs import Found, ScanOptions, location_of, open_sources, scan
from pipeline.key import settled
from pipeline.records import Reading, Reject


@dataclass(frozen=True, slots=True)
class Inspected:
    """One input with what was read of it."""

    source: str
    location: str
    """Its path or URL; where it is packed, that of the archive."""
    packed: bool
    reading: Reading


def inspect(given: Sequence[str], settings: Settings) -> Iterator[Inspected]:
    """The readings of all files under some inputs, by name; sidecars and folders count as in a run.

    Where privacy is on, persons are replaced under a key that is thrown away.

    Raises:
        NoInputError: there is no file under one of them.
        UsageError: an input's URL is of an unknown kind.
    """
    with tempfile.TemporaryDirectory() as folder:
        resources = ingest.load(settled(settings, Path(folder) / "passing.key"))
    base = Path.cwd()
    limits = ScanOptions(base, settings.ingest.max_bytes, settings.ingest.name_pattern)
    for one in scan(given, {}, limits).sources:
        location = location_of(one.packed_in or one.source, base)
        packed = one.packed_in is not None
        if one.status == "archive":
            continue
        if one.sha256 is None:
            reject = Reject(one.source, None, "scan", one.reason or "unreadable", one.detail or "")
            yield Inspected(one.source, location, packed, Reading("", (), (reject,)))
            continue
        found = Found(one.source, one.sha256, one.context, "", location, packed=packed)
        (reading,) = ingest.run(list(open_sources([found])), resources)
        yield Inspected(one.source, location, packed, reading)
