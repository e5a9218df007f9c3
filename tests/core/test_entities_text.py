"""Free text: all of a message, as it was typed, where it was asked for."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.bots.canonical import is_canonical
from sangdam.bots.definition import EntityType
from sangdam.bots.quick_reply import SLOT_LIMIT
from sangdam.nlu.entities import kinds
from sangdam.nlu.understanding import Entity
from sangdam.nlu.values import ANY_DAY
from sangdam.text.free_text import free_text
from sangdam.text.normalise import normalise

WISH = EntityType("wish", "text")


def found(typed: str, *, is_asked: bool = True) -> tuple[Entity, ...]:
    return kinds.find(WISH, normalise(typed), ANY_DAY, is_asked=is_asked, typed=typed)


def test_free_text_is_found_only_where_it_is_asked_for() -> None:
    assert found("문 앞에 놓아 주세요", is_asked=False) == ()
    (one,) = found("문 앞에 놓아 주세요")
    assert (one.value, one.start, one.end) == ("문 앞에 놓아 주세요", 0, 11)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("  서울시  강남구\n테헤란로 1길 5 ", "서울시 강남구 테헤란로 1길 5"),
        ("Apt. 12B, NEW Tower!!", "Apt. 12B, NEW Tower!!"),
        ("ㅋㅋㅋㅋ 따뜻한 거", "ㅋㅋㅋㅋ 따뜻한 거"),
        (unicodedata.normalize("NFD", "강남구"), "강남구"),
        ("a\x00b\u200bc\u202ed", "a bcd"),
        ("half \ud800 a character", "half a character"),
        ("👨‍👩‍👧 3", "👨‍👩‍👧 3"),
    ],
)
def test_free_text_stays_as_it_was_typed_but_on_one_line(typed: str, value: str) -> None:
    assert free_text(typed, limit=SLOT_LIMIT) == value


@pytest.mark.parametrize("typed", ["", "  ", "?!", "...", "👍", "\u200b", "\ud800"])
def test_signs_say_nothing(typed: str) -> None:
    assert free_text(typed, limit=SLOT_LIMIT) == ""
    assert found(typed) == ()


def test_free_text_fits_a_slot_and_is_not_cut_in_a_letter() -> None:
    assert free_text("가" * 500, limit=240) == "가" * 80
    assert free_text("a" + "가" * 500, limit=240) == "a" + "가" * 79
    assert free_text("a" * 239 + " 나", limit=240) == "a" * 239
    (one,) = found("가" * 500)
    assert SLOT_LIMIT - 3 < len(one.value.encode()) <= SLOT_LIMIT


@given(st.text(max_size=600))
def test_free_text_is_canonical_and_cleaning_it_again_changes_nothing(typed: str) -> None:
    value = free_text(typed, limit=SLOT_LIMIT)
    assert free_text(value, limit=SLOT_LIMIT) == value
    assert len(value.encode()) <= SLOT_LIMIT
    assert is_canonical(WISH, value) == bool(value)


@pytest.mark.parametrize("value", ["", " a", "a ", "a  b", "a\nb", "?", "가" * 81, "a\u200bb"])
def test_a_value_of_another_form_is_not_canonical(value: str) -> None:
    assert not is_canonical(WISH, value)
