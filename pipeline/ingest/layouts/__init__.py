"""How running text shows who speaks. Every reader that ends in lines of text (plain, markdown, Word, PDF,
HTML) reads them through ``read_text``.

A layout is a module with a ``find``: it gives the marks at which turns begin. The layout that finds most
marks reads the text; where none does, paragraphs that alternate are read as doubtful.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.errors import RejectedInput
from pipeline.ingest import frontmatter
from pipeline.ingest.draft import Draft
from pipeline.ingest.layouts import dashes, heads, labels, paragraphs
from pipeline.ingest.layouts.header import Header, read_header
from pipeline.ingest.layouts.marks import Mark, cut
from pipeline.ingest.layouts.sections import Section, split_sections

LAYOUTS: tuple[tuple[str, Callable[[Sequence[str], Header], list[Mark]]], ...] = (
    ("labels", labels.find),
    ("heads", heads.find),
    ("dashes", dashes.find),
)
_PROBE = 2_000
"""Lines that decide which layout a text has."""


def read_text(text: str) -> list[Draft]:
    """The interviews of a text, in order.

    Raises:
        RejectedInput: ``no_speakers`` where nothing in the text tells who speaks.
    """
    metadata, body = frontmatter.split(text)
    drafts = []
    for section in split_sections(body.split("\n")):
        draft = _read_section(section, metadata)
        drafts.append(draft)
    return drafts


def find_marks(lines: Sequence[str], header: Header) -> tuple[str, list[Mark]]:
    """The name of the layout that explains the lines best, and its marks ('' and none where none does)."""
    probe = lines[:_PROBE]
    found = [(len(find(probe, header)), name, find) for name, find in LAYOUTS]
    count, name, find = max(found, key=lambda entry: entry[0])
    if count < 2:
        return "", []
    return name, find(lines, header)


def _read_section(section: Section, metadata: dict[str, str]) -> Draft:
    header = read_header(section.lines, metadata)
    lines = section.lines[header.n_lines :]
    name, marks = find_marks(lines, header)
    values = {**metadata, **section.metadata, **header.metadata}
    if not marks:
        blocks = paragraphs.blocks(lines)
        if not blocks:
            raise RejectedInput("no_text", "there is a header, but no talk")
        cues = paragraphs.alternate(blocks)
        return Draft("paragraphs", cues, values, doubtful=True)
    draft = cut(lines, marks)
    draft.format = name
    draft.metadata = values
    draft.roles = header.roles
    return draft
