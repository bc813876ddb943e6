"""Word documents (docx): paragraphs with labels, bold names or caption times, or tables of speakers."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import docx
from docx.oxml.ns import qn

from pipeline.errors import RejectedInput
from pipeline.ingest.archives import check_office
from pipeline.ingest.content import Content
from pipeline.ingest.dialects import captions
from pipeline.ingest.dialects.cues import parse
from pipeline.ingest.dialects.sheets import find_columns, infer_columns, read_rows
from pipeline.ingest.dialects.srt import is_captions
from pipeline.ingest.draft import Draft
from pipeline.ingest.layouts import read_text
from pipeline.ingest.lexicon import role_word

_CELLS = 200_000


class Paragraph(NamedTuple):
    """A paragraph's text, and the bold words it begins with ('' for none)."""

    text: str
    loud: str


def detect(content: Content) -> bool:
    """Whether the file is a zip that holds a Word document."""
    return content.data.startswith(b"PK\x03\x04") and b"word/" in content.data


def read(content: Content) -> list[Draft]:
    """The interviews of the document's tables, else of its paragraphs.

    Raises:
        RejectedInput: ``damaged``, ``bomb``, ``encrypted``, ``no_text`` or ``no_speakers``.
    """
    check_office(content.data)
    body = _body(content.data)
    paragraphs = list(_paragraphs(body))
    drafts = _from_tables(body, paragraphs)
    if not drafts:
        text = _written_out(paragraphs)
        if not text.strip():
            raise RejectedInput("no_text", "the document holds no text")
        drafts = [captions.draft("docx", parse(text))] if is_captions(text) else read_text(text)
    for draft in drafts:
        draft.format = "docx"
    return drafts


def _body(data: bytes) -> Any:
    try:
        return docx.Document(io.BytesIO(data)).element.body
    except Exception as error:
        raise RejectedInput("damaged", f"the document cannot be opened ({type(error).__name__})") from error


def _paragraphs(container: Any) -> Iterator[Paragraph]:
    """The paragraphs outside tables, in order; content controls are looked into."""
    for child in container:
        if child.tag == qn("w:p"):
            yield _paragraph(child)
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins")):
            yield from _paragraphs(child)


def _paragraph(element: Any) -> Paragraph:
    parts: list[str] = []
    loud: list[str] = []
    leading = True
    for run in element.iter(qn("w:r")):
        text = "".join(_pieces(run))
        if leading and text.strip():
            leading = _is_bold(run)
        if leading:
            loud.append(text)
        parts.append(text)
    return Paragraph("".join(parts), "".join(loud).strip())


def _pieces(run: Any) -> Iterator[str]:
    """A run's text; deleted text and text boxes are other elements, and are left out."""
    for node in run:
        if node.tag == qn("w:t"):
            yield node.text or ""
        elif node.tag == qn("w:tab"):
            yield "\t"
        elif node.tag in (qn("w:br"), qn("w:cr")):
            yield "\n"
        elif node.tag == qn("w:noBreakHyphen"):
            yield "-"


def _is_bold(run: Any) -> bool:
    bold = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
    return bold is not None and bold.get(qn("w:val")) not in ("0", "false", "off")


def _written_out(paragraphs: list[Paragraph]) -> str:
    """The paragraphs as markdown: names and questions that stand out in bold keep it."""
    counts = Counter(one.loud.rstrip(":") for one in paragraphs if one.loud)
    names = {name for name, count in counts.items() if len(name) < 50 and (count > 2 or role_word(name))}
    return "\n\n".join(_marked(one, names) for one in paragraphs if one.text.strip())


def _marked(one: Paragraph, names: set[str]) -> str:
    loud, text = one.loud, one.text.strip()
    if not loud:
        return one.text
    if loud == text:
        return f"**{text}**" if "\n" not in text and not text.endswith(":") else text
    if loud in names and text.startswith(loud) and ":" not in text[: len(loud) + 3]:
        return f"**{loud}:** {text[len(loud) :].lstrip()}"
    return one.text


def _from_tables(body: Any, paragraphs: list[Paragraph]) -> list[Draft]:
    """The interviews of tables that hold more than the paragraphs do."""
    tables = [_rows(table) for table in body.iter(qn("w:tbl"))]
    written = sum(len(cell) for rows in tables for row in rows for cell in row)
    if written <= sum(len(one.text) for one in paragraphs):
        return []
    drafts: list[Draft] = []
    merged: list[list[str]] = []
    for rows in tables:
        columns = find_columns(rows)
        if columns:
            drafts.extend(read_rows("docx", rows, columns))
        else:
            merged.extend(rows)
    if not drafts and merged:
        columns = infer_columns(merged)
        if columns:
            return read_rows("docx", merged, columns)
        text = "\n\n".join("\n".join(cell for cell in row if cell.strip()) for row in merged)
        return read_text(text)
    return drafts


def _rows(table: Any) -> list[list[str]]:
    rows = []
    for row in table.iter(qn("w:tr")):
        cells = [
            "\n".join(_paragraph(p).text for p in cell.iter(qn("w:p"))).strip()
            for cell in row.iter(qn("w:tc"))
        ]
        rows.append(cells)
        if sum(map(len, rows[-1:])) and len(rows) > _CELLS:
            raise RejectedInput("too_large", f"a table has more than {_CELLS:,} rows")
    return rows
