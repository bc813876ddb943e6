"""Commands that keep the archive sound: health, proof, roles, forgetting."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import DEFAULT_DB, REPORT, Assign, Config, Db, JsonFlag, settings_of
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.records import Role
    from pipeline.state.forgotten import Target

commands = typer.Typer()

Named = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="A speaker with this role; may be repeated.")
]


@commands.command()
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

    settings = settings_of(config, assign)
    findings = [*examine(db, settings), *examine_night(db, settings)]
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in findings], indent=1))
    else:
        print_findings(findings)
    if any(one.level == "bad" for one in findings):
        raise typer.Exit(1)


@commands.command()
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

    checks = derive_again(db, settings_of(config, assign), sample=sample)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in checks], indent=1))
    else:
        print_checks(checks)
    if any(one.differing for one in checks):
        raise typer.Exit(1)


@commands.command()
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

    settings = settings_of(config, assign)
    given: tuple[tuple[Role, list[str] | None], ...] = (
        ("interviewer", interviewer), ("participant", participant), ("other", other),
    )  # fmt: skip
    wanted: dict[str, Role] = {name: role for role, names in given for name in names or ()}
    if wanted:
        typer.echo(f"fixed in {fix_roles(file, wanted, settings)}")
    print_roles(voices(file, settings))


@commands.command()
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
    done = forget_person(db, wish, settings_of(config, assign), agree=agree, page=report)
    if done is None:
        typer.echo("Nothing was changed.", err=True)
        raise typer.Exit(1)
    if as_json:
        typer.echo(as_json_text(done))
    else:
        print_forgotten(done)
