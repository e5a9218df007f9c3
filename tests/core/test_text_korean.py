"""Syllables, jamo, the two-set keyboard and the language of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.text.korean import (
    from_jamo,
    hangul_from_keys,
    has_hangul,
    keys_from_hangul,
    language_of,
    to_jamo,
)

syllables = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=20)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("배송 언제 와요", "ko"),
        ("where is my order", "en"),
        ("iPhone 15 배송", "ko"),
        ("ㅇㅇ", "ko"),
        ("\u1112\u1161\u11ab", "ko"),
        ("Café", "en"),
        ("12345 !!", None),
        ("日本語", None),
        ("", None),
    ],
)
def test_hangul_makes_a_text_korean_and_latin_letters_english(
    text: str, language: str | None
) -> None:
    assert language_of(text) == language


def test_stand_alone_jamo_are_hangul() -> None:
    assert has_hangul("ok ㅋ")
    assert not has_hangul("ok")


def test_a_syllable_is_written_as_its_letters() -> None:
    assert to_jamo("값 닭!") == "ㄱㅏㅄ ㄷㅏㄺ!"


@given(syllables)
def test_syllables_survive_their_letters(text: str) -> None:
    assert from_jamo(to_jamo(text)) == text


def test_a_consonant_before_a_vowel_leads_the_next_syllable() -> None:
    assert from_jamo("ㄱㅏㄱㅏ") == "가가"
    assert from_jamo("ㄱㅏㄱ") == "각"
    assert from_jamo("ㅋㅋ") == "ㅋㅋ"
    assert from_jamo("ㅏㄱ") == "ㅏㄱ"


@pytest.mark.parametrize(
    ("keys", "korean"),
    [
        ("dPdir", "예약"),
        ("qothd djswp dhkdy?", "배송 언제 와요?"),
        ("ehoTdj", "됐어"),
        ("rkqtdl", "값이"),
        ("ghksqnf gownjdy", "환불 해줘요"),
        ("dlfrek", "읽다"),
        ("123", "123"),
    ],
)
def test_korean_typed_with_the_keyboard_in_english_can_be_read(keys: str, korean: str) -> None:
    assert hangul_from_keys(keys) == korean


@pytest.mark.parametrize(
    ("typed", "english"),
    [("ㅗ디ㅣㅐ", "hello"), ("ㅐㄱㅇㄷㄱ", "order"), ("ㄱㄷ려ㅜㅇ", "refund")],
)
def test_english_typed_with_the_keyboard_in_korean_can_be_read(typed: str, english: str) -> None:
    assert keys_from_hangul(typed) == english


@given(syllables)
def test_keys_of_syllables_write_the_same_syllables(text: str) -> None:
    assert hangul_from_keys(keys_from_hangul(text)) == text
