"""A state of every released schema version is brought up to date with nothing lost."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from pipeline.config import load_settings
from pipeline.engines import SerialEngine
from pipeline.events import QuietEvents
from pipeline.runner import Job, run
from pipeline.state import State
from pipeline.state.integrity import faults
from pipeline.state.schema import MIGRATIONS, schema_version

FIXTURES = Path(__file__).parents[2] / "fixtures" / "state"
VERSIONS = sorted(int(path.stem) for path in FIXTURES.glob("*.sql"))


RELEASED = (
    "a67a1279175a031e",
    "b38f0e3b5f621ea1",
    "74685691224dacaf",
    "4b82aa78632794b0",
    "6e9913a8318aa0a5",
    "54b9f74c8e463fbb",
)
"""The start of each migration's sha256: what states in the field went through is never changed, only added to."""


def old_state(path: Path, version: int) -> Path:
    """A state file as the program of that schema version left it."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE schema_version (version INTEGER)")
        for number in range(1, version + 1):
            connection.execute(MIGRATIONS[number - 1])
            connection.execute("INSERT INTO schema_version VALUES (?)", [number])
        connection.execute((FIXTURES / f"{version}.sql").read_text())
    return path


def test_every_version_but_the_present_has_its_rows() -> None:
    assert list(range(1, len(MIGRATIONS))) == VERSIONS


def test_no_released_migration_was_changed() -> None:
    known = [hashlib.sha256(sql.encode()).hexdigest()[:16] for sql in MIGRATIONS]
    assert tuple(known[: len(RELEASED)]) == RELEASED


def columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, ...]]:
    """Every column of every table with its type."""
    return connection.execute(
        "SELECT table_name, column_name, data_type, column_default FROM duckdb_columns() "
        "WHERE NOT internal ORDER BY ALL"
    ).fetchall()


@pytest.mark.parametrize("version", VERSIONS)
def test_brought_up_to_date_it_is_like_a_new_one(tmp_path: Path, version: int) -> None:
    old = State(old_state(tmp_path / "x.state.duckdb", version))
    new = State(tmp_path / "new.state.duckdb")
    assert columns(old.connection) == columns(new.connection)
    assert faults(old.connection, at_rest=False) == []
    old.close()
    new.close()


def test_a_kill_between_two_migrations_is_gone_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old_state(tmp_path / "x.state.duckdb", 1)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.state.schema.MIGRATIONS", MIGRATIONS[:3])
        State(path).close()
    state = State(path)
    assert schema_version(state.connection) == len(MIGRATIONS)
    assert state.rows("SELECT version FROM schema_version ORDER BY ALL") == [
        (number,) for number in range(1, len(MIGRATIONS) + 1)
    ]
    state.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_is_lost(tmp_path: Path, version: int) -> None:
    path = old_state(tmp_path / "x.state.duckdb", version)
    with duckdb.connect(str(path)) as connection:
        tables = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        kept = [name for name in tables if name not in ("publications", "schema_version")]
        had = {name: [row[0] for row in connection.execute(f"DESCRIBE {name}").fetchall()] for name in kept}
        before = {name: _content(connection, name, had[name]) for name in kept}
    assert any(before.values())
    state = State(path)
    assert schema_version(state.connection) == len(MIGRATIONS)
    assert {name: _content(state.connection, name, had[name]) for name in kept} == before
    assert state.rows("SELECT run_id, number FROM runs ORDER BY number") == [("run-1", 1), ("run-2", 2)]
    state.close()


def _content(connection: duckdb.DuckDBPyConnection, table: str, names: list[str]) -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY ALL").fetchall()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_next_run_goes_on_from_it(tmp_path: Path, version: int, interview: str) -> None:
    old_state(tmp_path / "studies.state.duckdb", version)
    (tmp_path / "interviews").mkdir()
    (tmp_path / "interviews" / "new.txt").write_text(interview)
    settings = load_settings(None, ["extract.profile=rules"])
    job = Job((str(tmp_path / "interviews"),), tmp_path / "studies.duckdb", settings)
    summary = run(job, QuietEvents(), mapper=SerialEngine())
    assert summary.number == 3
    with duckdb.connect(str(tmp_path / "studies.duckdb"), read_only=True) as connection:
        found = connection.execute("SELECT source, missing FROM transcripts ORDER BY source").fetchall()
    assert found == [("interviews/a.txt", True), ("interviews/b.txt", True), ("interviews/new.txt", False)]


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = old_state(tmp_path / "x.state.duckdb", 1)
    broken = "CREATE TABLE half (a INTEGER); SELECT * FROM nowhere"
    monkeypatch.setattr("pipeline.state.schema.MIGRATIONS", (MIGRATIONS[0], broken))
    with pytest.raises(Exception, match="not as it should be"):
        State(path)
    with duckdb.connect(str(path)) as connection:
        assert schema_version(connection) == 1
        assert connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half'"
        ).fetchone() == (0,)
