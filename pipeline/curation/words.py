"""Themes for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from pipeline.curation.listing import Row, Told
from pipeline.terminal import table, terminal


def print_list(rows: Sequence[Row]) -> None:
    """One line per theme."""
    console = terminal(soft_wrap=False)
    if not rows:
        console.print("No themes: it takes several people who tell of the same thing.")
        return
    grid = table("theme", "label", "people", "statements", "title")
    for row in rows:
        title = row.title if row.status == "active" else f"{row.title} ({row.status})"
        grid.add_row(row.theme_id, row.label, str(row.n_participants), str(row.n_statements), title)
    console.print(grid)


def print_told(told: Told) -> None:
    """All that is known of one theme."""
    console = terminal()
    theme = told.theme
    console.print(f"{theme['title']}  ({theme['theme_id']}, {theme['label']}, {theme['status']})")
    into = f"; went into {theme['merged_into']}" if theme.get("merged_into") else ""
    most = f"; the most talkative said {theme['concentration']:.0%}" if "concentration" in theme else ""
    console.print(f"{theme['n_participants']} people, {theme['n_statements']} statements{most}{into}")
    _print_quotes(console, "Quotes", told.quotes)
    if told.parts:
        console.print("\nParts")
        for part, title, people in told.parts:
            console.print(f"  {part}  {title} ({people} people)")
    _print_quotes(console, "Against it", told.against)
    console.print("\nLife")
    for number, event, other, overlap in told.events:
        with_other = f" {other}" if other else ""
        share = f" (overlap {overlap:.2f})" if overlap is not None else ""
        console.print(f"  run {number:<4} {event}{with_other}{share}")


def _print_quotes(console: Console, head: str, quotes: Sequence[tuple[str, str, str]]) -> None:
    if quotes:
        console.print(f"\n{head}")
    for what, who, quote in quotes:
        console.print(f"  {what}  {who}: {quote}")
