"""``whyswitch themes``: parse, call, print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.commands.options import DEFAULT_DB, Assign, Config, Db, JsonFlag

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.config import Settings

themes = typer.Typer(
    help="List themes as they stand or stood, and correct them once and for all.\n\n"
    "Example: `whyswitch themes --db studies.duckdb`",
    rich_markup_mode="markdown",
)
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="RUN", help="As they stood after this run: number or id.")
]
ThemeId = Annotated[str, typer.Argument(metavar="THEME", help="A theme_id, as `whyswitch themes` lists it.")]
Labels = Literal["push", "pull", "anxiety", "habit", "outcome"]


@themes.callback(invoke_without_command=True)
def list_all(
    context: typer.Context,
    db: Db = DEFAULT_DB,
    label: Annotated[Labels | None, typer.Option(help="Of this label alone.")] = None,
    as_of: AsOf = None,
    gone: Annotated[bool, typer.Option("--all", help="Also those merged or retired.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """List themes as they stand or stood, and correct them once and for all.

    Corrections go into the curation file (`themes.toml` beside `whyswitch.duckdb`, `NAME.themes.toml` beside any
    other, or `cluster.curation`) and are applied by the next run; what contradicts itself or the evidence is refused.

    Examples:

        whyswitch themes --db studies.duckdb --label push

        whyswitch themes --as-of 41

        whyswitch themes rename th0f3a "Repairs cost more than the car is worth"

        whyswitch themes merge th77aa th0f3a
    """
    if context.invoked_subcommand is not None:
        return
    import json
    from dataclasses import asdict

    from pipeline.curation import list_themes
    from pipeline.curation.words import print_list

    found = list_themes(db, label=label, as_of=as_of, gone=gone)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in found], indent=1, ensure_ascii=False))
    else:
        print_list(found)


@themes.command()
def show(theme: ThemeId, db: Db = DEFAULT_DB, as_of: AsOf = None, as_json: JsonFlag = False) -> None:
    """Tell all that is known of one theme: quotes, parts, what speaks against it, its life.

    With `--as-of`: its title, support, members and life as they were after that run.

    Examples:

        whyswitch themes show th0f3a --db studies.duckdb

        whyswitch themes show th0f3a --as-of 41
    """
    import json
    from dataclasses import asdict

    from pipeline.curation import tell
    from pipeline.curation.words import print_told

    told = tell(db, theme, as_of=as_of)
    if as_json:
        typer.echo(json.dumps(asdict(told), indent=1, default=str, ensure_ascii=False))
    else:
        print_told(told)


@themes.command()
def rename(
    theme: ThemeId,
    title: Annotated[str, typer.Argument(help="What it is called from now on.")],
    db: Db = DEFAULT_DB,
    config: Config = None,
    assign: Assign = None,
) -> None:
    """Give a theme a title that it keeps.

    Example:

        whyswitch themes rename th0f3a "Repairs cost more than the car is worth"
    """
    _change(db, _settings(config, assign), "rename", {"theme": theme, "title": title})


@themes.command()
def merge(
    theme: ThemeId,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The theme that it becomes a part of.")],
    db: Db = DEFAULT_DB,
    config: Config = None,
    assign: Assign = None,
) -> None:
    """Make two themes of one label one.

    Example:

        whyswitch themes merge th77aa th0f3a
    """
    _change(db, _settings(config, assign), "merge", {"theme": theme, "into": into})


@themes.command()
def split(theme: ThemeId, db: Db = DEFAULT_DB, config: Config = None, assign: Assign = None) -> None:
    """Make the sub-themes of a theme themes of their own.

    Example:

        whyswitch themes split th21bc
    """
    _change(db, _settings(config, assign), "split", {"theme": theme})


@themes.command()
def pin(
    statement: Annotated[str, typer.Argument(metavar="STATEMENT", help="A statement_id.")],
    theme: ThemeId,
    db: Db = DEFAULT_DB,
    config: Config = None,
    assign: Assign = None,
) -> None:
    """Put a statement into a theme, whatever the machine says.

    Example:

        whyswitch themes pin st09dd th0f3a
    """
    _change(db, _settings(config, assign), "pin", {"statement": statement, "theme": theme})


@themes.command()
def retire(
    theme: ThemeId,
    reason: Annotated[str, typer.Option(help="Why, for those who read the file.")] = "",
    db: Db = DEFAULT_DB,
    config: Config = None,
    assign: Assign = None,
) -> None:
    """Show a theme no more; its statements count as noise.

    Example:

        whyswitch themes retire th5e5e --reason "about the interview, not about the switch"
    """
    _change(
        db, _settings(config, assign), "retire", {"theme": theme} | ({"reason": reason} if reason else {})
    )


def _settings(config: Path | None, assign: list[str] | None) -> Settings:
    from pipeline.config import load_settings

    return load_settings(config, assign or ())


def _change(db: Path, settings: Settings, kind: str, fields: Mapping[str, str]) -> None:
    from pipeline.curation import change

    done = change(db, settings, kind, fields)
    typer.echo(f"{done.path} says so now; the next run applies it.")
