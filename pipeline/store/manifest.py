"""``NAME.manifest.json``: what the published file beside it is, for programs that do not open it."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from pipeline.disk import file_sha256, sync
from pipeline.errors import PublishError
from pipeline.store.history import manifest_path
from pipeline.store.open import open_published


def write_manifest(published: Path) -> Path:
    """Describe the file: its size and sha256, the run that made it with settings, models and counts, its rows.

    It is replaced after the file itself; between the two its ``sha256`` is that of the file before.

    Raises:
        PublishError: it cannot be written.
    """
    path = manifest_path(published)
    with open_published(published) as connection:
        tables = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        rows = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in tables}
        cursor = connection.execute("SELECT * FROM runs ORDER BY run_number DESC LIMIT 1")
        names = [column[0] for column in cursor.description or ()]
        run = dict(zip(names, cursor.fetchall()[0], strict=True))
    told = {key: json.loads(run.pop(key) or "null") for key in ("config", "models", "counts", "work")}
    content = {
        "file": published.name,
        "bytes": published.stat().st_size,
        "sha256": file_sha256(published),
        **{key: value.isoformat() if isinstance(value, datetime) else value for key, value in run.items()},
        "counts": told["counts"],
        "rows": dict(sorted(rows.items())),
        "models": told["models"],
        "settings": told["config"],
    }
    try:
        replace_text(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    except OSError as error:
        raise PublishError(
            f"cannot write {path}: {error.strerror}", "Check the disk's space and the folder's permissions."
        ) from error
    return path


def describes(published: Path, run_id: str) -> bool:
    """Whether the manifest is there and is of the file that this run made, by its run and size.

    The size alone tells little: DuckDB's files grow by blocks, so that one night's is often as long as another's.
    """
    try:
        known = json.loads(manifest_path(published).read_text(encoding="utf-8"))
        return bool(known["run_id"] == run_id and known["bytes"] == published.stat().st_size)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def replace_text(path: Path, text: str) -> None:
    """Replace a small file as a whole: a reader sees the old text or the new; its permissions stay.

    Raises:
        OSError: it cannot be written; the old text stands.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(beside, "w", encoding="utf-8", newline="\n") as file:
            if path.is_file():
                os.fchmod(file.fileno(), path.stat().st_mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync(path.parent)
    finally:
        beside.unlink(missing_ok=True)
