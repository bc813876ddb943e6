"""People's word on themes: a file that renames, merges, splits, pins and retires, applied after the machine.

[[rename]]
theme = "th0f3a..."
title = "Repairs cost more than the car is worth"

[[merge]]
theme = "th77aa..."
into = "th0f3a..."

[[split]]
theme = "th21bc..."          # its sub-themes become themes of their own

[[pin]]
statement = "st09dd..."
theme = "th0f3a..."

[[retire]]
theme = "th5e5e..."
reason = "about the interview, not about the switch"
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pipeline.errors import ConfigError
from pipeline.records import CurationNote, Label, Placement

Identifier = Annotated[str, Field(min_length=1)]


class Entry(BaseModel):
    """One thing that people decided."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rename(Entry):
    """A title that the theme keeps."""

    theme: Identifier
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Merge(Entry):
    """Two themes that are one."""

    theme: Identifier
    into: Identifier


class Split(Entry):
    """A theme whose sub-themes are themes of their own."""

    theme: Identifier


class Pin(Entry):
    """A statement that belongs to a theme, whatever the machine says."""

    statement: Identifier
    theme: Identifier


class Retire(Entry):
    """A theme that is to be shown no more; its statements count as noise."""

    theme: Identifier
    reason: str = ""


class Curation(BaseModel):
    """All that people decided, in the order of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    rename: tuple[Rename, ...] = ()
    merge: tuple[Merge, ...] = ()
    split: tuple[Split, ...] = ()
    pin: tuple[Pin, ...] = ()
    retire: tuple[Retire, ...] = ()

    def held(self) -> frozenset[str]:
        """The themes that people spoke about: no refit may dissolve them."""
        named = {entry.theme for group in (self.rename, self.split, self.pin, self.retire) for entry in group}
        return frozenset(named | {key for entry in self.merge for key in (entry.theme, entry.into)})

    def names(self) -> tuple[str, ...]:
        """Every entry by kind and number, in the order of the file."""
        kinds = ("rename", "merge", "split", "pin", "retire")
        return tuple(f"{kind} {i}" for kind in kinds for i in range(1, len(getattr(self, kind)) + 1))


def read(path: str) -> Curation:
    """The curation file at ``path``; nothing decided for an empty path.

    Raises:
        ConfigError: it cannot be read, or an entry is not of the form above; the message names the entry.
    """
    if not path:
        return Curation()
    try:
        return Curation.model_validate(tomllib.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"cannot read the curation file {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = " ".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise ConfigError(
            f"{path}: {where}: {first['msg']}", "See docs/themes.md for what a curation file can say."
        ) from error


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands before people's word is applied: the themes of one label and where the machine put what."""

    label: Label
    theme_ids: Collection[str]
    parts: Mapping[str, tuple[str, ...]]
    """theme_id -> its sub-themes."""
    statement_ids: Collection[str]
    standing: Collection[str]
    """Those of the themes that stand for the machine; the others it retired or merged."""


@dataclass(slots=True)
class Verdict:
    """Where people's word puts things, the titles they gave, and what became of each entry."""

    titles: dict[str, str] = field(default_factory=dict)
    into: dict[str, str | None] = field(default_factory=dict)
    """theme_id -> the theme it goes into; ``None``: retired."""
    split: set[str] = field(default_factory=set)
    pins: dict[str, str] = field(default_factory=dict)
    """statement_id -> theme_id."""
    notes: list[CurationNote] = field(default_factory=list)

    def final(self, theme_id: str) -> str | None:
        """The theme that stands for ``theme_id`` after all merges and retirements."""
        here: str | None = theme_id
        while here is not None and here in self.into:
            here = self.into[here]
        return here

    def placements(self, scene: Scene) -> tuple[Placement, ...]:
        """Where the members of every theme and sub-theme of the label belong."""
        found = [Placement(theme_id, None, self.final(theme_id)) for theme_id in sorted(scene.theme_ids)]
        found += [
            Placement(theme_id, part, self.final(part))
            for theme_id in sorted(self.split)
            for part in scene.parts.get(theme_id, ())
        ]
        return tuple(found)


def judge(curation: Curation, scene: Scene) -> Verdict:
    """Apply the entries that speak of this label, in the order retire, merge, split, rename, pin.

    An entry that contradicts an earlier one, or what stands, is not applied and noted as a conflict.
    """
    verdict, ground = Verdict(), _ground(curation, scene)
    for i, retire in enumerate(curation.retire, start=1):
        if retire.theme in ground.known:
            _note(verdict, scene, f"retire {i}", _retire(verdict, retire, ground))
    for i, merge in enumerate(curation.merge, start=1):
        if merge.theme in ground.known or merge.into in ground.known:
            _note(verdict, scene, f"merge {i}", _merge(verdict, merge, ground))
    for i, split in enumerate(curation.split, start=1):
        if split.theme in ground.known:
            _note(verdict, scene, f"split {i}", _split(verdict, split, scene, ground))
    for i, rename in enumerate(curation.rename, start=1):
        if rename.theme in ground.known:
            _note(verdict, scene, f"rename {i}", _rename(verdict, rename, ground))
    for i, pin in enumerate(curation.pin, start=1):
        if pin.theme in ground.known or pin.statement in scene.statement_ids:
            _note(verdict, scene, f"pin {i}", _pin(verdict, pin, scene, ground))
    return verdict


def unknown(curation: Curation, notes: Collection[CurationNote]) -> tuple[CurationNote, ...]:
    """A conflict for every entry that no label knows anything of."""
    spoken = {note.entry for note in notes}
    detail = "no label has ever had this theme; look its id up in the table `themes`"
    return tuple(
        CurationNote(name, None, "conflict", detail) for name in curation.names() if name not in spoken
    )


@dataclass(frozen=True, slots=True)
class _Ground:
    """What entries can speak of: all themes and parts known, and those that can be acted on."""

    known: frozenset[str]
    live: frozenset[str]
    whole: Mapping[str, str]
    """Part -> its theme."""

    def gone(self, theme_id: str) -> str:
        """Why nothing can be done with a theme; empty where something can."""
        if theme_id in self.live:
            return ""
        if theme_id in self.whole:
            return f"{theme_id} is a part of {self.whole[theme_id]}, which is not split"
        return f"{theme_id} does not stand any more: its statements are gone or in other themes"


def _ground(curation: Curation, scene: Scene) -> _Ground:
    """Themes that stand, and the parts of those among them that people split and do not take away."""
    whole = {part: theme_id for theme_id, parts in scene.parts.items() for part in parts}
    standing = frozenset(scene.standing)
    away = {entry.theme for group in (curation.retire, curation.merge) for entry in group}
    split = {entry.theme for entry in curation.split} & standing - away
    parts = {part for part, theme_id in whole.items() if theme_id in split}
    return _Ground(frozenset(scene.theme_ids) | whole.keys(), standing | parts, whole)


def _note(verdict: Verdict, scene: Scene, entry: str, problem: str) -> None:
    verdict.notes.append(CurationNote(entry, scene.label, "conflict" if problem else "applied", problem))


def _retire(verdict: Verdict, entry: Retire, ground: _Ground) -> str:
    if gone := ground.gone(entry.theme):
        return gone
    verdict.into[entry.theme] = None
    return ""


def _merge(verdict: Verdict, entry: Merge, ground: _Ground) -> str:
    if entry.theme not in ground.known or entry.into not in ground.known:
        stranger = entry.into if entry.theme in ground.known else entry.theme
        return f"{stranger} is no theme of the same label"
    if gone := ground.gone(entry.theme) or ground.gone(entry.into):
        return gone
    if entry.theme in verdict.into:
        return f"{entry.theme} is already retired or merged by another entry"
    end = verdict.final(entry.into)
    if end is None:
        return f"{entry.into} is retired by another entry"
    if end == entry.theme:
        return f"{entry.theme} and {entry.into} would go into each other"
    verdict.into[entry.theme] = entry.into
    return ""


def _split(verdict: Verdict, entry: Split, scene: Scene, ground: _Ground) -> str:
    if gone := ground.gone(entry.theme):
        return gone
    if entry.theme in verdict.into:
        return f"{entry.theme} is retired or merged by another entry"
    if not scene.parts.get(entry.theme):
        return f"{entry.theme} has no sub-themes to be split into"
    verdict.split.add(entry.theme)
    return ""


def _rename(verdict: Verdict, entry: Rename, ground: _Ground) -> str:
    """A theme that is gone keeps its title, should it ever come back; the entry is a conflict all the same."""
    if verdict.titles.get(entry.theme, entry.title) != entry.title:
        return f"{entry.theme} has another title in an earlier entry"
    verdict.titles[entry.theme] = entry.title
    if gone := ground.gone(entry.theme):
        return gone
    return f"{entry.theme} is retired by another entry" if verdict.final(entry.theme) is None else ""


def _pin(verdict: Verdict, entry: Pin, scene: Scene, ground: _Ground) -> str:
    if entry.theme not in ground.known:
        return f"{entry.theme} is no theme of the statement's label"
    if entry.statement not in scene.statement_ids:
        return f"there is no statement {entry.statement} of the theme's label"
    if gone := ground.gone(entry.theme):
        return gone
    end = verdict.final(entry.theme)
    if end is None:
        return f"{entry.theme} is retired by another entry"
    if verdict.pins.get(entry.statement, end) != end:
        return f"{entry.statement} is pinned to another theme in an earlier entry"
    verdict.pins[entry.statement] = end
    return ""
