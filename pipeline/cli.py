"""The command line: parse, call, print. Exit codes: 0 done, 1 failed, 2 wrong use, 3 some inputs rejected, 4 held."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from pipeline.cli_survey import survey
from pipeline.cli_themes import themes
from pipeline.config import Settings, load_settings
from pipeline.errors import UsageError, WhyswitchError
from pipeline.naming import report_beside
from pipeline.options import DEFAULT_DB, Assign, Config, Db, JsonFlag
from pipeline.output import write_output
from pipeline.terminal import terminal
from pipeline.version import __version__

if TYPE_CHECKING:
    from pipeline.choice import Choice
    from pipeline.events import Events
    from pipeline.records import Role
    from pipeline.runner import Job, Summary
    from pipeline.state.forgotten import Target


class App(typer.Typer):
    """A command line whose failures are messages with exit codes, not tracebacks."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it."""
        console = terminal(stderr=True)
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
app.add_typer(themes, name="themes")
app.add_typer(survey, name="survey")

LogMode = Annotated[
    Literal["auto", "text", "json", "quiet"],
    typer.Option("--log", help="auto: progress bars on a terminal; json: one JSON line per event on stderr."),
]


REPORT = "report.html beside whyswitch.duckdb, NAME.report.html beside any other NAME.duckdb"
Workers = Annotated[int | None, typer.Option(help="Processes to use; default: the machine's cores.")]
Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...", help="Files, folders, globs or URLs of transcripts, zip and gz among them."
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        metavar="STAGE", help="Work on this stage alone: ingest, extract, embed or cluster; may be repeated."
    ),
]
Force = Annotated[
    list[str] | None,
    typer.Option(metavar="STAGE", help="Make all results of this stage anew; may be repeated."),
]
Limit = Annotated[int | None, typer.Option(min=1, help="Read at most so many new inputs.")]
Since = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Of the new inputs, read those changed at this date or later."),
]
Prune = Annotated[
    bool,
    typer.Option("--prune", help="Drop interviews whose files vanished, instead of keeping them as missing."),
]


def _settings(config: Path | None, assign: list[str] | None) -> Settings:
    return load_settings(config, assign or ())


def _given(options: Mapping[str, object]) -> list[str]:
    """Options of the command line as assignments of settings; those not given are left out."""
    return [f"{name}={json.dumps(value)}" for name, value in options.items() if value is not None]


def _choice(only: list[str] | None, force: list[str] | None, limit: int | None, since: str | None) -> Choice:
    from pipeline.choice import Choice, moment, stage_names

    started = moment(since) if since else None
    return Choice(only=stage_names(only or ()), force=stage_names(force or ()), limit=limit, since=started)


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
        settings = _settings(config, [*(assign or []), *_given(options)])
        choice = replace(_choice(only, force, limit, since), prune=prune, accept=accept)
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
    from pipeline.diff import print_difference
    from pipeline.files import shadow_diff_path
    from pipeline.shadow import run_shadow

    summary, found = run_shadow(job, hearer)
    if told:
        print_difference(found)
        typer.echo(f"\nAs a page: {shadow_diff_path(job.published)}")
        typer.echo(f"Then: whyswitch promote --db {job.published}, or whyswitch drop --db {job.published}")
    return summary


@app.command()
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


@app.command()
def drop(db: Db = DEFAULT_DB) -> None:
    """Remove the shadow that `run --shadow` made; the published file is left alone.

    Example:

        whyswitch drop --db studies.duckdb
    """
    from pipeline.shadow import drop as drop_shadow

    typer.echo("The shadow is gone." if drop_shadow(db) else "There is no shadow.")


@app.command()
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

    choice = replace(_choice(only, force, limit, since), prune=prune)
    told = make_plan(Job(tuple(inputs), db, _settings(config, assign), choice=choice))
    if as_json:
        typer.echo(json.dumps(asdict(told) | {"works": told.works}, indent=1))
    else:
        print_plan(told, db)


@app.command()
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
    write(db, target, _settings(config, assign))
    typer.echo(f"wrote {target}")


@app.command()
def status(db: Db = DEFAULT_DB) -> None:
    """Tell what a published file holds and how its last run ended.

    Example:

        whyswitch status --db studies.duckdb
    """
    from pipeline.summary import print_status

    print_status(db)


@app.command()
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


@app.command()
def doctor(
    db: Db = DEFAULT_DB,
    config: Config = None,
    assign: Assign = None,
    as_json: JsonFlag = False,
) -> None:
    """Check settings, models, disk, state and published file, and tell what to do; nothing is changed.

    Exit code 1 where something is bad.

    Example:

        whyswitch doctor --db studies.duckdb --config nightly.toml
    """
    from dataclasses import asdict

    from pipeline.doctor import examine
    from pipeline.doctor_night import examine_night
    from pipeline.summary import print_findings

    settings = _settings(config, assign)
    findings = [*examine(db, settings), *examine_night(db, settings)]
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in findings], indent=1))
    else:
        print_findings(findings)
    if any(one.level == "bad" for one in findings):
        raise typer.Exit(1)


@app.command()
def verify(
    db: Db = DEFAULT_DB,
    sample: Annotated[int, typer.Option(min=1, help="Interviews to make again from their files.")] = 5,
    config: Config = None,
    assign: Assign = None,
    as_json: JsonFlag = False,
) -> None:
    """Make a sample of the rows again from the files, compare them with what stands, and check the laws.

    Nothing is changed. Give the same settings as the runs get. Exit code 1 where something differs.

    Example:

        whyswitch verify --db studies.duckdb --config nightly.toml --sample 20
    """
    from dataclasses import asdict

    from pipeline.summary import print_checks
    from pipeline.verify import verify as derive_again

    checks = derive_again(db, _settings(config, assign), sample=sample)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in checks], indent=1))
    else:
        print_checks(checks)
    if any(one.differing for one in checks):
        raise typer.Exit(1)


@app.command()
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


@app.command("settings")
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


@app.command()
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
    for one in read(inputs, _settings(config, assign)):
        typer.echo(f"file      {one.source}")
        for line in describe(one.reading, turns):
            typer.echo(line)
        typer.echo("")
        rejected = rejected or bool(one.reading.rejects)
    if rejected:
        raise typer.Exit(3)


Named = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="A speaker with this role; may be repeated.")
]


@app.command()
def roles(
    file: Annotated[str, typer.Argument(metavar="FILE", help="One transcript.")],
    interviewer: Named = None,
    participant: Named = None,
    other: Named = None,
    config: Config = None,
    assign: Assign = None,
) -> None:
    """Show who is interviewer and who participant, and how sure that is; with options, fix it once and for all.

    What is fixed lies in a sidecar beside the file and can be edited there; every later run goes by it.

    Examples:

        whyswitch roles interviews/dana.vtt

        whyswitch roles interviews/dana.vtt --interviewer 'Speaker 2' --participant 'Speaker 1'
    """
    from pipeline.role_fixing import fix_roles, voices
    from pipeline.summary import print_roles

    settings = _settings(config, assign)
    given: tuple[tuple[Role, list[str] | None], ...] = (
        ("interviewer", interviewer), ("participant", participant), ("other", other),
    )  # fmt: skip
    wanted: dict[str, Role] = {name: role for role, names in given for name in names or ()}
    if wanted:
        typer.echo(f"fixed in {fix_roles(file, wanted, settings)}")
    print_roles(voices(file, settings))


@app.command()
def forget(
    participant: Annotated[
        str | None, typer.Option(metavar="ID", help="A person, by participant_id.")
    ] = None,
    transcript: Annotated[
        str | None, typer.Option(metavar="ID", help="One interview, by transcript_id.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="PATTERN", help="Files, by a glob over their names.")
    ] = None,
    db: Db = DEFAULT_DB,
    config: Config = None,
    assign: Assign = None,
    report: Annotated[
        Path | None,
        typer.Option(help=f"The HTML report, drawn anew; default: {REPORT}."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Remove a person from state, vectors, themes, published file, kept history, manifest and report, and prove it.

    All files are searched for traces afterwards. The same file is never read again; remove it yourself.

    Examples:

        whyswitch forget --participant p0123456789abcdef --db studies.duckdb

        whyswitch forget --source 'interviews/dana*' --db studies.duckdb --yes
    """
    from pipeline.forgetting import Wish, as_json_text
    from pipeline.forgetting import forget as forget_person
    from pipeline.summary import print_forgotten, print_target

    if sum(one is not None for one in (participant, transcript, source)) != 1:
        raise UsageError("say who is to be forgotten", "Give one of --participant, --transcript, --source.")

    def agree(target: Target) -> bool:
        if not as_json:
            print_target(target)
        return yes or typer.confirm("Remove all of this for ever?", err=True)

    wish = Wish(participant, transcript, source)
    done = forget_person(db, wish, _settings(config, assign), agree=agree, page=report)
    if done is None:
        typer.echo("Nothing was changed.", err=True)
        raise typer.Exit(1)
    if as_json:
        typer.echo(as_json_text(done))
    else:
        print_forgotten(done)


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


@app.command()
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

    found = reasons(db, statement_id, _settings(config, assign), context=context)
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=1, ensure_ascii=False))
    else:
        print_explanation(found)


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

        whyswitch eval gold/
    """
    from pipeline.evaluate import evaluate_folder, print_evaluation

    print_evaluation(
        evaluate_folder(folder, _settings(config, assign), parts=part, baselines=baselines), output
    )


if __name__ == "__main__":
    app()
