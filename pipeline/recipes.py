"""What made a result besides its input: the stage's version, the settings that matter, its models and rule files.

A recipe's fingerprint is part of the fingerprint of everything made by it. The recipes themselves are kept in the
state, so that a plan can say which setting or which rule file is the reason that something is stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pipeline import cluster
from pipeline.config import Settings
from pipeline.key import key_hash
from pipeline.resources import folder_files, models_folder
from pipeline.stages import STAGES, Stage, stage


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one stage works in one run."""

    stage: str
    version: str
    settings: Mapping[str, Any]
    """section.key -> value, of the settings that can change a result."""
    identity: str
    """The hashes of models and rule packs."""
    files: Mapping[str, str]
    """Rule file -> the start of its sha256; already covered by ``identity``, kept to be named in reasons."""
    fingerprint: str
    models: Mapping[str, str] = field(default_factory=dict)
    """Model -> its mark; kept to be named in reasons, as rule files are. Older recipes have none."""

    def row(self) -> tuple[str, ...]:
        """Its row in the state."""
        settings, files = _json(self.settings), _json(self.files)
        return (
            self.fingerprint, self.stage, self.version, settings, self.identity, files, _json(self.models),
        )  # fmt: skip

    @classmethod
    def from_row(cls, row: Sequence[str]) -> Recipe:
        """The recipe of such a row."""
        fingerprint, stage, version, settings, identity, files, models = row
        known = json.loads(models or "{}")
        return cls(stage, version, json.loads(settings), identity, json.loads(files), fingerprint, known)


def as_json(known: Mapping[str, Recipe]) -> str:
    """Recipes as one JSON object, stage -> recipe."""
    return _json({name: asdict(recipe) for name, recipe in known.items()})


def from_json(text: str) -> dict[str, Recipe]:
    """The recipes of such an object, as a run wrote it down."""
    return {name: Recipe(**told) for name, told in json.loads(text).items()}


def recipes(settings: Settings) -> dict[str, Recipe]:
    """The recipe of every stage, by name; ``compare`` is that of embedding by another model, where one is set.

    Raises:
        ModelError: a model or rule pack is missing.
    """
    found = {entry.name: _recipe(entry, settings) for entry in STAGES}
    compared = cluster.compared(settings)
    if compared.embed.fingerprint() != settings.embed.fingerprint():
        found["compare"] = _recipe(stage("embed"), compared)
    return found


def recipe(name: str, settings: Settings) -> Recipe:
    """The recipe of one stage.

    Raises:
        ModelError: a model or rule pack is missing.
    """
    return _recipe(stage(name), settings)


def differences(old: Recipe | None, new: Recipe) -> list[str]:
    """Why what the old recipe made is stale, in words: one per setting, rule file, version or model that differs."""
    if old is None:
        return ["made by an earlier version of whyswitch"]
    said = []
    if old.version != new.version:
        said.append(f"stage version {old.version} -> {new.version}")
    for name in sorted({*old.settings, *new.settings}):
        before, after = old.settings.get(name), new.settings.get(name)
        if before != after:
            said.append(f"setting {name}: {_short(before)} -> {_short(after)}")
    named = [f"rule file {change}" for change in _file_changes(old.files, new.files)]
    if old.models:
        named += _model_changes(old.models, new.models)
    if old.identity != new.identity and not named:
        named.append("model or shipped data")
    return said + named


def _recipe(entry: Stage, settings: Settings) -> Recipe:
    identity = entry.identity(settings)
    parts = [entry.name, entry.version, identity]
    parts += [getattr(settings, section).fingerprint() for section in entry.sections]
    return Recipe(
        stage=entry.name,
        version=entry.version,
        settings={
            f"{section}.{key}": value
            for section in entry.sections
            for key, value in _shown(section, settings).items()
        },
        identity=identity,
        files=_files(entry, settings),
        models=entry.models(settings),
        fingerprint=hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest(),
    )


def _shown(section: str, settings: Settings) -> dict[str, Any]:
    """The settings of a section that can change a result, as they may be kept: where privacy is on, names by a mark."""
    holder = getattr(settings, section)
    values: dict[str, Any] = holder.telling()
    if settings.is_private:
        for name in [name for name, value in values.items() if value and "private" in holder.marks(name)]:
            mark = hashlib.sha256((key_hash(settings) + _json(values[name])).encode()).hexdigest()
            values[name] = f"({len(values[name])} given, {mark[:6]})"
    return values


def _files(entry: Stage, settings: Settings) -> dict[str, str]:
    found = {}
    for folder in entry.rule_files(settings):
        inside = folder.is_relative_to(models_folder())
        for name, digest in folder_files(folder).items():
            found[f"{folder.name if inside else folder}/{name}"] = digest[:16]
    return found


def _model_changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return [
        f"{name}: {old.get(name, 'none')} -> {new.get(name, 'none')}"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]


def _file_changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    changed = [f"{name} changed" for name in sorted(old.keys() & new.keys()) if old[name] != new[name]]
    return [
        *changed,
        *(f"{name} added" for name in sorted(new.keys() - old.keys())),
        *(f"{name} removed" for name in sorted(old.keys() - new.keys())),
    ]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
