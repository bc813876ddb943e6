"""Files inside files: what a zip or gzip holds, as sources of their own."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator

from pipeline.errors import RejectedInput
from pipeline.ingest.archives import Bounds, is_safe_name, open_zip, read_member

_NESTING = 2
"""Archives within archives that are opened."""
_IGNORED = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_OFFICE_PARTS = (
    "word/document",
    "xl/workbook",
    "ppt/presentation",
    "[Content_Types].xml",
    "mimetype",
    "META-INF/manifest.xml",
)
_GZIP_LIMIT = 200_000_000


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a gzip file, or a zip file that is no document."""
    if data.startswith(b"\x1f\x8b"):
        return True
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not _is_office(data)


def expand(source: str, data: bytes, *, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The files of an archive by name (``archive.zip!folder/file.txt``) and content; a plain file as it is.

    Files come in the order of their names. Names that would leave the archive's folder are refused.

    Raises:
        RejectedInput: ``bomb``, ``damaged``, ``encrypted``, ``unsafe_path`` or ``too_deep``.
    """
    if not is_archive(data):
        yield source, data
        return
    if depth >= _NESTING:
        raise RejectedInput("too_deep", f"archives nest more than {_NESTING} deep")
    if data.startswith(b"\x1f\x8b"):
        name = source[:-3] if source.lower().endswith(".gz") else f"{source}!content"
        yield from expand(name, _gunzip(data), depth=depth + 1)
        return
    yield from _unzip(source, data, depth)


def _unzip(source: str, data: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    bounds = Bounds()
    with open_zip(data, bounds) as archive:
        for entry in sorted(archive.infolist(), key=lambda one: one.filename):
            name = entry.filename
            if (
                entry.is_dir()
                or name.startswith(_IGNORED)
                or name.rsplit("/", 1)[-1].startswith("._")
                or name.endswith(_IGNORED)
            ):
                continue
            if not is_safe_name(name):
                raise RejectedInput(
                    "unsafe_path", "a file in the zip has a path that leads out of its folder"
                )
            yield from expand(
                f"{source}!{name}", read_member(archive, entry, bounds.member_bytes), depth=depth + 1
            )


def _gunzip(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            content = stream.read(_GZIP_LIMIT + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise RejectedInput("damaged", "the gzip file is cut off or damaged") from error
    if len(content) > _GZIP_LIMIT:
        raise RejectedInput("bomb", f"the gzip file unpacks to more than {_GZIP_LIMIT:,} bytes")
    return content


def _is_office(data: bytes) -> bool:
    with open_zip(data, Bounds()) as archive:
        return any(name.startswith(_OFFICE_PARTS) for name in archive.namelist()[:200])
