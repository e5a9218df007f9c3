"""Spreadsheets as businesses have them, from bytes to rows under known headings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.importing.decoding import decode
from scripts.importing.delimited import read_delimited
from scripts.importing.headings import find_headings, read_headings
from scripts.importing.sheet import Row, Sheet, read_sheets
from scripts.importing.sheet_error import SheetError

TEXT = "질문,답변\r\n배송비는 얼마예요?,3천원이에요\r\n"


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def rows_of(path: Path) -> list[tuple[str, ...]]:
    return [row.cells for sheet in read_sheets(path) for row in sheet.rows]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp949"]
)
def test_a_korean_sheet_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "faq.csv", TEXT.encode(encoding))
    assert rows_of(path) == [("질문", "답변"), ("배송비는 얼마예요?", "3천원이에요")]


def test_an_english_sheet_of_windows_keeps_its_quotation_marks() -> None:
    assert decode("Don’t you ship “abroad”?".encode("cp1252"), where="x") == (
        "Don’t you ship “abroad”?"
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_sign_between_fields_is_found(delimiter: str) -> None:
    text = f"Question{delimiter}Answer\nWhere, when; how?{delimiter}Here\n".replace(
        "Where, when; how?", '"Where, when; how?"'
    )
    rows = read_delimited(text, where="x")
    assert rows == [(1, ("Question", "Answer")), (2, ("Where, when; how?", "Here"))]


def test_a_line_that_names_the_sign_is_obeyed_and_counted() -> None:
    assert read_delimited("sep=;\nQ;A\n1, 2?;3\n", where="x")[1] == (3, ("1, 2?", "3"))


def test_a_field_may_go_on_over_lines_and_is_one_row() -> None:
    rows = read_delimited('Q,A\nhow?,"one\ntwo"\nwhen?,now\n', where="x")
    assert [number for number, _ in rows] == [1, 2, 3]


@pytest.mark.parametrize(
    ("cells", "roles"),
    [
        (["질문", "답변", "의도"], ["question", "answer", "intent"]),
        (["No.", "Q", "A", "작성일"], ["question", "answer"]),
        (["문의내용", "답변 내용", "작성자"], ["question", "answer"]),
        (["카테고리", "FAQ", "응답"], ["topic", "question", "answer"]),
        (["FAQ", "질문", "답변"], ["question", "answer"]),
        (["문의유형", "문의", "답"], ["topic", "question", "answer"]),
        (["제목", "내용"], ["question", "answer"]),
        (["User Question", "Bot Response", "Intent Name"], ["question", "answer", "intent"]),
        (["질문 (Question)", "답변 (Answer)"], ["question", "answer"]),
        (["질문1", "질문2", "답변"], ["question", "question", "answer"]),
        (["문의번호", "질문자", "답변일"], []),
    ],
)
def test_headings_are_known_as_people_write_them(cells: list[str], roles: list[str]) -> None:
    assert [column.role for column in read_headings(cells)] == roles


def test_headings_may_say_the_language() -> None:
    columns = read_headings(["질문(한글)", "질문(영문)", "Answer (KR)", "answer_en"])
    assert [column.language for column in columns] == ["ko", "en", "ko", "en"]


def test_the_headings_need_not_stand_in_the_first_row() -> None:
    cells = [("자주 묻는 질문 모음",), ("2026년 11월", ""), ("Q", "A"), ("되나요?", "네")]
    sheet = Sheet("시트1", tuple(Row(number, row) for number, row in enumerate(cells, start=2)))
    found, headings = find_headings([Sheet("표지", sheet.rows[:1]), sheet], where="x")
    assert (found.name, headings.row) == ("시트1", 4)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("faq.xls", b"", "files of type .xls are not read; open it"),
        ("faq.numbers", b"", "in Numbers choose File > Export To"),
        ("faq.hwp", b"", "copy its table into a spreadsheet"),
        ("faq", b"", "files without a type are not read"),
        ("faq.xlsx", b"PK\x03\x04 no zip", "is no workbook that can be read"),
        ("faq.xlsx", b"Q,A\n", "is no workbook, whatever its name says"),
        ("faq.csv", b"\xd0\xcf\x11\xe0 old", "is an old or a password-protected Office file"),
        ("faq.csv", b"", "is empty; put a row of headings"),
        ("faq.csv", b" , \n,\n", "is empty; put a row of headings"),
        ("faq.csv", b"Q,A\na,b\n\x81\xff\x8d,c\n", "line 3: byte 0x81 is neither UTF-8 nor CP949"),
        ("faq.csv", b"\xef\xbb\xbfQ,A\n\xff", "begins as UTF-8 but byte"),
        ("faq.csv", b'Q,A\nx,"open\n', "row 2: its quotes do not match"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    path = written(tmp_path / name, data)
    with pytest.raises(SheetError) as error:
        read_sheets(path)
    assert said in str(error.value)
    assert str(path) in str(error.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match=r"faq\.csv: cannot be read \(No such file"):
        read_sheets(tmp_path / "faq.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("이름,전화\n가,나\n", "no column of questions was found. Row 1 holds '이름', '전화'"),
        ("질문,메모\n가?,나\n", "no column of answers was found"),
        ("질문\n배송비?\n", "has one column only ('질문')"),
    ],
)
def test_without_the_two_columns_the_headings_found_and_known_are_named(
    text: str, said: str
) -> None:
    rows = tuple(Row(number, cells) for number, cells in read_delimited(text, where="faq.csv"))
    with pytest.raises(SheetError) as error:
        find_headings([Sheet("faq.csv", rows)], where="faq.csv")
    assert said in str(error.value)
    assert "답변 or answer" in str(error.value)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_bytes_raise_anything_but_the_error_of_sheets(data: bytes) -> None:
    try:
        rows = read_delimited(decode(data, where="x"), where="x")
        filled = tuple(Row(number, cells) for number, cells in rows if any(cells))
        if filled:
            find_headings([Sheet("x", filled)], where="x")
    except SheetError:
        pass


@given(st.text(max_size=300), st.sampled_from(["utf-8-sig", "utf-16"]))
@settings(deadline=None)
def test_a_marked_text_is_decoded_to_itself(text: str, encoding: str) -> None:
    plain = text.encode("utf-8", "replace").decode()
    assert decode(plain.encode(encoding), where="x") == plain
