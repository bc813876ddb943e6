"""``make bench-nightly``: what a nightly run costs on a large archive, beside the bars it is held to.

On a state of many interviews (see ``bench.inflate``): a run without changes, ten interviews more against ten alone,
publishing. On small archives: the state's growth over many runs, a reader through many publishings, and the memory
of runs over few and many interviews. Prints one JSON object with the bars that were missed; exit code 1 where any was.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import duckdb

from bench import archive
from bench.inflate import inflate
from bench.processes import watched, whyswitch
from pipeline.config import load_settings

ROOT = Path(__file__).parent.parent
NO_CHANGE_S, NO_CHANGE_MB = 5.0, 500
TEN_MORE = 2.0
MEMORY = 1.2
EVERY = 50
"""Runs between two looks at the size of a growing state."""
RULES = "extract.profile=rules"


class Site:
    """A folder with interviews and the file published from them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inputs = folder / "interviews"
        self.db = folder / "studies.duckdb"
        self.state = folder / "studies.state.duckdb"
        self.inputs.mkdir(parents=True)

    def run(self, *options: str) -> dict[str, Any]:
        """Wall seconds, the peak of memory of all its processes in MB, and what the run says of its work."""
        command = whyswitch("run", "interviews", "--db", self.db.name, "--no-report", "--log", "json")
        told = watched([*command, "--set", RULES, *options], self.folder, {"PYTHONPATH": str(ROOT)})
        assert told.code == 0, told.lines[-1:]
        end = json.loads([line for line in told.lines if line.startswith("{")][-1])
        return {
            "seconds": told.seconds,
            "peak_mb": told.peak_mb,
            "stages": {stage: one["seconds"] for stage, one in end["work"].items()},
            "counts": end["counts"],
        }

    def mb(self) -> dict[str, float]:
        """Sizes of the state and the published file."""
        return {
            "state_mb": round(self.state.stat().st_size / 1e6, 1),
            "published_mb": round(self.db.stat().st_size / 1e6, 1),
        }


def large(folder: Path, number: int, base: int, exchanges: int) -> dict[str, Any]:
    """A run without changes on a large state; ten interviews more; ten alone."""
    site = Site(folder / "large")
    archive.write(site.inputs, range(base), exchanges, 0.08)
    site.run()
    settings = load_settings(None, [RULES])
    inflate(site.inputs, site.db, settings, number)
    first = site.run()
    site.run()
    unchanged = site.run()
    archive.write(site.inputs, range(500_000, 500_010), exchanges, 0.08)
    more = site.run()
    alone = Site(folder / "alone")
    archive.write(alone.inputs, range(500_000, 500_010), exchanges, 0.08)
    ten = alone.run()
    apart = more["stages"].get("publish", 0.0)
    return {
        "interviews": first["counts"]["interviews"],
        "turns": first["counts"]["turns"],
        "statements": sum(first["counts"]["statements"].values()),
        **site.mb(),
        "first grouping and publishing": first["stages"],
        "no change": {key: unchanged[key] for key in ("seconds", "peak_mb", "stages")},
        "ten more": {key: more[key] for key in ("seconds", "peak_mb", "stages")},
        "ten alone": {key: ten[key] for key in ("seconds", "peak_mb", "stages")},
        "ten more / ten alone": round(more["seconds"] / ten["seconds"], 2),
        "the same, publishing apart": round(
            (more["seconds"] - apart) / (ten["seconds"] - ten["stages"]["publish"]), 2
        ),
    }


def growth(folder: Path, runs: int) -> dict[str, Any]:
    """The state after many runs with a change each, against one of the same interviews read once."""
    site = Site(folder / "growth")
    archive.write(site.inputs, range(60))
    site.run()
    sizes = {0: site.mb()["state_mb"]}
    for n in range(runs):
        path = sorted(site.inputs.rglob("*.txt"))[n % 60]
        path.write_text(archive.interview(10_000 + n), encoding="utf-8")
        site.run()
        if (n + 1) % EVERY == 0 or n + 1 == runs:
            sizes[n + 1] = site.mb()["state_mb"]
    fresh = Site(folder / "fresh")
    for path in site.inputs.rglob("*.txt"):
        target = fresh.inputs / path.relative_to(site.inputs)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    fresh.run()
    after, once = site.mb()["state_mb"], fresh.mb()["state_mb"]
    return {
        "runs": runs,
        "state_mb after runs": sizes,
        "read once_mb": once,
        "factor": round(after / once, 2),
    }


def reader(folder: Path, publishings: int) -> dict[str, Any]:
    """A reader asking without pause while the file is published again and again."""
    site = Site(folder / "reader")
    archive.write(site.inputs, range(10))
    site.run()
    stop, seen, wrong = threading.Event(), [0], []

    def read() -> None:
        before = 10
        while not stop.is_set():
            try:
                with duckdb.connect(str(site.db), read_only=True) as connection:
                    row = connection.execute(_ONE_LOOK).fetchone()
            except duckdb.Error as error:
                wrong.append(type(error).__name__)
                continue
            seen[0] += 1
            if row is None or row[0] < before or row[1]:
                wrong.append(str(row))
            before = row[0] if row else before

    watcher = threading.Thread(target=read)
    watcher.start()
    for n in range(publishings):
        archive.write(site.inputs, range(10 + n, 11 + n))
        site.run()
    stop.set()
    watcher.join()
    return {"publishings": publishings, "looks": seen[0], "wrong": wrong}


_ONE_LOOK = """
SELECT (SELECT count(*) FROM transcripts),
       (SELECT count(*) FROM turns ANTI JOIN transcripts USING (transcript_id))
       + (SELECT count(*) FROM transcripts ANTI JOIN turns USING (transcript_id))
       + (SELECT count(*) FROM statements ANTI JOIN transcripts USING (transcript_id))
"""


def memory(folder: Path, few: int, many: int) -> dict[str, Any]:
    """The peak of memory, of all processes of a run together, over few and over many interviews."""
    peaks = {}
    for number in (few, many):
        site = Site(folder / f"memory-{number}")
        archive.write(site.inputs, range(number))
        told = site.run("--workers", "2")
        peaks[number] = told["peak_mb"]
    return {"peak_mb": peaks, "factor": round(peaks[many] / peaks[few], 2)}


def missed(found: dict[str, dict[str, Any]]) -> list[str]:
    """The bars that what was found does not reach, in words."""
    told = []
    if large := found.get("large"):
        idle = large["no change"]
        told += [f"no change: {idle['seconds']} s"] if idle["seconds"] > NO_CHANGE_S else []
        told += [f"no change: {idle['peak_mb']} MB"] if idle["peak_mb"] > NO_CHANGE_MB else []
        ratio = large["ten more / ten alone"]
        told += [f"ten more: {ratio} times ten alone"] if ratio > TEN_MORE else []
    if reader := found.get("reader"):
        told += [f"reader: {len(reader['wrong'])} wrong looks"] if reader["wrong"] else []
        told += [] if reader["looks"] else ["reader: it never looked"]
    if memory := found.get("memory"):
        told += [f"memory: {memory['factor']} times"] if memory["factor"] > MEMORY else []
    return told


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["large", "growth", "reader", "memory"], action="append")
    parser.add_argument("--interviews", type=int, default=10_000)
    parser.add_argument("--base", type=int, default=100)
    parser.add_argument("--exchanges", type=int, default=30)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--publishings", type=int, default=50)
    parser.add_argument("--few", type=int, default=300)
    parser.add_argument("--many", type=int, default=3000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = {
            "large": lambda: large(folder, given.interviews, given.base, given.exchanges),
            "growth": lambda: growth(folder, given.runs),
            "reader": lambda: reader(folder, given.publishings),
            "memory": lambda: memory(folder, given.few, given.many),
        }
        found: dict[str, Any] = {
            part: make() for part, make in parts.items() if not given.only or part in given.only
        }
    found["missed"] = missed(found)
    print(json.dumps(found, indent=1))  # noqa: T201
    return int(bool(found["missed"]))


if __name__ == "__main__":
    sys.exit(main())
