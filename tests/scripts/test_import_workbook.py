"""XLSX workbooks: merged cells, formulas, numbers, several sheets."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from scripts.importing.entry import read_entries
from scripts.importing.headings import find_headings
from scripts.importing.sheet import read_sheets
from scripts.importing.sheet_error import SheetError


def saved(path: Path, book: Any) -> Path:
    stream = io.BytesIO()
    book.save(stream)
    path.write_bytes(stream.getvalue())
    return path


def book_of(*rows: tuple[object, ...]) -> Any:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    return book


def test_cells_merged_downwards_all_have_the_value_of_their_range(tmp_path: Path) -> None:
    book = book_of(
        ("자주 묻는 질문", None, None), ("분류", "질문", "답변"), ("배송", "배송비?", "3천원"),
        (None, "택배비?", None), (None, "언제 와요?", "내일"), ("환불", "환불?", "7일"),
    )  # fmt: skip
    for merged in ("A1:C1", "A3:A5", "C3:C4"):
        book.active.merge_cells(merged)
    sheets = read_sheets(saved(tmp_path / "faq.xlsx", book))
    read = read_entries(*find_headings(sheets, where="x"))
    assert [(one.row, one.question, one.answer) for one in read.entries] == [
        (3, "배송비?", "3천원"), (4, "택배비?", "3천원"), (5, "언제 와요?", "내일"),
        (6, "환불?", "7일"),
    ]  # fmt: skip
    assert read.notes == ()


def test_values_stand_as_people_read_them_and_rows_as_the_program_counts(tmp_path: Path) -> None:
    book = book_of(
        ("Q", "A"), (None, None), ("언제?", date(2026, 11, 22)), ("얼마?", 3000.0),
        ("몇 시?", datetime(2026, 11, 22, 9, 30)), ("되나요?", True), ("줄", "가_x000D_\n나"),
    )  # fmt: skip
    [sheet] = read_sheets(saved(tmp_path / "faq.xlsx", book))
    assert [(row.number, row.cells[1]) for row in sheet.rows[1:]] == [
        (3, "2026-11-22"), (4, "3000"), (5, "2026-11-22T09:30:00"), (6, "TRUE"), (7, "가\r\n나"),
    ]  # fmt: skip


def test_a_formula_that_was_never_computed_is_an_empty_cell(tmp_path: Path) -> None:
    book = book_of(("Q", "A"), ("언제?", "=1+1"))
    read = read_entries(*find_headings(read_sheets(saved(tmp_path / "a.xlsx", book)), where="x"))
    assert [(note.row, note.why) for note in read.notes] == [(2, "has no answer")]


def test_a_workbook_may_have_any_name_and_its_sheets_are_asked_for_by_theirs(
    tmp_path: Path,
) -> None:
    book = book_of(("표지",))
    book.active.title = "표지"
    for name in ("상품", "숨김"):
        sheet = book.create_sheet(name)
        sheet.append(("Q", "A"))
        sheet.append((name, "네"))
    book["숨김"].sheet_state = "hidden"
    path = saved(tmp_path / "faq.csv", book)
    assert [sheet.name for sheet in read_sheets(path)] == ["표지", "상품"]
    assert [sheet.name for sheet in read_sheets(path, only="숨김")] == ["숨김"]
    with pytest.raises(SheetError, match="has no sheet '없음'; its sheets: 표지, 상품, 숨김"):
        read_sheets(path, only="없음")
