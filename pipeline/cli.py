"""The command line: parse, call, print. Exit codes: 0 done, 1 failed, 2 wrong use, 3 some inputs rejected, 4 held."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from pipeline.config import Settings, load_settings
from pipeline.errors import WhyswitchError
from pipeline.version import __version__


class App(typer.Typer):
    """A command line whose failures are messages with exit codes, not tracebacks."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it."""
        console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
        try:
            return super().__call__(*args, **kwargs)
        except WhyswitchError as error:
            console.print(f"error: {error}")
            sys.exit(error.exit_code)


app = App(
    name="whyswitch",
    help="Switch interviews as evidence that can be queried: forces, outcomes and themes in one DuckDB file.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

DEFAULT_DB = Path("whyswitch.duckdb")
Db = Annotated[
    Path, typer.Option("--db", help="The published DuckDB file; the working state lies beside it.")
]
Config = Annotated[
    Path | None, typer.Option("--config", help="A TOML file of settings; see configs/default.toml.")
]
Assign = Annotated[
    list[str] | None, typer.Option("--set", metavar="SECTION.KEY=VALUE", help="One setting; may be repeated.")
]
LogMode = Annotated[
    Literal["auto", "text", "json", "quiet"],
    typer.Option("--log", help="auto: progress bars on a terminal; json: one JSON line per event on stderr."),
]


def _settings(config: Path | None, assign: list[str] | None) -> Settings:
    return load_settings(config, assign or ())


def _version(value: bool) -> None:
    if value:
        typer.echo(f"whyswitch {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Switch interviews as evidence that can be queried."""
    del version


@app.command()
def run(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Files, folders or globs of transcripts.")
    ],
    db: Db = DEFAULT_DB,
    config: Config = None,
    assign: Assign = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes to use; default: the machine's cores.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Where the HTML report goes; default: report.html beside the database."),
    ] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Draw no report.")] = False,
    log: LogMode = "auto",
) -> None:
    """Read transcripts, find forces and outcomes, group them into themes, publish, and draw the report.

    What is up to date is not done again; a broken-off run goes on where it stopped.

    Examples:

        whyswitch run data/sample

        whyswitch run interviews/ --db studies.duckdb --config configs/nightly.toml --log json

        whyswitch run 'archive/2024-*.vtt' --set extract.profile=rules --workers 4
    """
    from pipeline.events import events
    from pipeline.runner import Job, Terminated
    from pipeline.runner import run as run_job
    from pipeline.summary import print_summary

    assignments = [*(assign or []), *([f"run.workers={workers}"] if workers is not None else [])]
    settings = _settings(config, assignments)
    target = None if no_report else report or db.with_name("report.html")
    try:
        summary = run_job(Job(tuple(inputs), db, settings, target), events(log))
    except KeyboardInterrupt as stopped:
        typer.echo("interrupted; what was done is kept, run the same command to go on", err=True)
        raise typer.Exit(143 if isinstance(stopped, Terminated) else 130) from stopped
    if log not in ("json", "quiet"):
        print_summary(summary, db, target)
    if summary.counts["rejects"]:
        raise typer.Exit(3)


@app.command()
def report(
    db: Db = DEFAULT_DB,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the HTML goes.")] = Path(
        "report.html"
    ),
    config: Config = None,
    assign: Assign = None,
) -> None:
    """Draw the HTML report of a published file.

    Example:

        whyswitch report --db studies.duckdb -o studies.html --set 'report.title=Spring studies'
    """
    from pipeline.report import write

    write(db, output, _settings(config, assign))
    typer.echo(f"wrote {output}")


@app.command()
def status(db: Db = DEFAULT_DB) -> None:
    """Tell what a published file holds and how its last run ended.

    Example:

        whyswitch status --db studies.duckdb
    """
    from pipeline.summary import print_status

    print_status(db)


@app.command()
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


@app.command("eval")
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
) -> None:
    """Measure extraction against coded interviews: precision, recall and F1 per label, by sentence and by episode.

    Example:

        whyswitch eval ../shared/gold
    """
    from pipeline.evaluate import evaluate_folder, print_evaluation

    print_evaluation(
        evaluate_folder(folder, _settings(config, assign), parts=part, baselines=baselines), output
    )


if __name__ == "__main__":
    app()
