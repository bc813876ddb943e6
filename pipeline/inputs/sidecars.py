"""Metadata from what surrounds a file: sidecar files, a folder's metadata.csv, its folder, its name.

The nearest word wins: ``NAME.toml`` or ``NAME.json`` over the row in ``metadata.csv``, over the name's pattern, over
what the file says of itself. The folder's name is the study only where nothing else names one.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections import Counter
from pathlib import PurePosixPath

from pipeline.inputs.entries import Entry, Listing
from pipeline.inputs.open import fetch

TABLE = "metadata.csv"
TABLE_BYTES = 50_000_000
SIDECAR_BYTES = 65_536
_KEYS = (".toml", ".json")


class Sidecars:
    """What the sidecars of one folder say; each is read at most once."""

    def __init__(self, listing: Listing, pattern: re.Pattern[str] | None) -> None:
        self._folder = PurePosixPath(listing.folder).name
        self._beside = listing.beside
        self._pattern = pattern
        self._flat: dict[str, dict[str, str]] = {}
        self._rows: dict[str, dict[str, str]] | None = None
        self._stems = Counter(
            _stem(name.removesuffix(".gz")) for name in listing.beside if not name.endswith(_KEYS)
        )

    def is_sidecar(self, entry: Entry) -> bool:
        """Whether the file only describes another one."""
        if entry.name == TABLE or entry.name.endswith(".toml"):
            return True
        return (
            entry.name.endswith(".json")
            and self._stems[_stem(entry.name)] > 0
            and bool(self._said(entry.name))
        )

    def context(self, entry: Entry) -> dict[str, str]:
        """What is said of the file outside it; keys are lower case, values text."""
        found = {"folder": self._folder} if self._folder else {}
        name = entry.name.removesuffix(".gz")
        if self._pattern and (match := self._pattern.search(_stem(name))):
            found |= {key: value for key, value in match.groupdict().items() if value}
        found |= self._table().get(entry.name, {})
        for ending in _KEYS:
            if _stem(name) + ending != entry.name:
                found |= self._said(_stem(name) + ending)
        return found

    def _said(self, name: str) -> dict[str, str]:
        """A small file of plain keys and values; empty when it is absent or anything else."""
        if name not in self._beside:
            return {}
        if name not in self._flat:
            entry = self._beside[name]
            self._flat[name] = _flat(entry) if not entry.problem and entry.size <= SIDECAR_BYTES else {}
        return self._flat[name]

    def _table(self) -> dict[str, dict[str, str]]:
        if self._rows is None:
            entry = self._beside.get(TABLE)
            self._rows = _table(entry) if entry and not entry.problem and entry.size <= TABLE_BYTES else {}
        return self._rows


def _stem(name: str) -> str:
    return PurePosixPath(name).stem


def _bytes(entry: Entry) -> bytes:
    return entry.data if entry.data is not None else fetch(entry.location)


def _flat(entry: Entry) -> dict[str, str]:
    try:
        text = _bytes(entry).decode("utf-8-sig")
        values = tomllib.loads(text) if entry.name.endswith(".toml") else json.loads(text)
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(values, dict) or not all(_is_plain(value) for value in values.values()):
        return {}
    return {str(key).lower(): str(value) for key, value in values.items()}


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool) or hasattr(value, "isoformat")


def _table(entry: Entry) -> dict[str, dict[str, str]]:
    """Rows of a folder's metadata.csv by its ``file`` column; empty when it cannot be read."""
    try:
        rows = list(csv.DictReader(io.StringIO(_bytes(entry).decode("utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}
    found = {}
    for row in rows:
        clean = {str(k).strip().lower(): v.strip() for k, v in row.items() if k and isinstance(v, str)}
        name = clean.pop("file", "") or clean.pop("filename", "")
        if name:
            found[name] = {key: value for key, value in clean.items() if value}
    return found
