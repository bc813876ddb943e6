"""A run that dies at any point loses at most one batch, doubles nothing, and ends as an undisturbed one."""

from __future__ import annotations

import errno
import importlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.engines import Done, SerialEngine
from pipeline.engines.base import Failure
from pipeline.errors import PublishError, StageError, StateError, StateHeldError
from pipeline.stages import STAGES
from pipeline.state import State
from pipeline.state.integrity import faults
from pipeline.state.schema import MIGRATIONS
from tests.functional.conftest import Archive, Hooked, content, interview_of

SETTINGS = ("run.batch_files=2", "run.batch_texts=4")


class Crash(BaseException):
    """Ends the run where nothing can catch it, like a kill."""


@pytest.fixture
def crash_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Crash at a commit: ``[number]``, counted down; half of them before the commit, half after."""
    countdown = [10**9]
    begin = State.transaction

    class Counted:
        def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
            self._connection = connection

        def __getattr__(self, name: str) -> Any:
            return getattr(self._connection, name)

        def commit(self) -> None:
            for step in (lambda: None, self._connection.commit):
                step()
                countdown[0] -= 1
                if countdown[0] <= 0:  # whatever a handler still tries to write is lost too
                    raise Crash

    def transaction(self: State, **options: Any) -> Any:
        if not isinstance(self.connection, Counted):
            self.connection = Counted(self.connection)  # type: ignore[assignment]
        return begin(self, **options)

    monkeypatch.setattr(State, "transaction", transaction)
    return countdown


def test_a_crash_at_any_commit_changes_nothing_in_the_end(tmp_path: Path, crash_at: list[int]) -> None:
    whole = Archive(tmp_path / "whole", 6)
    whole.run(*SETTINGS)
    change(whole)
    whole.run(*SETTINGS)
    expected = content(whole.db)
    for number in range(1, 100):
        archive = Archive(tmp_path / str(number), 6)
        if finished(archive, number, crash_at) and finished(archive, number, crash_at, changed=True):
            break
        assert content(archive.db) == expected, f"after a crash at {number}"
        assert orphans(archive) == []
    assert number > 20


def finished(archive: Archive, number: int, crash_at: list[int], *, changed: bool = False) -> bool:
    """One night with a crash, and the next without; whether the crash came too late to happen."""
    if changed:
        change(archive)
    crash_at[0] = number
    try:
        archive.run(*SETTINGS)
    except Crash:
        crash_at[0] = 10**9
        archive.run(*SETTINGS)
        if not changed:
            finished(archive, number, crash_at, changed=True)
        return False
    return True


def change(archive: Archive) -> None:
    """A night's changes: one interview new, one changed, one gone, one renamed."""
    archive.write("new.txt", interview_of(7))
    archive.write("01.txt", interview_of(8))
    (archive.inputs / "02.txt").unlink()
    (archive.inputs / "03.txt").rename(archive.inputs / "renamed.txt")


def orphans(archive: Archive) -> list[str]:
    """Files nobody owns, and rows without their parent or double."""
    left = [path.name for path in archive.folder.iterdir() if path.name.startswith(".")]
    with duckdb.connect(str(archive.folder / "studies.state.duckdb"), read_only=True) as connection:
        return left + faults(connection)


def test_an_interrupted_run_says_so_and_the_next_goes_on(archive: Archive) -> None:
    batches = 0

    def stop(stage: str, batch: Sequence[Any]) -> None:
        nonlocal batches
        batches += stage == "extract"
        if batches == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.run(*SETTINGS, engine=Hooked(stop))
    assert archive.heard.of("run_end")[0]["status"] == "interrupted"
    assert not archive.db.exists()
    archive.run(*SETTINGS)
    assert archive.did["extract"] == 2
    assert "ingest" not in archive.did


class Deadly:
    """An engine whose worker dies of one interview."""

    def __init__(self, word: str, stage: str) -> None:
        self._word, self._stage = word, stage
        self._engine = SerialEngine()

    def map(self, stage: str, settings: Any, batches: Any) -> Iterator[Done]:
        """As the engine of this process, but for the deadly item."""
        for batch in batches:
            deadly = [item for item in batch if stage == self._stage and self._word in str(item)]
            rest = [item for item in batch if item not in deadly]
            for done in self._engine.map(stage, settings, [rest]) if rest else [Done((), ())]:
                lost = tuple(Failure(item, "killed_worker", "its process died twice") for item in deadly)
                yield Done(done.items, done.results, lost)

    def close(self) -> None:
        """Nothing to let go."""


def test_an_interview_that_kills_its_worker_is_set_aside_and_taken_up_when_forced(archive: Archive) -> None:
    summary = archive.run(engine=Deadly("Person3", "extract"))
    assert summary.counts["rejects"] == 1
    assert archive.rows("SELECT source, stage, reason FROM rejects") == [
        ("interviews/03.txt", "extract", "killed_worker")
    ]
    assert archive.run().counts["rejects"] == 1
    assert archive.did == {}
    assert archive.run(force=("extract",)).counts["rejects"] == 0


FAX = "Interviewer: What happened before?\n\nPaula: The most annoying part was that the fax machine broke twice.\n"


def test_what_is_set_aside_stays_so_where_it_reads_as_before(archive: Archive) -> None:
    archive.run(engine=Deadly("Person3", "extract"))
    before = archive.rows("SELECT source, stage, reason FROM rejects")
    archive.run(force=("ingest",))
    assert archive.did == {"ingest": 6}
    assert archive.rows("SELECT source, stage, reason FROM rejects") == before


def test_a_text_that_kills_its_worker_sets_its_interview_aside_and_the_rest_goes_on(archive: Archive) -> None:
    archive.write("fax.txt", FAX)
    summary = archive.run(engine=Deadly("fax machine", "embed"))
    assert summary.status == "done"
    assert archive.rows("SELECT source, stage, reason FROM rejects") == [
        ("interviews/fax.txt", "embed", "killed_worker")
    ]
    assert archive.rows("SELECT count(DISTINCT source) FROM statements") == [(6,)]
    assert orphans(archive) == []
    assert archive.run().counts["rejects"] == 1
    assert archive.did == {}
    assert archive.run(force=("embed",)).counts["rejects"] == 0
    assert archive.rows("SELECT count(DISTINCT source) FROM statements") == [(7,)]


def test_another_model_takes_up_what_the_old_one_gave_up(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write("fax.txt", FAX)
    assert archive.run(engine=Deadly("fax machine", "embed")).counts["rejects"] == 1
    newer = tuple(replace(one, version="next") if one.name == "embed" else one for one in STAGES)
    monkeypatch.setattr("pipeline.recipes.STAGES", newer)
    assert archive.run().counts["rejects"] == 0
    assert archive.rows("SELECT count(DISTINCT source) FROM statements") == [(7,)]


def test_where_every_text_fails_it_is_not_the_texts(archive: Archive) -> None:
    for n in range(6):
        archive.write(f"{n:02}.txt", interview_of(n).replace("booking", f"cargo{n}"))
    with pytest.raises(StageError, match="texts fail"):
        archive.run(engine=Deadly(" ", "embed"))
    assert archive.state("SELECT count(*) FROM rejects") == [(0,)]
    assert archive.run().counts["rejects"] == 0


def test_a_file_that_kills_its_reader_is_rejected(archive: Archive) -> None:
    archive.run(engine=Deadly("03.txt", "ingest"))
    assert archive.rows("SELECT source, stage, reason FROM rejects") == [
        ("interviews/03.txt", "ingest", "killed_worker")
    ]
    assert archive.rows("SELECT count(*) FROM transcripts") == [(5,)]


def test_something_unforeseen_is_told_without_anybodys_words(archive: Archive) -> None:
    def fail(stage: str, batch: Sequence[Any]) -> None:
        raise LookupError("Person1 said: the booking book")

    with pytest.raises(StageError, match=r"LookupError in test_crashes\.py") as caught:
        archive.run(engine=Hooked(fail))
    assert "booking" not in str(caught.value)
    assert archive.state("SELECT status FROM runs") == [("failed",)]


# -- the disk and the file ------------------------------------------------------------------------------------


def test_a_full_disk_while_publishing_leaves_last_nights_file(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.run()
    before = archive.db.read_bytes()
    archive.write("new.txt", interview_of(9))

    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(importlib.import_module("pipeline.store.publish"), "sync", full)
        with pytest.raises(PublishError, match="No space left on device"):
            archive.run()
    assert archive.db.read_bytes() == before
    assert orphans(archive) == []
    archive.run()
    assert archive.did == {}
    assert archive.rows("SELECT count(*) FROM transcripts") == [(7,)]


def test_a_state_that_another_program_has_open_is_not_blamed_on_damage(
    archive: Archive, tmp_path: Path
) -> None:
    archive.run()
    path = archive.folder / "studies.state.duckdb"
    other = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()",
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout is not None
    other.stdout.readline()
    try:
        with pytest.raises(StateHeldError, match=f"pid {other.pid}"):
            archive.run()
    finally:
        other.communicate()


def test_a_damaged_state_is_told_and_the_published_file_stands(archive: Archive) -> None:
    archive.run()
    path = archive.folder / "studies.state.duckdb"
    path.write_bytes(b"\x00" * 8192)
    with pytest.raises(StateError, match=r"not as it should be|cannot be read") as caught:
        archive.run()
    assert "doctor" in caught.value.remedy or "space" in caught.value.remedy
    assert archive.rows("SELECT count(*) FROM transcripts") == [(6,)]


def test_a_state_of_a_newer_program_is_refused_kindly(archive: Archive) -> None:
    archive.run()
    with duckdb.connect(str(archive.folder / "studies.state.duckdb")) as connection:
        connection.execute("INSERT INTO schema_version VALUES (?)", [len(MIGRATIONS) + 1])
    with pytest.raises(StateError, match=f"version {len(MIGRATIONS) + 1}; this program knows up to"):
        archive.run()
