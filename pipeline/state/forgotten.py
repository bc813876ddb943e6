"""A person taken out of the state, and kept out: what is forgotten is known by a mark that tells nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.inputs.entries import matcher
from pipeline.state.store import State

_AMONG = "IN (SELECT unnest(?::VARCHAR[]))"


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be forgotten."""

    transcripts: tuple[str, ...]
    contents: tuple[str, ...]
    """sha256 of the files of which nothing stays."""
    sources: tuple[str, ...]
    """The names of those files, and of refused ones."""
    shown: tuple[str, ...]
    """What others read in place of these names."""
    participants: tuple[str, ...]
    """Persons who are in no other interview."""
    others: int = 0
    """Further participants of these interviews, who are in no other one either."""
    statements: tuple[str, ...] = field(default=())
    texts: tuple[str, ...] = field(default=())
    """text_hash of statements, and of the words around them, that nobody else made."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to forget."""
        return not (self.transcripts or self.contents or self.sources)


def mark(name: str) -> str:
    """What stays of a forgotten transcript_id or sha256."""
    return hashlib.sha256(f"forgotten\x1f{name}".encode()).hexdigest()


def marks(state: State) -> frozenset[str]:
    """The marks of all that was ever forgotten."""
    return frozenset(row[0] for row in state.rows("SELECT mark FROM forgotten"))


def of_participant(state: State, participant_id: str) -> Target:
    """All interviews of a person."""
    found = state.rows("SELECT DISTINCT transcript_id FROM turns WHERE participant_id = ?", [participant_id])
    return _target(state, [row[0] for row in found], [], person=participant_id)


def of_transcript(state: State, transcript_id: str) -> Target:
    """One interview."""
    found = state.rows("SELECT transcript_id FROM transcripts WHERE transcript_id = ?", [transcript_id])
    return _target(state, [row[0] for row in found], [])


def of_source(state: State, pattern: str) -> Target:
    """All that was read, or refused, of files whose name (or its last part) fits a glob."""
    fits = matcher(pattern).fullmatch
    rows = state.rows(
        "SELECT source, shown, sha256 FROM sources UNION ALL SELECT source, NULL, sha256 FROM waiting"
    )
    taken = [
        (source, sha)
        for source, shown, sha in rows
        if fits(source) or fits(source.rpartition("/")[2]) or (shown and fits(shown))
    ]
    contents = [sha for _, sha in taken if sha]
    found = state.rows(f"SELECT transcript_id FROM transcripts WHERE sha256 {_AMONG}", [contents])
    return _target(state, [row[0] for row in found], [source for source, _ in taken])


def _target(state: State, ids: Sequence[str], names: Sequence[str], *, person: str | None = None) -> Target:
    given = list(ids)
    whole = state.rows(
        f"SELECT sha256 FROM transcripts GROUP BY sha256 HAVING bool_and(transcript_id {_AMONG})", [given]
    )
    named = state.rows(
        f"SELECT sha256 FROM (FROM sources UNION ALL BY NAME FROM waiting) WHERE source {_AMONG} AND sha256 "
        "NOT IN (SELECT sha256 FROM transcripts)",
        [list(names)],
    )
    contents = sorted({row[0] for row in (*whole, *named)})
    sources = state.rows(
        "SELECT DISTINCT source, shown FROM (FROM sources UNION ALL BY NAME FROM waiting) "
        f"WHERE sha256 {_AMONG} OR (sha256 IS NULL AND source {_AMONG})",
        [contents, list(names)],
    )
    people = state.rows(
        "SELECT participant_id FROM turns WHERE participant_id IS NOT NULL GROUP BY participant_id "
        f"HAVING bool_and(transcript_id {_AMONG}) ORDER BY 1",
        [given],
    )
    statements = state.rows(f"SELECT statement_id FROM statements WHERE transcript_id {_AMONG}", [given])
    texts = state.rows(
        "SELECT text_hash FROM (SELECT text_hash, transcript_id FROM statements UNION ALL "
        "SELECT x.text_hash, s.transcript_id FROM statement_contexts x JOIN statements s USING (statement_id)) "
        f"GROUP BY text_hash HAVING bool_and(transcript_id {_AMONG})",
        [given],
    )
    persons = tuple(row[0] for row in people)
    return Target(
        transcripts=tuple(sorted(given)),
        contents=tuple(contents),
        sources=tuple(sorted(row[0] for row in sources)),
        shown=tuple(sorted(row[1] for row in sources if row[1])),
        participants=persons,
        others=sum(one != person for one in persons) if person else 0,
        statements=tuple(row[0] for row in statements),
        texts=tuple(row[0] for row in texts),
    )


def forget(state: State, target: Target) -> None:
    """Delete all that is the target's, in the caller's transaction; themes are the caller's to make anew."""
    ids, shas, names = list(target.transcripts), list(target.contents), list(target.sources)
    of_whom = {
        "statement_id": target.statements,
        "transcript_id": ids,
        "participant_id": target.participants,
        "text_hash": target.texts,
    }
    for column, values in of_whom.items():
        for table in _tables_with(state, column):
            state.delete(table, column, values)
    state.run(
        "UPDATE themes SET exemplar_statement_id = NULL WHERE exemplar_statement_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(target.statements)],
    )
    state.delete("rejects", "source", [*ids, *names])
    for table in ("readings", "rejects", "sources", "waiting", "journal"):
        state.delete(table, "sha256", shas)
    for table in ("sources", "waiting"):
        state.delete(table, "source", names)
    for column in ("source", "detail"):
        state.delete("journal", column, names)
    now = datetime.now(UTC).replace(tzinfo=None)
    known = marks(state)
    new = [mark(name) for name in (*ids, *shas) if mark(name) not in known]
    state.insert("forgotten", [(one, now) for one in new])


def _tables_with(state: State, column: str) -> list[str]:
    """Every table that has the column: also those that a later version adds."""
    found = state.rows(
        "SELECT table_name FROM duckdb_columns() WHERE column_name = ? AND database_name = current_database() "
        "AND NOT internal ORDER BY 1",
        [column],
    )
    return [row[0] for row in found]
