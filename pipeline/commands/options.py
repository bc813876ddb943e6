"""Options that several commands share, and what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.config import Settings, load_settings
from pipeline.naming import DEFAULT_NAME

if TYPE_CHECKING:
    from pipeline.choice import Choice

DEFAULT_DB = Path(DEFAULT_NAME)
Db = Annotated[
    Path, typer.Option("--db", help="The published DuckDB file; the working state lies beside it.")
]
Config = Annotated[
    Path | None, typer.Option("--config", help="A TOML file of settings; `whyswitch settings` prints one.")
]
Assign = Annotated[
    list[str] | None, typer.Option("--set", metavar="SECTION.KEY=VALUE", help="One setting; may be repeated.")
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
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


def settings_of(config: Path | None, assign: list[str] | None) -> Settings:
    """The settings of a file, with assignments over it."""
    return load_settings(config, assign or ())


def given(options: Mapping[str, object]) -> list[str]:
    """Options of the command line as assignments of settings; those not given are left out."""
    return [f"{name}={json.dumps(value)}" for name, value in options.items() if value is not None]


def choice_of(
    only: list[str] | None, force: list[str] | None, limit: int | None, since: str | None
) -> Choice:
    """The part of the work that the options choose."""
    from pipeline.choice import Choice, moment, stage_names

    started = moment(since) if since else None
    return Choice(only=stage_names(only or ()), force=stage_names(force or ()), limit=limit, since=started)
