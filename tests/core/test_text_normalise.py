"""All the ways one message can be typed have one form."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sangdam.text.normalise import MAX_LENGTH, normalise

any_text = st.text(st.characters(exclude_categories=[]), max_size=60)
letters = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
syllables = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("  배송   언제\t와요\n?", "배송 언제 와요 ?"),
        ("Where IS my ORDER", "where is my order"),
        ("ＯＲＤＥＲ　１２３", "order 123"),
        ("ㅋㅋㅋㅋㅋㅋ 뭐야", "ㅋㅋ 뭐야"),
        ("배송 언제 와요ㅠㅠㅠㅠ", "배송 언제 와요ㅠㅠ"),
        ("soooooo late!!!!!!", "soo late!!"),
        ("1000000원", "1000000원"),
        ("010-0000-1111", "010-0000-1111"),
        ("배\u200b송\ufeff조회", "배송조회"),
        ("배송\u00a0조회\u3000요", "배송 조회 요"),
        ("a\x00b\x1bc", "a b c"),
        ("한\u3164글", "한글"),
        ("\uffa1\uffa1 \uffbe\uffbe\uffc2", "ㄱㄱ ㅎㅎㅏ"),
        ("\u1100", "ㄱ"),
        ("ㅎㅏ", "ㅎㅏ"),
        ("Straße", "strasse"),
        ("☕️", "☕"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_what_is_typed_has_one_normal_form(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert normalise("a\ud800b") == "a\ufffdb"


@pytest.mark.parametrize("text", ["배송 언제 와요", "값을 닭이 않았다", "café"])
def test_decomposed_text_is_the_same_as_composed(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)) == text


@given(st.text(letters | syllables, max_size=60))
def test_plain_text_takes_no_other_form_than_its_letters_one_by_one(text: str) -> None:
    assert normalise(text) == normalise(unicodedata.normalize("NFD", text) + "\u200b")


def test_a_message_is_cut_at_the_longest_length() -> None:
    assert normalise("가나" * MAX_LENGTH) == "가나" * (MAX_LENGTH // 2)


def test_a_decomposed_message_may_be_as_long_as_a_composed_one() -> None:
    text = "값닭" * (MAX_LENGTH // 2)
    assert normalise(unicodedata.normalize("NFD", text)) == text


@given(any_text)
@example("İ")
@example("ΐ\u0345")
@example("ㅋㅋㅋ\u1175\u1175\u1175")
@example("\u0e33" * 3)
def test_normalising_again_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(any_text)
def test_a_normal_text_is_clean(text: str) -> None:
    normal = normalise(text)
    assert normal == normal.strip()
    assert "  " not in normal
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in normal)
    assert len(normal) <= MAX_LENGTH


@pytest.mark.parametrize(
    "text", ["\u0300\u0323" * 50_000, "가" * 100_000, " \t" * 50_000, "ㅋ" * 100_000, "ﷺ" * 100_000]
)
def test_hostile_length_takes_no_long_time(text: str) -> None:
    begun = time.process_time()
    normalise(text)
    assert time.process_time() - begun < 0.5
