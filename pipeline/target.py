"""Whether a run may publish at a place: never over a file that is not its own, nor over a state or a shadow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipeline.errors import UsageError
from pipeline.state import state_path
from pipeline.store import open_published

OWN_PLACES = {".state": "working states", ".shadow": "what `run --shadow` computes"}
"""Ends of names before their ending, each with what lies there."""


def check_target(published: Path, inputs: Sequence[str]) -> None:
    """Nothing where a run may publish at ``published``; nothing is changed.

    A file that is damaged, or was put in the place of one that the state beside it published, may be replaced: what
    it showed is in the state.

    Raises:
        UsageError: another file is there, the name is that of a state or a shadow, or it is an input.
    """
    for path in dict.fromkeys((published, published.resolve())):
        for end, what in OWN_PLACES.items():
            if path.stem.endswith(end):
                raise UsageError(
                    f"--db {published}: names like *{end}{path.suffix} are for {what}",
                    f"Name the published file: --db {path.stem.removesuffix(end) or 'whyswitch'}{path.suffix}",
                )
    if not published.exists():
        return
    if not published.is_file():
        raise UsageError(f"--db {published} is no file", "Name a file in it, such as whyswitch.duckdb.")
    named = [_is_same(one, published) for one in inputs]
    if named and all(named):
        raise UsageError(f"{published} is the input and the --db", "Name another file with --db.")
    if _is_published(published) or (_was_published(published) and not any(named)):
        return
    raise UsageError(
        f"--db {published} is there already, and is no published whyswitch file: it would be overwritten",
        "Name another file with --db, or move this one away.",
    )


def _is_same(given: str, published: Path) -> bool:
    try:
        return Path(given).samefile(published)
    except (OSError, ValueError):  # a glob, a URL, or nothing: the scan tells what is wrong with it
        return False


def _is_published(path: Path) -> bool:
    """Whether a file is a published one, by a column that states have not."""
    try:
        with open_published(path) as connection:
            connection.execute("SELECT run_number FROM runs LIMIT 1")
    except (UsageError, duckdb.Error):
        return False
    return True


def _was_published(path: Path) -> bool:
    """Whether the state beside a file has published one of its name."""
    state = state_path(path)
    if not state.is_file():
        return False
    try:
        with duckdb.connect(str(state), read_only=True) as connection:
            found = connection.execute("SELECT 1 FROM publications WHERE name = ? LIMIT 1", [path.name])
            return found.fetchone() is not None
    except duckdb.CatalogException:
        return False
    except (
        duckdb.Error
    ):  # held by a run, or damaged: the run that comes next cannot open it either, and tells why
        return True
