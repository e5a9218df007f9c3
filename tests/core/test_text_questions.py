"""Questions are told from answers without their mark, and proposals from other questions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.text.normalise import normalise
from sangdam.text.questions import clauses, is_question, proposes, questions

TABLE = Path(__file__).parent / "sentence_tables" / "questions.txt"
_VALUE = re.compile(r"\[(.*?)\]")


def _rows() -> list[tuple[str, str]]:
    lines = TABLE.read_text("utf-8").splitlines()
    return [(line[0], line[2:].strip()) for line in lines if line[:2] in ("? ", "~ ", ". ")]


def _plain(sentence: str) -> str:
    return normalise(_VALUE.sub(r"\1", sentence))


def _rest(sentence: str) -> str:
    return _VALUE.sub(lambda value: " " * len(value[1]), normalise(sentence))


def test_the_table_is_large_enough_to_mean_something() -> None:
    korean = [row for row in _rows() if re.search("[가-힣]", row[1])]
    assert len(korean) >= 120
    assert len(_rows()) - len(korean) >= 60
    assert {mark for mark, _ in korean} == {"?", "~", "."}


@pytest.mark.parametrize(("mark", "sentence"), _rows())
def test_a_sentence_asks_proposes_or_does_neither(mark: str, sentence: str) -> None:
    asks = is_question(_plain(sentence))
    told = "." if not asks else "~" if proposes(_rest(sentence)) else "?"
    assert told == mark


def test_only_the_part_that_asks_is_a_question() -> None:
    for text, asked in (
        ("내일 3시요. 근데 주차 되나요?", "근데 주차 되나요?"),
        ("내일 3시요 근데 주차 되나요", "근데 주차 되나요"),
        ("3시로 할게요, 주차는 어디에 해요?", "주차는 어디에 해요?"),
        ("tomorrow please. is there parking?", "is there parking?"),
        ("3 p.m. please, do you have parking", "do you have parking"),
    ):
        assert [text[slice(*span)].strip() for span in questions(text)] == [asked], text


def test_a_mark_alone_asks_and_no_words_ask_nothing() -> None:
    assert is_question("?")
    assert not is_question("")
    assert not is_question("...")


def test_what_is_endless_is_no_question() -> None:
    assert not is_question("주차 되나요 " * 1000)


@given(st.text(alphabet="가나요까니죠 되3시.?!,~abc now is", max_size=700))
def test_clauses_are_the_whole_text_in_order(text: str) -> None:
    spans = clauses(text)
    assert "".join(text[slice(*span)] for span in spans) == text
    assert all(start < end for start, end in spans)


@given(st.text(max_size=700))
def test_no_text_is_too_hostile_to_be_looked_at(text: str) -> None:
    plain = normalise(text)
    assert all(plain[slice(*span)] for span in questions(plain))
    assert proposes(plain) in (True, False)
