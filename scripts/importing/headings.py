"""Which row of a sheet holds the headings, and which column is what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sangdam.bots.definition import Language
from scripts.importing.sheet_error import SheetError

if TYPE_CHECKING:
    from scripts.importing.sheet import Sheet

Role = Literal["question", "answer", "intent", "topic"]

WORDS: dict[Role, tuple[str, ...]] = {
    "question": (
        *("질문", "문의", "물음", "발화", "질의", "q", "question", "query", "utterance", "inquiry"),
        *("ask", "faq", "유사질문", "대표질문"),
    ),
    "answer": (
        *("답변", "답", "응답", "대답", "회신", "안내", "a", "answer", "reply", "response", "ans"),
    ),
    "intent": ("의도", "인텐트", "intent", "의도명", "intentname"),
    "topic": (
        *("분류", "카테고리", "유형", "구분", "항목", "주제", "대분류", "중분류", "소분류"),
        *("category", "topic", "type", "group", "section", "문의유형", "질문유형", "문의분류"),
    ),
}
LAST_RESORT: dict[Role, tuple[str, ...]] = {
    "question": ("제목", "title", "subject"),
    "answer": ("내용", "본문", "content", "body", "설명", "description"),
}
"""What boards call them; these count only where no better heading stands."""

_LANGUAGES: dict[str, Language] = {
    **dict.fromkeys(("ko", "kr", "kor", "korean", "한국어", "한글", "국문"), "ko"),
    **dict.fromkeys(("en", "eng", "english", "영어", "영문"), "en"),
}
_AFFIX = (
    r"고객|자주묻는|자주하는|예상|표준|챗봇|내용|문구|예시|문장|사항|텍스트|컬럼|예문|글"
    r"|user|customer|sample|bot|frequentlyasked|text|content|sentence|example|s"
)
_DECORATION = re.compile(rf"^(?:faq)?(?:{_AFFIX})*|(?:{_AFFIX})*\d*$")
_PARTS = re.compile(r"[^\W_]+")
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is used: its place, what it holds, and in which language if that is said."""

    place: int
    role: Role
    language: Language | None
    heading: str


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a sheet that are used, and the row that names them."""

    row: int
    columns: tuple[Column, ...]

    def of(self, role: Role) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.role == role)


def find_headings(sheets: Sequence[Sheet], *, where: str) -> tuple[Sheet, Headings]:
    """Return the first sheet with a heading for questions and one for answers.

    Raises
    ------
    SheetError
        If there is none; says which headings stand there and which are known.
    """
    for sheet in sheets:
        for row in sheet.rows[:_LOOKED_AT]:
            columns = read_headings(row.cells)
            if {"question", "answer"} <= {column.role for column in columns}:
                return sheet, Headings(row.number, columns)
    raise SheetError(_missing(sheets, where))


def is_heading_row(cells: Sequence[str]) -> bool:
    """Tell whether questions and answers are named in a row."""
    return {"question", "answer"} <= {column.role for column in read_headings(cells)}


def read_headings(cells: Sequence[str]) -> tuple[Column, ...]:
    """Return what the columns under these headings hold, as far as the headings are known."""
    columns = [_column(place, cell, WORDS) for place, cell in enumerate(cells)]
    known = {column.role for column in columns if column is not None}
    if "question" in known and any(_plain(cell)[0] == "faq" for cell in cells):
        better = [c for c in columns if c is not None and _plain(c.heading)[0] != "faq"]
        if any(column.role == "question" for column in better):
            columns = list(better)
    for role, words in LAST_RESORT.items():
        if role not in known:
            columns += [_column(place, cell, {role: words}) for place, cell in enumerate(cells)]
    return tuple(sorted((c for c in columns if c is not None), key=lambda column: column.place))


def _column(place: int, cell: str, words: dict[Role, tuple[str, ...]]) -> Column | None:
    if len(cell) > 40:
        return None
    plain, language = _plain(cell)
    for text in dict.fromkeys((plain, _DECORATION.sub("", plain))):
        for role, known in words.items():
            if text in known:
                return Column(place, role, language, cell.strip())
    return None


def _plain(cell: str) -> tuple[str, Language | None]:
    """Return a heading's letters without its language, and the language: ``질문(영문)``."""
    folded = unicodedata.normalize("NFKC", cell).lower()
    parts = _PARTS.findall(folded)
    language: Language | None = None
    kept = []
    for part in parts:
        if part in _LANGUAGES and len(parts) > 1:
            language = language or _LANGUAGES[part]
        else:
            kept.append(part)
    text = "".join(kept)
    if language is None:
        for name, found in _LANGUAGES.items():
            if len(name) > 1 and not name.isascii() and text.startswith(name) and text != name:
                return text.removeprefix(name), found
    if len(kept) > 1 and kept[0] in _known() and kept[1] in _known():
        text = kept[0]  # 질문 (Question)
    return text, language


def _known() -> frozenset[str]:
    return frozenset(word for words in WORDS.values() for word in words)


def _missing(sheets: Sequence[Sheet], where: str) -> str:
    first = sheets[0].rows[0]
    found = [cell.strip() for cell in first.cells if cell.strip()]
    shown = ", ".join(f"'{_short(cell)}'" for cell in found[:12])
    widest = max(sum(bool(c.strip()) for c in row.cells) for s in sheets for row in s.rows[:200])
    names = (
        "질문 or question for questions, 답변 or answer for answers,"
        " 의도 or intent for intents if you have them"
    )
    if widest < 2:
        return (
            f"{where}: has one column only ({shown}); questions and answers need one each."
            f" Head them with {names}; between the fields of a CSV file stands , ; or a tab"
        )
    roles = {
        column.role
        for sheet in sheets
        for row in sheet.rows[:_LOOKED_AT]
        for column in read_headings(row.cells)
    }
    lacking = "answers" if "question" in roles else "questions"
    return (
        f"{where}: no column of {lacking} was found. Row {first.number} holds {shown};"
        f" known headings: {names} (also Q, A, 문의, 문의내용, 응답, FAQ ...)"
    )


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 30 else f"{flat[:29]}…"
