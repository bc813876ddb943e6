"""Files that a command writes where the user says."""

from __future__ import annotations

from pathlib import Path

from pipeline import store
from pipeline.errors import UsageError


def write_output(path: Path, text: str) -> None:
    """Write a page or a sheet: as a whole or not at all, unless the path is a link, a pipe or a device.

    Raises:
        UsageError: it cannot be written there; what was there stands.
    """
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            path.write_text(text, encoding="utf-8")
        else:
            store.replace_text(path, text)
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}",
            "Name a file in a folder that is there and can be written.",
        ) from error
