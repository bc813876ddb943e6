"""A look at a state that leaves it as it is, also where it is of an earlier schema version."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipeline.state.schema import MIGRATIONS, known_version
from pipeline.state.store import state_error


def settle(path: Path) -> int:
    """Bring what a killed run left in the state's log into its file; gives its schema version, which stays.

    Raises:
        StateHeldError: another process has it open.
        StateError: it cannot be opened, is damaged, or is of a newer program.
    """
    try:
        with duckdb.connect(str(path)) as connection:
            return known_version(connection, path)
    except (duckdb.Error, OSError) as error:
        raise state_error(path, error) from error


@contextlib.contextmanager
def looked_at(path: Path) -> Iterator[Path]:
    """Where the state can be opened for a look: itself, or a passing copy where opening would change its schema.

    The caller holds the lock.

    Raises:
        StateError: as ``settle``, or there is no room for the copy.
    """
    if settle(path) == len(MIGRATIONS):
        yield path
        return
    folder = clear_look(path)
    try:
        try:
            folder.mkdir(0o700)
            shutil.copyfile(path, folder / path.name)
        except OSError as error:
            raise state_error(path, error) from error
        yield folder / path.name
    finally:
        clear_look(path)


def clear_look(path: Path) -> Path:
    """Remove the copy that a killed look left; gives where one would lie."""
    folder = path.with_name(f".{path.name}.look")
    shutil.rmtree(folder, ignore_errors=True)
    return folder
