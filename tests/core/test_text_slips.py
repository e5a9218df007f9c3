"""Slips of the hand: believable, drawn by a seed, and never an exception."""

from __future__ import annotations

import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.text.keyboard import as_meant
from sangdam.text.korean import hangul_from_keys, keys_from_hangul
from sangdam.text.normalise import normalise
from sangdam.text.slips import (
    SLIPS,
    decomposed,
    full_width,
    other_keyboard,
    typo,
    without_spaces,
)

ANY = st.text(max_size=60)
SYLLABLES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=20)
SENTENCES = [
    "배송 언제 와요?",
    "환불해주세요 ㅠㅠ",
    "값이 얼마예요",
    "iPhone 15 케이스 있어요?",
    "Where is my order?",
    "cancel it, please!",
]


def distance(one: str, other: str) -> int:
    """Return how many keys must be struck, left out, replaced or swapped (Damerau)."""
    table = [[max(i, j) for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i, left in enumerate(one, 1):
        for j, right in enumerate(other, 1):
            table[i][j] = min(
                table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (left != right)
            )
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@pytest.mark.parametrize("name", SLIPS)
@given(text=ANY, seed=st.integers())
def test_no_text_is_too_odd_to_slip_on(name: str, text: str, seed: int) -> None:
    slipped = SLIPS[name](text, Random(seed))
    assert slipped == SLIPS[name](text, Random(seed))
    assert bool(slipped.strip()) == bool(text.strip())


def test_spaces_are_left_out() -> None:
    assert without_spaces(" 배송 언제\t와요 ", Random(0)) == "배송언제와요"


@pytest.mark.parametrize("text", SENTENCES)
def test_a_typo_is_one_slip_on_the_keyboard(text: str) -> None:
    kinds = set()
    for seed in range(200):
        slipped = typo(text, Random(seed))
        meant, typed = keys_from_hangul(text), keys_from_hangul(slipped)
        assert slipped != text
        assert distance(meant, typed) == 1
        kinds.add(len(typed) - len(meant))
    assert kinds == {-1, 0, 1}


@given(text=st.text(alphabet="배송값예약꺼ㅋabZ 1?", min_size=1, max_size=20), seed=st.integers())
def test_digits_signs_and_spaces_do_not_slip(text: str, seed: int) -> None:
    kept = [letter for letter in text if not letter.isalpha()]
    assert [letter for letter in typo(text, Random(seed)) if not letter.isalpha()] == kept


def test_a_korean_typo_is_made_of_letters_and_composed_anew() -> None:
    slips = {typo("배송", Random(seed)) for seed in range(300)}
    assert {"배속", "비송", "배소", "배송ㅇ"} <= slips
    assert {"ㅐㅂ송", "ㅂ송"} <= slips  # a vowel too early, a vowel missing
    assert "빼송" in slips  # shift held


def test_there_is_nothing_to_mistype_in_digits_and_signs() -> None:
    assert typo("123 !?", Random(0)) == "123 !?"


def test_the_other_mode_of_the_keyboard_needs_shift_for_double_letters() -> None:
    assert other_keyboard("예약 됐어요?", Random(0)) == "dPdir ehoTdjdy?"
    assert other_keyboard("hello", Random(0)) == "ㅗ디ㅣㅐ"
    assert other_keyboard("iPhone 케이스", Random(0)) == "iPhone zpdltm"


@given(SYLLABLES)
def test_syllables_come_back_from_their_keys(text: str) -> None:
    assert hangul_from_keys(keys_from_hangul(text)) == text


@given(st.text(alphabet="qwertyuiopasdfghjklzxcvbnmQWERTOP", max_size=30))
def test_keys_come_back_from_what_they_write(keys: str) -> None:
    assert keys_from_hangul(hangul_from_keys(keys)) == keys


@given(ANY)
def test_conversions_never_raise(text: str) -> None:
    hangul_from_keys(text)
    keys_from_hangul(text)


@given(st.text(alphabet="qwertasdfghjklmnop QERT", max_size=30))
def test_loose_letters_come_back_too(keys: str) -> None:
    written = hangul_from_keys(keys)
    assert hangul_from_keys(keys_from_hangul(written)) == written


@pytest.mark.parametrize("text", SENTENCES)
def test_width_and_composition_are_gone_after_normalising(text: str) -> None:
    assert decomposed(text, Random(0)) == unicodedata.normalize("NFD", text)
    assert normalise(decomposed(text, Random(0))) == normalise(text)
    assert full_width(text, Random(0)) != text
    assert normalise(full_width(text, Random(0))) == normalise(text)


@given(st.text(alphabet="배송 값예약꺼ㅋㅠabZ 1?!", max_size=40))
def test_normalising_forgives_width_and_composition(text: str) -> None:
    assert normalise(decomposed(text, Random(0))) == normalise(text)
    assert normalise(full_width(text, Random(0))) == normalise(text)


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_in_the_wrong_mode_is_read_as_meant(text: str) -> None:
    assert normalise(as_meant(other_keyboard(text, Random(0)))) == normalise(text)
