"""What a wish in free words names outright, and what of it is left to taste."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.nlu.wish import Words, read_wish
from sangdam.text.wishes import bare_wish

FACETS: dict[str, Words] = {
    "for_whom": {"women": ("여성", "엄마", "어머니", "mother"), "men": ("아빠", "남편", "father")},
    "season": {"winter": ("겨울", "winter")},
    "colour": {"black": ("검정", "black"), "red": ("빨강", "red")},
}


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("따뜻한 코트 하나 추천해 주세요!", "따뜻한 코트"),
        ("뭐 좀 추천해 주실 수 있나요?", "수"),
        ("추천", ""),
        ("집들이 선물 뭐가 좋을까요", "집들이 선물"),
        ("괜찮은 거 있어요?", ""),
        ("Can you recommend something?", ""),
        ("I'm looking for a warm winter coat, please", "warm winter coat"),
        ("", ""),
    ],
)
def test_the_asking_is_taken_off_a_wish(text: str, bare: str) -> None:
    assert bare_wish(text) == bare


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("엄마한테 드릴 거", {"for_whom": ("women",)}),
        ("어머니께 어울리는 검정 코트", {"for_whom": ("women",), "colour": ("black",)}),
        ("여성용 가방", {"for_whom": ("women",)}),
        ("엄마 아빠 겨울 선물", {"for_whom": ("women", "men"), "season": ("winter",)}),
        ("검정 말고 빨강으로", {"colour": ("red",)}),
        ("something black for my mother", {"for_whom": ("women",), "colour": ("black",)}),
        ("어머나 예쁘다", {}),
    ],
)
def test_a_wish_names_options(text: str, named: dict[str, tuple[str, ...]]) -> None:
    assert dict(read_wish(text, FACETS).named) == named


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("5만원 이하 가방", "..50000 KRW"),
        ("3만원대 선물", "30000..39999 KRW"),
        ("under 50,000 won", "..50000 KRW"),
        ("가방", None),
        ("3만원이나 5만원짜리", None),
    ],
)
def test_a_wish_names_money_once_or_not_at_all(text: str, money: str | None) -> None:
    assert read_wish(text, FACETS).money == money


def test_what_names_something_is_no_taste() -> None:
    wish = read_wish("5만원 이하 검정 가방 추천해 주세요", FACETS)
    assert (wish.words, wish.rest) == ("검정 가방", "가방")


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    wish = read_wish(text, FACETS)
    assert set(wish.named) <= set(FACETS)
    assert bare_wish(wish.rest) == wish.rest
