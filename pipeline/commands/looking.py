"""Commands that show: reports, queries, differences, reasons, measurements. None of them changes anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.commands.options import (
    DEFAULT_DB,
    REPORT,
    Assign,
    Config,
    Db,
    Inputs,
    JsonFlag,
    LogMode,
    settings_of,
)
from pipeline.naming import report_beside
from pipeline.output import write_output

commands = typer.Typer()


@commands.command()
def report(
    db: Db = DEFAULT_DB,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=f"Where the HTML goes; default: {REPORT}.")
    ] = None,
    config: Config = None,
    assign: Assign = None,
) -> None:
    """Draw the HTML report of a published file.

    Example:

        whyswitch report --db studies.duckdb -o studies.html --set 'report.title=Spring studies'
    """
    from pipeline.report import write

    target = output or report_beside(db)
    write(db, target, settings_of(config, assign))
    typer.echo(f"wrote {target}")


@commands.command()
def status(db: Db = DEFAULT_DB) -> None:
    """Tell what a published file holds and how its last run ended.

    Example:

        whyswitch status --db studies.duckdb
    """
    from pipeline.summary import print_status

    print_status(db)


@commands.command()
def query(
    sql: Annotated[str, typer.Argument(help="One SQL query over the public tables and views.")],
    db: Db = DEFAULT_DB,
    output: Annotated[
        Literal["table", "csv", "json"], typer.Option("--format", "-f", help="How to print.")
    ] = "table",
) -> None:
    """Query a published file; nothing is ever written to it.

    Examples:

        whyswitch query "SELECT label, count(*) FROM statements GROUP BY label"

        whyswitch query "FROM top_themes LIMIT 10" --format csv
    """
    from pipeline.queries import print_query

    print_query(db, sql, output)


@commands.command()
def explain(
    statement_id: Annotated[str, typer.Argument(metavar="STATEMENT_ID", help="`statements.statement_id`.")],
    db: Db = DEFAULT_DB,
    config: Config = None,
    assign: Assign = None,
    context: Annotated[
        bool, typer.Option(help="Read it again without each sentence around it: some seconds.")
    ] = True,
    as_json: JsonFlag = False,
) -> None:
    """Tell what a statement rests on: its turn, what was asked, scores, rules, coded examples, context that counts.

    Example:

        whyswitch explain s0f3a91c2d4e5aa07 --db studies.duckdb
    """
    from dataclasses import asdict

    from pipeline.explaining import explain as reasons
    from pipeline.summary import print_explanation

    found = reasons(db, statement_id, settings_of(config, assign), context=context)
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=1, ensure_ascii=False))
    else:
        print_explanation(found)


@commands.command()
def diff(
    before: Annotated[
        str,
        typer.Argument(
            metavar="A", help="A published file, or a run (its id or number) of --db and its history."
        ),
    ],
    after: Annotated[
        str, typer.Argument(metavar="B", help="Likewise; default: the current file.")
    ] = "current",
    db: Db = DEFAULT_DB,
    output: Annotated[
        Literal["text", "json", "html"], typer.Option("--format", "-f", help="How to print.")
    ] = "text",
    to: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write there instead of printing.")
    ] = None,
) -> None:
    """Tell what differs between two published files: interviews, statements with quotes, themes, counts, settings.

    Examples:

        whyswitch diff before.duckdb after.duckdb

        whyswitch diff 41 42 --db studies.duckdb --format html -o changes.html
    """
    from pipeline.diff import as_json, compare, page, print_difference, published_file

    found = compare(published_file(before, db), published_file(after, db))
    if output == "text" and to is None:
        print_difference(found)
        return
    text = page(found) if output == "html" else as_json(found)
    if to is None:
        typer.echo(text)
    else:
        write_output(to, text)
        typer.echo(f"wrote {to}")


@commands.command()
def history(
    name: Annotated[
        str, typer.Argument(metavar="TRANSCRIPT", help="A transcript_id, a source's name, or a sha256.")
    ],
    db: Db = DEFAULT_DB,
    as_json: JsonFlag = False,
) -> None:
    """Tell the life of one interview: found, read, extracted, renamed, missing, back, and by which runs.

    Example:

        whyswitch history interviews/dana.vtt --db studies.duckdb
    """
    from dataclasses import asdict

    from pipeline.history import history as life
    from pipeline.summary import print_history

    events = life(db, name)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in events], indent=1, default=str))
    else:
        print_history(events)


@commands.command()
def inspect(
    inputs: Inputs,
    config: Config = None,
    assign: Assign = None,
    turns: Annotated[int, typer.Option(min=0, help="First turns to show.")] = 6,
) -> None:
    """Show what would be read of files: dialect, speakers with roles, times, first turns, warnings.

    Nothing is stored. It quotes the interview: not for logs. Exit code 3 where a file is rejected.

    Examples:

        whyswitch inspect interviews/dana.vtt

        whyswitch inspect 'interviews/*' --turns 0 --set privacy.mode=mask
    """
    from pipeline.ingest.summary import describe
    from pipeline.inspection import inspect as read

    rejected = False
    for one in read(inputs, settings_of(config, assign)):
        typer.echo(f"file      {one.source}")
        for line in describe(one.reading, turns):
            typer.echo(line)
        typer.echo("")
        rejected = rejected or bool(one.reading.rejects)
    if rejected:
        raise typer.Exit(3)


@commands.command("settings")
def print_settings(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="default: every setting with its meaning; nightly, archive: for those uses."
        ),
    ] = "default",
) -> None:
    """Print a settings file that is shipped, to be changed and given with `--config`.

    Example:

        whyswitch settings nightly > nightly.toml
    """
    from pipeline.resources import shipped_settings

    typer.echo(shipped_settings(name), nl=False)


@commands.command("eval")
def evaluate(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Gold files: DIR/texts/PART, DIR/labels/PART.")
    ],
    config: Config = None,
    assign: Assign = None,
    baselines: Annotated[bool, typer.Option(help="Measure the baselines too.")] = True,
    part: Annotated[
        list[str] | None, typer.Option(help="Parts to measure; default: every one but speech.")
    ] = None,
    output: Annotated[
        Literal["table", "json"], typer.Option("--format", "-f", help="How to print.")
    ] = "table",
    log: LogMode = "auto",
) -> None:
    """Measure extraction against coded interviews: precision, recall and F1 per label, by sentence and by episode.

    Example:

        whyswitch eval gold/
    """
    from pipeline.evaluate import evaluate_folder, print_evaluation
    from pipeline.events import events

    settings = settings_of(config, assign)
    found = evaluate_folder(folder, settings, parts=part, baselines=baselines, hearer=events(log))
    print_evaluation(found, output)
