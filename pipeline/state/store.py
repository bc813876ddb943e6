"""The open working state: one connection, its transactions, and bulk inserts."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline.disk import sync as sync
from pipeline.errors import StateError, StateHeldError
from pipeline.state.lock import Patience
from pipeline.state.rows import column_types, insert
from pipeline.state.schema import migrate

REFUSALS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.EIO,
    errno.ENOMEM,
)


def state_path(published: Path) -> Path:
    """Where the working state of a published file lies: ``.state`` before its ending."""
    return published.with_name(f"{published.stem}.state{published.suffix or '.duckdb'}")


class State:
    """The working state. One run holds it at a time (see ``hold``)."""

    def __init__(
        self,
        path: Path | None,
        *,
        memory_limit: str = "2GB",
        threads: int = 2,
        patience: Patience | None = None,
    ) -> None:
        """Open the state at ``path`` and bring its schema up to date; None opens an empty one in memory.

        Raises:
            StateHeldError: another process still has it open when patience ends.
            StateError: it cannot be opened, is damaged, or is of a newer program.
        """
        self.path = path
        config: dict[str, Any] = {"memory_limit": memory_limit, "threads": threads}
        try:
            if path is not None:
                _clear_spill(path)
                if not path.exists():
                    _make(path)
            self.connection = _connected(path, config, patience or Patience())
            migrate(self.connection, path)
        except (duckdb.Error, OSError) as error:
            raise state_error(path, error) from error
        self._depth = 0
        self._types: dict[str, list[str]] = {}

    def close(self) -> None:
        """Checkpoint and close."""
        self.connection.close()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.connection.execute(sql, list(parameters)).fetchall()

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """The first column of the first row of a query, or None."""
        row = self.connection.execute(sql, list(parameters)).fetchone()
        return row[0] if row else None

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """A statement that gives no rows."""
        self.connection.execute(sql, list(parameters))

    def insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, in the order of the table's columns."""
        if table not in self._types:
            self._types[table] = column_types(self.connection, table)
        insert(self.connection, table, self._types[table], rows)

    def delete(self, table: str, column: str, values: Sequence[str]) -> None:
        """Drop the rows whose column has one of the values."""
        if values:
            self.run(f"DELETE FROM {table} WHERE {column} IN (SELECT unnest(?::VARCHAR[]))", [list(values)])

    @contextlib.contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[None]:
        """A block that commits as a whole or not at all; with ``keep=False``, never. One inside another joins it."""
        if self._depth:
            yield
            return
        self._depth = 1
        self.connection.begin()
        try:
            yield
        except BaseException:
            self._roll_back()
            raise
        else:
            if keep:
                self.connection.commit()
            else:
                self._roll_back()
        finally:
            self._depth = 0

    def _roll_back(self) -> None:
        # A connection that broke inside the block cannot roll back: DuckDB drops the open transaction itself.
        with contextlib.suppress(duckdb.Error):
            self.connection.rollback()


def _connected(path: Path | None, config: dict[str, Any], patience: Patience) -> duckdb.DuckDBPyConnection:
    while True:
        try:
            return duckdb.connect(str(path or ":memory:"), config=config)
        except duckdb.IOException as error:
            held = state_error(path, error)
            if not (isinstance(held, StateHeldError) and patience.again(held.message)):
                raise


def _make(path: Path) -> None:
    """An empty state at ``path``, whole or not at all: one that a full disk cut short could never be opened."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.unlink(missing_ok=True)
        with duckdb.connect(str(beside)) as connection:
            migrate(connection, path)
        sync(beside)
        beside.replace(path)
        sync(path.parent)
    finally:
        for left in (beside, beside.with_name(beside.name + ".wal")):
            with contextlib.suppress(
                OSError
            ):  # a folder that cannot be written is already the error that is told
                left.unlink(missing_ok=True)


def _clear_spill(path: Path) -> None:
    """Remove what a killed run had spilled to disk; only the holder of the lock gets here."""
    spilled = path.with_name(path.name + ".tmp")
    if spilled.is_dir():
        shutil.rmtree(spilled)


def state_error(path: Path | None, error: Exception) -> StateError:
    """What DuckDB or the system said, as an error of ours; nothing that may hold a row is passed on."""
    text = str(error).partition("\n")[0][:200]
    refused = _refusal(error)
    if isinstance(error, duckdb.IOException) and "lock" in text:
        who = re.search(r"PID (\d+)", str(error))
        return StateHeldError(
            f"another program has {path} open{f' (pid {who[1]})' if who else ''}",
            "Only whyswitch opens the state: close the other program. The published file is for readers.",
        )
    if refused or isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
        return StateError(
            f"the state {path} cannot be read or written: {refused or text}",
            "Check the disk's space, the file's permissions and `run.memory_limit`; what was committed is kept.",
        )
    return StateError(
        f"the state {path} is not as it should be ({type(error).__name__})",
        "`whyswitch doctor` looks closer. A damaged state can be moved away: the next run computes all anew.",
    )


def _refusal(error: Exception) -> str:
    """Why the system refused, in its own words; DuckDB tells it also within failures to commit."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    known = (os.strerror(number) for number in REFUSALS)
    return next((words for words in known if words in str(error)), "")
