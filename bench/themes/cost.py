"""What themes cost: new statements on a large archive, and a refit of one label; each in a process of its own."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.processes import watched
from pipeline import cluster
from pipeline.cluster.space import centre, placed
from pipeline.config import Settings
from pipeline.records import Centre, ClusterInput, Fit, Opposing, Theme, content_id

ROOT = Path(__file__).parents[2]
WIDTH = 384
PEOPLE = 5_000
SCATTER = 0.9
"""How far statements lie from their theme's centre; 1.0 would be as far as the centre is long."""
GROWN = {"seconds": 10.0, "mb": 2_000}
REFITTED = {"seconds": 900.0, "mb": 8_000}
SUBJECTS = (
    "booking",
    "invoice",
    "calendar",
    "password",
    "printer",
    "ledger",
    "delivery",
    "license",
    "report",
)


def measured(kind: str, size: list[int]) -> dict[str, Any]:
    """Seconds of the step itself and the peak of memory of a process that did only this."""
    command = [sys.executable, "-m", "bench.themes.cost", kind, *map(str, size)]
    took = watched(command, ROOT, {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "2"})
    if took.code:
        raise RuntimeError("".join(took.lines[-20:]))
    told = json.loads(took.lines[-1])
    bar = GROWN if kind == "grow" else REFITTED
    peak = max(took.largest_mb, took.peak_mb)
    return told | {
        "peak_mb": peak,
        "bars": {
            f"under {bar['seconds']:.0f} s": told["seconds"] < bar["seconds"],
            f"under {bar['mb']} MB": peak < bar["mb"],
        },
    }


def grow(new: int, themes: int, statements: int) -> dict[str, Any]:
    """Place ``new`` statements among ``themes`` that hold ``statements``."""
    random = np.random.default_rng(0)
    middles = random.normal(size=(themes, WIDTH)).astype(np.float32)
    mean = np.zeros(WIDTH, dtype=np.float32)
    sample = 200
    centres = []
    for i, middle in enumerate(middles):
        rows = placed(_around(middle, sample, random), mean)
        made = centre(f"th{i:05}", rows)
        centres.append(Centre(made.theme_id, made.vector, made.reach))
    each = statements // themes
    entry = ClusterInput(
        "push",
        "bench",
        *_statements(new, "new"),
        vectors=_unit(_around(middles[random.integers(themes, size=new)], new, random)),
        mode="grow",
        method="bench",
        fit=Fit("before", "bench", statements, 0, tuple(float(v) for v in mean)),
        centres=tuple(centres),
        themes=tuple(_theme(one.theme_id, each) for one in centres),
        members={
            one.theme_id: tuple(f"{one.theme_id}-{k}" for k in range(each)) for one in centres
        },
        support={one.theme_id: 20 for one in centres},
        opposing=_opposing(new, random),
    )  # fmt: skip
    resources = cluster.load(Settings())
    clock = time.perf_counter()
    [made_of] = cluster.run([entry], resources)
    return {
        "new": new,
        "themes": themes,
        "statements": statements,
        "joined": len(made_of.members),
        "seconds": round(time.perf_counter() - clock, 2),
    }


def refit(statements: int, themes: int) -> dict[str, Any]:
    """Group all statements of one label."""
    random = np.random.default_rng(0)
    middles = random.normal(size=(themes, WIDTH)).astype(np.float32)
    vectors = _unit(_around(middles[random.integers(themes, size=statements)], statements, random))
    contexts = _unit(vectors + np.float32(0.02) * random.normal(size=vectors.shape).astype(np.float32))
    entry = ClusterInput("push", "bench", *_statements(statements, "all"), vectors=vectors, contexts=contexts)
    resources = cluster.load(Settings())
    clock = time.perf_counter()
    [found] = cluster.run([entry], resources)
    return {
        "statements": statements,
        "planted": themes,
        "themes": len(found.themes),
        "noise": round(len(found.noise) / statements, 3),
        "seconds": round(time.perf_counter() - clock, 1),
        "cpu_seconds": round(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]), 1),
    }


def _around(middles: Any, number: int, random: np.random.Generator) -> Any:
    return middles + np.float32(SCATTER) * random.standard_normal((number, WIDTH), dtype=np.float32)


def _unit(rows: Any) -> Any:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _statements(number: int, kind: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Ids, people and texts."""
    ids = tuple(content_id("st", kind, i) for i in range(number))
    texts = tuple(f"I had to fix the {SUBJECTS[i % len(SUBJECTS)]} again, number {i}." for i in range(number))
    return ids, tuple(f"p{i % PEOPLE}" for i in range(number)), texts


def _theme(theme_id: str, number: int) -> Theme:
    return Theme(theme_id, "push", theme_id, (), number, 20, f"{theme_id}-0", "active", "before", "before")


def _opposing(number: int, random: np.random.Generator) -> Opposing:
    rows = random.standard_normal((number, WIDTH), dtype=np.float32)
    return Opposing(tuple(f"against {i}" for i in range(number)), _unit(rows))


def main() -> None:
    """One step, its figures as the last line of stderr."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["grow", "refit"])
    parser.add_argument("size", type=int, nargs="+")
    given = parser.parse_args()
    found = grow(*given.size) if given.kind == "grow" else refit(*given.size)
    sys.stderr.write("\n" + json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
