"""Spaces put back where a bot's own examples have them, and nothing else changed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.text.normalise import normalise
from sangdam.text.spacing import LONG, Spacing, learn_spacing

THINGS = ("배송", "환불", "주문", "쿠폰", "회원 등급", "반품 신청")
ASKED = (
    "{}은 언제 되나요", "{} 어떻게 하나요", "{} 취소하고 싶어요", "{} 내역을 보여 주세요",
    "{}이 안 돼요", "제가 한 {} 어디까지 왔나요", "{} 관련해서 상담원 연결해 주세요",
)  # fmt: skip
TEXTS = tuple(normalise(asked.format(thing)) for thing in THINGS for asked in ASKED)
SPACING = learn_spacing(TEXTS, seed=0)


def test_spaces_left_out_are_put_back() -> None:
    right = sum(SPACING(text.replace(" ", "")) == text for text in TEXTS if len(text) > LONG)
    assert right / len(TEXTS) > 0.8


def test_a_sentence_that_was_never_seen_is_spaced_alike() -> None:
    assert SPACING("쿠폰관련해서상담원연결해주세요") == "쿠폰 관련해서 상담원 연결해 주세요"


def test_a_text_with_its_spaces_stays_as_it_is() -> None:
    assert [SPACING(text) for text in TEXTS] == list(TEXTS)


@pytest.mark.parametrize(
    "text", ["배송언제와", "order20261118", "ㅋㅋㅋㅋㅋㅋㅋㅋ", "whereismyorder", ""]
)
def test_only_long_stretches_of_syllables_are_touched(text: str) -> None:
    assert SPACING(text) == text


@given(st.text(alphabet="배송환불은이언제되나요 ab1?", max_size=80))
def test_nothing_but_spaces_is_added_and_once_is_enough(text: str) -> None:
    spaced = SPACING(text)
    assert spaced.replace(" ", "") == text.replace(" ", "")
    assert SPACING(spaced) == spaced


@given(st.text(max_size=80))
def test_any_text_can_be_spaced(text: str) -> None:
    assert "".join(SPACING(text).split()) == "".join(text.split())


def test_where_nothing_was_learnt_nothing_is_changed() -> None:
    nothing = learn_spacing(["where is my order", "배송"], seed=0)
    assert nothing == Spacing()
    assert nothing("배송언제도착하나요알려주세요") == "배송언제도착하나요알려주세요"


def test_the_same_texts_and_seed_give_the_same_weights() -> None:
    assert learn_spacing(TEXTS, seed=0) == SPACING
    assert learn_spacing(TEXTS, seed=1) != SPACING


@pytest.mark.parametrize("spacing", [SPACING, Spacing()])
def test_a_spacing_survives_storage(spacing: Spacing) -> None:
    assert Spacing.from_json(spacing.to_json()) == spacing


@pytest.mark.parametrize("text", ["", "한글", "AAAA", SPACING.to_json()[:-20]])
def test_damaged_weights_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="spacing"):
        Spacing.from_json(text)


def test_hostile_length_takes_no_long_time() -> None:
    begun = time.process_time()
    SPACING("배송언제되나요" * 300)
    assert time.process_time() - begun < 1.0
