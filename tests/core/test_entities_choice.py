"""Choices from a list: every row shows what is found in it, and as what."""

from __future__ import annotations

import re

import pytest

from sangdam.nlu.entities import choice
from sangdam.text.normalise import normalise

COLOURS = {
    "red": ("빨강", "빨간색", "레드", "red"),
    "blue": ("파랑", "파란색", "블루", "blue"),
    "deep_blue": ("딥 블루", "deep blue"),
    "black": ("검정", "블랙", "black"),
    "white": ("하양", "화이트", "white"),
    "yellow": ("노랑", "옐로우", "yellow"),
    "green": ("초록", "그린", "green"),
    "grey": ("회색", "그레이", "grey", "gray"),
    "rose": ("로즈 골드", "rose gold"),
}
OTHERS = {
    "small": ("소", "s", "스몰"),
    "medium": ("중", "m", "미디엄"),
    "large": ("대", "l", "라지"),
    "1": ("1번", "첫 번째"),
    "10": ("10번",),
    "phone15": ("아이폰 15", "iphone 15"),
    "phone16": ("아이폰 16", "iphone 16"),
    "visit": ("방문", "매장"),
    "parcel": ("택배", "배송"),
    "early": ("오전 배송", "배송"),
}

KOREAN = """
[빨강 = red]
[빨강 = red]으로요
[블랙 = black]이요
[블랙 = black]으로 할게요
[빨간색 = red]이요
[빨강 = red]색으로 주세요
[파랑 = blue]이 좋아요
[레드 = red]로 해주세요
[화이트 = white]예요
색상은 [검정 = black]입니다
저는 [노랑 = yellow]이요
저는[노랑 = yellow]이요
색상은[블랙 = black]으로해주세요
[딥블루 = deep_blue]
[딥 블루 = deep_blue]로요
[로즈골드 = rose]요
[초 록 = green]
[red = red]로 주세요
[빨강 = red]이랑 [파랑 = blue]
[빨강 = red]하고 [파랑 = blue] 둘 다요
[빨강 = red] 아니면 [파랑 = blue]이요
[빨강 = red] 없으면 [파랑 = blue]이요
빨강 말고 [파랑 = blue]
빨강말고 [파랑 = blue]이요
빨강은 말고 [파랑 = blue]으로요
빨강 아니고 [파랑 = blue]이요
빨강이 아니라 [파랑 = blue]이에요
빨강 빼고 [검정 = black]
빨강 대신 [파랑 = blue]으로요
빨강보다는 [파랑 = blue]이요
빨강은 싫어요 [파랑 = blue]이요
빨강 아니 [파랑 = blue]이요
빨강이나 파랑 말고 [초록 = green]으로요
아니요 [파랑 = blue]이요
[블렉 = black]이요
[불랙 = black]으로 할게요
[빨간 = red]걸로요
[파렁 = blue]
[옐료우 = yellow]
[화이투 = white]
[딥블로 = deep_blue]요
[딮 블루 = deep_blue ? blue]
"""

ENGLISH = """
[red = red]
the [red = red] one please
i'd like [blue = blue], thanks
[deep blue = deep_blue]
the [deep-blue = deep_blue] one
[deepblue = deep_blue]
not the red one, the [blue = blue] one
not red but [blue = blue]
not red or green, [blue = blue]
neither red nor blue, [green = green]
anything but red, maybe [blue = blue]
i don't want red, i want [black = black]
[blue = blue] instead of red
[blue = blue] rather than red
red isn't what i want, [blue = blue] is
no, [red = red]
red? no, [blue = blue]
red, no wait, [blue = blue]
why not [red = red]
if not [red = red] then [blue = blue]
[red = red] or [blue = blue]
[blakc = black]
[yelow = yellow] please
[gren = green ? grey]
[graey = grey]
[depp blue = deep_blue ? blue]
"""

NOTHING = """
빨강 말고요
빨강은 싫어요
빨강 안 할래요
빨강은 별로예요
빨강도 파랑도 싫어요
새빨강이요
빨강이네집
블루투스 되나요
블랙박스 있어요
그린란드
사랑해요
걱정이에요
파도
보라색이요
아무거나요
둘 다요
redo it
i was bored
hundred
greenhouse
blueberry
not red
not the red one
i don't like red
no red please
except blue
while i wait
write to me
back
great
reading
purple
"""

OF_OTHERS = """
[s = small]
[m = medium] 사이즈요
[중 = medium]
[소 = small]로요
[대 = large]자로 주세요
[라지 = large]
[1번 = 1]이요
[1 = 1]
[10번 = 10]
[아이폰15 = phone15]로요
[iphone 16 = phone16] please
[방문 = visit]할게요
[배송 = parcel ? early]이요
[오전 배송 = early]으로요
[택베 = parcel]로요
"""

NOTHING_OF_OTHERS = """
중요해요
중요
소요 시간
대로
대만
이 중에
100번
1.5
2-1
1시
10명
아이폰 17
iphone 1
iphone 150
i'm
it's
ms
"""


def shown(text: str, options: dict[str, tuple[str, ...]]) -> str:
    for one in reversed(choice.find(text, options)):
        values = " ? ".join(reading.value for reading in one.readings)
        text = f"{text[: one.start]}[{text[one.start : one.end]} = {values}]{text[one.end :]}"
    return text


@pytest.mark.parametrize("row", (KOREAN + ENGLISH + NOTHING).strip().splitlines())
def test_a_colour_is_found_in_its_place_and_nothing_else_is(row: str) -> None:
    text = re.sub(r"\[([^]]*?) = [^]]*\]", r"\1", row)
    assert normalise(text) == text, "a row is written as parsers are given it"
    assert shown(text, COLOURS) == row


@pytest.mark.parametrize("row", (OF_OTHERS + NOTHING_OF_OTHERS).strip().splitlines())
def test_short_numbered_and_shared_options_are_found_and_nothing_else_is(row: str) -> None:
    assert shown(re.sub(r"\[([^]]*?) = [^]]*\]", r"\1", row), OTHERS) == row


def test_a_typo_is_less_sure_than_the_word_itself() -> None:
    (right,), (wrong,) = choice.find("블랙", COLOURS), choice.find("블렉", COLOURS)
    assert right.readings[0].confidence == 1.0
    assert 0.5 <= wrong.readings[0].confidence < 0.9


def test_options_are_written_as_their_author_likes() -> None:
    (found,) = choice.find("로즈 골드요", {"ROSE": ["ＲＯＳＥ", "로즈골드"]})
    assert found.readings[0].value == "ROSE"


def test_nothing_is_chosen_from_nothing() -> None:
    assert choice.find("빨강", {}) == ()
    assert choice.find("빨강", {"": ["", " "]}) == ()
