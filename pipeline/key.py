"""The key of the pseudonyms: 32 random bytes in a file of mode 0600 beside the state, never published.

The key holds no name. Who has it can tell which pseudonym a name would get; who has it not can tell nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path, PurePosixPath

from pipeline.config import Settings
from pipeline.disk import sync
from pipeline.errors import ConfigError

_SIZE = 32
_ENDINGS = frozenset(
    f".{ending}"
    for ending in (
        "txt",
        "md",
        "vtt",
        "srt",
        "sbv",
        "ass",
        "lrc",
        "docx",
        "pdf",
        "csv",
        "tsv",
        "xlsx",
        "html",
        "htm",
        "json",
        "gz",
        "zip",
    )
)
"""What a hidden name keeps of an input's name."""
_LOST = (
    "Put the right one back. Without it, remove the file and let a run make a new one: all pseudonyms change."
)


def settled(settings: Settings, beside: Path, *, make: bool = True) -> Settings:
    """The settings with their key file named; unchanged where privacy is off.

    Args:
        settings: a key file that they name is looked for from the folder of ``beside``.
        beside: the key file's path where they name none.
        make: whether to make a key where there is none.

    Raises:
        ConfigError: the file cannot be written, can be read by others, or is no key.
    """
    if not settings.is_private:
        return settings
    path = beside.parent / settings.privacy.key_file if settings.privacy.key_file else beside
    if make and not path.exists():
        _make(path)
    if path.exists():
        read_key(path)
    privacy = settings.privacy.model_copy(update={"key_file": str(path.absolute())})
    return settings.model_copy(update={"privacy": privacy})


def read_key(path: Path) -> bytes:
    """The key's bytes.

    Raises:
        ConfigError: the file is absent, can be read by others, or is no key.
    """
    try:
        mode = path.stat().st_mode
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise ConfigError(f"cannot read the key file {path}: {error.strerror}", _LOST) from error
    except ValueError as error:
        raise ConfigError(f"{path} is no key file", _LOST) from error
    if mode & 0o077:
        raise ConfigError(f"the key file {path} can be read by others", f"chmod 600 {path}")
    if len(key) != _SIZE:
        raise ConfigError(f"{path} is no key file", _LOST)
    return key


def key_hash(settings: Settings) -> str:
    """What stands for the key in fingerprints: another key gives other pseudonyms, so that all is read anew."""
    path = Path(settings.privacy.key_file)
    return hashlib.sha256(b"fingerprint" + (read_key(path) if path.is_file() else b"")).hexdigest()


def hidden_source(source: str, key: bytes) -> str:
    """What an input is called where others read: no word of its name, but its endings; told apart by the key."""
    endings = "".join(part for part in PurePosixPath(source.lower()).suffixes[-2:] if part in _ENDINGS)
    return "s" + hmac.new(key, f"source\x1f{source}".encode(), hashlib.sha256).hexdigest()[:16] + endings


def _make(path: Path) -> None:
    """A key at ``path``, whole or not at all: what is hidden by half a key, or one that is lost, nobody finds again."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(_SIZE) + "\n")
                file.flush()
                os.fsync(file.fileno())
            _place(beside, path)
            sync(path.parent)
        finally:
            with contextlib.suppress(
                OSError
            ):  # a folder that cannot be written is already the error that is told
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(
            f"cannot write the key file {path}: {error.strerror}",
            "Set privacy.key_file to a place that can be written.",
        ) from error


def _place(beside: Path, path: Path) -> None:
    """The file at its name, unless another run with the same key file was quicker."""
    try:
        os.link(beside, path)
    except FileExistsError:
        return
    except OSError:  # no links on this file system
        beside.rename(path)
