"""Excel workbooks (xlsx): the first sheet that is a table of speakers and text."""

from __future__ import annotations

import datetime
import io
import warnings
from typing import Any

import openpyxl

from pipeline.errors import RejectedInput
from pipeline.ingest.archives import check_office
from pipeline.ingest.content import Content
from pipeline.ingest.dialects.sheets import find_columns, infer_columns, read_rows
from pipeline.ingest.draft import Draft

_ROWS, _COLUMNS = 200_000, 64


def detect(content: Content) -> bool:
    """Whether the file is a zip that holds a workbook."""
    return content.data.startswith(b"PK\x03\x04") and b"xl/workbook" in content.data


def read(content: Content) -> list[Draft]:
    """The interviews of every sheet that has known columns.

    Raises:
        RejectedInput: ``damaged``, ``bomb``, ``encrypted``; ``no_speakers`` where no sheet is a transcript.
    """
    check_office(content.data)
    sheets = _sheets(content.data)
    named = [(sheet, columns) for sheet in sheets if (columns := find_columns(sheet))]
    shaped = [(sheet, columns) for sheet in sheets if (columns := infer_columns(sheet))]
    drafts = [draft for sheet, columns in named or shaped for draft in read_rows("xlsx", sheet, columns)]
    if not drafts:
        raise RejectedInput("no_speakers", "no sheet has a column of speakers and a column of text")
    return drafts


def _sheets(data: bytes) -> list[list[list[str]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            found = []
            for sheet in book.worksheets[:50]:
                rows = sheet.iter_rows(max_row=_ROWS, max_col=_COLUMNS, values_only=True)
                found.append([[_text(cell) for cell in row] for row in rows])
            book.close()
    except Exception as error:
        raise RejectedInput("damaged", f"the workbook cannot be opened ({type(error).__name__})") from error
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
