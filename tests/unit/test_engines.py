"""Engines: the same results everywhere; one bad item never stops the others."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.engines import Done, PoolEngine, SerialEngine
from pipeline.inputs import Found


def _found(path: Path) -> Found:
    import hashlib

    return Found(str(path), hashlib.sha256(path.read_bytes()).hexdigest(), "{}", path.name)


@pytest.fixture
def files(tmp_path: Path, interview: str) -> list[Found]:
    found = []
    for n in range(5):
        path = tmp_path / f"{n}.txt"
        path.write_text(interview.replace("Dana", f"Dana{n}"))
        found.append(_found(path))
    return found


def _batches(files: list[Found]) -> Iterator[list[Found]]:
    yield files[:2]
    yield files[2:]


def _ids(done: list[Done]) -> set[str]:
    return {t.transcript_id for d in done for reading in d.results for t in reading.transcripts}


def test_pool_gives_what_one_process_gives(files: list[Found]) -> None:
    pool = PoolEngine(2)
    try:
        many = list(pool.map("ingest", Settings(), _batches(files)))
    finally:
        pool.close()
    one = list(SerialEngine().map("ingest", Settings(), _batches(files)))
    assert _ids(many) == _ids(one)
    assert len(_ids(one)) == 5


def test_file_that_vanished_is_a_failure_the_others_are_done(files: list[Found]) -> None:
    Path(files[3].source).unlink()
    done = list(SerialEngine().map("ingest", Settings(), _batches(files)))
    failures = [failure for d in done for failure in d.failures]
    assert [(f.item.source, f.reason) for f in failures] == [(files[3].source, "unreadable")]
    assert len(_ids(done)) == 4


def test_item_that_kills_its_worker_is_given_up_the_others_are_done(
    files: list[Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["tests/unit", os.environ.get("PYTHONPATH", "")]))
    pool = PoolEngine(1)
    deadly = Found(files[2].source, "kill", "{}", "x")
    monkeypatch.setattr("pipeline.engines.pool.work", _deadly_work)
    try:
        done = list(pool.map("ingest", Settings(), iter([[files[0], deadly, files[1]]])))
    finally:
        pool.close()
    failures = [failure for d in done for failure in d.failures]
    assert [failure.reason for failure in failures] == ["killed_worker"]
    assert len(_ids(done)) == 2


def _deadly_work(name: str, settings: Settings, items: list[Found]) -> Done:
    from pipeline.engines.work import work

    if any(item.sha256 == "kill" for item in items):
        os.kill(os.getpid(), signal.SIGKILL)
    return work(name, settings, items)
