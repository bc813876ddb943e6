"""``make bench-writer``: how many interviews the one writer takes in, whatever reads them, and how many it lists.

An interview of an hour is read and extracted once; then copies of it under other ids go the way that every result
goes: pickled as by a worker, unpickled, committed. Apart from that, a folder of many files is scanned, new and then
known. Processor time is given besides wall time: on a machine with other work, only the former says anything.
Prints one JSON object; docs/scale.md reckons with it.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from bench import archive
from pipeline.config import load_settings
from pipeline.engines.work import prepare
from pipeline.inputs import ScanOptions, scan
from pipeline.records import Extraction, Reading, SourceFile, Vector
from pipeline.state import State, extractions, readings, sources, vectors

BATCH = 16
WORDS = 9_000
"""Words of an interview of one hour."""


def model(text: str) -> tuple[Reading, Extraction]:
    """What is read of an interview, and what is found in it by cue rules."""
    prepare()
    settings = load_settings(None, ["extract.profile=rules"])
    from pipeline.stages import stage

    ingest, extract = stage("ingest"), stage("extract")
    file = SourceFile("a.txt", sha256(text.encode()).hexdigest(), text.encode(), {})
    (reading,) = ingest.run([file], ingest.load(settings))
    (extraction,) = extract.run(list(reading.transcripts), extract.load(settings))
    return reading, extraction


def copies(reading: Reading, extraction: Extraction, numbers: range) -> list[tuple[Reading, Extraction]]:
    """The same under other ids."""
    made = []
    for n in numbers:
        key = f"t{n:015x}"
        transcript = replace(reading.transcripts[0], transcript_id=key, sha256=f"{n:064x}")
        told = tuple(
            replace(s, transcript_id=key, statement_id=f"s{n:08x}{i:04x}", text_hash=f"{n:032x}{i:032x}")
            for i, s in enumerate(extraction.statements)
        )
        made.append(
            (
                replace(reading, sha256=f"{n:064x}", transcripts=(transcript,)),
                replace(extraction, transcript_id=key, statements=told),
            )
        )
    return made


def measure(folder: Path, number: int) -> dict[str, Any]:
    """Milliseconds of the writer per interview, by what it does; and the state's growth."""
    text = archive.interview(1, exchanges=WORDS // 55, telling=0.08)
    reading, extraction = model(text)
    path = folder / "writer.state.duckdb"
    state = State(path, memory_limit="2GB", threads=2)
    spent = dict.fromkeys(
        ("unpickle", "commit readings", "read again", "commit statements", "commit vectors"), 0.0
    )
    worked = 0.0
    for start in range(0, number, BATCH):
        batch = copies(reading, extraction, range(start, min(start + BATCH, number)))
        worked += _one(state, batch, spent)
    state.close()
    return {
        "interviews": number,
        "words each": len(text.split()),
        "turns each": len(reading.transcripts[0].turns),
        "statements each": len(extraction.statements),
        "ms per interview": {name: round(1000 * seconds / number, 2) for name, seconds in spent.items()},
        "processor ms per interview": round(1000 * worked / number, 2),
        "interviews per second": round(number / sum(spent.values()), 1),
        "state kB per interview (its words, alike here, hardly count)": round(
            path.stat().st_size / number / 1000, 1
        ),
    }


def listing(folder: Path, number: int) -> dict[str, Any]:
    """Seconds to scan so many files and take them over, new and then known, and memory per file."""
    for n in range(number):
        path = folder / "inputs" / f"{n // 1000:04}" / f"{n:07}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Ann: It was number {n}.\n", encoding="utf-8")
    state = State(folder / "listing.state.duckdb", memory_limit="2GB", threads=2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = [_scanned(state, folder), _scanned(state, folder)]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    state.close()
    return {
        "files": number,
        "processor seconds, new": round(seconds[0], 2),
        "processor seconds, known": round(seconds[1], 2),
        "kB of memory per file": round(grown / number, 2),
    }


def _scanned(state: State, folder: Path) -> float:
    clock = time.process_time()
    found = scan([str(folder / "inputs")], sources.known(state), ScanOptions(folder, 10**6))
    sources.apply(state, found, "bench")
    return time.process_time() - clock


def _one(state: State, batch: Sequence[tuple[Reading, Extraction]], spent: dict[str, float]) -> float:
    """Add the wall seconds of each step; gives the processor seconds of all of them."""
    found = [s for _, extraction in batch for s in extraction.statements]
    texts = [
        text for s in found for text in (s.text_hash, f"x{s.text_hash[1:]}")
    ]  # the quote, and what surrounds it
    values = np.random.default_rng(len(texts)).standard_normal((len(texts), 384)).tolist()
    made = [Vector(text, "bench", tuple(one)) for text, one in zip(texts, values, strict=True)]
    packed = [pickle.dumps(part) for part in (batch, made)]
    worked = time.process_time()

    def timed(name: str, call: Any) -> Any:
        clock = time.perf_counter()
        got = call()
        spent[name] += time.perf_counter() - clock
        return got

    timed("unpickle", lambda: [pickle.loads(part) for part in packed])
    timed("commit readings", lambda: readings.commit(state, [(r, "mark") for r, _ in batch], "recipe", "run"))
    ids = [extraction.transcript_id for _, extraction in batch]
    timed("read again", lambda: readings.transcripts(state, ids))
    pairs = [(extraction, "mark") for _, extraction in batch]
    timed("commit statements", lambda: extractions.commit(state, pairs, [], "recipe", "run"))
    timed("commit vectors", lambda: vectors.commit(state, made, "recipe", "run"))
    return time.process_time() - worked


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interviews", type=int, default=2_000)
    parser.add_argument("--files", type=int, default=20_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = {"listing": listing(folder, given.files), "writing": measure(folder, given.interviews)}
    print(json.dumps(found, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
