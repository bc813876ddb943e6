"""PDF files with text in them: page headers, page numbers and hyphenation removed."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence

import pypdf

from pipeline.errors import RejectedInput
from pipeline.ingest.clock import STAMP
from pipeline.ingest.content import Content
from pipeline.ingest.draft import Draft
from pipeline.ingest.layouts import read_text

logging.getLogger("pypdf").setLevel(logging.CRITICAL)
"""Damaged files are told of once, as rejects, and not line by line."""

_PAGES = 3_000
_CHARACTERS = 30_000_000
_NUMBER = re.compile(
    r"\s*(?:[-–—]\s*)?(?:page|p\.|seite)?\s*\d{1,4}(?:\s*(?:/|of|von)\s*\d{1,4})?\s*(?:[-–—]\s*)?$", re.I
)
_EDGE = 3
"""Lines at the top and at the bottom of a page that may be running heads."""
_RUNNING = 0.6
"""Share of the pages on which a running head stands."""
_WITHIN = 0.2
"""Times that a running head may stand elsewhere on pages, for each page on whose edge it stands."""
_STAMP = re.compile(rf"(?<![\d:]){STAMP}")
_TURN = re.compile(r"[^:]{1,40}:(?:\s|$)")
"""What opens a turn: two pages may begin or end with the same short one."""


def detect(content: Content) -> bool:
    """Whether the file has the PDF signature in its first kilobyte."""
    return b"%PDF-" in content.head[:1024]


def read(content: Content) -> list[Draft]:
    """The interviews of the pages' text.

    Raises:
        RejectedInput: ``damaged``, ``encrypted``, ``too_large``, or ``no_text`` for pages that are images.
    """
    pages = _pages(content.data)
    if sum(len(page.strip()) for page in pages) < 20:
        raise RejectedInput(
            "no_text", "the pages are images without text: run text recognition on them first"
        )
    lines, dropped = _without_running_heads([page.replace("\r", "").split("\n") for page in pages])
    drafts = read_text(_dehyphenated("\n".join(lines)))
    for draft in drafts:
        draft.format = "pdf"
        if dropped:
            draft.warnings.append(f"{dropped} lines of page headers and numbers dropped")
    return drafts


def _pages(data: bytes) -> list[str]:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise RejectedInput("encrypted", "the PDF needs a password")
        if len(reader.pages) > _PAGES:
            raise RejectedInput("too_large", f"the PDF has more than {_PAGES:,} pages")
        return _texts(reader)
    except RejectedInput:
        raise
    except Exception as error:
        raise RejectedInput("damaged", f"the PDF cannot be read ({type(error).__name__})") from error


def _texts(reader: pypdf.PdfReader) -> list[str]:
    texts: list[str] = []
    total = 0
    for page in reader.pages:
        texts.append(page.extract_text())
        total += len(texts[-1])
        if total > _CHARACTERS:
            raise RejectedInput("too_large", f"the PDF holds more than {_CHARACTERS:,} characters")
    return texts


def _without_running_heads(pages: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """The lines of all pages without running heads, feet and page numbers, and how many those were."""
    bodies = [[line for line in page if line.strip()] for page in pages]
    n_before = sum(map(len, bodies))
    within = Counter(_shape(line) for body in bodies for line in body[_EDGE:-_EDGE])
    for edge in (0, -1):
        for _ in range(_EDGE):
            if not _peel(bodies, edge, within):
                break
    return [line for body in bodies for line in body], n_before - sum(map(len, bodies))


def _peel(bodies: list[list[str]], edge: int, within: Counter[str]) -> bool:
    """Take the outermost line off each page where it is that of most pages; False if there is none.

    What stands within pages as well is the head of somebody's turn, not of a page.
    """
    full = [body for body in bodies if body]
    counts = Counter(_shape(body[edge]) for body in full)
    least = max(min(3, max(2, len(full))), _RUNNING * len(full))
    running = {
        line
        for line, count in counts.items()
        if count >= least and within[line] <= _WITHIN * count and not (len(full) < 3 and _TURN.match(line))
    }
    peeled = False
    for body in full:
        if _shape(body[edge]) in running or _NUMBER.match(body[edge]):
            body.pop(edge)
            peeled = True
    return peeled


def _shape(line: str) -> str:
    """The line without what changes from page to page; a time of the talk stays as it is."""
    line = " ".join(line.split())
    return line if _STAMP.search(line) else re.sub(r"\d+", "0", line)


def _dehyphenated(text: str) -> str:
    """The text with the words joined that a line's end has cut; a hyphen written elsewhere too stays."""
    known = Counter(re.findall(r"[a-z]+(?:-[a-z]+)*", text.lower()))

    def joined(found: re.Match[str]) -> str:
        left, right = found.group(1), found.group(2)
        if known[f"{left}-{right}".lower()] and not known[f"{left}{right}".lower()]:
            return f"{left}-{right}"
        return f"{left}{right}"

    return re.sub(r"([A-Za-z]{2,})[-\u2010\u00ad]\n[ \t]*([a-z]{2,})", joined, text)
