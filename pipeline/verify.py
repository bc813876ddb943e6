"""A sample of the rows made again from the files, and compared with what stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.choice import Choice
from pipeline.config import Settings
from pipeline.curation import curated
from pipeline.engines import SerialEngine
from pipeline.errors import UsageError
from pipeline.events import QuietEvents
from pipeline.files import key_path
from pipeline.flow import Flow
from pipeline.key import settled
from pipeline.recipes import Recipe, recipes
from pipeline.records import LABELS, ClusterInput, Label
from pipeline.state import State, hold, state_path, themes, vectors
from pipeline.state.looking import looked_at
from pipeline.store import open_published
from pipeline.store.laws import LAWS, broken_laws

OF_INTERVIEWS = (
    "transcripts", "turns", "speakers", "statements", "measures", "switches", "switch_parts", "products",
)  # fmt: skip
OF_STATEMENTS = ("outcomes", "statement_contexts")

APART = 1e-4
"""Largest difference of two values of a vector that passes: processors round sums differently."""


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of row: how many were made again, and how many came out otherwise."""

    what: str
    compared: int
    differing: int
    note: str = ""


def verify(published: Path, settings: Settings, *, sample: int) -> list[Check]:
    """The laws on the published file; turns, statements, vectors of a sample of interviews; themes as last fitted.

    Only what the current settings and models made is compared, of interviews whose files are there; with others
    there is nothing to compare with. The sample is the same every time.

    Raises:
        UsageError: there is no published file or no state.
        StateHeldError: a run is at work.
    """
    path = state_path(published)
    if not path.is_file():
        raise UsageError(f"there is no {path}", "Nothing can be made again without the working state.")
    settings = curated(settled(settings, key_path(published), make=False), published)
    with open_published(published) as connection:
        broken = broken_laws(connection)
    found = [Check("laws", len(LAWS), len(broken), "; ".join(broken))]
    with hold(path), looked_at(path) as there:
        kept = State(there, memory_limit=settings.run.memory_limit)
        again = State(None)
        try:
            known = recipes(settings)
            flow = Flow(again, SerialEngine(), settings, known, Choice(), QuietEvents(), "verify")
            found += _interviews(kept, flow, published, sample)
            found += [_themes(kept, label, known, settings) for label in LABELS]
        finally:
            again.close()
            kept.close()
    return found


def _interviews(kept: State, flow: Flow, published: Path, sample: int) -> Iterator[Check]:
    again = flow.state
    contents = _sample(kept, flow.recipes, sample)
    again.insert("sources", _rows(kept, "SELECT * FROM sources", "sha256", contents))
    flow.derive(Path.cwd() / published.parent)
    yield Check("interviews", len(contents), 0, "" if contents else "none is of the current settings")
    ids = [row[0] for row in _rows(kept, "SELECT transcript_id FROM transcripts", "sha256", contents)]
    for table in OF_INTERVIEWS:
        yield _compared(kept, again, table, "transcript_id", ids)
    of = [row[0] for row in _rows(kept, "SELECT statement_id FROM statements", "transcript_id", ids)]
    for table in OF_STATEMENTS:
        yield _compared(kept, again, table, "statement_id", of)
    yield _vectors(kept, again)


def _sample(kept: State, known: Mapping[str, Recipe], number: int) -> list[str]:
    found = kept.rows(
        """
        SELECT DISTINCT r.sha256 FROM readings r JOIN sources x USING (sha256) JOIN transcripts t USING (sha256)
        JOIN extractions e USING (transcript_id)
        WHERE x.status = 'present' AND r.recipe = ? AND e.recipe = ? AND 'forced' NOT IN (r.fingerprint, e.fingerprint)
        AND NOT EXISTS (FROM rejects g WHERE g.sha256 = r.sha256 AND g.stage IN ('extract', 'embed'))
        ORDER BY sha256('verify' || r.sha256) LIMIT ?
        """,
        [known["ingest"].fingerprint, known["extract"].fingerprint, number],
    )
    return [row[0] for row in found]


def _rows(state: State, select: str, column: str, values: list[str]) -> list[tuple[Any, ...]]:
    return state.rows(f"{select} WHERE {column} IN (SELECT unnest(?::VARCHAR[])) ORDER BY ALL", [values])


def _compared(kept: State, again: State, table: str, column: str, values: list[str]) -> Check:
    row = f"(SELECT COLUMNS(lambda name: name <> 'run_id') FROM {table}) r"
    select = f"SELECT md5(to_json(r)::VARCHAR) FROM {row}"
    old = {row[0] for row in _rows(kept, select, f"r.{column}", values)}
    new = {row[0] for row in _rows(again, select, f"r.{column}", values)}
    return Check(table, len(old), len(old ^ new) - min(len(old - new), len(new - old)))


def _vectors(kept: State, again: State) -> Check:
    made = again.rows("SELECT text_hash, recipe, vector FROM vectors ORDER BY ALL")
    differing, largest, compared = 0, 0.0, 0
    for text_hash, recipe, vector in made:
        old = kept.value("SELECT vector FROM vectors WHERE text_hash = ? AND recipe = ?", [text_hash, recipe])
        if old is None:
            differing += 1
            continue
        apart = float(np.abs(np.asarray(old) - np.asarray(vector)).max())
        compared, largest, differing = compared + 1, max(largest, apart), differing + (apart > APART)
    return Check("vectors", compared, differing, f"values differ by {largest:.1e} at most")


def _themes(kept: State, label: Label, known: Mapping[str, Recipe], settings: Settings) -> Check:
    """The grouping of a label, where all of it was made in the last fit."""
    what = f"themes of {label}"
    fit = themes.fit(kept, label)
    compared = vectors.compared(known)
    mark = themes.fingerprint(kept, known["cluster"].fingerprint, compared)
    if fit is None or not themes.is_current(kept, mark):
        return Check(what, 0, 0, "not of the current settings")
    if fit.run_id != kept.value("SELECT run_id FROM clusterings") or settings.cluster.curation:
        return Check(what, 0, 0, "grown or corrected since they were fitted: they rest on their past")
    entry = ClusterInput(label, "verify", method=fit.method, **themes.all_statements(kept, label, compared))
    [made] = next(iter(SerialEngine().map("cluster", settings, [[entry]]))).results
    old = _beside(kept.rows("SELECT theme_id, statement_id FROM machine_members WHERE label = ?", [label]))
    new = _beside((member.theme_id, member.statement_id) for member in made.members)
    differing = sum(old.get(key) != new.get(key) for key in entry.statement_ids)
    return Check(what, len(entry.statement_ids), differing)


def _beside(members: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """statement -> all statements of its theme."""
    groups: dict[str, set[str]] = {}
    for theme_id, statement_id in members:
        groups.setdefault(theme_id, set()).add(statement_id)
    return {key: group for group in groups.values() for key in group}
