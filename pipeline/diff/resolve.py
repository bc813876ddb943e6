"""Which published file is meant: a path, a run's id or number, or ``current``."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.store import kept_files, manifest_path, run_of


def published_file(name: str, db: Path) -> Path:
    """The file that a path, a run id (or the start of one), a run number or ``current`` names.

    Runs are looked for in the published file ``db`` and among its kept ones.

    Raises:
        UsageError: there is none.
    """
    if Path(name).is_file():
        return Path(name)
    if name == "current":
        return db
    known = _known(db)
    for run_id, (number, path) in known.items():
        if name in (run_id, number) or (name.startswith("run-") and run_id.startswith(name)):
            return path
    there = ", ".join(f"{number} ({run_id})" for run_id, (number, _) in known.items())
    raise UsageError(
        f"there is no file and no kept run '{name}'",
        f"Files of these runs are there: {there or 'none'}. `whyswitch run --keep N` keeps older ones.",
    )


def _known(db: Path) -> dict[str, tuple[str, Path]]:
    """run id -> its number and its file, oldest first."""
    found = {}
    for path in kept_files(db):
        found[run_of(path) or ""] = (path.name.removeprefix(f"{db.stem}.").split(".")[0].lstrip("0"), path)
    try:
        told = json.loads(manifest_path(db).read_text(encoding="utf-8"))
        found[str(told["run_id"])] = (str(told["run_number"]), db)
    except (OSError, ValueError, KeyError):
        pass
    return found
