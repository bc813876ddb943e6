"""How running text shows who speaks. Every reader that ends in lines of text (plain, markdown, Word, PDF,
HTML) reads them through ``read_text``.

A layout is a module with a ``find``: it gives the marks at which turns begin. The layout that finds most
marks reads the text; where none does, paragraphs that alternate are read as doubtful.
"""

from __future__ import annotations

import re
from collections import Counter

from pipeline.errors import RejectedInput
from pipeline.ingest import frontmatter
from pipeline.ingest.draft import Draft
from pipeline.ingest.layouts import paragraphs
from pipeline.ingest.layouts.finding import LAYOUTS, find_marks
from pipeline.ingest.layouts.header import read_header
from pipeline.ingest.layouts.marks import cut
from pipeline.ingest.layouts.sections import Section, split_sections

__all__ = ["LAYOUTS", "read_text"]

_CREDIT = re.compile(
    r"\s*\(?(?:transcribed|transcript|transcription|captions?|generated|recorded|powered) (?:provided )?"
    r"(?:by|with|from) .{0,30}(?:\.com|\.ai|https?://|\.io|\.net|\.org)\S*\)?\s*$|"
    r".{1,60} (?:started|stopped) transcription\s*$|"
    r"(?:Meeting|Transcription) ended (?:after|at) [\d:apm ]+\W*$|"
    r"This editable transcript was computer generated\b.{0,120}$|"
    r"\s*\(?Completed:?\s+\d\d/\d\d/\d\d(?:\d\d)?\)?\s*$",
    re.I,
)
"""Lines in which a transcription service names itself."""
_INLINE = re.compile(
    r"(?:(?<=[.?!…\"”)\]] )|^)([A-Z][\w'’-]{0,20}(?: [A-Z\d][\w'’-]{0,20}){0,2}):(?=\s)", re.M
)
_FLAT_LINES, _FLAT_LEAST = 4, 60
"""Lines up to which a text may be a single paragraph, and characters from which one is worth cutting."""
_NUMBERED = re.compile(r"[ \t]*(\d{1,5})(?:[.:)]?[ \t]+|[ \t]*$)")
_LEAST_NUMBERED = 4
_EDGE = 12


def read_text(text: str) -> list[Draft]:
    """The interviews of a text, in order.

    Raises:
        RejectedInput: ``no_speakers`` where nothing in the text tells who speaks.
    """
    drafts: list[Draft] = []
    for part in frontmatter.parts(text):
        metadata, body = frontmatter.split(part)
        lines = _without_credits(_unnumbered(_untiered(_unquoted(_unflattened(body))).split("\n")))
        drafts.extend(_read_section(section, metadata) for section in split_sections(lines))
    return drafts


def _unquoted(text: str) -> str:
    """The text without the ``>`` of a markdown quotation, where all of it is one."""
    if not text[:200].lstrip().startswith(">"):
        return text
    head = [line for line in text[:4000].split("\n") if line]
    if head and sum(line.startswith(">") for line in head) > 0.8 * len(head):
        return re.sub(r"^>[ \t]?", "", text, flags=re.M)
    return text


def _untiered(text: str) -> str:
    """The text without the headers and tiers of CHAT files (``@Begin``, ``%mor:``)."""
    if text.startswith("@") and "\n*" in text:
        return re.sub(r"^[@%].*$", "", text, flags=re.M)
    return text


def _unflattened(text: str) -> str:
    """The text with every label on a line of its own, where all turns stand in one paragraph."""
    if text.count("\n", 0, 4000) > _FLAT_LINES or len(text) < _FLAT_LEAST:
        return text
    names = Counter(_INLINE.findall(text))
    known = [name for name, count in names.items() if count > 1]
    if len(known) < 2:
        return text
    return re.sub(rf"[ \t]+(?=(?:{'|'.join(map(re.escape, known))}):\s)", "\n", text)


def _unnumbered(lines: list[str]) -> list[str]:
    """The lines without their numbers, where each has the next one, as printed for coding by hand."""
    found = [
        (place, _NUMBERED.match(line)) for place, line in enumerate(lines) if line and not line.isspace()
    ]
    numbers = [int(match[1]) for _, match in found if match]
    if len(numbers) < _LEAST_NUMBERED or len(numbers) < len(found):
        return lines
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return lines
    lines = list(lines)
    for place, match in found:
        lines[place] = lines[place][match.end() :] if match else ""
    return lines


def _without_credits(lines: list[str]) -> list[str]:
    """The lines without those at either end in which a service names itself."""
    for place in (*range(min(_EDGE, len(lines))), *range(max(_EDGE, len(lines) - _EDGE), len(lines))):
        if _CREDIT.match(lines[place]):
            lines[place] = ""
    return lines


def _read_section(section: Section, metadata: dict[str, str]) -> Draft:
    own = read_header(section.lines, {**metadata, **section.above.metadata})
    header = own.below(section.above)
    lines = section.lines[header.n_lines :]
    name, marks = find_marks(lines, header)
    values = {**metadata, **section.above.metadata, **section.metadata, **own.metadata}
    if not marks:
        blocks = paragraphs.blocks(lines)
        if not blocks:
            raise RejectedInput("no_text", "there is a header, but no talk")
        cues = paragraphs.alternate(blocks)
        return Draft("paragraphs", cues, values, warnings=list(section.warnings), doubtful=True)
    draft = cut(lines, marks)
    draft.warnings = [*section.warnings, *draft.warnings]
    draft.format = name
    draft.metadata = values
    draft.roles = header.roles
    return draft
