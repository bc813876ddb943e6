"""A survey's ratings taken into the state, and the published file made anew with them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline import publishing
from pipeline.errors import UsageError
from pipeline.resources import sha256
from pipeline.state import State, hold, state_path
from pipeline.survey.answers import Rating, read_ratings

FEW = 30
"""Respondents of a segment below which its shares say little."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken in, the largest opportunity of each segment first."""

    ratings: tuple[Rating, ...]
    statements: dict[str, str]
    """outcome_id -> its outcome statement."""
    small: tuple[str, ...]
    """Segments of fewer respondents than say much."""


def import_ratings(published: Path, path: Path) -> Imported:
    """Take in the ratings of a CSV in place of those of any survey before, and publish.

    Raises:
        UsageError: the file breaks the form, names an outcome that is not there, there is no state, or the last
            run did not end.
        PublishError: the published file could not be replaced; the ratings that were there before stand.
        StateHeldError: a run is at work.
    """
    ratings = read_ratings(path)
    state_file = state_path(published)
    if not state_file.is_file():
        raise UsageError(f"there is no {state_file}", "Name the published file beside it with --db.")
    with hold(state_file):
        state = State(state_file)
        try:
            statements = _known(state, ratings, path)
            publishing.check_whole(state, published)
            _publish(state, published, ratings, path)
        finally:
            with contextlib.suppress(duckdb.Error):  # a broken connection was already told
                state.close()
    ranked = sorted(ratings, key=lambda one: (one.segment, -one.opportunity, -one.importance, one.outcome_id))
    small = sorted({one.segment for one in ratings if one.respondents < FEW})
    return Imported(tuple(ranked), statements, tuple(small))


def _known(state: State, ratings: Sequence[Rating], path: Path) -> dict[str, str]:
    wanted = sorted({one.outcome_id for one in ratings})
    rows = state.rows(
        "SELECT statement_id, canonical FROM outcomes WHERE statement_id IN (SELECT unnest(?::VARCHAR[]))",
        [wanted],
    )
    known = {row[0]: row[1] or "" for row in rows}
    unknown = [one for one in wanted if one not in known]
    if unknown:
        raise UsageError(
            f"{path} rates {len(unknown)} outcomes that are not there: {', '.join(unknown[:5])}",
            "Ids change when interviews are read by new rules or a new model: export the questionnaire again, and "
            "put the new ids into the answers.",
        )
    return known


def _rows(ratings: Sequence[Rating], path: Path, run_id: str) -> list[tuple[Any, ...]]:
    mark = sha256(path)
    return [
        (r.outcome_id, r.segment, r.respondents, r.importance, r.satisfaction, path.name, mark, run_id)
        for r in ratings
    ]


def _publish(state: State, published: Path, ratings: Sequence[Rating], path: Path) -> None:
    """Put the ratings in the place of all ratings and publish them; those of before come back where that fails."""
    before = state.rows("FROM ratings")
    with state.transaction():
        run = publishing.begin(state, published)
        _replace(state, _rows(ratings, path, run.run_id))
    publishing.show(state, published, run, undo=lambda: _replace(state, before))


def _replace(state: State, rows: Sequence[tuple[Any, ...]]) -> None:
    state.run("DELETE FROM ratings")
    state.insert("ratings", rows)
