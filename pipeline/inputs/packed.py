"""The members of an archive, listed folder by folder like files on a disk."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from pipeline.inputs.entries import Entry, Listing
from pipeline.inputs.sidecars import SIDECAR_BYTES, TABLE, TABLE_BYTES

ZIP = b"PK"
GZIP = b"\x1f\x8b"
_PARTS = re.compile(r"/|(?<=\.zip)!|(?<=\.gz)!", re.IGNORECASE)
_ENDING = re.compile(r"\.(zip|gz)$", re.IGNORECASE)


def may_be_archive(head: bytes) -> bool:
    """Whether it is worth reading the whole file to see what it holds."""
    return head.startswith((ZIP, GZIP))


def members(entry: Entry, data: bytes) -> tuple[Listing, ...] | None:
    """The folders inside an archive; None where the bytes are no archive.

    A gzip file that holds one transcript is that transcript, under its own name. The members keep their bytes
    only where they may be sidecars.

    Raises:
        RejectedInput: the archive is damaged, encrypted, a bomb, or nests too deep.
    """
    from pipeline.ingest.sources import expand, is_archive

    if not is_archive(data):
        return None
    folders: dict[str, list[Entry]] = {}
    for name, content in expand(entry.source, data):
        if not name.startswith(entry.source + "!"):
            return (_single(entry, content),)
        folder, member = _member(entry, name, content)
        if not member.name.startswith("."):
            folders.setdefault(folder, []).append(member)
    return tuple(_listing(folder, folders[folder]) for folder in sorted(folders))


def _single(entry: Entry, content: bytes) -> Listing:
    return _listing("", [replace(entry, size=len(content), sha256=_sha256(content))])


def _member(entry: Entry, source: str, content: bytes) -> tuple[str, Entry]:
    """The folder's name and the member in it; at an archive's top the folder is the archive."""
    *above, name = _PARTS.split(source.removeprefix(entry.source + "!"))
    folder = above[-1] if above else entry.name
    small = len(content) <= SIDECAR_BYTES and name.endswith((".toml", ".json"))
    kept = content if small or (name == TABLE and len(content) <= TABLE_BYTES) else None
    member = Entry(
        source, source, name, len(content), entry.mtime_ns, entry.stamp, None, _sha256(content), kept
    )
    return _ENDING.sub("", folder), member


def _listing(folder: str, entries: list[Entry]) -> Listing:
    return Listing(folder, tuple(entries), {entry.name: entry for entry in entries})


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
