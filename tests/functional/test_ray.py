"""The Ray engine on a cluster of two nodes on this machine: the rows of the local engine, whatever dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Settings, load_settings
from pipeline.engines import Done
from pipeline.errors import StageError, UsageError
from tests.functional.conftest import Archive, content

pytest.importorskip("ray", reason="needs the extra: pip install 'whyswitch[ray]'")

from ray.cluster_utils import Cluster

from pipeline.engines.ray import RayEngine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("default::FutureWarning"),
    pytest.mark.filterwarnings("default::ResourceWarning"),
]
ROOT = Path(__file__).parents[2]
SMALL = ("run.batch_files=1", "run.batch_texts=4")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A head and one more node, each with one CPU."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
        made.add_node(num_cpus=1)
        yield made
        made.shutdown()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    """The tables of eight interviews by one process."""
    archive = Archive(tmp_path_factory.mktemp("local"), 8)
    archive.run(*SMALL)
    return content(archive.db)


def test_two_nodes_give_the_rows_of_one_process(
    tmp_path: Path, cluster: Cluster, expected: dict[str, list[tuple[object, ...]]]
) -> None:
    archive = Archive(tmp_path, 8)
    before = signal.getsignal(signal.SIGTERM)
    archive.run(*SMALL, engine=RayEngine(cluster.address, 0))
    assert content(archive.db) == expected
    assert signal.getsignal(signal.SIGTERM) == before
    archive.run(*SMALL)
    assert archive.did == {}, "what one engine made is current for the other"


class Killing(RayEngine):
    """Kills a node of its cluster after the second batch of extraction."""

    cluster: Cluster
    victim: Any

    def map(self, stage: str, settings: Settings, batches: Iterable[Sequence[Any]]) -> Iterator[Done]:
        """As the Ray engine, with an accident."""
        for number, done in enumerate(super().map(stage, settings, batches)):
            yield done
            if stage == "extract" and number == 1:
                self.cluster.remove_node(self.victim, allow_graceful=False)


def test_a_node_killed_in_the_middle_changes_nothing(
    tmp_path: Path, cluster: Cluster, expected: dict[str, list[tuple[object, ...]]]
) -> None:
    archive = Archive(tmp_path, 8)
    engine = Killing(cluster.address, 0)
    engine.cluster, engine.victim = cluster, cluster.add_node(num_cpus=1)
    archive.run(*SMALL, engine=engine)
    assert engine.victim not in cluster.worker_nodes
    assert content(archive.db) == expected


def test_an_item_that_kills_its_worker_is_given_up_the_others_are_done(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.engines.ray._work", _deadly_work)
    monkeypatch.setattr("pipeline.engines.ray.RETRIES", 0)
    engine = RayEngine(cluster.address, 0)
    try:
        done = list(engine.map("ingest", Settings(), iter([["a", "kill", "b"], ["c"]])))
    finally:
        engine.close()
    assert sorted(item for one in done for item in one.items) == ["a", "b", "c"]
    lost = [failure for one in done for failure in one.failures]
    assert [(failure.item, failure.reason) for failure in lost] == [("kill", "killed_worker")]


def test_errors_of_ours_come_back_from_a_worker_whole(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.engines.ray._work", _wrong_work)
    engine = RayEngine(cluster.address, 0)
    try:
        with pytest.raises(StageError, match="has other models") as caught:
            list(engine.map("ingest", Settings(), iter([[1]])))
        assert caught.value.remedy == "the same wheel"
        with pytest.raises(StageError, match=r"a worker of the Ray cluster fails \(LookupError\)") as caught:
            list(engine.map("ingest", Settings(), iter([[2]])))
        assert "Ann said" not in str(caught.value)
    finally:
        engine.close()


def test_a_gpu_goes_to_the_stages_that_have_use_for_one(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.engines.ray._work", _gpus_seen)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)  # hidden by runs in this process
    node = cluster.add_node(num_cpus=1, num_gpus=1)  # Ray takes the number on trust
    seen = {}
    try:
        for stage, share in (("ingest", 0.5), ("embed", 0.5), ("extract", 0.5), ("embed", 0.0)):
            engine = RayEngine(cluster.address, 0)
            settings = load_settings(None, [f"run.gpu_share={share}"])
            (done,) = engine.map(stage, settings, iter([[1]]))
            seen[stage, share] = done.results[0]
            engine.close()
    finally:
        cluster.remove_node(node)
    assert seen == {("ingest", 0.5): 0, ("embed", 0.5): 1, ("extract", 0.5): 1, ("embed", 0.0): 0}


def test_a_cluster_that_is_not_there() -> None:
    engine = RayEngine("127.0.0.1:9", 0)
    with pytest.raises(UsageError, match=r"127\.0\.0\.1:9"):
        list(engine.map("ingest", Settings(), iter([[1]])))


def _deadly_work(name: str, settings: Settings, items: list[str], mark: str, folder: str) -> Done:
    if "kill" in items:
        os.kill(os.getpid(), signal.SIGKILL)
    return Done(tuple(items), tuple(items))


def _wrong_work(name: str, settings: Settings, items: list[int], mark: str, folder: str) -> Done:
    if items == [1]:
        raise StageError("the node has other models", "the same wheel")
    raise LookupError("Ann said")


def _gpus_seen(name: str, settings: Settings, items: list[int], mark: str, folder: str) -> Done:
    import ray

    return Done(tuple(items), (len(ray.get_gpu_ids()),))
