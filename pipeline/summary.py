"""What a run did and what a published file holds, for a person at a terminal."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.records import LABELS
from pipeline.runner import Summary
from pipeline.store import open_published


def print_summary(summary: Summary, db: Path, report: Path | None) -> None:
    """The run's outcome, and the next three things to try."""
    console = Console(highlight=False)
    if not summary.worked:
        console.print(f"Nothing to do: {db} is up to date ({summary.seconds:.1f} s).")
    counts = summary.counts
    grid = Table.grid(padding=(0, 2))
    grid.add_row("interviews", f"{counts['interviews']:,}")
    grid.add_row("turns", f"{counts['turns']:,}")
    for label in LABELS:
        grid.add_row(label, f"{counts['statements'].get(label, 0):,}")
    grid.add_row("for review", f"{counts['needs_review']:,}")
    grid.add_row("themes", f"{counts['themes']:,}")
    grid.add_row("rejects", f"{counts['rejects']:,}")
    grid.add_row("seconds", f"{summary.seconds:.1f}")
    console.print(grid)
    if counts["rejects"]:
        console.print(f'\nWhy inputs were rejected: whyswitch query "FROM rejects" --db {db}')
    console.print("\nNext:")
    if report is not None:
        console.print(f"  open {report}")
    console.print(f'  whyswitch query "FROM top_themes LIMIT 10" --db {db}')
    console.print(f'  whyswitch query "FROM forces_by_interview" --db {db}')
    if report is None:
        console.print(f"  whyswitch report --db {db}")


def print_status(db: Path) -> None:
    """The last run of a published file and what it holds.

    Raises:
        UsageError: there is no such file.
    """
    console = Console(highlight=False)
    with open_published(db) as connection:
        row = connection.execute(
            "SELECT run_id, started_at, finished_at, status, version, counts FROM runs ORDER BY started_at DESC LIMIT 1"
        ).fetchone()
        totals = connection.execute(
            "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM transcripts WHERE missing)"
        ).fetchone()
    assert row is not None
    assert totals is not None
    counts = json.loads(row[5]) if row[5] else {}
    grid = Table.grid(padding=(0, 2))
    grid.add_row("file", str(db))
    grid.add_row("last run", f"{row[0]} ({row[3]})")
    grid.add_row("started", f"{row[1]:%Y-%m-%d %H:%M:%S} UTC")
    if row[2]:
        grid.add_row("computed in", f"{(row[2] - row[1]).total_seconds():.1f} s")
    grid.add_row("version", row[4])
    grid.add_row("runs", str(totals[0]))
    for name in ("interviews", "turns", "words", "needs_review", "themes", "rejects"):
        grid.add_row(name, f"{counts.get(name, 0):,}")
    grid.add_row("missing", str(totals[1]))
    for label in LABELS:
        grid.add_row(label, f"{counts.get('statements', {}).get(label, 0):,}")
    console.print(grid)
