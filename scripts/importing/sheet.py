"""A spreadsheet as rows of texts, whatever file it came in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scripts.importing.decoding import decode
from scripts.importing.delimited import read_delimited
from scripts.importing.sheet_error import SheetError
from scripts.importing.workbook import read_workbook

ROWS_LIMIT = 200_000
BYTES_LIMIT = 200_000_000

_WAYS_OUT = {
    ".xls": "open it in your spreadsheet program and save it as .xlsx or as CSV (UTF-8)",
    ".xlsb": "open it in your spreadsheet program and save it as .xlsx",
    ".ods": "open it in your spreadsheet program and save it as .xlsx",
    ".numbers": "in Numbers choose File > Export To > Excel or CSV",
    ".cell": "open it in Hancell and save it as .xlsx",
    ".hwp": "copy its table into a spreadsheet and save that as .xlsx",
    ".hwpx": "copy its table into a spreadsheet and save that as .xlsx",
    ".doc": "copy its table into a spreadsheet and save that as .xlsx",
    ".docx": "copy its table into a spreadsheet and save that as .xlsx",
    ".pdf": "copy its table into a spreadsheet and save that as .xlsx",
}
_DELIMITED = (".csv", ".tsv", ".tab", ".txt")
_WORKBOOKS = (".xlsx", ".xlsm")
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of one row, and the number that a spreadsheet program shows beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows that are not wholly empty; cells of merged ranges are filled in."""

    name: str
    rows: tuple[Row, ...]


def read_sheets(path: Path, *, only: str | None = None) -> tuple[Sheet, ...]:
    """Return the sheets of a file: all of a workbook (or the one named), one of a CSV file.

    Raises
    ------
    SheetError
        If the file is missing, of a type that is not read, damaged, too large, or empty.
    """
    suffix = path.suffix.lower()
    if suffix not in (*_DELIMITED, *_WORKBOOKS):
        way_out = _WAYS_OUT.get(suffix, "save it as .xlsx or as .csv")
        what = f"files of type {suffix}" if suffix else "files without a type"
        raise SheetError(f"{path}: {what} are not read; {way_out}")
    data = _bytes(path)
    if data.startswith(_OLD_OFFICE):
        raise SheetError(
            f"{path}: is an old or a password-protected Office file, whatever its name says;"
            " open it in your spreadsheet program and save it as .xlsx without a password"
        )
    if data.startswith(_ZIP):  # a workbook, also where somebody called it .csv
        named = read_workbook(data, where=str(path), only=only)
    elif suffix in _WORKBOOKS:
        raise SheetError(
            f"{path}: is no workbook, whatever its name says; if it is text, call it .csv,"
            " else save it again as .xlsx"
        )
    else:
        if only is not None:
            raise SheetError(f"{path}: a CSV file has one sheet; leave --sheet out")
        named = [(path.name, read_delimited(decode(data, where=str(path)), where=str(path)))]
    sheets = []
    for name, rows in named:
        if len(rows) > ROWS_LIMIT:
            raise SheetError(
                f"{path}: more than {ROWS_LIMIT:,} rows; import the part that matters most"
            )
        filled = tuple(Row(number, cells) for number, cells in rows if any(map(str.strip, cells)))
        if filled:
            sheets.append(Sheet(name, filled))
    if not sheets:
        raise SheetError(f"{path}: is empty; put a row of headings and rows of questions into it")
    return tuple(sheets)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > BYTES_LIMIT:
            raise SheetError(
                f"{path}: has {size / 1e6:.0f} MB, the limit is {BYTES_LIMIT / 1e6:.0f};"
                " leave out pictures and the columns that are neither question nor answer"
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        if isinstance(error, SheetError):
            raise
        raise SheetError(f"{path}: cannot be read ({reason}); check the path") from error
