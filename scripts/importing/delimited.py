"""Text of a CSV file, whichever sign stands between its fields, as numbered rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from scripts.importing.headings import is_heading_row
from scripts.importing.sheet_error import SheetError

DELIMITERS = (",", ";", "\t", "|")
FIELD_LIMIT = 1_000_000
_NAMED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_LOOKED_AT = 30

Numbered = list[tuple[int, tuple[str, ...]]]


def read_delimited(text: str, *, where: str) -> Numbered:
    """Return the fields of each row, and its number as a spreadsheet program counts.

    Raises
    ------
    SheetError
        If its quotes do not match.
    """
    named = _NAMED.match(text)
    first = 1
    if named:  # what some programs write for others to read
        return list(_rows(text[named.end() :], named[1], where, first=2))
    head = "".join(text.splitlines(keepends=True)[:200])
    return list(_rows(text, _delimiter(head), where, first=first))


def _delimiter(head: str) -> str:
    """Return the sign that gives a row of headings, or else the most even rows."""

    def fitness(delimiter: str) -> tuple[bool, int, int]:
        rows = []
        try:
            for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
                rows.append(row)
        except csv.Error:
            pass
        widths = [len(row) for row in rows if any(row)]
        usual = max(set(widths), key=widths.count, default=0)
        has_headings = any(is_heading_row(row) for row in rows[:_LOOKED_AT])
        return has_headings, widths.count(usual) if usual > 1 else 0, usual

    return max(DELIMITERS, key=fitness)


def _rows(
    text: str, delimiter: str, where: str, *, first: int
) -> Iterator[tuple[int, tuple[str, ...]]]:
    before = csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = first
    try:
        for fields in reader:
            yield number, tuple(fields)
            number += 1
    except csv.Error as error:
        raise SheetError(
            f"{where}: row {number}: its quotes do not match"
            f" ({error}); open it in your spreadsheet program and save it again, best as .xlsx"
        ) from error
    finally:
        csv.field_size_limit(before)
