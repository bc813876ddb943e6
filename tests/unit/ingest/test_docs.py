"""The page on formats lists what the code reads."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.ingest.dialects import DIALECTS
from pipeline.ingest.layouts import LAYOUTS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[str]:
    """The names in the first column of the table under a heading."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([a-z_]+)` \|", section, re.M)


def test_every_dialect_is_listed_in_its_order() -> None:
    names = [dialect.name for dialect in DIALECTS]
    assert rows("Dialects")[: len(names)] == names


def test_every_layout_is_listed() -> None:
    assert rows("Dialects")[len(DIALECTS) :] == [*(name for name, _ in LAYOUTS), "paragraphs"]
