"""``make bench-ray``: the Ray engine beside the local one, on this machine.

The same interviews are read by local processes, by Ray on one node, by two nodes, and by two nodes of which one is
killed in the middle: the public tables must be the same (times and run ids aside). Prints one JSON object, with the
overhead of Ray on one node; exit code 1 at any difference, or where the overhead is larger than 1.3.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import archive
from bench.soak import Night
from pipeline.config import load_settings
from pipeline.events import QuietEvents
from pipeline.runner import Job, Summary, run

ROOT = Path(__file__).parent.parent
OVERHEAD = 1.3
"""At most so many times the local engine's time."""


class Accident(QuietEvents):
    """Calls ``happen`` once, when a third of extraction is done."""

    def __init__(self, happen: Callable[[], None]) -> None:
        self._happen = happen

    @contextlib.contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Callable[[int], None]]:
        """Count."""
        left = (total or 0) // 3

        def advance(number: int) -> None:
            nonlocal left
            left -= number
            if name == "extract" and left <= 0 < left + number:
                self._happen()

        yield advance


def told(summary: Summary) -> dict[str, Any]:
    """What to compare."""
    return {
        "seconds": round(summary.seconds, 1),
        "stages": {k: v["seconds"] for k, v in summary.work.items()},
    }


def measure(folder: Path, number: int, cpus: int, profile: str) -> dict[str, Any]:
    """All figures."""
    from ray.cluster_utils import Cluster

    archive.write(folder / "interviews", range(number))
    found: dict[str, Any] = {"interviews": number, "cpus": cpus, "wrong": []}

    def one(name: str, *assignments: str, events: Any = None) -> None:
        settings = load_settings(None, [f"extract.profile={profile}", *assignments])
        job = Job((str(folder / "interviews"),), folder / f"{name}.duckdb", settings)
        clock = time.monotonic()
        found[name] = told(run(job, events or QuietEvents())) | {"wall": round(time.monotonic() - clock, 1)}

    one("local", f"run.workers={cpus}")
    one("one node", f"run.workers={cpus}", "run.engine=ray")
    found["overhead"] = round(found["one node"]["wall"] / found["local"]["wall"], 2)
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        second = cluster.add_node(num_cpus=1)
        there = (f'run.ray_address="{cluster.address}"', "run.engine=ray", "run.batch_files=4")
        one("two nodes", *there)
        accident = Accident(lambda: cluster.remove_node(second, allow_graceful=False))
        one("one of two nodes killed", *there, events=accident)
        found["wrong"] += [] if second not in cluster.worker_nodes else ["no node was killed"]
    finally:
        cluster.shutdown()
    expected = _content(folder, "local")
    for name in ("one node", "two nodes", "one of two nodes killed"):
        got = _content(folder, name)
        found["wrong"] += [f"{name}: {table}" for table in expected if got.get(table) != expected[table]]
    return found


def _content(folder: Path, name: str) -> dict[str, list[tuple[object, ...]]]:
    night = Night(folder, 0)
    night.db = folder / f"{name}.duckdb"
    return night.content()


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interviews", type=int, default=300)
    parser.add_argument("--cpus", type=int, default=2)
    parser.add_argument("--profile", default="rules")
    given = parser.parse_args()
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), given.interviews, given.cpus, given.profile)
    print(json.dumps(found, indent=1))  # noqa: T201
    return int(bool(found["wrong"]) or found["overhead"] > OVERHEAD)


if __name__ == "__main__":
    sys.exit(main())
