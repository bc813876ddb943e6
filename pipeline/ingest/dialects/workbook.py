"""Excel workbooks (xlsx): the first sheet that is a table of speakers and text."""

from __future__ import annotations

import datetime
import io
import warnings
from collections.abc import Sequence
from typing import Any

import openpyxl

from pipeline.errors import RejectedInput
from pipeline.ingest.archives import check_office
from pipeline.ingest.content import Content
from pipeline.ingest.dialects.sheets import find_columns, infer_columns, read_rows
from pipeline.ingest.draft import Draft

_SHEETS, _ROWS, _COLUMNS, _CELLS = 50, 200_000, 64, 5_000_000
_LAST_ROW = 1_048_576
"""The last row that Excel knows."""
_WALKED = 2_000_000
"""Rows of a workbook, empty ones counted, beyond which it is none that a person has written."""


def detect(content: Content) -> bool:
    """Whether the file is a zip that holds a workbook."""
    return content.data.startswith(b"PK\x03\x04") and b"xl/workbook" in content.data


def read(content: Content) -> list[Draft]:
    """The interviews of every sheet that has known columns.

    Raises:
        RejectedInput: ``damaged``, ``bomb``, ``encrypted``, ``too_large``; ``no_speakers`` where no sheet is a
            transcript.
    """
    check_office(content.data)
    sheets = _sheets(content.data)
    is_wide = any(len(row) > _COLUMNS and row[_COLUMNS] for sheet in sheets for row in sheet)
    sheets = [[row[:_COLUMNS] for row in sheet] for sheet in sheets]
    named = [(sheet, columns) for sheet in sheets if (columns := find_columns(sheet))]
    shaped = [(sheet, columns) for sheet in sheets if (columns := infer_columns(sheet))]
    drafts = [draft for sheet, columns in named or shaped for draft in read_rows("xlsx", sheet, columns)]
    if not drafts:
        raise RejectedInput("no_speakers", "no sheet has a column of speakers and a column of text")
    if is_wide:
        drafts[0].warnings.append(f"columns beyond the first {_COLUMNS} are not read")
    return drafts


def _sheets(data: bytes) -> list[list[list[str]]]:
    """The rows of each sheet that are not empty, with one cell more than is read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            found = _all_rows(book.worksheets)
            book.close()
    except RejectedInput:
        raise
    except Exception as error:
        raise RejectedInput("damaged", f"the workbook cannot be opened ({type(error).__name__})") from error
    return found


def _all_rows(sheets: Sequence[Any]) -> list[list[list[str]]]:
    """The rows of each sheet.

    Raises:
        RejectedInput: ``too_large``.
    """
    if len(sheets) > _SHEETS:
        raise RejectedInput("too_large", f"the workbook has more than {_SHEETS} sheets")
    found: list[list[list[str]]] = []
    n_walked = n_cells = 0
    for sheet in sheets:
        rows: list[list[str]] = []
        for row in sheet.iter_rows(max_row=_LAST_ROW, max_col=_COLUMNS + 1, values_only=True):
            n_walked += 1
            if row.count(None) < len(row):
                rows.append([_text(cell) for cell in row])
                n_cells += len(row) - row.count(None)
            if len(rows) > _ROWS or n_cells > _CELLS or n_walked > _WALKED:
                raise RejectedInput(
                    "too_large", f"the workbook has more than {_ROWS:,} rows in a sheet, or too many cells"
                )
        found.append(rows)
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.strftime("%H:%M:%S.%f")[:-3]
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M:%S.%f")[:-3]
    if isinstance(value, datetime.timedelta):
        whole = int(value.total_seconds() * 1000)
        return f"{whole // 3_600_000}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"
    return str(value)
