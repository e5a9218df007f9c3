"""Reading a body's fields: every mistake is told at once, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam_adapters.fields import Fields, clean
from sangdam_adapters.problems import ProblemError


def problems(fields: Fields) -> dict[str, str]:
    with pytest.raises(ProblemError) as caught:
        fields.done()
    assert caught.value.code == "invalid_fields"
    assert all(one.problem["ko"] and one.problem["en"] for one in caught.value.fields)
    return {one.field: one.problem["en"] for one in caught.value.fields}


def test_what_is_right_is_returned() -> None:
    fields = Fields({"text": " 안녕 \n", "turn": 3, "language": "en"})
    fields.only("text", "turn", "language")
    assert fields.text("text", limit=10) == " 안녕 \n"
    assert fields.integer("turn", low=0, high=9) == 3
    assert fields.choice("language", ("ko", "en")) == "en"
    fields.done()


def test_every_mistake_is_told_at_once() -> None:
    fields = Fields({"txet": "hi", "turn": "3", "language": "jp"})
    fields.only("text", "turn", "language")
    fields.text("text", limit=10)
    fields.integer("turn", low=0, high=9)
    fields.choice("language", ("ko", "en"))
    assert problems(fields) == {
        "txet": "is not known; fields: text, turn, language",
        "text": "is missing",
        "turn": "must be a whole number from 0 to 9",
        "language": "must be one of ko, en",
    }


@pytest.mark.parametrize("value", [1, 1.5, True, [], {}, ["안녕"], {"ko": "안녕"}])
def test_a_text_is_nothing_else(value: object) -> None:
    fields = Fields({"text": value})
    assert fields.text("text", limit=10) is None
    assert problems(fields) == {"text": "must be a text"}


@pytest.mark.parametrize("value", ["", " ", "\n\t", "\u3000", "\x1f"])
def test_spaces_alone_are_no_text(value: str) -> None:
    fields = Fields({"text": value})
    fields.text("text", limit=10)
    assert problems(fields) == {"text": "is empty"}


def test_a_text_may_be_as_long_as_the_limit_and_no_longer() -> None:
    fields = Fields({"a": "가" * 2000, "b": "가" * 2001, "c": "😀" * 2000})
    assert fields.text("a", limit=2000) == "가" * 2000
    assert fields.text("c", limit=2000) == "😀" * 2000
    fields.text("b", limit=2000)
    assert problems(fields) == {"b": "may have at most 2,000 characters (it has 2,001)"}


def test_a_text_that_is_not_required_may_be_absent_or_null() -> None:
    fields = Fields({"b": None})
    assert fields.text("a", limit=9, required=False) is None
    assert fields.text("b", limit=9, required=False) is None
    fields.done()


def test_a_pattern_must_match_the_whole_text() -> None:
    fields = Fields({"a": "m-1", "b": "m-1\n", "c": "m 1"})
    for name in "abc":
        fields.text(name, limit=9, pattern="[a-z0-9-]+")
    assert set(problems(fields)) == {"b", "c"}


@pytest.mark.parametrize("value", [True, False, 1.0, "1", -1, 10, 10**30, [], None])
def test_a_whole_number_is_nothing_else(value: object) -> None:
    fields = Fields({"turn": value})
    assert fields.integer("turn", low=0, high=9) is None
    assert set(problems(fields)) == {"turn"}


@pytest.mark.parametrize("value", ["KO", "", 1, [], {}, ["ko"]])
def test_a_choice_is_one_of_the_known(value: object) -> None:
    fields = Fields({"language": value})
    assert fields.choice("language", ("ko", "en")) is None
    assert set(problems(fields)) == {"language"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ud800", "\ufffd"),
        ("a\udfffb", "a\ufffdb"),
        ("\ud83d 😀 \ude00", "\ufffd 😀 \ufffd"),
        ("\ud83d\ude00", "😀"),
        ("\ufeff안녕\0", "\ufeff안녕\0"),
    ],
)
def test_half_characters_are_replaced(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(st.text())
def test_a_clean_text_can_be_stored_and_is_else_unchanged(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        assert cleaned == text


@given(st.dictionaries(st.text(max_size=9), st.none() | st.text() | st.integers() | st.floats()))
def test_no_body_is_too_odd_to_be_refused(body: dict[str, Any]) -> None:
    fields = Fields(body)
    fields.only("text", "turn", "language")
    fields.text("text", limit=2000)
    fields.integer("turn", low=0, high=9)
    fields.choice("language", ("ko", "en"))
    try:
        fields.done()
    except ProblemError as error:
        assert error.fields  # noqa: PT017 -- not every body is refused
