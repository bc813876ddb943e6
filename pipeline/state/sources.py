"""Which inputs stand behind what is in the state, and which wait to be read.

A row of ``sources`` stands for content that was read, or says why there is none. What a scan finds new waits in
``waiting`` and takes its place in the transaction that stores its reading: until then its old content stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.inputs import Scan, Source
from pipeline.key import hidden_source
from pipeline.state import journal
from pipeline.state.store import State

COLUMNS = "source, sha256, size, mtime_ns, stamp, context, packed_in, status, reason, detail"
"""As the fields of ``Source``."""


@dataclass(frozen=True, slots=True)
class Stale:
    """Content that no reading with the current fingerprint exists of; of several sources with it, the first."""

    source: str
    sha256: str
    context: str
    packed_in: str | None
    mtime_ns: int
    fingerprint: str
    read_with: str | None
    """The recipe of its last reading; None where that is not known."""
    is_new: bool
    forced: bool


@dataclass(slots=True)
class _Changes:
    standing: list[Source] = field(default_factory=list)
    waiting: list[Source] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    told: list[journal.Entry] = field(default_factory=list)

    def keep(self, source: Source, event: journal.What | None, detail: str | None = None) -> None:
        self.standing.append(source)
        if event:
            self.told.append(journal.Entry(event, source.source, source.sha256, detail=detail))

    def drop(self, source: Source, event: journal.What | None) -> None:
        self.dropped.append(source.source)
        if event:
            self.told.append(journal.Entry(event, source.source, source.sha256))


def known(state: State) -> dict[str, Source]:
    """Every source, standing or waiting, by name; where it is both, as it waits."""
    return standing(state) | _waiting(state)


def standing(state: State) -> dict[str, Source]:
    """The sources that stand, by name."""
    return {row[0]: Source(*row) for row in state.rows(f"SELECT {COLUMNS} FROM sources")}


def _waiting(state: State) -> dict[str, Source]:
    return {row[0]: Source(*row) for row in state.rows(f"SELECT {COLUMNS} FROM waiting")}


def apply(state: State, scan: Scan, run_id: str, *, prune: bool = False) -> Counter[str]:
    """Take over what a scan found; gives the number of each kind of change.

    Content that was never read waits. What vanished is kept as ``missing`` (with ``prune``: dropped), unless
    there was nothing in it or it stands under another name now: that too where a folder was moved and the run is
    given its new place alone.
    """
    before, waited = standing(state), _waiting(state)
    changes = _Changes()
    _take_found(state, scan, before, waited, changes)
    _take_vanished(state, scan, before, changes, prune=prune)
    kept = [w for w in waited.values() if w.source not in scan.names and not scan.covers(w)]
    with state.transaction():
        state.delete("sources", "source", [*changes.dropped, *(s.source for s in changes.standing)])
        _insert(state, "sources", changes.standing, run_id)
        wanted = {w.source: w for w in (*kept, *changes.waiting)}
        if wanted != waited:
            state.run("DELETE FROM waiting")
            _insert(state, "waiting", list(wanted.values()), run_id)
        journal.write(state, changes.told, run_id)
    return Counter(entry.event for entry in changes.told)


def _take_found(
    state: State,
    scan: Scan,
    before: Mapping[str, Source],
    waited: Mapping[str, Source],
    changes: _Changes,
) -> None:
    read = {row[0] for row in state.rows("SELECT sha256 FROM readings")}
    contents = {source.sha256 for source in scan.sources}
    left = {
        old.sha256: name for name, old in sorted(before.items()) if old.sha256 in contents and scan.lacks(old)
    }
    for found in scan.sources:
        old = before.get(found.source)
        if found.reason == "unreadable" and old and old.sha256:
            event: journal.What | None = None if old.reason == "unreadable" else "unreadable"
            changes.keep(replace(old, status="missing", reason="unreadable", detail=found.detail), event)
        elif found.sha256 and found.sha256 not in read:
            changes.waiting.append(found)
            if found.source not in waited or waited[found.source].sha256 != found.sha256:
                changes.told.append(
                    journal.Entry("changed" if old and old.sha256 else "found", found.source, found.sha256)
                )
        elif found != old:
            event, detail = _event(found, old, left.get(found.sha256 or ""))
            changes.keep(found, event, detail)


def _event(
    found: Source, old: Source | None, former_name: str | None
) -> tuple[journal.What | None, str | None]:
    if found.status == "archive":
        return None, None
    if found.status == "refused":
        return (None, None) if old and old.reason == found.reason else ("refused", found.reason)
    if old is None or old.sha256 is None:
        return ("renamed", former_name) if former_name else ("copied", None)
    if old.sha256 != found.sha256:
        return "changed", None
    return ("back", None) if old.status == "missing" else (None, None)


def _take_vanished(
    state: State, scan: Scan, before: Mapping[str, Source], changes: _Changes, *, prune: bool
) -> None:
    contents = {source.sha256 for source in scan.sources if source.status == "present"}
    accepted = {row[0] for row in state.rows("SELECT DISTINCT sha256 FROM transcripts")}
    for old in before.values():
        if old.source in scan.names:
            continue
        if not scan.covers(old):
            if old.sha256 in contents and scan.lacks(old):
                changes.drop(old, None)
        elif old.sha256 is None or old.sha256 in contents:
            changes.drop(old, "gone" if old.status == "refused" else None)
        elif not scan.could_look(old):
            if old.reason != "unreadable":
                changes.keep(replace(old, status="missing", reason="unreadable"), "unreadable")
        elif old.sha256 not in accepted:
            changes.drop(old, "gone")
        elif prune:
            changes.drop(old, "pruned")
        elif old.status != "missing" or old.reason:
            changes.keep(replace(old, status="missing", reason=None, detail=None), "missing")


def stale(state: State, recipe: str) -> list[Stale]:
    """Contents without a reading by this recipe in their present surroundings, by name of source."""
    found = state.rows(
        """
        WITH current AS (
            SELECT source, sha256, context, packed_in, mtime_ns, sha256(? || sha256 || context) AS fingerprint
            FROM (SELECT * FROM sources WHERE status = 'present' AND sha256 IS NOT NULL
                  UNION ALL BY NAME FROM waiting)
            QUALIFY row_number() OVER (PARTITION BY sha256 ORDER BY source) = 1)
        SELECT c.*, r.recipe, r.sha256 IS NULL, coalesce(r.fingerprint = 'forced', false)
        FROM current c LEFT JOIN readings r USING (sha256)
        WHERE r.fingerprint IS DISTINCT FROM c.fingerprint ORDER BY c.source
        """,
        [recipe],
    )
    return [Stale(*row) for row in found]


def take_place(state: State, contents: Sequence[str]) -> None:
    """Let the waiting sources of contents that were read take their place."""
    row = state.value("SELECT count(*) FROM waiting")
    if not row:
        return
    names = state.rows(
        "SELECT source FROM waiting WHERE sha256 IN (SELECT unnest(?::VARCHAR[]))", [list(contents)]
    )
    state.delete("sources", "source", [name for (name,) in names])
    state.run(
        "INSERT INTO sources BY NAME FROM waiting WHERE sha256 IN (SELECT unnest(?::VARCHAR[]))",
        [list(contents)],
    )
    state.delete("waiting", "sha256", contents)


def set_unreadable(state: State, source: str, detail: str, run_id: str) -> None:
    """Say that a source could not be read this time: what stands of it stays, as missing; else it is refused."""
    with state.transaction():
        row = state.rows(f"SELECT {COLUMNS} FROM sources WHERE source = ?", [source])
        if row and row[0][1]:
            old = replace(Source(*row[0]), status="missing", reason="unreadable", detail=detail)
        else:
            old = Source(source, None, 0, 0, "", "{}", None, "refused", "unreadable", detail)
            state.delete("waiting", "source", [source])
        state.delete("sources", "source", [source])
        _insert(state, "sources", [old], run_id)
        journal.write(state, [journal.Entry("unreadable", source, old.sha256)], run_id)


def hide(state: State, key: bytes | None) -> None:
    """Give every source the name that others read: none of its own with a key, its own without."""
    known = state.rows("SELECT source, shown FROM sources")
    wanted = {source: hidden_source(source, key) if key else None for source, _ in known}
    changed = [source for source, shown in known if wanted[source] != shown]
    if changed:
        with state.transaction():
            state.run(
                "UPDATE sources SET shown = w.shown FROM "
                "(SELECT unnest(?::VARCHAR[]) AS source, unnest(?::VARCHAR[]) AS shown) w "
                "WHERE sources.source = w.source",
                [changed, [wanted[source] for source in changed]],
            )


def contents_without_source(state: State) -> list[str]:
    """Contents in the state that no source stands for any more."""
    found = state.rows(
        """
        SELECT sha256 FROM readings ANTI JOIN sources USING (sha256)
        UNION SELECT sha256 FROM rejects ANTI JOIN sources USING (sha256) WHERE sha256 IS NOT NULL
        """
    )
    return [row[0] for row in found]


def _insert(state: State, table: str, sources: Sequence[Source], run_id: str) -> None:
    rows = [
        (
            s.source, s.sha256, s.size, s.mtime_ns, s.context, s.status, s.reason, s.detail, run_id, s.stamp,
            s.packed_in, None,
        )
        for s in sources
    ]  # fmt: skip
    state.insert(table, rows)
