"""The report as a file: written beside its final name, renamed over it, and known by its fingerprint."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from pipeline.config import Settings
from pipeline.errors import PublishError, UsageError
from pipeline.report.evidence import opened
from pipeline.report.page import page
from pipeline.store import open_published

VERSION = "6"
"""Raised by hand whenever the same published file would be drawn otherwise."""

META = re.compile(rb'<meta name="whyswitch-fingerprint" content="([0-9a-f]{64})">')
HEAD = 4096
"""Bytes at the start of a report in which its fingerprint stands."""


def write(published: Path, path: Path, settings: Settings) -> None:
    """Draw the published file into one self-contained HTML file at ``path``, replacing it as a whole.

    Raises:
        UsageError: there is no published file there.
        PublishError: the report could not be written; the old one stands.
    """
    mark = fingerprint(published, settings)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with (
            opened(published, settings.report) as evidence,
            open(beside, "w", encoding="utf-8", newline="\n") as file,
        ):
            for part in page(evidence, mark):
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise PublishError(
            f"cannot write the report {path}: {error.strerror}",
            "Check the disk's space and the folder's permissions.",
        ) from error
    finally:
        beside.unlink(missing_ok=True)


def is_current(path: Path, published: Path, settings: Settings) -> bool:
    """Whether the report at ``path`` was drawn from this published file, by these settings and version."""
    try:
        with open(path, "rb") as file:
            found = META.search(file.read(HEAD))
        return found is not None and found[1].decode("ascii") == fingerprint(published, settings)
    except (OSError, UsageError):
        return False


def fingerprint(published: Path, settings: Settings) -> str:
    """The sha256 (hex) of all that can change the report: the newest run and size of the published file, the
    report's settings, this version.

    Raises:
        UsageError: there is no published file there.
    """
    connection = open_published(published)
    try:
        row = connection.execute("SELECT run_id FROM runs ORDER BY run_number DESC LIMIT 1").fetchone()
    finally:
        connection.close()
    parts = [VERSION, row[0] if row else "", published.stat().st_size, settings.report.fingerprint()]
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8")).hexdigest()
