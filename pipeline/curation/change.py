"""One decision put into the curation file, after it was tried on what is published."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import ValidationError

from pipeline.cluster.curate import Curation, Scene, judge, read, unknown
from pipeline.config import Settings
from pipeline.curation.file import curation_path, read_text, with_entry, write_text
from pipeline.curation.listing import in_full
from pipeline.errors import UsageError
from pipeline.records import LABELS, CurationNote, Label
from pipeline.store import open_published


@dataclass(frozen=True, slots=True)
class Change:
    """A decision and the file that it went into."""

    path: Path
    kind: str
    fields: Mapping[str, str]


def change(published: Path, settings: Settings, kind: str, fields: Mapping[str, str]) -> Change:
    """Write a decision into the curation file; the next run applies it.

    Raises:
        UsageError: it contradicts the file's other entries or what is published; nothing is written.
        ConfigError: the file cannot be read or written.
    """
    path = curation_path(settings, published)
    text = read_text(path)
    before = read(str(path)) if text else Curation()
    with open_published(published) as connection:
        fields = _in_full(connection, fields)
        new = with_entry(text, kind, fields)
        after = _parsed(new)
        taken = frozenset(entry.theme for group in (before.retire, before.merge) for entry in group)
        known = {(note.entry.split()[0], note.detail) for note in conflicts(connection, before, taken)}
        fresh = [
            note
            for note in conflicts(connection, after, taken)
            if (note.entry.split()[0], note.detail) not in known
        ]
    if fresh:
        raise UsageError(
            f"this cannot be done: {'; '.join(note.detail for note in fresh)}",
            f"`whyswitch themes` lists the themes; {path} holds what was decided so far.",
        )
    write_text(path, new)
    return Change(path, kind, fields)


def _parsed(text: str) -> Curation:
    try:
        return Curation.model_validate(tomllib.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(
            f"this cannot be done: {first['loc'][-1]}: {first['msg']}", "Nothing was written."
        ) from error


def _in_full(connection: duckdb.DuckDBPyConnection, fields: Mapping[str, str]) -> dict[str, str]:
    kinds: dict[str, Literal["themes", "statements"]] = {
        "theme": "themes", "into": "themes", "statement": "statements",
    }  # fmt: skip
    return {
        key: in_full(connection, kinds[key], value) if key in kinds else value
        for key, value in fields.items()
    }


def conflicts(
    connection: duckdb.DuckDBPyConnection, curation: Curation, taken: Collection[str]
) -> list[CurationNote]:
    """The entries that could not be applied to what is published, each with its reason.

    ``taken``: the themes that people took away earlier, which stand for the machine nevertheless.
    """
    notes = [note for label in LABELS for note in judge(curation, _scene(connection, label, taken)).notes]
    return [note for note in (*notes, *unknown(curation, notes)) if note.status == "conflict"]


def _scene(connection: duckdb.DuckDBPyConnection, label: Label, taken: Collection[str]) -> Scene:
    def column(sql: str) -> list[str]:
        return [row[0] for row in connection.execute(sql, [label]).fetchall()]

    parts: dict[str, tuple[str, ...]] = {}
    for theme_id, part in connection.execute(
        "SELECT theme_id, sub_theme_id FROM sub_themes WHERE label = ? ORDER BY ALL", [label]
    ).fetchall():
        parts[theme_id] = (*parts.get(theme_id, ()), part)
    ever = frozenset(column("SELECT theme_id FROM themes WHERE label = ?"))
    active = frozenset(column("SELECT theme_id FROM themes WHERE label = ? AND status = 'active'"))
    return Scene(
        label,
        ever,
        parts,
        frozenset(column("SELECT statement_id FROM statements WHERE label = ? AND NOT needs_review")),
        active | ever.intersection(taken),
    )
