"""The state written anew: what was deleted from it is then in no block of its file."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.errors import StateError
from pipeline.sql import literal
from pipeline.state.stale import remembered
from pipeline.state.store import State, state_error, sync

REWRITE = "rewrite"
FORGET = "forget"
"""What else is owed where somebody is forgotten: a published file without them. Only a forgetting pays it."""


def owe(state: State, duty: str = REWRITE) -> None:
    """Write down that the state must be written anew once it is closed, by this run or a later one."""
    if not is_owed(state, duty):
        state.run("INSERT INTO duties VALUES (?)", [duty])


def is_owed(state: State, duty: str = REWRITE) -> bool:
    """Whether the state must be written anew; with ``FORGET``, whether a forgetting broke off."""
    return bool(state.value("SELECT count(*) FROM duties WHERE duty = ?", [duty]))


def holds_named(state: State) -> bool:
    """Whether anything in the state was read without persons replaced."""
    known = remembered(state)
    used = [known[key] for (key,) in state.rows("SELECT DISTINCT recipe FROM readings") if key in known]
    return any(recipe.settings.get("privacy.mode", "off") == "off" for recipe in used)


def rewrite(path: Path, *, forgotten: bool = False) -> None:
    """Replace a closed state by a copy of its rows, which pays that duty; only the lock's holder may.

    ``forgotten`` says that the published file was replaced by one without those who are to be forgotten.

    Raises:
        StateError: there is no room for a second state, or it cannot be read or written.
    """
    beside = path.with_name(f".{path.name}.rewrite")
    _clear(beside)
    try:
        with duckdb.connect(str(path)) as connection:
            row = connection.execute("SELECT current_database()").fetchone()
            name = str(row[0]) if row else ""
            connection.execute(f"ATTACH {literal(beside)} AS fresh")
            connection.execute(f'COPY FROM DATABASE "{name}" TO fresh')
            paid = [REWRITE, FORGET] if forgotten else [REWRITE]
            connection.execute("DELETE FROM fresh.duties WHERE duty IN (SELECT unnest(?::VARCHAR[]))", [paid])
            connection.execute("CHECKPOINT fresh")
            connection.execute("DETACH fresh")
        beside.chmod(path.stat().st_mode)
        sync(beside)
        beside.replace(path)
        sync(path.parent)
    except OSError as error:
        raise StateError(
            f"cannot write {path} anew: {error.strerror}",
            "It needs room for a second state beside the first.",
        ) from error
    except duckdb.Error as error:
        raise state_error(path, error) from error
    finally:
        _clear(beside)


def _clear(beside: Path) -> None:
    for left in (beside, beside.with_name(beside.name + ".wal")):
        left.unlink(missing_ok=True)
