"""Metadata from what surrounds a file: sidecar files, a folder's metadata.csv, its folder, its name.

The nearest word wins: ``NAME.toml`` or ``NAME.json`` over the row in ``metadata.csv``, over the name's pattern, over
what the file says of itself. The folder's name is the study only where nothing else names one.
"""

from __future__ import annotations

import csv
import functools
import json
import re
import tomllib
from pathlib import Path

TABLE = "metadata.csv"
SIDECAR_BYTES = 65_536


class Sidecars:
    """Reads each sidecar once per scan."""

    def __init__(self, pattern: re.Pattern[str] | None) -> None:
        self._pattern = pattern
        self._table = functools.cache(_table)

    def is_sidecar(self, path: Path) -> bool:
        """Whether the file only describes another one."""
        if path.name == TABLE:
            return True
        if path.suffix not in (".toml", ".json"):
            return False
        if path.suffix == ".toml":
            return True
        return _has_sibling(path) and bool(_flat(path))

    def context(self, path: Path) -> dict[str, str]:
        """What is said of the file outside it; keys are lower case, values text."""
        found: dict[str, str] = {}
        if path.parent.name not in ("", ".", ".."):
            found["folder"] = path.parent.name
        if self._pattern and (match := self._pattern.search(path.stem)):
            found |= {key: value for key, value in match.groupdict().items() if value}
        found |= self._table(path.parent / TABLE).get(path.name, {})
        for ending in (".toml", ".json"):
            sidecar = path.with_suffix(ending)
            if sidecar != path:
                found |= _flat(sidecar)
        return found


def _has_sibling(path: Path) -> bool:
    return any(
        other != path and other.suffix != ".toml" for other in path.parent.glob(f"{glob_escape(path.stem)}.*")
    )


def glob_escape(name: str) -> str:
    """The name with glob's own characters taken literally."""
    return re.sub(r"([*?[])", r"[\1]", name)


@functools.lru_cache(maxsize=1024)
def _flat(path: Path) -> dict[str, str]:
    """A small file of plain keys and values; empty when it is absent or anything else."""
    try:
        if not path.is_file() or path.stat().st_size > SIDECAR_BYTES:
            return {}
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except (OSError, ValueError):
        return {}
    if not isinstance(values, dict) or not all(
        isinstance(v, str | int | float | bool) or _is_date(v) for v in values.values()
    ):
        return {}
    return {str(key).lower(): str(value) for key, value in values.items()}


def _is_date(value: object) -> bool:
    return hasattr(value, "isoformat")


def _table(path: Path) -> dict[str, dict[str, str]]:
    """Rows of a folder's metadata.csv by its ``file`` column; empty when there is none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}
    found = {}
    for row in rows:
        clean = {
            str(k).strip().lower(): (v or "").strip() for k, v in row.items() if k and isinstance(v, str)
        }
        name = clean.pop("file", "") or clean.pop("filename", "")
        if name:
            found[name] = {key: value for key, value in clean.items() if value}
    return found
