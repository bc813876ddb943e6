"""What lies beside a published file under its name, so that two in one folder never share it."""

from __future__ import annotations

from pathlib import Path

DEFAULT_NAME = "whyswitch.duckdb"
SHADOW = ".shadow"


def main_path(published: Path) -> Path:
    """The published file itself, also where its shadow is given."""
    if not published.stem.endswith(SHADOW):
        return published
    return published.with_stem(published.stem.removesuffix(SHADOW))


def beside(published: Path, name: str) -> Path:
    """``name`` beside a published file of the default name, else ``NAME.name``; a shadow shares that of its file."""
    main = main_path(published)
    return main.with_name(name if main.name == DEFAULT_NAME else f"{main.stem}.{name}")


def report_beside(published: Path) -> Path:
    """Where the report of a published file lies unless another place is asked for."""
    return beside(published, "report.html")
