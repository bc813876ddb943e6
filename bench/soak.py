"""``make soak``: runs killed at random, by SIGKILL to the run or to one of its processes, and resumed.

Over and over, an archive is read, changed and read again as a nightly job does it (pseudonyms, older files, a report,
notices), with a kill after a random event of each run, or before the first. Whenever a run comes to its end, its
public tables must be those of an undisturbed run (times and run ids aside), its manifest must be that of its file, no
process may live on, and neither the folder nor the state may hold anything that is nobody's. Prints one JSON object;
exit code 1 at any difference.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb

from bench import archive
from bench.processes import family, whyswitch
from pipeline import report, store
from pipeline.config import load_settings
from pipeline.disk import file_sha256
from pipeline.state.integrity import faults

ROOT = Path(__file__).parent.parent
TIMES = {"run_id", "first_run_id", "last_run_id", "started_at", "finished_at", "run_number"}
KEPT = 3
SETTINGS = (
    "extract.profile=rules",
    "run.batch_files=4",
    "run.batch_texts=32",
    f"publish.keep={KEPT}",
    "notify.summaries=runs",
    "notify.metrics=whyswitch.prom",
)
START_S = 3.0
"""A run's first event comes within about this."""
END_S = 30.0
"""Patience with the processes of a run that was killed."""


class Night:
    """A folder of interviews and the file published from it."""

    def __init__(self, folder: Path, transcripts: int, privacy: str = "off") -> None:
        self.folder = folder
        self.settings = (*SETTINGS, f"privacy.mode={privacy}")
        self.transcripts = transcripts
        self.db = folder / "studies.duckdb"
        self.changed = False

    def start_over(self) -> None:
        """Interviews as at first, nothing read."""
        shutil.rmtree(self.folder, ignore_errors=True)
        archive.write(self.folder / "interviews", range(self.transcripts))
        key = self.folder / "studies.state.key"
        key.touch(0o600)
        key.write_text("5a" * 32 + "\n")  # one key for all, or every archive had pseudonyms of its own
        self.changed = False

    def change(self) -> None:
        """A night's changes: a tenth each new, changed, gone and renamed."""
        tenth = max(1, self.transcripts // 10)
        files = sorted((self.folder / "interviews").rglob("*.txt"))
        archive.write(self.folder / "interviews", range(self.transcripts, self.transcripts + tenth))
        for n, path in enumerate(files[:tenth]):
            path.write_text(archive.interview(900_000 + n), encoding="utf-8")
        for path in files[tenth : 2 * tenth]:
            path.unlink()
        for path in files[2 * tenth : 3 * tenth]:
            path.rename(path.with_name("renamed-" + path.name))
        self.changed = True

    def run(self) -> subprocess.Popen[str]:
        """A run in a session of its own, its events on a pipe."""
        options = [part for setting in self.settings for part in ("--set", setting)]
        return subprocess.Popen(
            whyswitch("run", "interviews", "--db", self.db.name, "--workers", "2", "--log", "json", *options),
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def content(self) -> dict[str, list[tuple[object, ...]]]:
        """The public tables."""
        found = {}
        with duckdb.connect(str(self.db), read_only=True) as connection:
            tables = connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
            for (table,) in tables:
                names = [
                    r[0] for r in connection.execute(f"DESCRIBE {table}").fetchall() if r[0] not in TIMES
                ]
                if table != "runs":
                    found[table] = connection.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall()
        return found

    def leftovers(self) -> list[str]:
        """Files and rows that are nobody's, and what is told of the published file but is not so."""
        found = [path.name for path in self.folder.rglob(".*")]
        found += [path.name for path in self.folder.iterdir() if path.suffix in (".wal", ".tmp")]
        told = json.loads(store.manifest_path(self.db).read_text(encoding="utf-8"))
        found += [] if told["sha256"] == file_sha256(self.db) else ["the manifest is of another file"]
        kept = store.kept_files(self.db)
        found += [] if len(kept) <= KEPT else [f"{len(kept)} older files"]
        page, settings = self.folder / "studies.report.html", load_settings(None, self.settings)
        found += [] if report.is_current(page, self.db, settings) else ["the report is of another file"]
        with duckdb.connect(str(self.db.with_name("studies.state.duckdb")), read_only=True) as connection:
            return found + faults(connection)


def watched(run: subprocess.Popen[str], chance: random.Random, last: int) -> tuple[str, str, list[int]]:
    """Kill before the first event, or at a random one.

    Gives the stage, who was killed (nobody: the run was quicker), and the processes that were alive then.
    """
    at, delay = chance.randrange(-max(1, last // 10), last), chance.random()
    stage, victim, seen = "start", "nobody", 0
    alive: list[int] = []
    if at < 0:
        time.sleep(delay * START_S)
        victim, alive = kill(run.pid, chance)
    assert run.stderr is not None
    for line in run.stderr:
        if not line.startswith("{"):
            continue
        stage = json.loads(line).get("stage", stage)
        seen += 1
        if seen > at and victim == "nobody":
            time.sleep(delay * 0.4)
            victim, alive = kill(run.pid, chance)
    run.wait()
    return stage, victim, alive


def kill(pid: int, chance: random.Random) -> tuple[str, list[int]]:
    """SIGKILL the run, or one of its processes; gives which, and all that were alive."""
    alive = family(pid)
    target = pid if chance.random() < 0.6 or len(alive) == 1 else chance.choice(alive[1:])
    try:
        os.kill(target, signal.SIGKILL)
    except ProcessLookupError:
        return "nobody", alive
    return "run" if target == pid else "worker", alive


def living(pids: list[int]) -> list[int]:
    """Those that still run after a while; what waits for its parent to look at its end has ended."""
    until = time.monotonic() + END_S
    while left := [pid for pid in pids if _runs(pid)]:
        if time.monotonic() > until:
            return left
        time.sleep(0.1)
    return []


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def undisturbed(night: Night) -> tuple[list[dict[str, list[tuple[object, ...]]]], int]:
    """The tables of both nights, and the events of the first."""
    expected, events = [], 0
    night.start_over()
    for _ in range(2):
        run = night.run()
        assert run.stderr is not None
        events = max(events, sum(line.startswith("{") for line in run.stderr))
        assert run.wait() == 0, run.returncode
        expected.append(night.content())
        night.change()
    return expected, events


def soak(night: Night, kills: int, seed: int) -> dict[str, object]:
    """So many kills; what was found."""
    expected, events = undisturbed(night)
    chance = random.Random(seed)
    told: Counter[str] = Counter()
    wrong: list[str] = []
    done = ends = 0
    night.start_over()
    while done < kills:
        run = night.run()
        stage, victim, alive = watched(run, chance, events)
        wrong += [f"process {pid} lives on after {done} kills" for pid in living(alive)]
        if victim != "nobody":
            done += 1
            told[f"{victim} in {stage}"] += 1
        if run.returncode != 0:
            wrong += [] if victim != "nobody" else [f"exit code {run.returncode} although nobody was killed"]
            continue
        ends += 1
        wrong += differing(night, expected[night.changed], done)
        if night.changed:
            night.start_over()
        else:
            night.change()
    return {"kills": done, "runs ended": ends, "killed": dict(sorted(told.items())), "wrong": wrong}


def differing(night: Night, expected: dict[str, list[tuple[object, ...]]], kills: int) -> list[str]:
    """The tables that are not as expected, and what is nobody's."""
    found = night.content()
    tables = [name for name in expected if found.get(name) != expected[name]]
    return [f"after {kills} kills: {name}" for name in (*tables, *night.leftovers())]


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--transcripts", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--privacy", choices=["off", "mask", "pseudonym"], default="pseudonym")
    given = parser.parse_args()
    clock = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        night = Night(Path(folder) / "soak", given.transcripts, given.privacy)
        found = soak(night, given.kills, given.seed)
    found["seconds"] = round(time.monotonic() - clock)
    print(json.dumps(found, indent=1))  # noqa: T201
    return int(bool(found["wrong"]))


if __name__ == "__main__":
    sys.exit(main())
