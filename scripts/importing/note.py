"""What an import dropped or doubted, row by row, for the person who owns the sheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["unusable", "duplicate", "contradiction", "doubt", "left out"]

KINDS: tuple[Kind, ...] = ("unusable", "contradiction", "left out", "doubt", "duplicate")
"""From what deserves a look first to what deserves it last."""

COLUMNS = ("row", "what", "why", "what to do", "text")
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Note:
    """One remark: which row of the sheet (0: none in particular), why, and the way out."""

    row: int
    kind: Kind
    why: str
    way_out: str
    text: str = ""

    def __str__(self) -> str:
        place = f"row {self.row}: " if self.row else ""
        return f"{place}{self.kind}: {self.why}; {self.way_out}"


def write_notes(notes: Iterable[Note], path: Path) -> None:
    """Write notes as a CSV file that spreadsheet programs open as what it is.

    Texts from the sheet that would be run as a formula get an apostrophe in front.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for note in sorted(notes, key=lambda one: (KINDS.index(one.kind), one.row)):
            cells = (str(note.row or ""), note.kind, note.why, note.way_out, note.text)
            writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_STARTS_FORMULA) else cell
