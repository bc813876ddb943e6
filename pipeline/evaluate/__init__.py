"""How well extraction agrees with people, beside what simple means reach."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.config import Settings, load_settings
from pipeline.evaluate.gold import GoldText, read_gold
from pipeline.evaluate.metrics import Figure, Result, measure
from pipeline.evaluate.systems import System, judge, majority, shipped, zero_shot

__all__ = ["evaluate_folder", "print_evaluation"]

UNITS = ("sentence", "episode")


def evaluate_folder(
    folder: Path, settings: Settings, *, parts: list[str] | None = None, baselines: bool = True
) -> list[Result]:
    """Results of every system on every part, by sentence and by episode.

    Raises:
        UsageError: there are no gold files there.
    """
    texts = read_gold(folder, parts)
    systems: dict[str, System] = {f"whyswitch ({settings.extract.profile})": shipped(settings)}
    if baselines:
        systems["cue rules alone"] = shipped(load_settings(None, ["extract.profile=rules"]))
        systems["zero-shot by description"] = zero_shot()
        systems["majority"] = majority(texts)
    return [result for name, system in systems.items() for result in _results(name, system, texts)]


def _results(name: str, system: System, texts: Sequence[GoldText]) -> list[Result]:
    judged = [judge(text, system) for text in texts]
    parts = sorted({text.part for text in texts})
    return [
        measure(name, part, unit, [j for j in judged if j.part == part]) for part in parts for unit in UNITS
    ]


def print_evaluation(results: Sequence[Result], output: str) -> None:
    """The results as a table or as JSON."""
    if output == "json":
        json.dump([dataclasses.asdict(result) for result in results], sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    console = Console(highlight=False, width=150)
    for part, unit in dict.fromkeys((r.part, r.unit) for r in results):
        chosen = [r for r in results if (r.part, r.unit) == (part, unit)]
        table = Table(title=f"{part}, by {unit} (F1 with 95 % interval; precision / recall below)")
        for name in (
            "system",
            "forces",
            *(f"{lab.label} ({lab.support})" for lab in chosen[0].labels),
            "leaks",
        ):
            table.add_column(name)
        for result in chosen:
            pooled = f"{result.forces_precision.value:.2f} / {result.forces_recall.value:.2f}"
            forces = f"{_shown(result.forces_f1)}\n{pooled}"
            cells = [
                f"{_shown(lab.f1)}\n{lab.precision.value:.2f} / {lab.recall.value:.2f}"
                for lab in result.labels
            ]
            table.add_row(result.system, forces, *cells, str(result.leaks))
        console.print(table)


def _shown(figure: Figure) -> str:
    return f"{figure.value:.2f} [{figure.low:.2f}, {figure.high:.2f}]"
