"""HTML transcripts: ``<cite>``, ``<time>`` and ``<p>``; tables; or paragraphs with labels."""

from __future__ import annotations

import itertools
import re

from lxml import etree

from pipeline.errors import RejectedInput
from pipeline.ingest.clock import STAMP, milliseconds
from pipeline.ingest.content import Content
from pipeline.ingest.dialects.sheets import find_columns, infer_columns, read_rows
from pipeline.ingest.draft import Cue, Draft
from pipeline.ingest.layouts import read_text

_START = re.compile(
    r"\s*(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body|cite|article|section|main)\b",
    re.I | re.S,
)
_FRAGMENT = re.compile(r"\s*<(?:p|div|cite|table|ul|ol|h[1-6]|span|time)\b[^>]*>", re.I)
_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "main",
    "li",
    "ul",
    "ol",
    "blockquote",
    "pre",
    "header",
    "footer",
} | {*("tr", "dl", "dt", "dd", "table", "h1", "h2", "h3", "h4", "h5", "h6")}
_SILENT = frozenset(
    {"script", "style", "head", "template", "noscript", "svg", "nav", "form", "button", "select"}
)
_CLOCK = re.compile(STAMP)


def detect(content: Content) -> bool:
    """Whether the text begins as a page, or as a fragment of one."""
    head = content.text[:4000].lstrip("\ufeff")
    return bool(
        _START.match(head)
        or (_FRAGMENT.match(head) and re.search(r"</(?:p|div|cite|table|li|span|time)>", head, re.I))
    )


def read(content: Content) -> list[Draft]:
    """The interviews of the page.

    Raises:
        RejectedInput: ``no_text`` or ``no_speakers``.
    """
    page = _parsed(content.text)
    drafts = _cited(page) or _tabled(page)
    if not drafts:
        text = "".join(page.lines)
        if not text.strip():
            raise RejectedInput("no_text", "the page holds no text")
        drafts = read_text(re.sub(r"\n[ \t]*\n\s*", "\n\n", text))
    for draft in drafts:
        draft.format = "html"
    return drafts


def _parsed(text: str) -> _Page:
    page = _Page()
    parser = etree.HTMLParser(target=page, encoding="utf-8", no_network=True)
    try:
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    except etree.XMLSyntaxError as error:
        raise RejectedInput("damaged", "the page cannot be parsed") from error
    return page


class _Page:
    """The page as running text, as cited pieces and as rows of cells, gathered as the parser goes."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pieces: list[tuple[str, str]] = []
        self.rows: list[list[str]] = []
        self._silent = 0
        self._kind = "text"

    def start(self, tag: str, _attributes: object) -> None:
        """Take note of an element's beginning."""
        if tag in _SILENT:
            self._silent += 1
        elif tag in ("cite", "time"):
            self._kind = tag
            self.pieces.append((tag, ""))
        elif tag == "br":
            self.lines.append("\n")
            self.pieces.append(("text", "\n"))
        elif tag in _BLOCKS:
            self.lines.append("\n\n")
            self.pieces.append(("text", "\n"))
            if tag == "tr":
                self.rows.append([])
        elif tag in ("td", "th"):
            self.lines.append("\t")
            if self.rows:
                self.rows[-1].append("")
        elif tag in ("b", "strong"):
            self.lines.append("**")

    def end(self, tag: str) -> None:
        """Take note of an element's end."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in ("cite", "time"):
            self._kind = "text"
            self.lines.append(" ")
        elif tag in _BLOCKS:
            self.lines.append("\n\n")
        elif tag in ("b", "strong"):
            self.lines.append("**")

    def data(self, data: str) -> None:
        """Keep text that is shown; blanks and line ends within it are one blank."""
        if self._silent:
            return
        flat = " ".join(data.split())
        before, after = " " * data[:1].isspace(), " " * data[-1:].isspace()
        self.lines.append(f"{before}{flat}{after}" if flat else " ")
        self.pieces.append((self._kind, data))
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data

    def close(self) -> None:
        """Nothing is left to do."""


def _cited(page: _Page) -> list[Draft]:
    """The interview of a page that cites its speakers; a time before the next text is that text's."""
    if not any(kind == "cite" and text.strip() for kind, text in page.pieces):
        return []
    cues: list[Cue] = []
    speaker: str | None = None
    start: int | None = None
    for kind, text in _runs(page.pieces):
        if kind == "cite":
            speaker, start = text.strip().rstrip(":").strip() or speaker, None
        elif kind == "time" and (found := _CLOCK.search(text)):
            start = milliseconds(found.group())
        elif kind == "text" and text.strip() and speaker:
            cues.append(Cue(speaker, text.strip().removeprefix(":"), start))
    return [Draft("html", cues)] if cues else []


def _runs(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces with neighbours of one kind joined: a parser cuts text at every entity."""
    return [
        (kind, "".join(text for _, text in group))
        for kind, group in itertools.groupby(pieces, key=lambda piece: piece[0])
    ]


def _tabled(page: _Page) -> list[Draft]:
    rows = [row for row in page.rows if row]
    columns = find_columns(rows) or infer_columns(rows)
    inside = sum(len(cell.split()) for row in rows for cell in row)
    if not columns or inside < 0.6 * sum(len(line.split()) for line in page.lines):
        return []
    return read_rows("html", rows, columns)
