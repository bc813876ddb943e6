"""What a run did and what a published file holds, for a person at a terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.calling import command
from pipeline.history import last_run
from pipeline.records import LABELS
from pipeline.store import open_published
from pipeline.terminal import table, terminal

if TYPE_CHECKING:
    from pipeline.doctor import Finding
    from pipeline.explaining import Explanation
    from pipeline.forgetting import Forgotten
    from pipeline.history import Event
    from pipeline.plan import Plan
    from pipeline.role_fixing import Voice
    from pipeline.runner import Summary
    from pipeline.state.forgotten import Target
    from pipeline.verify import Check


def print_summary(summary: Summary, db: Path, report: Path | None) -> None:
    """The run's outcome, and the next three things to try."""
    console = terminal(soft_wrap=False)
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
    if summary.waiting:
        waits = ", ".join(f"{number:,} for {stage}" for stage, number in summary.waiting.items())
        console.print(f"\nNot published: half a change is never shown. Still to do: {waits}.")
    if counts["waiting"]:
        console.print(f"\n{counts['waiting']:,} new inputs were left for another run.")
    if counts["rejects"]:
        _say(console, "\nWhy inputs were rejected: " + command("query", "FROM rejects", "--db", db))
    if counts["curation_conflicts"]:
        conflicts = command("query", "FROM theme_curation", "--db", db)
        told = f"{counts['curation_conflicts']:,} decisions about themes conflict with what stands"
        _say(console, f"\n{told}: {conflicts}")
    console.print("\nNext:")
    if report is not None:
        _say(console, f"  open {report} in a browser")
    for view in ("top_themes LIMIT 10", "forces_by_interview"):
        _say(console, "  " + command("query", f"FROM {view}", "--db", db))
    if report is None:
        _say(console, "  " + command("report", "--db", db))


def _say(console: Console, line: str) -> None:
    """A line that is to be copied: never broken to fit the terminal."""
    console.print(line, soft_wrap=True)


def print_status(db: Path) -> None:
    """The run that made a published file, what the file holds, and the last run, which may have published nothing.

    Raises:
        UsageError: there is no such file.
    """
    console = terminal(soft_wrap=False)
    with open_published(db) as connection:
        row = connection.execute(
            "SELECT run_id, started_at, finished_at, status, version, counts, run_number FROM runs "
            "ORDER BY run_number DESC LIMIT 1"
        ).fetchone()
        totals = connection.execute("SELECT count(*) FROM transcripts WHERE missing").fetchone()
    assert row is not None
    assert totals is not None
    counts = json.loads(row[5]) if row[5] else {}
    grid = Table.grid(padding=(0, 2))
    grid.add_row("file", str(db))
    grid.add_row("published by", f"run {row[6]} ({row[3]}), {row[0]}")
    grid.add_row("started", f"{row[1]:%Y-%m-%d %H:%M:%S} UTC")
    if row[2]:
        grid.add_row("computed in", f"{(row[2] - row[1]).total_seconds():.1f} s")
    grid.add_row("version", row[4])
    grid.add_row("last run", last_run(db) or f"run {row[6]}, as far as this file tells")
    for name in ("interviews", "turns", "words", "needs_review", "themes", "rejects"):
        grid.add_row(name, f"{counts.get(name, 0):,}")
    grid.add_row("missing", str(totals[0]))
    for label in LABELS:
        grid.add_row(label, f"{counts.get('statements', {}).get(label, 0):,}")
    console.print(grid)


def print_plan(told: Plan, db: Path) -> None:
    """What a run would do and why."""
    console = terminal(soft_wrap=False)
    if not told.works:
        console.print(f"Nothing to do: {db} is up to date.")
        return
    changes = ", ".join(f"{number:,} {kind}" for kind, number in sorted(told.changes.items()))
    console.print(f"{told.inputs:,} inputs: {changes or 'no change'}")
    grid = table("stage", "new", "changed", "missing", "again", "seconds", "why")
    for one in told.stages:
        why = "\n".join(f"{reason} ({number:,})" for reason, number in sorted(one.reasons.items()))
        about = "about " if one.estimated and one.new else ""
        roughly = "about " if one.rough and one.items else ""
        seconds = "" if one.seconds is None else f"{roughly}{one.seconds:,.0f}"
        counts = (f"{about}{one.new:,}", f"{one.changed:,}", f"{one.missing:,}", f"{one.stale:,}")
        grid.add_row(f"{one.stage} ({one.unit})", *counts, seconds, why)
    console.print(grid)
    if told.seconds is None:
        console.print("How long it takes cannot be told before the first run.")
    else:
        console.print(f"By past runs it takes about {told.seconds:,.0f} s, publishing included.")
        if any(one.rough and one.items for one in told.stages):
            console.print("Some of them worked with other settings, rules or models: expect a difference.")


def print_findings(findings: Sequence[Finding]) -> None:
    """What the doctor found, with what to do."""
    console = terminal()
    marks = {"ok": "ok  ", "note": "note", "bad": "BAD "}
    for one in findings:
        console.print(f"{marks[one.level]}  {one.about}: {one.said}")
        if one.remedy:
            console.print(f"      {one.remedy}")


def print_roles(voices: Sequence[Voice]) -> None:
    """One line per speaker: the role, how sure it is, what it rests on."""
    grid = table("speaker", "role", "sure", "rests on", "turns", "words")
    grid.box, grid.pad_edge = None, False
    for one in voices:
        said = one.speaker
        basis = f"{said.basis}, please review" if said.needs_review else said.basis
        sure = f"{said.confidence:.2f}"
        grid.add_row(said.name, said.role, sure, basis, f"{one.n_turns:,}", f"{one.n_words:,}")
    terminal(soft_wrap=False).print(grid)
    if any(one.speaker.needs_review for one in voices):
        terminal(soft_wrap=False).print(
            "To fix a role: --interviewer NAME, --participant NAME, --other NAME."
        )


def print_target(target: Target) -> None:
    """What is going to be forgotten."""
    console = terminal(soft_wrap=False)
    console.print(
        f"{len(target.transcripts):,} interviews, {len(target.statements):,} statements, "
        f"{len(target.participants):,} participants who are in no other interview, {len(target.sources):,} inputs"
    )
    if target.others:
        console.print(f"{target.others:,} further participants of these interviews go with them.")


def print_forgotten(done: Forgotten) -> None:
    """What was removed, the proof, and what is left for the user to do."""
    console = terminal()
    console.print(f"Forgotten. {done.kept_files:,} older published files that held it are gone.")
    if done.decisions:
        console.print(f"{done.decisions:,} entries of the curation file that spoke of it are gone too.")
    proof = done.proof
    console.print(
        f"Searched {proof.files:,} files, {proof.size:,} bytes, and every table for {proof.strings:,} strings: "
        "no trace."
    )
    if done.left:
        console.print(
            "These files of yours still hold it. No run reads the inputs again; remove them yourself:"
        )
    for place in done.left:
        console.print(f"  {place}")


def print_history(events: Sequence[Event]) -> None:
    """The life of an interview, one line per event."""
    console = terminal()
    for one in events:
        console.print(f"{one.started_at:%Y-%m-%d %H:%M}  run {one.run_number:<4} {one.said}")


def print_checks(checks: Sequence[Check]) -> None:
    """What was made again, and what of it differs."""
    grid = table("what", "compared", "differing", "note")
    for one in checks:
        grid.add_row(one.what, f"{one.compared:,}", f"{one.differing:,}", one.note)
    terminal(soft_wrap=False).print(grid)


def print_explanation(found: Explanation) -> None:
    """What a statement rests on, the quote marked in its turn."""
    console = terminal()
    review = ", for review" if found.needs_review else ""
    console.print(Text.assemble((found.label, "bold"), f" {found.score:.2f}{review}   {found.statement_id}"))
    console.print(f"{found.source}, turn {found.turn_index}, {found.speaker}")
    if found.question:
        console.print(f"\nasked:  {found.question}")
    before, quote = found.turn[: found.char_start], found.turn[found.char_start : found.char_end]
    console.print(Text.assemble(f"\n{before}", (quote, "reverse"), found.turn[found.char_end :]))
    console.print("\nscores: " + "   ".join(f"{label} {value:.2f}" for label, value in found.scores.items()))
    for rule in found.rules:
        console.print(f"rule:   {rule.rule_id} ({rule.why})")
    for one in found.examples:
        console.print(
            f"alike:  {one.likeness:.2f}  [{one.labels or 'no label'}]  {one.text}  ({one.example_id})",
        )
    if found.note:
        console.print(f"context: {found.note}")
    elif not found.context:
        console.print("context: no single sentence around it changes the score")
    for around in found.context:
        verb = "falls" if around.falls > 0 else "rises"
        console.print(f"context: {verb} {abs(around.falls):.2f} without  {around.speaker}: {around.text}")
