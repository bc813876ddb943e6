"""Every file under the inputs, with its hash and what its surroundings say of it."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ConfigError, NoInputError
from pipeline.inputs.sidecars import Sidecars

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found: rows for ``sources``, and the inputs it was looked for under."""

    rows: tuple[tuple[object, ...], ...]
    """(source, sha256, size, mtime_ns, context, status, reason, detail, run_id) each."""
    roots: tuple[str, ...]

    def covers(self, source: str) -> bool:
        """Whether a source of an earlier run should have been found by this scan."""
        return any(source == root or source.startswith(root.rstrip("/") + "/") for root in self.roots)


def scan(
    inputs: Sequence[str],
    known: Mapping[str, tuple[str | None, int, int]],
    *,
    run_id: str,
    max_bytes: int,
    name_pattern: str = "",
) -> Scan:
    """Find, hash and describe every file under ``inputs`` (files, folders or globs).

    ``known`` (source -> sha256, size, mtime in ns) spares hashing what did not change. A file that cannot be
    read, or is larger than ``max_bytes``, is a row with status ``refused``.

    Raises:
        NoInputError: an input does not exist, or there is no file under any of them.
    """
    roots = tuple(root for given in inputs for root in _roots(given))
    sidecars = Sidecars(_pattern(name_pattern))
    rows: dict[str, tuple[object, ...]] = {}
    for root in roots:
        for path in _walk(Path(root)):
            if sidecars.is_sidecar(path):
                continue
            source = path.as_posix()
            if source not in rows:
                rows[source] = (*_row(path, known.get(source), sidecars, max_bytes), run_id)
    if not rows:
        raise NoInputError(
            f"no files under {', '.join(inputs)}", "Give a file, a folder or a glob that holds transcripts."
        )
    return Scan(tuple(rows[source] for source in sorted(rows)), roots)


def _pattern(name_pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(name_pattern) if name_pattern else None
    except re.error as error:
        raise ConfigError(
            f"setting 'ingest.name_pattern' is no regular expression: {error}",
            r"For instance: (?P<study>[a-z]+)-(?P<date>\d{4}-\d{2}-\d{2})",
        ) from error


def _roots(given: str) -> list[str]:
    path = Path(os.path.normpath(given))
    if path.exists() or path.is_symlink():
        return [path.as_posix()]
    # glob.glob, not Path.glob: the pattern may be absolute
    matches = sorted(glob.glob(given, recursive=True)) if glob.has_magic(given) else []  # noqa: PTH207
    if not matches:
        raise NoInputError(
            f"there is no {given}", "Check the path; a folder is read with all its subfolders."
        )
    return [Path(os.path.normpath(match)).as_posix() for match in matches]


def _walk(root: Path) -> Iterator[Path]:
    """Files in name order; links are followed, loops are not."""
    if not root.is_dir():
        yield root
        return
    seen: set[tuple[int, int]] = set()
    for folder, folders, files in os.walk(root, followlinks=True):
        status = Path(folder).stat()
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(folder) / name


def _row(
    path: Path, known: tuple[str | None, int, int] | None, sidecars: Sidecars, max_bytes: int
) -> tuple[object, ...]:
    source = path.as_posix()
    try:
        status = path.stat()
        if not path.is_file():
            return (source, None, 0, 0, "{}", "refused", "not_a_file", "it is no regular file")
        if status.st_size > max_bytes:
            detail = f"{status.st_size} bytes; ingest.max_bytes allows {max_bytes}"
            return (source, None, status.st_size, status.st_mtime_ns, "{}", "refused", "too_large", detail)
        unchanged = known is not None and known[1:] == (status.st_size, status.st_mtime_ns)
        digest = known[0] if known is not None and unchanged and known[0] else _sha256(path)
    except OSError as error:
        detail = error.strerror or type(error).__name__
        return (source, None, 0, 0, "{}", "refused", "unreadable", detail)
    context = json.dumps(sidecars.context(path), sort_keys=True, ensure_ascii=False)
    return (source, digest, status.st_size, status.st_mtime_ns, context, "present", None, None)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
