"""The list of stages, in order. To read the system, read ``STAGES``.

A stage is a value: a name, a version (raised by hand whenever its results can change), what it reads and
writes, and one function. The functions of per-transcript stages are pure: a batch of records in, a list of
records out. ``load`` is called once per worker and gives what is heavy (models, rule packs); ``identity`` names,
without loading anything, all that can change a result besides the settings: the hashes of models and rule packs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import cluster, embed, extract, ingest
from pipeline.config import Settings
from pipeline.resources import folder_hash, models_folder, pinned


def _no_files(settings: Settings) -> tuple[Path, ...]:  # noqa: ARG001
    return ()


def _cue_rules(settings: Settings) -> tuple[Path, ...]:
    own = (Path(settings.extract.rules),) if settings.extract.rules else ()
    return (*(models_folder() / name for name in ("cues", "outcomes", "story")), *own)


def _no_models(settings: Settings) -> dict[str, str]:  # noqa: ARG001
    return {}


def _reading_models(settings: Settings) -> dict[str, str]:
    found = {"English model": pinned("en_core_web_sm").key}
    if settings.extract.profile != "rules":
        found["reader"] = folder_hash(models_folder() / "dialogue")[:12]
    return found


def _title_model(settings: Settings) -> dict[str, str]:  # noqa: ARG001
    return {"English model": pinned("en_core_web_sm").key}


def _never(settings: Settings) -> bool:  # noqa: ARG001
    return False


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the flow."""

    name: str
    version: str
    reads: str
    writes: str
    sections: tuple[str, ...]
    """The sections of the settings that its results depend on."""
    load: Callable[[Settings], Any]
    run: Callable[[Sequence[Any], Any], list[Any]]
    identity: Callable[[Settings], str]
    rule_files: Callable[[Settings], tuple[Path, ...]] = _no_files
    """Folders of rule files that ``identity`` covers: named in reasons when one of them changes."""
    models: Callable[[Settings], dict[str, str]] = _no_models
    """Name -> mark of the models that ``identity`` covers: named in reasons when one of them changes."""
    gpu: Callable[[Settings], bool] = _never
    """Whether a GPU makes it faster, where an engine has one to give."""


STAGES: tuple[Stage, ...] = (
    Stage(
        name="ingest",
        version=ingest.VERSION,
        reads="files",
        writes="turns",
        sections=("ingest", "privacy"),
        load=ingest.load,
        run=ingest.run,
        identity=ingest.identity,
    ),
    Stage(
        name="extract",
        version=extract.VERSION,
        reads="turns",
        writes="statements",
        sections=("extract",),
        load=extract.load,
        run=extract.run,
        identity=extract.identity,
        rule_files=_cue_rules,
        models=_reading_models,
        gpu=lambda settings: settings.extract.profile != "rules",
    ),
    Stage(
        name="embed",
        version=embed.VERSION,
        reads="statements",
        writes="vectors",
        sections=("embed",),
        load=embed.load,
        run=embed.run,
        identity=embed.identity,
        models=lambda settings: {"embedding model": embed.identity(settings)},
        gpu=lambda settings: True,  # noqa: ARG005
    ),
    Stage(
        name="cluster",
        version=cluster.VERSION,
        reads="vectors",
        writes="themes",
        sections=("cluster",),
        load=cluster.load,
        run=cluster.run,
        identity=cluster.identity,
        models=_title_model,
    ),
)


def stage(name: str) -> Stage:
    """The stage of that name."""
    return next(entry for entry in STAGES if entry.name == name)
