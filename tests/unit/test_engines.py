"""Engines: the same results everywhere; one bad item never stops the others; nothing lives on without its parent."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import Settings, load_settings
from pipeline.engines import Done, PoolEngine, SerialEngine, engine
from pipeline.errors import ModelError, StageError, UsageError
from pipeline.inputs import Found

ROOT = Path(__file__).parents[2]


def found(path: Path) -> Found:
    return Found(str(path), hashlib.sha256(path.read_bytes()).hexdigest(), "{}", path.name, str(path))


@pytest.fixture
def files(tmp_path: Path, interview: str) -> list[Found]:
    made = []
    for n in range(5):
        path = tmp_path / f"{n}.txt"
        path.write_text(interview.replace("Dana", f"Dana{n}"))
        made.append(found(path))
    return made


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[PoolEngine]:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    engine = PoolEngine(2)
    yield engine
    engine.close()


def batches(files: list[Found]) -> Iterator[list[Found]]:
    yield files[:2]
    yield files[2:]


def ids(done: list[Done]) -> set[str]:
    return {t.transcript_id for d in done for reading in d.results for t in reading.transcripts}


def test_pool_gives_what_one_process_gives(files: list[Found], pool: PoolEngine) -> None:
    many = list(pool.map("ingest", Settings(), batches(files)))
    one = list(SerialEngine().map("ingest", Settings(), batches(files)))
    assert ids(many) == ids(one)
    assert len(ids(one)) == 5


def test_file_that_vanished_is_a_failure_the_others_are_done(files: list[Found]) -> None:
    Path(files[3].source).unlink()
    done = list(SerialEngine().map("ingest", Settings(), batches(files)))
    failures = [failure for d in done for failure in d.failures]
    assert [(f.item.source, f.reason) for f in failures] == [(files[3].source, "unreadable")]
    assert len(ids(done)) == 4


def test_missing_model_stops_the_run_and_blames_no_item(
    files: list[Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(entry: object, settings: Settings) -> None:
        raise ModelError("the package x==1 is not installed", "pip install x==1")

    monkeypatch.setattr("pipeline.engines.work._loaded", {})
    monkeypatch.setattr("pipeline.engines.work._load", absent)
    with pytest.raises(ModelError, match="not installed"):
        list(SerialEngine().map("ingest", Settings(), batches(files)))


def test_errors_of_ours_come_back_from_a_worker_whole(
    pool: PoolEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.engines.pool.work", _modelless_work)
    with pytest.raises(ModelError) as caught:
        list(pool.map("ingest", Settings(), iter([[1]])))
    assert caught.value.remedy == "pip install x==1"


def test_item_that_kills_its_worker_is_given_up_the_others_are_done(
    files: list[Found], pool: PoolEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly = Found(files[2].source, "kill", "{}", "x", files[2].source)
    monkeypatch.setattr("pipeline.engines.pool.work", _deadly_work)
    done = list(pool.map("ingest", Settings(), iter([[files[0], deadly, files[1]], files[3:]])))
    failures = [failure for d in done for failure in d.failures]
    assert [(failure.item.sha256, failure.reason) for failure in failures] == [("kill", "killed_worker")]
    assert len(ids(done)) == 4


def test_when_every_worker_dies_the_machine_is_blamed_not_the_items(
    files: list[Found], pool: PoolEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly = [Found(files[0].source, "kill", "{}", str(n), files[0].source) for n in range(3)]
    monkeypatch.setattr("pipeline.engines.pool.work", _deadly_work)
    monkeypatch.setattr("pipeline.engines.pool.DEATHS", 2)
    with pytest.raises(StageError, match="die one after another"):
        list(pool.map("ingest", Settings(), iter([deadly])))


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert parent.stdout is not None
    workers = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(workers) == 2
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < until, "a worker lives on"
        time.sleep(0.05)


_PARENT = """
import multiprocessing, time
from pipeline.config import Settings, load_settings
from pipeline.engines import PoolEngine

if __name__ == "__main__":
    pool = PoolEngine(2)
    list(pool.map("ingest", Settings(), iter([[], []])))
    children = multiprocessing.active_children()
    print(*(child.pid for child in children), flush=True)
    time.sleep(60)
"""


def _deadly_work(name: str, settings: Settings, items: list[Found]) -> Done:
    from pipeline.engines.work import work

    if any(item.sha256 == "kill" for item in items):
        os.kill(os.getpid(), signal.SIGKILL)
    return work(name, settings, items)


def _modelless_work(name: str, settings: Settings, items: list[int]) -> Done:
    raise ModelError("the package x==1 is not installed", "pip install x==1")


# -- Ray, as far as it goes without a cluster (tests/functional/test_ray.py has the rest) ---------------------


def test_ray_that_is_not_installed_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("pipeline.engines.ray.importlib.import_module", absent)
    with pytest.raises(UsageError, match="needs Ray") as caught:
        engine(load_settings(None, ["run.engine=ray"]))
    assert "whyswitch[ray]" in caught.value.remedy


def test_a_worker_with_another_recipe_refuses_to_work() -> None:
    from pipeline.engines.ray import _check
    from pipeline.recipes import recipe

    _check("ingest", Settings(), recipe("ingest", Settings()).fingerprint)
    with pytest.raises(StageError, match="other models, rules or another whyswitch"):
        _check("ingest", Settings(), "another")


def test_stages_get_one_thread_although_libraries_were_loaded_with_more(
    files: list[Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sklearn  # noqa: F401 (loads OpenBLAS and OpenMP, with as many threads as there are cores)
    from threadpoolctl import threadpool_info

    seen: list[int] = []

    def look(entry: object, resources: object, items: list[Found]) -> list[None]:
        seen.extend(pool["num_threads"] for pool in threadpool_info())
        return [None for _ in items]

    monkeypatch.setattr("pipeline.engines.work._call", look)
    list(SerialEngine().map("ingest", Settings(), batches(files)))
    assert seen
    assert set(seen) == {1}
