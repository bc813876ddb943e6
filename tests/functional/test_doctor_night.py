"""What the doctor says of the surroundings of a job that nobody watches."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import duckdb
import pytest

from pipeline.config import load_settings
from pipeline.doctor import Finding
from pipeline.doctor_night import examine_night
from pipeline.state import State, hold


def told(folder: Path, *assignments: str) -> dict[str, Finding]:
    settings = load_settings(None, list(assignments))
    return {one.about: one for one in examine_night(folder / "studies.duckdb", settings)}


def state_of(folder: Path, finished: str) -> Path:
    """A state with one run that was done so long ago, as an interval."""
    path = folder / "studies.state.duckdb"
    state = State(path)
    state.run(
        "INSERT INTO runs (run_id, status, number, finished_at) "
        f"VALUES ('run-1', 'done', 1, now()::TIMESTAMP - INTERVAL {finished})"
    )
    state.close()
    return path


def test_nothing_is_said_where_nothing_is_set_up(tmp_path: Path) -> None:
    assert told(tmp_path) == {}
    state_of(tmp_path, "20 HOURS")
    assert told(tmp_path) == {}


def test_a_job_that_stopped_without_a_word(tmp_path: Path) -> None:
    path = state_of(tmp_path, "9 DAYS")
    finding = told(tmp_path)["nights"]
    assert (finding.level, finding.said) == ("note", "the last run that was done ended 9 days ago")
    assert "list-timers" in finding.remedy
    with hold(path):
        assert told(tmp_path) == {}, "a run is at work"
    path.write_bytes(b"no state")
    assert told(tmp_path) == {}, "the doctor tells of it elsewhere"


def test_notices_that_cannot_be_written(tmp_path: Path) -> None:
    places = ("notify.summaries=runs", "notify.metrics=sub/deep/whyswitch.prom")
    assert {one.level for one in told(tmp_path, *places).values()} == {"ok"}
    (tmp_path / "sub").write_text("a file in the way")
    finding = told(tmp_path, *places)["notices"]
    assert (finding.level, "sub cannot be written" in finding.said) == ("bad", True)
    assert "notify.metrics" in finding.remedy


def test_a_shadow_that_waits(tmp_path: Path) -> None:
    made = state_of(tmp_path, "1 HOUR")
    shutil.copy(made, tmp_path / "studies.shadow.state.duckdb")
    assert "drop" in told(tmp_path)["shadow"].remedy


def test_a_cluster_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.engines.ray._package", lambda: None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        assert told(tmp_path, "run.engine=ray", f'run.ray_address="{address}"')["engine"].level == "ok"
    finding = told(tmp_path, "run.engine=ray", f'run.ray_address="{address}"')["engine"]
    assert (finding.level, address in finding.said) == ("bad", True)


def test_the_state_is_left_alone(tmp_path: Path) -> None:
    path = state_of(tmp_path, "9 DAYS")
    before = path.read_bytes()
    told(tmp_path)
    assert path.read_bytes() == before
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)
