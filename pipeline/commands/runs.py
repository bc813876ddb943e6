"""Commands that change what is published: `run`, its plan, and shadows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.commands.options import (
    DEFAULT_DB,
    REPORT,
    Assign,
    Config,
    Db,
    Force,
    Inputs,
    JsonFlag,
    Limit,
    LogMode,
    Only,
    Prune,
    Since,
    Workers,
    choice_of,
    given,
    settings_of,
)
from pipeline.errors import WhyswitchError
from pipeline.naming import report_beside

if TYPE_CHECKING:
    from pipeline.events import Events
    from pipeline.runner import Job, Summary

commands = typer.Typer()


@commands.command()
def run(
    inputs: Inputs,
    db: Db = DEFAULT_DB,
    config: Config = None,
    assign: Assign = None,
    workers: Workers = None,
    engine: Annotated[
        Literal["local", "ray"] | None, typer.Option(help="Where to work: local processes, or a Ray cluster.")
    ] = None,
    ray_address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="The Ray cluster; default: one on this machine.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help=f"Where the HTML report goes; default: {REPORT}."),
    ] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Draw no report.")] = False,
    log: LogMode = "auto",
    only: Only = None,
    force: Force = None,
    limit: Limit = None,
    since: Since = None,
    prune: Prune = False,
    accept: Annotated[
        bool,
        typer.Option("--accept", help="Publish although the checks found rejects or a fall of statements."),
    ] = False,
    keep: Annotated[
        int | None, typer.Option(min=0, help="Older published files to keep; 0 adds and drops none.")
    ] = None,
    shadow: Annotated[
        bool,
        typer.Option(
            "--shadow", help="Compute beside the published results and compare; nobody sees it yet."
        ),
    ] = False,
) -> None:
    """Read transcripts, find forces and outcomes, group them into themes, publish, and draw the report.

    What is up to date is not done again; a broken-off run goes on where it stopped.

    Examples:

        whyswitch run data/sample

        whyswitch run interviews/ --db studies.duckdb --config nightly.toml --log json

        whyswitch run 'archive/2024-*.vtt' --set extract.profile=rules --workers 4

        whyswitch run s3://bucket/interviews --since 2026-03-01 --keep 14

        whyswitch run interviews/ --shadow --set extract.rules=new-rules

        whyswitch run s3://bucket/archive --engine ray --ray-address head:6379
    """
    from dataclasses import replace

    from pipeline.ending import Terminated
    from pipeline.events import events
    from pipeline.runner import Job
    from pipeline.runner import run as run_job
    from pipeline.summary import print_summary
    from pipeline.target import check_target

    options = {
        "run.workers": workers,
        "run.engine": engine,
        "run.ray_address": ray_address,
        "publish.keep": keep,
    }
    target = None if no_report else report or report_beside(db)
    hearer, told = events(log), log not in ("json", "quiet")
    try:
        check_target(db, inputs)
        settings = settings_of(config, [*(assign or []), *given(options)])
        choice = replace(choice_of(only, force, limit, since), prune=prune, accept=accept)
        job = Job(tuple(inputs), db, settings, target, choice)
        summary = _run_shadow(job, hearer, told=told) if shadow else run_job(job, hearer)
    except WhyswitchError as error:
        if log != "json":
            raise
        hearer.tell("error", message=error.message, remedy=error.remedy, exit_code=error.exit_code)
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt as stopped:
        if log != "json":
            typer.echo("interrupted; what was done is kept, run the same command to go on", err=True)
        raise typer.Exit(143 if isinstance(stopped, Terminated) else 130) from stopped
    if told and not shadow:
        print_summary(summary, db, target)
    if summary.counts["rejects"]:
        raise typer.Exit(3)


def _run_shadow(job: Job, hearer: Events, *, told: bool) -> Summary:
    from pipeline.calling import command
    from pipeline.diff import print_difference
    from pipeline.files import shadow_diff_path
    from pipeline.shadow import run_shadow

    summary, found = run_shadow(job, hearer)
    if told:
        print_difference(found)
        typer.echo(f"\nAs a page: {shadow_diff_path(job.published)}")
        typer.echo("Then one of:")
        for verb in ("promote", "drop"):
            typer.echo(f"  {command(verb, '--db', job.published)}")
    return summary


@commands.command()
def promote(
    db: Db = DEFAULT_DB,
    keep: Annotated[
        int | None,
        typer.Option(min=0, help="Older published files to keep; default: as the shadow's run was told."),
    ] = None,
) -> None:
    """Put the shadow that `run --shadow` made in the place of the published file.

    Example:

        whyswitch promote --db studies.duckdb --keep 14
    """
    from pipeline.shadow import promote as promote_shadow

    settings = promote_shadow(db, keep=keep)
    typer.echo(f"{db} is what was the shadow.")
    if settings:
        typer.echo(
            "Give these settings, models and rules to every run from now on, or the next one undoes them:"
        )
        for line in settings:
            typer.echo(f"  {line}")


@commands.command()
def drop(db: Db = DEFAULT_DB) -> None:
    """Remove the shadow that `run --shadow` made; the published file is left alone.

    Example:

        whyswitch drop --db studies.duckdb
    """
    from pipeline.shadow import drop as drop_shadow

    typer.echo("The shadow is gone." if drop_shadow(db) else "There is no shadow.")


@commands.command()
def plan(
    inputs: Inputs,
    db: Db = DEFAULT_DB,
    config: Config = None,
    assign: Assign = None,
    only: Only = None,
    force: Force = None,
    limit: Limit = None,
    since: Since = None,
    prune: Prune = False,
    as_json: JsonFlag = False,
) -> None:
    """Tell what a run would do and why, stage by stage, and about how long it would take; nothing is changed.

    Examples:

        whyswitch plan interviews/ --db studies.duckdb

        whyswitch plan interviews/ --set embed.model=mpnet --json
    """
    from dataclasses import asdict, replace

    from pipeline.plan import plan as make_plan
    from pipeline.runner import Job
    from pipeline.summary import print_plan

    choice = replace(choice_of(only, force, limit, since), prune=prune)
    told = make_plan(Job(tuple(inputs), db, settings_of(config, assign), choice=choice))
    if as_json:
        typer.echo(json.dumps(asdict(told) | {"works": told.works}, indent=1))
    else:
        print_plan(told, db)
