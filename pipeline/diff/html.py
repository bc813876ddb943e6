"""A difference as one HTML file that works offline and in print."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.diff.compare import Difference
from pipeline.diff.told import WORDS

MOST = 500
"""Rows of one kind; the rest is counted."""


def page(found: Difference) -> str:
    """The HTML; all that comes from transcripts is escaped."""
    environment = Environment(
        loader=PackageLoader("pipeline.diff"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    kinds = [(words, [one for one in found.statements if one.kind == kind]) for kind, words in WORDS.items()]
    return environment.get_template("page.html.j2").render(found=found, kinds=kinds, most=MOST)
