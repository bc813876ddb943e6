"""A difference for a person at a terminal, and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import islice
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from pipeline.diff.compare import Difference, StatementChange, ThemeChange
from pipeline.terminal import terminal

Row = TypeVar("Row")

MOST = 20
"""Rows of one kind shown on a terminal; JSON and HTML give more."""

WORDS = {
    "gained": "statements gained",
    "lost": "statements lost",
    "relabelled": "statements with another label",
    "reshaped": "statements with other bounds",
    "now_counts": "statements that count now",
    "now_for_review": "statements now left for review",
    "of_new_interview": "statements of new interviews",
    "of_gone_interview": "statements of interviews that are gone",
}


def as_json(found: Difference) -> str:
    """All of it as one JSON object."""
    return json.dumps(asdict(found) | {"kinds": found.kinds()}, ensure_ascii=False, indent=1)


def print_difference(found: Difference, console: Console | None = None) -> None:
    """The sides, the counts, and the first rows of each kind of change."""
    console = console or terminal()
    for name, side in (("before", found.before), ("after ", found.after)):
        console.print(f"{name}  {side.file}  {side.run_id}  {side.finished_at or ''}")
    if found.is_empty:
        console.print("\nBoth say the same.")
    _print_settings(found, console)
    _print_labels(found, console)
    for change in _cut(found.transcripts, console, "interviews"):
        console.print(f"  {change.kind:<8} {change.source}  {change.detail or ''}")
    for kind, words in WORDS.items():
        rows = [one for one in found.statements if one.kind == kind]
        for row in _cut(rows, console, words):
            console.print(f"  {statement_line(row)}")
    for theme in _cut(found.themes, console, "themes"):
        console.print(f"  {theme_line(theme)}")


def statement_line(one: StatementChange) -> str:
    """One statement's change in one line."""
    labels = " -> ".join(label for label in dict.fromkeys((one.label_before, one.label_after)) if label)
    quotes = " -> ".join(
        f'"{quote}"' for quote in dict.fromkeys((one.quote_before, one.quote_after)) if quote
    )
    return f"{labels:<8} {quotes}  [{one.source}, turn {one.turn_index}]"


def theme_line(one: ThemeChange) -> str:
    """One theme's change in one line."""
    titles = " -> ".join(title for title in dict.fromkeys((one.title_before, one.title_after)) if title)
    return f"{one.kind:<8} {one.label:<8} {titles}  ({one.participants_before} -> {one.participants_after} people)"


def _print_settings(found: Difference, console: Console) -> None:
    if found.settings:
        console.print("\nsettings, models and rules")
    for one in found.settings:
        console.print(f"  {one.name}: {_short(one.before)} -> {_short(one.after)}")


def _print_labels(found: Difference, console: Console) -> None:
    table = Table("label", "before", "after", "change")
    for one in found.labels:
        table.add_row(one.label, f"{one.before:,}", f"{one.after:,}", f"{one.after - one.before:+,}")
    console.print()
    console.print(table)


def _cut(rows: Sequence[Row], console: Console, words: str) -> Iterable[Row]:
    if rows:
        more = f", the first {MOST}" if len(rows) > MOST else ""
        console.print(f"\n{len(rows):,} {words}{more}")
    return islice(rows, MOST)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
