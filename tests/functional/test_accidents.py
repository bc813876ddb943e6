"""Accidents of the machine and of people: each gets a clear message, and nothing is lost."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bench.processes import family
from pipeline.config import load_settings
from pipeline.engines import SerialEngine
from pipeline.errors import ConfigError, PublishError, StateError, StateHeldError, WhyswitchError
from pipeline.events import QuietEvents
from pipeline.key import read_key, settled
from pipeline.runner import Job, run
from pipeline.state import hold
from tests.functional.conftest import (
    RULE,
    RULES,
    Archive,
    CommandLine,
    Heard,
    Hooked,
    content,
    interview_of,
    rows,
)

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """A block in which the system refuses to write past so many bytes of any file, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    """The tables of six interviews and then a seventh."""
    archive = Archive(tmp_path_factory.mktemp("undisturbed"), 6)
    archive.run()
    archive.write("new.txt", interview_of(9))
    archive.run()
    return content(archive.db)


@pytest.mark.parametrize("room", [0, 4_096, 40_000, 400_000, 1_500_000, 2_600_000])
def test_a_disk_that_fills_up_at_any_point(
    archive: Archive, undisturbed: dict[str, list[tuple[object, ...]]], room: int
) -> None:
    archive.run()
    before = archive.db.read_bytes()
    assert len(before) > room, "publishing at the latest must find no room"
    archive.write("new.txt", interview_of(9))
    with no_file_larger_than(room), pytest.raises((StateError, PublishError)) as caught:
        archive.run()
    assert "space" in caught.value.remedy
    assert "Person" not in str(caught.value)
    assert archive.db.read_bytes() == before
    archive.run()
    assert content(archive.db) == undisturbed
    assert not [path for path in archive.folder.iterdir() if path.name.startswith(".")]


def test_a_disk_that_is_full_from_the_start(archive: Archive, tmp_path: Path) -> None:
    for size in (0, 20_000):
        with no_file_larger_than(size), pytest.raises(StateError):
            archive.run()
        assert not archive.db.exists()
    archive.run()
    undisturbed = Archive(tmp_path / "undisturbed", 6)
    undisturbed.run()
    assert content(archive.db) == content(undisturbed.db)


def test_a_full_disk_leaves_no_half_key(archive: Archive) -> None:
    settings = load_settings(None, ["privacy.mode=pseudonym"])
    key = archive.folder / "studies.state.key"
    before = set(archive.folder.iterdir())
    for size in (0, 20):
        with no_file_larger_than(size), pytest.raises(ConfigError, match="cannot write the key file"):
            settled(settings, key)
        assert set(archive.folder.iterdir()) == before
    settled(settings, key)
    assert len(read_key(key)) == 32
    assert set(archive.folder.iterdir()) == {*before, key}


# -- permissions ----------------------------------------------------------------------------------------------


def as_anyone() -> list[str]:
    """What to put before a command so that permissions hold for it, also where the tests run as root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may write everywhere, and setpriv is not installed to give that up")
    return [setpriv, "--bounding-set", "-dac_override,-dac_read_search,-fowner"]


def whyswitch_as_anyone(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``whyswitch`` in that folder, held to permissions."""
    return subprocess.run(
        [*as_anyone(), sys.executable, "-B", "-m", "pipeline.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@contextlib.contextmanager
def forbidden(path: Path, mode: int) -> Iterator[None]:
    """A block in which the path has these permissions."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


@pytest.mark.parametrize("published", [False, True])
def test_a_folder_that_cannot_be_written(archive: Archive, *, published: bool) -> None:
    if published:
        archive.run()
        archive.write("new.txt", interview_of(9))
    before = archive.db.read_bytes() if published else b""
    with forbidden(archive.folder, 0o555):
        done = whyswitch_as_anyone(archive.folder, "run", "interviews", "--db", "studies.duckdb", *RULES)
        told = whyswitch_as_anyone(archive.folder, "doctor", "--db", "studies.duckdb", *RULES)
    assert done.returncode == 1
    assert "Permission denied" in done.stderr or "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert told.returncode == 1
    assert "cannot be written" in told.stdout
    assert (archive.db.read_bytes() if published else b"") == before
    archive.run()
    assert archive.rows("SELECT count(*) FROM transcripts") == [(7 if published else 6,)]


def test_an_input_that_may_not_be_read(archive: Archive) -> None:
    with forbidden(archive.inputs / "02.txt", 0o000):
        done = whyswitch_as_anyone(
            archive.folder, "run", "interviews", "--db", "studies.duckdb", "--no-report", *RULES
        )
    assert done.returncode == 3, done.stderr
    assert archive.rows("SELECT source, reason FROM rejects") == [("interviews/02.txt", "unreadable")]
    assert archive.rows("SELECT count(*) FROM transcripts") == [(5,)]
    archive.run()
    assert archive.rows("SELECT count(*) FROM rejects") == [(0,)]
    assert archive.rows("SELECT count(*) FROM transcripts") == [(6,)]


# -- two at once, and settings that change --------------------------------------------------------------------


def test_two_runs_started_at_once(archive: Archive, whyswitch: CommandLine) -> None:
    command = [sys.executable, "-m", "pipeline.cli", "run", "interviews", "--db", "studies.duckdb", *RULES]
    first = subprocess.Popen(
        [*command, "--no-report", "--log", "json", "--workers", "1"],
        cwd=archive.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert first.stderr is not None
    assert json.loads(first.stderr.readline())["event"] == "run_start"
    second = whyswitch("run", "interviews", "--db", "studies.duckdb", *RULES)
    assert second.returncode == 4
    assert f"pid {first.pid} on " in second.stderr
    assert [json.loads(line) for line in first.stderr][-1]["status"] == "done"
    assert first.wait() == 0
    first.stderr.close()
    assert rows(archive.db, "SELECT run_number, status FROM runs") == [(1, "done")]


LOOKS = {
    "with the lock": "from pipeline.state import hold\nwith hold(Path(sys.argv[1]))",
    "in the file": "with duckdb.connect(sys.argv[1], read_only=True)",
}


@contextlib.contextmanager
def looking(look: str, state: Path) -> Iterator[Callable[[], None]]:
    """A block in which another process looks at the state, until what it gives is called."""
    code = "import sys; from pathlib import Path; import duckdb\n"
    code += f"{LOOKS[look]}: print('there', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(state)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdin is not None
    assert other.stdout is not None
    try:
        assert other.stdout.readline() == b"there\n"
        yield other.stdin.close
    finally:
        other.stdin.close()
        other.wait()
        other.stdout.close()


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_a_run_waits_for_a_look_at_the_state(
    archive: Archive, look: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.run()
    archive.write("new.txt", interview_of(9))
    with looking(look, archive.folder / "studies.state.duckdb") as end_of_look:
        with pytest.raises(StateHeldError):
            archive.run()
        assert archive.heard.told == []
        tell = Heard.tell

        def hear(self: Heard, event: str, **fields: Any) -> None:
            tell(self, event, **fields)
            if event == "waiting":
                end_of_look()

        monkeypatch.setattr(Heard, "tell", hear)
        assert archive.run("run.wait_seconds=60").status == "done"
    assert [one["seconds"] for one in archive.heard.of("waiting")] == [60]
    assert archive.rows("SELECT count(*) FROM transcripts") == [(7,)]


def test_settings_that_change_between_a_broken_off_run_and_the_next(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.toml").write_text(RULE)
    changed = (f"extract.rules={tmp_path / 'rules'}", "run.batch_files=2")
    expected = {}
    for name, settings in (("old", ("run.batch_files=2",)), ("new", changed)):
        whole = Archive(tmp_path / name, 6)
        whole.run(*settings)
        expected[name] = content(whole.db)
    assert expected["old"]["statements"] != expected["new"]["statements"]

    archive = Archive(tmp_path / "archive", 6)
    archive.run("run.batch_files=2")
    batches = 0

    def stop(stage: str, batch: Sequence[Any]) -> None:
        nonlocal batches
        batches += stage == "extract"
        if batches == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.run(*changed, engine=Hooked(stop))
    assert content(archive.db) == expected["old"]
    archive.run("run.batch_files=2")
    assert archive.did["extract"] == 2, "only what the broken-off run had changed is made anew"
    assert content(archive.db) == expected["old"]
    archive.run(*changed)
    assert content(archive.db)["statements"] == expected["new"]["statements"]


# -- failures before anything is done -------------------------------------------------------------------------


def told_of(archive: Archive) -> tuple[list[dict[str, Any]], str]:
    """The summary files, oldest first, and the metrics."""
    found = [json.loads(path.read_text()) for path in sorted((archive.folder / "runs").iterdir())]
    return found, (archive.folder / "whyswitch.prom").read_text()


NOTICES = ("notify.summaries=runs", "notify.metrics=whyswitch.prom")


def test_a_run_that_fails_before_it_begins_gives_notice(archive: Archive) -> None:
    archive.run(*NOTICES)
    (archive.folder / "studies.state.duckdb").write_bytes(b"\x00" * 8192)
    with pytest.raises(StateError):
        archive.run(*NOTICES)
    summaries, metrics = told_of(archive)
    assert sorted((one["number"], one["status"]) for one in summaries) == [(0, "failed"), (1, "done")]
    assert "studies.state.duckdb" in summaries[0]["reason"]
    assert 'whyswitch_last_run_success{db="studies.duckdb"} 0\n' in metrics
    assert [event["status"] for event in archive.heard.of("run_end")] == ["failed"]


def test_a_run_that_finds_another_at_work_leaves_the_notices_to_it(archive: Archive) -> None:
    archive.run(*NOTICES)
    before = told_of(archive)
    with hold(archive.folder / "studies.state.duckdb"), pytest.raises(StateHeldError):
        archive.run(*NOTICES)
    assert told_of(archive) == before
    assert archive.heard.told == []


def test_errors_are_json_lines_where_the_log_is(archive: Archive, whyswitch: CommandLine) -> None:
    done = whyswitch("run", "nowhere", "--db", "studies.duckdb", "--log", "json", *RULES)
    assert done.returncode == 2
    last = json.loads(done.stderr.splitlines()[-1])
    assert (last["event"], last["exit_code"]) == ("error", 2)
    assert "nowhere" in last["message"]
    assert all(line.startswith("{") for line in done.stderr.splitlines())
    done = whyswitch("run", "interviews", "--log", "json", "--set", "publish.kep=3")
    assert json.loads(done.stderr)["event"] == "error"
    assert "keep" in done.stderr


# -- inputs that change under the run ---------------------------------------------------------------------------


def test_a_file_that_vanishes_or_changes_between_the_scan_and_its_reading(archive: Archive) -> None:
    def meddle(stage: str, batch: Sequence[Any]) -> None:
        if stage == "ingest":
            (archive.inputs / "01.txt").unlink(missing_ok=True)
            archive.write("02.txt", interview_of(8))

    summary = archive.run(engine=Hooked(meddle))
    assert summary.status == "done"
    assert archive.rows("SELECT source, reason FROM rejects ORDER BY source") == [
        ("interviews/01.txt", "unreadable"),
        ("interviews/02.txt", "unreadable"),
    ]
    assert archive.rows("SELECT count(*) FROM transcripts") == [(4,)]
    archive.run()
    assert archive.rows("SELECT count(*) FROM rejects") == [(0,)]
    assert archive.rows("SELECT count(*) FROM transcripts") == [(5,)]
    assert archive.rows("SELECT count(*) FROM turns WHERE speaker = 'Person8'") == [(2,)]


def test_a_report_that_cannot_be_written_leaves_what_was_published(archive: Archive) -> None:
    settings = load_settings(None, ["extract.profile=rules"])
    page = archive.folder / "pages" / "report.html"
    page.mkdir(parents=True)
    job = Job((str(archive.inputs),), archive.db, settings, page)
    with pytest.raises(WhyswitchError) as caught:
        run(job, QuietEvents(), mapper=SerialEngine())
    assert "report.html" in str(caught.value)
    assert archive.rows("SELECT count(*) FROM transcripts") == [(6,)]
    page.rmdir()
    assert run(job, QuietEvents(), mapper=SerialEngine()).worked
    assert "Person" in page.read_text(encoding="utf-8")


# -- Ctrl-C and SIGTERM, with real processes --------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_asked_to_end_ends_with_its_workers_and_goes_on_later(
    archive: Archive, number: int, code: int, whyswitch: CommandLine
) -> None:
    command = [sys.executable, "-m", "pipeline.cli", "run", "interviews", "--db", "studies.duckdb", *RULES]
    process = subprocess.Popen(
        [*command, "--no-report", "--log", "json", "--workers", "2", "--set", "run.batch_files=1"],
        cwd=archive.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if '"batch"' in line:
            break
    mine = family(process.pid)
    assert len(mine) > 1
    os.kill(process.pid, number)
    lines = [json.loads(line) for line in process.stderr]
    process.stderr.close()
    assert process.wait(60) == code
    assert lines[-1]["event"] == "run_end"
    assert lines[-1]["status"] == "interrupted"
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in mine) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert [pid for pid in mine if Path(f"/proc/{pid}").exists()] == []
    archive.run()
    assert archive.did["ingest"] < 6  # type: ignore[operator]
    assert archive.rows("SELECT count(*) FROM transcripts") == [(6,)]
