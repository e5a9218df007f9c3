"""Mistyped words are put right from taught ones; words that are merely new stay."""

from __future__ import annotations

import json
import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.text.orthography import Orthography, learn_orthography
from sangdam.text.slips import typo, without_spaces
from sangdam.text.spelling import Spelling, is_one_slip, learn_spelling

TAUGHT = (
    "배송 언제 도착하나요",
    "주문을 취소하고 싶어요",
    "환불은 언제 되나요",
    "반품 신청 어떻게 하나요",
    "where is my order",
    "i want to cancel my reservation",
    "track the package please",
)
SPELLING = learn_spelling(TAUGHT)
ORTHOGRAPHY = learn_orthography(TAUGHT * 3, seed=0)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("배ㅗㅅㅇ 언제 도착하나요", "배송 언제 도착하나요"),
        ("주문을 취소하고 싶엉ㅛ", "주문을 취소하고 싶어요"),
        ("환불ㅇㄴ 언제 되나요", "환불은 언제 되나요"),
        ("반품 신처ㅇ 어떻게 하나요", "반품 신청 어떻게 하나요"),
        ("wherre is my order", "where is my order"),
        ("cancel my resrevation", "cancel my reservation"),
        ("track the pacxkage", "track the package"),
    ],
)
def test_one_wrong_key_in_a_word_is_put_right(typed: str, right: str) -> None:
    assert SPELLING(typed) == right


@pytest.mark.parametrize(
    "text",
    [
        "환불을 언제 하나요",
        "주문은 취소하기 싫어요",
        "ㅋㅋ",
        "ㅇㅋ",
        "ㄱㅅ",
        "is",
        "it is mine",
        "20261118",
    ],
)
def test_words_that_are_merely_new_stay(text: str) -> None:
    assert SPELLING(text) == text


@given(st.text(alphabet="abcd", min_size=3, max_size=8), st.integers())
def test_every_typo_is_one_slip(word: str, seed: int) -> None:
    assert is_one_slip(word, typo(word, Random(seed)))
    assert is_one_slip(typo(word, Random(seed)), word)


@given(st.text(alphabet="abc", max_size=6))
def test_no_word_is_a_slip_of_itself(word: str) -> None:
    assert not is_one_slip(word, word)


@given(st.text(max_size=60) | st.sampled_from(TAUGHT), st.integers())
def test_any_text_can_be_put_right(text: str, seed: int) -> None:
    typed = typo(text, Random(seed))
    assert SPELLING(typed) == SPELLING(typed)
    assert ORTHOGRAPHY(typed).split() or not typed.split()


@pytest.mark.parametrize("text", TAUGHT)
def test_taught_texts_stay(text: str) -> None:
    assert ORTHOGRAPHY(text) == text


@pytest.mark.parametrize("text", TAUGHT[:4])
def test_taught_texts_come_back_without_their_spaces(text: str) -> None:
    assert ORTHOGRAPHY(without_spaces(text, Random(0))) == text


def test_what_was_taught_nothing_changes_nothing() -> None:
    assert Orthography()("배송언제도착하나요 wherre") == "배송언제도착하나요 wherre"
    assert Spelling()("wherre") == "wherre"


@pytest.mark.parametrize("orthography", [ORTHOGRAPHY, Orthography()])
def test_an_orthography_survives_storage(orthography: Orthography) -> None:
    again = Orthography.from_json(json.loads(json.dumps(orthography.to_json())))
    assert again == orthography
    assert again("배ㅗㅅㅇ언제도착하나요") == orthography("배ㅗㅅㅇ언제도착하나요")


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {**ORTHOGRAPHY.to_json(), "version": 0},
        {**ORTHOGRAPHY.to_json(), "words": {"a": "b"}},
        {**ORTHOGRAPHY.to_json(), "words": ["a"]},
        {**ORTHOGRAPHY.to_json(), "spacing": "!"},
    ],
)
def test_a_damaged_orthography_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"orthography|spacing"):
        Orthography.from_json(data)


def test_hostile_length_takes_no_long_time() -> None:
    begun = time.process_time()
    for text in ("주문ㅇ을 " * 400, "orderr " * 300, "a" * 2000, "배송ㅇ" * 600):
        ORTHOGRAPHY(text)
    assert time.process_time() - begun < 1.0
