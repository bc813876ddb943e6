"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.naming import DEFAULT_NAME

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
