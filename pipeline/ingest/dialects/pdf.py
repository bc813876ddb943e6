"""PDF files with text in them: page headers, page numbers and hyphenation removed."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence

import pypdf

from pipeline.errors import RejectedInput
from pipeline.ingest.content import Content
from pipeline.ingest.draft import Draft
from pipeline.ingest.layouts import read_text

_PAGES = 3_000
_CHARACTERS = 30_000_000
_NUMBER = re.compile(
    r"\s*(?:[-–—]\s*)?(?:page|p\.|seite)?\s*\d{1,4}(?:\s*(?:/|of|von)\s*\d{1,4})?\s*(?:[-–—]\s*)?$", re.I
)
_EDGE = 2
"""Lines at the top and bottom of a page that may be running heads."""


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
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
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
    """The lines of all pages without those that return on the pages' edges, and how many those were."""
    running = _running(pages)
    kept: list[str] = []
    dropped = 0
    for page in pages:
        outer = _edges(page)
        for place, line in enumerate(page):
            if place in outer and (_NUMBER.match(line) or _digitless(line) in running):
                dropped += 1
            else:
                kept.append(line)
    return kept, dropped


def _running(pages: Sequence[Sequence[str]]) -> set[str]:
    """The lines (digits aside) that stand on the edges of most pages, and never within one: talk would."""
    edges: Counter[str] = Counter()
    within: set[str] = set()
    for page in pages:
        outer = _edges(page)
        edges.update({_digitless(page[place]) for place in outer})
        within.update(_digitless(line) for place, line in enumerate(page) if place not in outer)
    least = max(3, 0.6 * len(pages))
    return {line for line, count in edges.items() if count >= least and line not in within}


def _edges(page: Sequence[str]) -> set[int]:
    """The places of a page's first and last lines that are not blank."""
    full = [place for place, line in enumerate(page) if line.strip()]
    return {*full[:_EDGE], *full[-_EDGE:]}


def _digitless(line: str) -> str:
    return re.sub(r"\d+", "0", " ".join(line.split()))


def _dehyphenated(text: str) -> str:
    """The text with the words joined that a line's end has cut; a hyphen written elsewhere too stays."""
    known = Counter(re.findall(r"[a-z]+(?:-[a-z]+)*", text.lower()))

    def joined(found: re.Match[str]) -> str:
        left, right = found.group(1), found.group(2)
        if known[f"{left}-{right}".lower()] and not known[f"{left}{right}".lower()]:
            return f"{left}-{right}"
        return f"{left}{right}"

    return re.sub(r"([A-Za-z]{2,})[-\u2010\u00ad]\n[ \t]*([a-z]{2,})", joined, text)
