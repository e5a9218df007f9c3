"""An XLSX workbook as numbered rows of texts."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from scripts.importing.sheet_error import SheetError

COLUMNS_LIMIT = 200
"""Beyond this nobody keeps questions; formatted empty columns may reach to the 16,384th."""

Numbered = list[tuple[int, tuple[str, ...]]]

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def read_workbook(
    data: bytes, *, where: str, only: str | None = None
) -> Sequence[tuple[str, Numbered]]:
    """Return name and rows of every visible sheet, or of the one named.

    Formulas stand as the value they had when the file was saved; merged cells all have the value
    of their range.

    Raises
    ------
    SheetError
        If the file is damaged or no workbook, or has no sheet of that name.
    """
    # Here and not above: every other file type is read without it.
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # told of styles and extensions it does not know
            book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
            found = [
                (sheet.title, _rows(sheet))
                for sheet in book.worksheets
                if (only is None and sheet.sheet_state == "visible") or sheet.title == only
            ]
            names = ", ".join(sheet.title for sheet in book.worksheets)
            book.close()
    except MemoryError as error:
        raise SheetError(f"{where}: is too large; save its sheet as CSV UTF-8") from error
    except Exception as error:  # a damaged part may raise anything out of openpyxl
        raise SheetError(
            f"{where}: is no workbook that can be read ({type(error).__name__}); open it in your"
            " spreadsheet program and save it again as .xlsx"
        ) from error
    if only is not None and not found:
        raise SheetError(f"{where}: has no sheet '{only}'; its sheets: {names}")
    return found


def _rows(sheet: Any) -> Numbered:
    rows: dict[int, list[str]] = {}
    for number, values in enumerate(
        sheet.iter_rows(values_only=True, max_col=min(sheet.max_column, COLUMNS_LIMIT)), start=1
    ):
        rows[number] = [_text(value) for value in values]
    for merged in sheet.merged_cells.ranges:
        left, top, right, bottom = merged.bounds
        if top not in rows or left > len(rows[top]) or right > left:
            continue  # across columns there is a heading, or one text for both of two roles
        value = rows[top][left - 1]
        for number in range(top + 1, bottom + 1):
            if number in rows:
                rows[number][left - 1] = value
    return [(number, tuple(cells)) for number, cells in rows.items()]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), str(value))
