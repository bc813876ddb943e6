"""Archives and their members within bounds: how much they may hold, what they may be called, how deep they may nest."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.errors import RejectedInput

_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    KeyError,
    ValueError,
)
"""What the readers of packed files raise for damaged ones."""
_RATIO = 200
"""Times that a member larger than ``_SMALL`` may grow; text seldom grows beyond 20."""
_SMALL = 5_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an archive may hold."""

    members: int = 10_000
    member_bytes: int = 200_000_000
    total_bytes: int = 2_000_000_000


ARCHIVE = Bounds()
"""Bounds of an archive of transcripts."""


class Budget:
    """What an archive may still unpack to, with all the archives in it."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._members = self._bytes = 0

    @property
    def member_bytes(self) -> int:
        """Bytes that the next member may hold."""
        return min(self._bounds.member_bytes, self._bounds.total_bytes - self._bytes)

    def open(self, n_members: int) -> None:
        """Count the members of an archive.

        Raises:
            RejectedInput: ``bomb``.
        """
        self._members += n_members
        if self._members > self._bounds.members:
            raise RejectedInput(
                "bomb", f"the archive holds more than {self._bounds.members:,} files, with those in it"
            )

    def spend(self, data: bytes) -> bytes:
        """The bytes unpacked, once they are counted.

        Raises:
            RejectedInput: ``bomb``.
        """
        self._bytes += len(data)
        if self._bytes > self._bounds.total_bytes:
            raise RejectedInput(
                "bomb",
                f"the archive unpacks to more than {self._bounds.total_bytes:,} bytes, with those in it",
            )
        return data


OFFICE = Bounds(members=2_000, member_bytes=150_000_000, total_bytes=300_000_000)
"""Bounds of a document that is a zip file inside (docx, xlsx)."""


def open_zip(data: bytes, bounds: Bounds) -> zipfile.ZipFile:
    """The archive, once its table of contents is within the bounds.

    Raises:
        RejectedInput: ``damaged``, ``bomb`` or ``encrypted``.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError) as error:
        raise RejectedInput("damaged", "the zip file is cut off or damaged") from error
    if len(entries) > bounds.members:
        raise RejectedInput("bomb", f"the zip file holds more than {bounds.members:,} files")
    if sum(entry.file_size for entry in entries) > bounds.total_bytes:
        raise RejectedInput("bomb", f"the zip file unpacks to more than {bounds.total_bytes:,} bytes")
    for entry in entries:
        if entry.flag_bits & 1:
            raise RejectedInput("encrypted", "the zip file needs a password")
        _check_size(entry, bounds)
    return archive


def _check_size(entry: zipfile.ZipInfo, bounds: Bounds) -> None:
    if entry.file_size > bounds.member_bytes:
        raise RejectedInput("bomb", f"a file in the zip unpacks to more than {bounds.member_bytes:,} bytes")
    if entry.file_size > _SMALL and entry.file_size > _RATIO * max(entry.compress_size, 1):
        raise RejectedInput("bomb", f"a file in the zip grows more than {_RATIO} times")


def read_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo | str, limit: int) -> bytes:
    """A member's bytes, read no further than the limit.

    Raises:
        RejectedInput: ``damaged``, or ``bomb`` where it is longer than its entry and the limit say.
    """
    data = _read(archive, entry, limit + 1)
    if len(data) > limit:
        raise RejectedInput("bomb", f"a file in the zip unpacks to more than {limit:,} bytes")
    return data


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo | str, size: int) -> bytes:
    try:
        with archive.open(entry) as stream:
            return stream.read(size)
    except _UNREADABLE as error:
        raise RejectedInput("damaged", "a file in the zip is damaged or packed in an unknown way") from error


def is_safe_name(name: str) -> bool:
    """Whether a member's path stays below its archive."""
    path = PurePosixPath(name.replace("\\", "/"))
    return (
        bool(name)
        and not path.is_absolute()
        and ".." not in path.parts
        and ":" not in name[:3]
        and "\x00" not in name
    )


def check_office(data: bytes) -> None:
    """Refuse a document whose zip is out of bounds, or whose XML declares entities.

    Raises:
        RejectedInput: as ``open_zip``, and ``bomb`` for a document type declaration.
    """
    with open_zip(data, OFFICE) as archive:
        for entry in archive.infolist():
            if not entry.filename.lower().endswith((".xml", ".rels")):
                continue
            head = _read(archive, entry, 4096)
            if b"<!DOCTYPE" in head.replace(b"\x00", b"") or b"<!ENTITY" in head.replace(b"\x00", b""):
                raise RejectedInput(
                    "bomb", "the document's XML declares entities, which no office program writes"
                )
