"""Puts the results of ``whyswitch eval --format json`` (standard input) between the marks in docs/quality.md."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "quality.md"
MARKS = re.compile(r"(?<=<!-- results -->\n).*?(?=<!-- end of results -->)", re.DOTALL)


def tables(found: dict[str, Any]) -> str:
    """One table a part and unit, one of attributes a part."""
    lines: list[str] = []
    for part, unit in dict.fromkeys((r["part"], r["unit"]) for r in found["labels"]):
        chosen = [r for r in found["labels"] if (r["part"], r["unit"]) == (part, unit)]
        coded = ", ".join(f"{lab['label']} {lab['support']}" for lab in chosen[0]["labels"])
        names = [lab["label"] for lab in chosen[0]["labels"]]
        lines += [
            f"**{part}, by {unit}** (coded: {coded}; F1, precision and recall of each label, with 95 % intervals)",
            "",
            f"| system | forces F1 | forces precision / recall | {' | '.join(names)} | leaks |",
            "|---" * (len(names) + 4) + "|",
            *(_row(result) for result in chosen),
            "",
        ]
    for part in dict.fromkeys(r["part"] for r in found["attributes"]):
        lines += [
            f"**{part}, attributes** of coded sentences for which a statement of their label was found",
            "",
            "| attribute | sentences | right | always the commonest | two coders |",
            "|---|---|---|---|---|",
            *(_attribute(r) for r in found["attributes"] if r["part"] == part),
            "",
        ]
    return "\n".join(lines[:-1]) + "\n"


def _row(result: dict[str, Any]) -> str:
    cells = [
        "<br>".join(_figure(lab[name]) for name in ("f1", "precision", "recall")) for lab in result["labels"]
    ]
    forces = [_figure(result[f"forces_{name}"]) for name in ("f1", "precision", "recall")]
    return f"| {result['system']} | {forces[0]} | {' / '.join(forces[1:])} | {' | '.join(cells)} | {result['leaks']} |"


def _figure(figure: dict[str, float]) -> str:
    return f"{figure['value']:.2f} [{figure['low']:.2f}, {figure['high']:.2f}]"


def _attribute(result: dict[str, Any]) -> str:
    coders = "" if result["coders"] is None else f"{result['coders']:.2f}"
    return (
        f"| {result['attribute']} | {result['sentences']} | {result['accuracy']:.2f} | "
        f"{result['majority']:.2f} | {coders} |"
    )


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(MARKS.sub(lambda _: tables(json.load(sys.stdin)), text), encoding="utf-8")
