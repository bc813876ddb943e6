"""Where the shipped models, rule packs and settings lie, and that they are the pinned ones."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import importlib.util
import io
import os
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.disk import file_sha256
from pipeline.errors import ModelError, UsageError

HERE = Path(__file__).parent


def models_folder() -> Path:
    """The folder of what was trained or chosen: inside the installed package, or beside it in a checkout."""
    packed = HERE / "_models"
    return packed if packed.is_dir() else HERE.parent / "models"


def people_lists() -> tuple[Path, ...]:
    """The files of names by which persons are known: to privacy, and to whom a person must not pass for a product."""
    folder = HERE / "ingest" / "privacy" / "words"
    return tuple(folder / name for name in ("given.txt", "given_words.txt", "nicknames.txt", "surnames.txt"))


def configs_folder() -> Path:
    """The folder of the shipped settings files."""
    packed = HERE / "_configs"
    return packed if packed.is_dir() else HERE.parent / "configs"


def shipped_settings(name: str) -> str:
    """The text of a shipped settings file, by its name without the ending.

    Raises:
        UsageError: there is none of that name.
    """
    files = {path.stem: path for path in sorted(configs_folder().glob("*.toml"))}
    if name not in files:
        raise UsageError(f"no settings file '{name}' is shipped", f"There are: {', '.join(files)}.")
    return files[name].read_text(encoding="utf-8")


def device() -> str:
    """Where encoders work: the GPU that this worker was given, or the processor (see ``engines.work.prepare``)."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


@dataclass(frozen=True, slots=True)
class Pinned:
    """An outside model as ``models.toml`` pins it; of several packages where it is a split zip."""

    name: str
    packages: tuple[str, ...]
    version: str
    folder: str
    module: str | None
    files: dict[str, str]

    @property
    def key(self) -> str:
        """Its name and the hash of its pinned files: changes when the model does."""
        digest = hashlib.sha256("".join(sorted(self.files.values())).encode()).hexdigest()
        return f"{self.name}:{digest[:12]}"

    @property
    def remedy(self) -> str:
        """How to get it."""
        wanted = " ".join(f"{package}=={self.version}" for package in self.packages)
        return f"pip install --force-reinstall --no-deps {wanted}"


def pinned_names() -> tuple[str, ...]:
    """The models that ``models.toml`` knows."""
    return tuple(_manifest())


def pinned(name: str) -> Pinned:
    """The pinned model of that name, not yet looked for.

    Raises:
        ModelError: there is no such entry.
    """
    entry = _manifest().get(name)
    if entry is None:
        raise ModelError(f"models.toml knows no model '{name}'", f"It knows: {', '.join(_manifest())}.")
    packages = tuple(entry.get("packages", ())) or (entry["package"],)
    return Pinned(
        name, packages, entry["version"], entry["folder"], entry.get("module"), dict(entry["files"])
    )


@functools.cache
def checked(name: str) -> Path:
    """The folder of a pinned model whose files have the pinned sha256 (checked once per process).

    Raises:
        ModelError: a package is not installed, or a file is absent or is another one.
    """
    model = pinned(name)
    folder = _in_package(model) if model.module else _unpacked(model)
    for file, expected in model.files.items():
        if sha256(folder / file) != expected:
            raise ModelError(
                f"{name}: {folder / file} is not the pinned one", f"Remove it, then: {model.remedy}"
            )
    return folder


def _in_package(model: Pinned) -> Path:
    spec = importlib.util.find_spec(model.module or "")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"the package {model.packages[0]}=={model.version} is not installed", model.remedy)
    return Path(spec.submodule_search_locations[0]) / model.folder


def _unpacked(model: Pinned) -> Path:
    """The folder of a split zip in the user's cache, unpacked there by the first who needs it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whyswitch"
    target = cache / model.key.replace(":", "-")
    if target.is_dir():
        return target / model.folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as beside:
            with zipfile.ZipFile(
                io.BytesIO(b"".join(_part(model, package) for package in model.packages))
            ) as archive:
                archive.extractall(beside)
            with contextlib.suppress(OSError):  # another process was first
                Path(beside).rename(target)
                Path(beside).mkdir()
    except (OSError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"cannot unpack {model.name} into {cache} ({type(error).__name__})",
            "Make room there, or set XDG_CACHE_HOME to a folder that can be written.",
        ) from error
    return target / model.folder


def _part(model: Pinned, package: str) -> bytes:
    try:
        files = importlib.metadata.distribution(package).files or []
    except importlib.metadata.PackageNotFoundError as error:
        raise ModelError(f"the package {package}=={model.version} is not installed", model.remedy) from error
    part = next((file for file in files if ".zip." in file.name), None)
    if part is None:
        raise ModelError(f"the package {package} holds no part of {model.name}", model.remedy)
    return Path(str(part.locate())).read_bytes()


def sha256(path: Path) -> str:
    """The sha256 (hex) of a file.

    Raises:
        ModelError: it cannot be read.
    """
    try:
        return file_sha256(path)
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error


@functools.cache
def folder_hash(folder: Path) -> str:
    """One hash over what ``folder_files`` finds, by name and content."""
    digest = hashlib.sha256()
    for name, content in folder_files(folder).items():
        digest.update(name.encode())
        digest.update(bytes.fromhex(content))
    return digest.hexdigest()


def folder_files(folder: Path) -> dict[str, str]:
    """The sha256 of every file of a folder, by its name relative to it; empty for an absent folder.

    Without what cannot change a result: pages for people (``*.md``), hidden files, editors' backups (``*~``).
    """
    paths = sorted(folder.rglob("*")) if folder.is_dir() else []
    names = ((path, path.relative_to(folder)) for path in paths if path.is_file())
    return {name.as_posix(): sha256(path) for path, name in names if not _is_aside(name)}


def _is_aside(name: Path) -> bool:
    hidden = any(part.startswith(".") for part in name.parts)
    return hidden or name.suffix.lower() == ".md" or name.name.endswith("~")


@functools.cache
def _manifest() -> dict[str, dict[str, Any]]:
    path = models_folder() / "models.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"cannot read {path}: {error}", "Reinstall whyswitch.") from error
