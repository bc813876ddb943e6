"""CSV and TSV with a header that names the columns, or TSV whose columns speak for themselves."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator

from pipeline.errors import RejectedInput
from pipeline.ingest.content import Content
from pipeline.ingest.dialects.sheets import find_columns, infer_columns, read_rows
from pipeline.ingest.draft import Draft

_DELIMITERS = "\t,;|"
_PROBE = 40_000
"""Characters by which the delimiter is found."""
_ROWS, _CELLS = 1_000_000, 5_000_000


def detect(content: Content) -> bool:
    """Whether the text's beginning is a table with known columns."""
    return _delimiter(content.text) is not None


def read(content: Content) -> list[Draft]:
    """The interviews of the table.

    Raises:
        RejectedInput: ``damaged`` or ``too_large`` for what no table program writes.
    """
    delimiter = _delimiter(content.text)
    assert delimiter is not None
    if content.text.count(delimiter) > _CELLS:
        raise RejectedInput("too_large", f"the table has more than {_CELLS:,} cells")
    try:
        rows = list(itertools.islice(_rows(content.text, delimiter), _ROWS + 1))
    except csv.Error:
        raise RejectedInput(
            "too_large", f"a cell holds more than {csv.field_size_limit():,} characters"
        ) from None
    if len(rows) > _ROWS:
        raise RejectedInput("too_large", f"the table has more than {_ROWS:,} rows")
    columns = find_columns(rows) or infer_columns(rows)
    if columns is None:
        raise RejectedInput("damaged", "the table's columns change on the way")
    n_names = len(columns.names)
    n_over = sum(any(row[n_names:]) for row in rows[columns.first_row :]) if n_names else 0
    if n_over and columns.at["text"] == n_names - 1:
        rows = [[*row[: n_names - 1], delimiter.join(row[n_names - 1 :])] for row in rows]
    drafts = read_rows("csv" if delimiter != "\t" else "tsv", rows, columns)
    if n_over and columns.at["text"] != n_names - 1:
        drafts[0].warnings.append(f"{n_over} rows have more cells than the header: their text may be cut")
    return drafts


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    unquoted = delimiter == "\t" and '\t"' not in text[:_PROBE] and '\n"' not in text[:_PROBE]
    stream = io.StringIO(text, newline="")
    if unquoted:
        return csv.reader(stream, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(stream, delimiter=delimiter)


def _delimiter(text: str) -> str | None:
    head = text[:_PROBE]
    cut = head.rfind("\n") if len(text) > _PROBE else -1
    head = head[:cut] if cut > 0 else head
    first_lines = "\n".join(head.split("\n", 12)[:12])
    for delimiter in _DELIMITERS:
        if delimiter not in first_lines:
            continue
        try:
            if find_columns(list(_rows(first_lines, delimiter))):
                return delimiter
            rows = list(_rows(head, delimiter)) if delimiter == "\t" else []
        except csv.Error:
            continue
        if _is_even(rows) and infer_columns(rows):
            return delimiter
    return None


def _is_even(rows: list[list[str]]) -> bool:
    full = [row for row in rows if row]
    return (
        len(full) > 3
        and sum(len(row) == len(full[0]) for row in full) > 0.95 * len(full)
        and len(full[0]) > 2
    )
