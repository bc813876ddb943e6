"""Files inside files: what a zip or gzip holds, as sources of their own."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator

from pipeline.errors import RejectedInput
from pipeline.ingest.archives import ARCHIVE, Bounds, Budget, is_safe_name, open_zip, read_member

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


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a gzip file, or a zip file that is no document."""
    if data.startswith(b"\x1f\x8b"):
        return True
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not _is_office(data)


def expand(source: str, data: bytes, *, bounds: Bounds = ARCHIVE) -> Iterator[tuple[str, bytes]]:
    """The files of an archive by name (``archive.zip!folder/file.txt``) and content; a plain file as it is.

    Files come in the order of their names. Names that would leave the archive's folder are refused. The bounds are
    those of the archive with all archives in it.

    Raises:
        RejectedInput: ``bomb``, ``damaged``, ``encrypted``, ``unsafe_path`` or ``too_deep``.
    """
    yield from _expand(source, data, 0, Budget(bounds))


def _expand(source: str, data: bytes, depth: int, budget: Budget) -> Iterator[tuple[str, bytes]]:
    if not is_archive(data):
        yield source, data
        return
    if depth >= _NESTING:
        raise RejectedInput("too_deep", f"archives nest more than {_NESTING} deep")
    if data.startswith(b"\x1f\x8b"):
        name = source[:-3] if source.lower().endswith(".gz") else f"{source}!content"
        yield from _expand(name, budget.spend(_gunzip(data, budget.member_bytes)), depth + 1, budget)
        return
    yield from _unzip(source, data, depth, budget)


def _unzip(source: str, data: bytes, depth: int, budget: Budget) -> Iterator[tuple[str, bytes]]:
    with open_zip(data, ARCHIVE) as archive:
        entries = archive.infolist()
        budget.open(len(entries))
        for entry in sorted(entries, key=lambda one: one.filename):
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
            content = budget.spend(read_member(archive, entry, budget.member_bytes))
            yield from _expand(f"{source}!{name}", content, depth + 1, budget)


def _gunzip(data: bytes, limit: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            content = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise RejectedInput("damaged", "the gzip file is cut off or damaged") from error
    if len(content) > limit:
        raise RejectedInput("bomb", f"the gzip file unpacks to more than {limit:,} bytes")
    return content


def _is_office(data: bytes) -> bool:
    with open_zip(data, ARCHIVE) as archive:
        return any(name.startswith(_OFFICE_PARTS) for name in archive.namelist()[:200])
