"""``make bench``: a first run, a run without changes, ten files more; peak memory; the ratio to the floor.

The floor is what no such pipeline can do without: bare ``nlp.pipe`` over the participants' turns plus bare
``SentenceTransformer.encode`` over their sentences, on the same cores. Prints one JSON object with the aims that were
missed; ratios are what to quote. It ends with 0 all the same: a reader that reads more than the floor costs more.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from bench.processes import watched, whyswitch

ROOT = Path(__file__).parent.parent
FLOOR, NO_CHANGE_S, TEN_MORE = 1.3, 3.0, 2.0
"""The aims: at most so many times the floor, seconds of a run without changes, times ten files alone."""


def timed(folder: Path, db: Path, options: list[str]) -> dict[str, float]:
    """Wall seconds of one run, and the peak of memory of all its processes together, in MB."""
    told = watched(whyswitch("run", folder, "--db", db, "--no-report", "--log", "quiet", *options), ROOT)
    assert told.code in (0, 3), told.lines[-2:]
    return {"seconds": told.seconds, "peak_mb": told.peak_mb}


def bare(texts: list[str]) -> None:
    """The floor's work on some turns, in one process with one thread."""
    import spacy
    import torch
    from sentence_transformers import SentenceTransformer

    from pipeline.resources import checked

    torch.set_num_threads(1)
    nlp = spacy.load(checked("en_core_web_sm"), exclude=["ner", "senter"])
    sentences = [s.text for doc in nlp.pipe(texts, batch_size=64) for s in doc.sents]
    SentenceTransformer(str(checked("minilm")), device="cpu").encode(
        sentences, batch_size=32, show_progress_bar=False
    )


def floor(db: Path, workers: int) -> float:
    """Wall seconds of the floor over what was read."""
    import duckdb

    with duckdb.connect(str(db), read_only=True) as connection:
        rows = connection.execute("SELECT text FROM turns WHERE role = 'participant'").fetchall()
    texts = [row[0] for row in rows]
    clock = time.monotonic()
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(bare, [texts[i::workers] for i in range(workers)]))
    return round(time.monotonic() - clock, 2)


def words(db: Path) -> int:
    """The words of all interviews that were read."""
    import duckdb

    with duckdb.connect(str(db), read_only=True) as connection:
        (number,) = connection.execute("SELECT sum(n_words) FROM transcripts").fetchall()[0]
    return int(number)


def missed(found: dict[str, Any]) -> list[str]:
    """The aims that what was found does not reach, in words."""
    ratio, idle, added = found["ratio_to_floor"], found["second_run"]["seconds"], found["added_to_alone"]
    told = [f"first run: {ratio} times the floor"] if ratio > FLOOR else []
    told += [f"no change: {idle} s"] if idle > NO_CHANGE_S else []
    return told + ([f"ten more: {added} times ten alone"] if added > TEN_MORE else [])


def main() -> None:
    """Measure and print."""
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument(
        "--archive", type=Path, default=None, help="a folder of transcripts; without it the samples"
    )
    p.add_argument("--files", type=int, default=300)
    p.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="default: all cores")
    p.add_argument("--set", action="append", default=[], dest="assign")
    p.add_argument("--folder", type=Path, default=None, help="a new folder to work in and to keep")
    given = p.parse_args()
    source = given.archive or ROOT / "data" / "sample"
    if given.archive is None:
        print("no archive given: measuring on the samples", file=sys.stderr)  # noqa: T201
    files = sorted(path for path in source.iterdir() if path.is_file())
    extra = files[given.files :][:10] or files[-10:]
    first = [path for path in files[: given.files] if path not in extra]
    options = ["--workers", str(given.workers), *[part for a in given.assign for part in ("--set", a)]]
    with tempfile.TemporaryDirectory() as name:
        folder = given.folder or Path(name)
        print(json.dumps(measure(folder, first, extra, options, given.workers), indent=1))  # noqa: T201


def measure(
    folder: Path, first: list[Path], extra: list[Path], options: list[str], workers: int
) -> dict[str, Any]:
    """All figures."""
    inputs, alone = folder / "inputs", folder / "alone"
    inputs.mkdir(parents=True)
    alone.mkdir()
    for path in first:
        shutil.copy(path, inputs)
    for path in extra:
        shutil.copy(path, alone)
    db = folder / "bench.duckdb"
    run = timed(inputs, db, options)
    found: dict[str, Any] = {"files": len(first), "first_run": run, "words": words(db)}
    found["words_per_second"] = round(found["words"] / run["seconds"])
    found["floor_seconds"] = floor(db, workers)
    found["ratio_to_floor"] = round(run["seconds"] / found["floor_seconds"], 2)
    found["second_run"] = timed(inputs, db, options)
    found["extra_alone"] = timed(alone, folder / "alone.duckdb", options)
    for path in extra:
        shutil.copy(path, inputs)
    found["extra_added"] = timed(inputs, db, options)
    found["added_to_alone"] = round(found["extra_added"]["seconds"] / found["extra_alone"]["seconds"], 2)
    found["missed"] = missed(found)
    return found


if __name__ == "__main__":
    main()
