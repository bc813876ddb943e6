"""The command line: parse, call, print. Exit codes: 0 done, 1 failed, 2 wrong use, 3 some inputs rejected, 4 held."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from pipeline.commands import keeping, looking, runs
from pipeline.commands.survey import survey
from pipeline.commands.themes import themes
from pipeline.errors import WhyswitchError
from pipeline.terminal import terminal
from pipeline.version import __version__


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
for group in (runs, looking, keeping):
    app.add_typer(group.commands)
app.add_typer(themes, name="themes")
app.add_typer(survey, name="survey")


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


if __name__ == "__main__":
    app()
