"""What a message refuses is told from what it wants, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangdam.nlu.values import find_entities, setting_of
from sangdam.text.negation import refusals
from sangdam.text.normalise import normalise
from tests.core import every_kind
from tests.core.counter import NOON

BOT = every_kind.pack().bot
SETTING = setting_of(BOT, NOON)

# Entity, sentence, values that are wanted, values that are refused.
TABLE = [
    ("hour", "3시 말고 4시", "16:00", "15:00"),
    ("hour", "아니 3시 말고 4시요", "16:00", "15:00"),
    ("hour", "3시가 아니라 4시요", "16:00", "15:00"),
    ("hour", "3시 아니고 4시", "16:00", "15:00"),
    ("hour", "3시 말구 4시로 해주세요", "16:00", "15:00"),
    ("hour", "4시요 3시 말고요", "16:00", "15:00"),
    ("hour", "3시가 아닌 4시로요", "16:00", "15:00"),
    ("hour", "3시 아닌데요 4시예요", "16:00", "15:00"),
    ("hour", "3시 말고요", "", "15:00"),
    ("hour", "3시는 싫어요", "", "15:00"),
    ("hour", "3시는 힘들 것 같아요 4시로 해주세요", "16:00", "15:00"),
    ("hour", "3시 대신 5시", "17:00", "15:00"),
    ("hour", "3시로 안 되면 4시", "16:00", "15:00"),
    ("hour", "3시나 4시 말고 5시", "17:00", "15:00 16:00"),
    ("hour", "3시에서 4시로 바꿔 주세요", "16:00", "15:00"),
    ("hour", "오후 3시 말고 오전 10시요", "10:00", "15:00"),
    ("hour", "내일 3시 말고 4시", "16:00", "15:00"),
    ("hour", "3시 말고도 가능한 시간 있나요", "", "15:00"),
    ("day", "내일 아니고 모레", "2026-11-22", "2026-11-21"),
    ("day", "내일은 안 돼요 모레요", "2026-11-22", "2026-11-21"),
    ("day", "내일은 안 될 것 같고 모레로 할게요", "2026-11-22", "2026-11-21"),
    ("day", "화요일 빼고요", "", "2026-11-24"),
    ("day", "토요일은 제외하고요", "", "2026-11-21"),
    ("day", "화요일이나 수요일 말고 금요일", "2026-11-27", "2026-11-24 2026-11-25"),
    ("day", "예약 날짜는 내일이 아니에요", "", "2026-11-21"),
    ("day", "내일 3시 말고 모레 4시", "2026-11-22", "2026-11-21"),
    ("day", "내일 3시 말고 4시", "2026-11-21", ""),
    ("moment", "내일 3시 말고 4시", "2026-11-21T16:00", "2026-11-21T15:00"),
    ("days", "12월 3일부터 5일 말고 4일부터 6일", "2026-12-04/2026-12-06", "2026-12-03/2026-12-05"),
    ("people", "두 명 말고 세 명", "3 person", "2 person"),
    ("people", "두 명이 아니라 세 명이요", "3 person", "2 person"),
    ("people", "두 명 말고요", "", "2 person"),
    ("colour", "빨간색 말고 파란색", "blue", "red"),
    ("colour", "빨간색은 별로예요 파란색으로", "blue", "red"),
    ("budget", "3만원 말고 4만원", "40000 KRW", "30000 KRW"),
    ("discount", "10% 말고 20%", "20", "10"),
    ("length", "두 시간 말고 세 시간", "PT3H", "PT2H"),
    ("place", "세 번째 말고 두 번째", "2", "3"),
    ("who", "김민수 말고 김철수", "김철수", "김민수"),
    ("order_number", "20261118-0001 말고 20261118-0002", "20261118-0002", "20261118-0001"),
    ("amount", "not 3 but 4", "4", "3"),
    ("amount", "4 instead of 3", "4", "3"),
    ("amount", "two not three", "2", "3"),
    ("hour", "not 3 pm", "", "15:00"),
    ("hour", "4 pm instead of 3 pm", "16:00", "15:00"),
    ("hour", "it's 3 pm not 4 pm", "15:00", "16:00"),
    ("hour", "I don't want 3 pm", "", "15:00"),
    ("hour", "3 pm is too late, 1 pm please", "13:00", "15:00"),
    ("hour", "move it from 3 pm to 4 pm", "16:00", "15:00"),
    ("hour", "anything but 3 pm", "", "15:00"),
    ("day", "no, not Tuesday, Wednesday", "2026-11-25", "2026-11-24"),
    ("day", "not Tuesday or Wednesday", "", "2026-11-24 2026-11-25"),
    ("day", "can't do Tuesday, how about Friday", "2026-11-27", "2026-11-24"),
    ("day", "Tuesday doesn't work, Friday please", "2026-11-27", "2026-11-24"),
    ("day", "Friday rather than Tuesday", "2026-11-27", "2026-11-24"),
    ("people", "not two people, three people", "3 person", "2 person"),
    ("colour", "not red but blue", "blue", "red"),
    # Nothing is refused.
    ("hour", "아니 4시요", "16:00", ""),
    ("hour", "아니요 4시요", "16:00", ""),
    ("hour", "3시 아니에요?", "15:00", ""),
    ("hour", "3시에서 4시 사이", "15:00 16:00", ""),
    ("day", "내일은 안 되나요?", "2026-11-21", ""),
    ("day", "내일은 안 될까요?", "2026-11-21", ""),
    ("day", "내일은 안 돼요? 그럼 모레요", "2026-11-21 2026-11-22", ""),
    ("day", "내일 아닌가요?", "2026-11-21", ""),
    ("day", "why not Friday?", "2026-11-27", ""),
    ("day", "내일 못 가나요?", "2026-11-21", ""),
    ("hour", "no, 4 pm", "16:00", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "wanted", "refused"), TABLE)
def test_the_values_that_are_not_wanted_are_marked(
    name: str, text: str, wanted: str, refused: str
) -> None:
    found = find_entities(BOT, normalise(text), SETTING, expected=name)
    values = [one for one in found if one.name == name]
    separator = None if name not in ("people", "budget") else "\0"
    assert [one.value for one in values if not one.refused] == wanted.split(separator) * bool(
        wanted
    )
    assert [one.value for one in values if one.refused] == refused.split(separator) * bool(refused)


def test_a_refused_value_stands_where_it_is_written() -> None:
    for text, there in (("음 3시는 말고 4시", "3시"), ("please not on tuesday", "tuesday")):
        (one,) = [one for one in find_entities(BOT, text, SETTING) if one.refused]
        assert (one.text, text[one.start : one.end]) == (there, there)


WORDS = st.sampled_from(
    "3시 4시 내일 모레 두 명 말고 아니라 아니고 안 돼요 빼고 not tuesday but instead of 3 pm 10% "
    "이나 , "
    "에서 로 바꿔 from to change".split()
)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_no_two_values_of_a_kind_share_their_words(text: str) -> None:
    found = find_entities(BOT, normalise(text), SETTING)
    for one in found:
        assert normalise(text)[one.start : one.end] == one.text
        same = [other for other in found if other.name == one.name and other is not one]
        assert not any(one.start < other.end and other.start < one.end for other in same)


@given(st.text(max_size=300))
def test_no_text_is_too_hostile_to_refuse_something(text: str) -> None:
    plain = normalise(text)
    assert all(0 <= one.start < one.end <= len(plain) for one in refusals(plain))
