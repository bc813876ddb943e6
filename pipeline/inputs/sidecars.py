"""Metadata from what surrounds a file: sidecar files, a folder's metadata.csv, its folder, its name.

The nearest word wins: ``NAME.toml`` or ``NAME.json`` over the row in ``metadata.csv``, over the name's pattern, over
what the file says of itself. The folder's name is the study only where nothing else names one. What a sidecar holds
that cannot be read is told under ``SIDECAR_WARNINGS`` of the context.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pipeline.inputs.entries import Entry, Listing
from pipeline.inputs.open import fetch
from pipeline.records import SIDECAR_WARNINGS

VERSION = "2"
"""Raised when the same sidecars come to say something else."""
TABLE = "metadata.csv"
TABLE_BYTES = 50_000_000
SIDECAR_BYTES = 65_536
_KEYS = (".toml", ".json")
_ROLES = "roles"


@dataclass(frozen=True, slots=True)
class _Said:
    """What one sidecar says, and why some of it, or all, is not read."""

    values: dict[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a folder's table says of each file, and why it is not read."""

    by_file: dict[str, dict[str, str]] = field(default_factory=dict)
    problem: str = ""


class Sidecars:
    """What the sidecars of one folder say; each is read at most once."""

    def __init__(self, listing: Listing, pattern: re.Pattern[str] | None) -> None:
        self._folder = PurePosixPath(listing.folder).name
        self._beside = listing.beside
        self._pattern = pattern
        self._read: dict[str, _Said] = {}
        self._rows: _Rows | None = None
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
            and bool(self._said(entry.name).values)
        )

    def context(self, entry: Entry) -> dict[str, str]:
        """What is said of the file outside it; keys are lower case, values text."""
        found = {"folder": self._folder} if self._folder else {}
        name = entry.name.removesuffix(".gz")
        if self._pattern and (match := self._pattern.search(_stem(name))):
            found |= {key: value for key, value in match.groupdict().items() if value}
        table = self._table()
        rows = table.by_file
        found |= rows.get(entry.name) or rows.get(name) or rows.get(_stem(name)) or {}
        problems = [table.problem]
        for ending in _KEYS:
            if _stem(name) + ending != entry.name:
                said = self._said(_stem(name) + ending)
                found |= said.values
                problems.append(said.problem)
        if told := "; ".join(filter(None, problems)):
            found[SIDECAR_WARNINGS] = told
        return found

    def _said(self, name: str) -> _Said:
        """A small file of keys and values; nothing where it is absent, or no sidecar."""
        if name not in self._beside:
            return _Said()
        if name not in self._read:
            self._read[name] = _said(self._beside[name])
        return self._read[name]

    def _table(self) -> _Rows:
        if self._rows is None:
            entry = self._beside.get(TABLE)
            self._rows = _table(entry) if entry else _Rows()
        return self._rows


def _stem(name: str) -> str:
    return PurePosixPath(name).stem


def _bytes(entry: Entry, limit: int) -> bytes:
    """The bytes of a sidecar.

    Raises:
        OSError: it cannot be read, or is larger than the limit.
    """
    if entry.problem or entry.size > limit:
        raise OSError(entry.problem[1] if entry.problem else f"larger than {limit:,} bytes")
    return entry.data if entry.data is not None else fetch(entry.location)


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def _said(entry: Entry) -> _Said:
    """The keys and values of a sidecar; of one in JSON nothing unless all are plain: else it is a transcript."""
    ending = entry.name[-5:]
    try:
        text = _bytes(entry, SIDECAR_BYTES).decode("utf-8-sig")
        values = tomllib.loads(text) if ending == ".toml" else json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        why = _why(error) if isinstance(error, OSError) else "it is not valid"
        return _Said({}, f"the {ending} beside it is not read: {why}" if ending == ".toml" else "")
    if not isinstance(values, dict):
        return _Said()
    texts = {str(key).lower(): _text(str(key), value) for key, value in values.items()}
    plain = {key: text for key, text in texts.items() if text is not None}
    n_left = len(texts) - len(plain)
    if not n_left:
        return _Said(plain)
    if ending == ".json":
        return _Said()
    return _Said(plain, f"{n_left} keys of the {ending} beside it are not read: no plain values")


def _text(key: str, value: object) -> str | None:
    """A value as text: a list joined by commas, a table of roles as ``Anna=interviewer;``; else None."""
    if _is_plain(value):
        return str(value)
    if isinstance(value, list) and value and all(map(_is_plain, value)):
        return ", ".join(map(str, value))
    if key.lower() == _ROLES and isinstance(value, dict) and all(map(_is_plain, value.values())):
        return " ".join(f"{name}={role};" for name, role in value.items())
    return None


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool) or hasattr(value, "isoformat")


def _table(entry: Entry) -> _Rows:
    """Rows of a folder's metadata.csv by its ``file`` column, as spreadsheet programs write it."""
    try:
        text = _decoded(_bytes(entry, TABLE_BYTES))
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except (OSError, csv.Error) as error:
        why = _why(error) if isinstance(error, OSError) else "it is no table"
        return _Rows({}, f"{TABLE} is not read: {why}")
    found = {}
    for row in rows:
        clean = {str(k).strip().lower(): v.strip() for k, v in row.items() if k and isinstance(v, str)}
        name = clean.pop("file", "") or clean.pop("filename", "")
        if name:
            found[name] = {key: value for key, value in clean.items() if value}
    return _Rows(found, f"{TABLE} is not read: no column 'file' names a file" if rows and not found else "")


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)
