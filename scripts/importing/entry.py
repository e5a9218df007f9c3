"""Questions with their answers, as read from a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sangdam.bots.definition import Language
from sangdam.bots.phrase import same_text_key
from sangdam.text.korean import has_hangul, language_of
from sangdam.text.normalise import normalise
from scripts.importing.headings import Column, Headings, Role
from scripts.importing.note import Note
from scripts.importing.sheet import Row, Sheet
from scripts.importing.wording import (
    clean_answer,
    clean_label,
    clean_question,
    is_failed_formula,
    is_formula,
    is_nothing,
)

QUESTION_LIMIT = 300
"""Longest question in characters: what is longer is a letter, and teaches little."""

TOPIC_ANSWERS = 1.5
"""A column of topics names intents if its values have at most so many answers on average."""

KOREAN_WORDS = 0.3
"""An answer is Korean if at least this share of its words is."""

_WRITE = "write one into the sheet and import again"


@dataclass(frozen=True, slots=True)
class Entry:
    """One question with one answer; ``label`` is the intent the sheet names, if it names one.

    ``language`` is that of the question, ``answered_in`` that of the answer; both are told from
    the texts unless the headings say them.
    """

    row: int
    question: str
    answer: str
    label: str
    language: Language
    answered_in: Language

    @property
    def question_key(self) -> str:
        return same_text_key(self.question)

    @property
    def answer_key(self) -> str:
        return same_text_key(self.answer) or self.answer


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sheet gave: entries in its order, rows below the headings, and remarks."""

    entries: tuple[Entry, ...]
    rows: int
    notes: tuple[Note, ...]


@dataclass(slots=True)
class _Above:
    """What an empty cell continues: the answers of ``row``, last continued in row ``last``."""

    answers: dict[int, str]
    label: str
    row: int
    last: int


def read_entries(sheet: Sheet, headings: Headings) -> Reading:
    """Return every usable question with its answer; the other rows become notes.

    An empty answer below a question continues the answer above, as merged cells are exported.
    """
    rows = [row for row in sheet.rows if row.number > headings.row]
    labels = _label_columns(rows, headings)
    notes: list[Note] = []
    entries: list[Entry] = []
    above = _Above({}, "", 0, 0)
    for row in rows:
        if _is_repeated_heading(row, headings):
            continue
        entries.extend(_of_row(row, headings, labels, above, notes))
    return Reading(tuple(entries), len(rows), tuple(notes))


def _of_row(
    row: Row, headings: Headings, labels: Sequence[Column], above: _Above, notes: list[Note]
) -> Iterator[Entry]:
    told = len(notes)
    questions = list(_cells(row, headings.of("question"), notes))
    answers = list(_cells(row, headings.of("answer"), notes))
    is_told = len(notes) > told
    label = next((clean_label(_cell(row, c)) for c in labels if _cell(row, c).strip()), "")
    if not questions:
        if answers and not is_told:
            way_out = f"{_WRITE}, or move the text into the answer above"
            notes.append(Note(row.number, "unusable", "has no question", way_out, answers[0][1]))
        return
    if not answers:
        if not _continues(row, headings, label, above):
            if not is_told:
                text = questions[0][1]
                notes.append(Note(row.number, "unusable", "has no answer", _WRITE, text))
            return
        above.last = row.number
        answers = [(c, above.answers[c.place]) for c in headings.of("answer")
                   if c.place in above.answers]  # fmt: skip
        label = label or above.label
        notes.append(
            Note(
                row.number, "doubt", f"has no answer; that of row {above.row} continues",
                "write the answer into the row if it is another", questions[0][1],
            )
        )  # fmt: skip
    else:
        above.answers = {column.place: text for column, text in answers}
        above.label, above.row, above.last = label, row.number, row.number
    for column, question in questions:
        for reply in answers:
            entry = _entry(row, label, (column, question), reply, alone=len(answers) == 1)
            if entry is not None:
                yield entry


def _continues(row: Row, headings: Headings, label: str, above: _Above) -> bool:
    """Tell whether a row without answer belongs to the one right above it."""
    is_empty = not any(_cell(row, column).strip() for column in headings.of("answer"))
    follows = row.number == above.last + 1
    return bool(above.answers) and is_empty and follows and label in ("", above.label)


def _entry(
    row: Row, label: str, asked: tuple[Column, str], said: tuple[Column, str], *, alone: bool
) -> Entry | None:
    """Pair a question with an answer unless their headings put them into different languages."""
    told, replied = asked[0].language, said[0].language
    language = told or language_of(asked[1]) or replied or "ko"
    # An address or a number is in the language of who asked for it.
    answered_in = replied or _language_of_answer(said[1]) or language
    if not alone and told != replied and None not in (told, replied):
        return None
    return Entry(row.number, asked[1], said[1], label, language, answered_in)


def _cells(row: Row, columns: Sequence[Column], notes: list[Note]) -> Iterator[tuple[Column, str]]:
    for column in columns:
        raw = _cell(row, column)
        if not raw.strip():
            continue
        problem = _problem(raw, column.role)
        if problem is not None:
            notes.append(Note(row.number, "unusable", *problem, raw))
            continue
        text = clean_question(raw) if column.role == "question" else clean_answer(raw)
        if is_nothing(text):
            continue
        if column.role == "question" and not normalise(text):
            why = "its question has no letter to read"
            notes.append(Note(row.number, "unusable", why, _WRITE, raw))
            continue
        yield column, text


def _problem(raw: str, role: Role) -> tuple[str, str] | None:
    if is_formula(raw):
        return f"its {role} is a formula", "copy the cell and paste it as a value"
    if is_failed_formula(raw):
        return f"its {role} is a formula that failed", "put it right in the sheet"
    if role == "question" and len(raw) > QUESTION_LIMIT:
        return (
            f"its question has {len(raw):,} characters; the limit is {QUESTION_LIMIT}",
            "write it as one sentence, as a customer would ask",
        )
    return None


def _language_of_answer(text: str) -> Language | None:
    """Return the language of an answer; None if there are only addresses, numbers, single letters.

    English answers explain Korean terms, and Korean ones are full of English names.
    """
    words = [word for word in text.split() if "://" not in word and "@" not in word]
    words = [word for word in words if sum(map(str.isalpha, word)) > 1]
    korean = sum(map(has_hangul, words))
    if not words:
        return None
    return "ko" if korean >= KOREAN_WORDS * len(words) else "en"


def _label_columns(rows: Sequence[Row], headings: Headings) -> tuple[Column, ...]:
    """Return the column of intents; one of topics only if a topic has hardly more than one answer.

    Of several columns of topics the last is the finest.
    """
    if intents := headings.of("intent"):
        return intents
    answers = headings.of("answer")[0]
    for column in reversed(headings.of("topic")):
        said: dict[str, set[str]] = {}
        for row in rows:
            label, answer = clean_label(_cell(row, column)), _cell(row, answers).strip()
            if label and answer:
                said.setdefault(label, set()).add(answer)
        distinct = sum(map(len, said.values()))
        if len(said) > 1 and distinct <= TOPIC_ANSWERS * len(said):
            return (column,)
    return ()


def _is_repeated_heading(row: Row, headings: Headings) -> bool:
    """Tell whether a row holds the headings once more, as printed pages have them."""
    return all(_cell(row, column).strip() == column.heading for column in headings.columns)


def _cell(row: Row, column: Column) -> str:
    return row.cells[column.place] if column.place < len(row.cells) else ""
