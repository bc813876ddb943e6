"""Text at a terminal as it is: words in brackets and between colons are somebody's, not markup."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table


def terminal(*, stderr: bool = False, soft_wrap: bool = True, width: int | None = None) -> Console:
    """A console that prints every character it is given; ``soft_wrap`` leaves long lines to the terminal."""
    return Console(
        stderr=stderr, highlight=False, soft_wrap=soft_wrap, markup=False, emoji=False, width=width
    )


def table(*names: str) -> Table:
    """A table whose cells are never cut short."""
    made = Table()
    for name in names:
        made.add_column(name, overflow="fold")
    return made
