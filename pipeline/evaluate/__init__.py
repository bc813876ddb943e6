"""How well extraction agrees with people, beside what simple means reach."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.config import Settings, load_settings
from pipeline.evaluate.attributes import AttributeResult, attribute_results
from pipeline.evaluate.gold import GoldText, read_gold
from pipeline.evaluate.metrics import Figure, Result, measure
from pipeline.evaluate.systems import System, judge, majority, shipped, zero_shot
from pipeline.events import Advance, Events, QuietEvents
from pipeline.records import Statement
from pipeline.terminal import terminal

__all__ = ["Evaluation", "evaluate_folder", "print_evaluation"]

UNITS = ("sentence", "episode")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The labels of every system, and the attributes of the shipped one's statements."""

    labels: tuple[Result, ...]
    attributes: tuple[AttributeResult, ...]


def evaluate_folder(
    folder: Path,
    settings: Settings,
    *,
    parts: list[str] | None = None,
    baselines: bool = True,
    hearer: Events | None = None,
) -> Evaluation:
    """Results of every system on every part, by sentence and by episode; and the shipped one's attributes.

    Raises:
        UsageError: there are no gold files there.
    """
    texts = read_gold(folder, parts)
    statements: dict[str, Sequence[Statement]] = {}
    systems: dict[str, Callable[[], System]] = {
        f"whyswitch ({settings.extract.profile})": lambda: shipped(settings, statements)
    }
    if baselines:
        systems["cue rules alone"] = lambda: shipped(load_settings(None, ["extract.profile=rules"]))
        systems["zero-shot by description"] = zero_shot
        systems["majority"] = lambda: majority(texts)
    results: list[Result] = []
    with (hearer or QuietEvents()).stage("eval", len(systems) * len(texts)) as advance:
        for name, load in systems.items():
            results += _results(name, load(), texts, advance)
    return Evaluation(tuple(results), tuple(attribute_results(texts, statements)))


def _results(name: str, system: System, texts: Sequence[GoldText], advance: Advance) -> list[Result]:
    judged = []
    for text in texts:
        judged.append(judge(text, system))
        advance(1)
    parts = sorted({text.part for text in texts})
    return [
        measure(name, part, unit, [j for j in judged if j.part == part]) for part in parts for unit in UNITS
    ]


def print_evaluation(found: Evaluation, output: str) -> None:
    """The results as tables or as JSON."""
    if output == "json":
        json.dump(dataclasses.asdict(found), sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    console = terminal(soft_wrap=False, width=150)
    _print_labels(found.labels, console)
    _print_attributes(found.attributes, console)


def _print_attributes(results: Sequence[AttributeResult], console: Console) -> None:
    table = Table(title="attributes of coded sentences that a statement of their label was found for")
    for name in (
        "part",
        "attribute",
        "sentences",
        "given",
        "right",
        "majority",
        "two coders",
        "of the coders'",
    ):
        table.add_column(name)
    for one in results:
        coders = f"{one.coders:.2f} ({one.coder_sentences})" if one.coders is not None else "-"
        share = f"{one.of_coders:.2f}" if one.of_coders is not None else "-"
        figures = (str(one.sentences), str(one.given), f"{one.accuracy:.2f}", f"{one.majority:.2f}")
        table.add_row(one.part, one.attribute, *figures, coders, share)
    console.print(table)


def _print_labels(results: Sequence[Result], console: Console) -> None:
    for part, unit in dict.fromkeys((r.part, r.unit) for r in results):
        chosen = [r for r in results if (r.part, r.unit) == (part, unit)]
        table = Table(title=f"{part}, by {unit} (F1, precision, recall, with 95 % intervals)")
        for name in (
            "system",
            "forces",
            *(f"{lab.label} ({lab.support})" for lab in chosen[0].labels),
            "leaks",
        ):
            table.add_column(name)
        for result in chosen:
            forces = _shown(result.forces_f1, result.forces_precision, result.forces_recall)
            cells = [_shown(lab.f1, lab.precision, lab.recall) for lab in result.labels]
            table.add_row(result.system, forces, *cells, str(result.leaks))
        console.print(table)


def _shown(*figures: Figure) -> str:
    return "\n".join(f"{one.value:.2f} [{one.low:.2f}, {one.high:.2f}]" for one in figures)
