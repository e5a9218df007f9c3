"""Choices from a list: every row shows what is found in it, and as what."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sangdam.bots.definition import EntityType
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

SHADES = {"red": ("빨강", "crimson"), "sky": ("sky blue", "하늘 블루"), "any": ("blck",)}
SIGNS = {"minus": ("-5", "- 7", "-red"), "plus": ("+5", "5")}


def list_of(name: str, options: dict[str, tuple[str, ...]]) -> EntityType:
    return EntityType(name, "choice", options={key: {"ko": said} for key, said in options.items()})


LISTS = {
    "colour": list_of("colour", COLOURS),
    "other": list_of("other", OTHERS),
    "shade": list_of("shade", SHADES),
    "sign": list_of("sign", SIGNS),
    "nothing": list_of("nothing", {"": ("",)}),
}
PIECES = (
    *(word for some in (COLOURS, OTHERS) for words in some.values() for word in words),
    *" -,.'은요자이나도말고빼고15", "crimson", "sky", "하늘", "-5", "- 7", "not ", "으로 ",
    "주세요", "depp", "blakc", "렉", "파렁", "로주 골드", "gold!!", "b", "ㅂ", "_", "\n", "가",
)  # fmt: skip

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


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("-5")
@example("! 5 -red - 7")
@example("하늘블로 말고 빨강이랑 sky bule")
def test_lists_are_read_together_as_each_of_them_alone(text: str) -> None:
    alone = {name: choice.find_option(text, entity) for name, entity in LISTS.items()}
    assert choice.find_options(text, LISTS) == {name: some for name, some in alone.items() if some}


def test_entities_of_other_types_are_passed_over() -> None:
    entities = {"day": EntityType("day", "date"), "tint": LISTS["colour"]}
    assert list(choice.find_options("내일 빨강이요", entities)) == ["tint"]
    assert choice.find_options("내일 빨강이요", {"day": entities["day"]}) == {}


def aligned(one: str, other: str) -> int:
    """Return the optimal string alignment distance, by the table that textbooks have."""
    table = [
        [i + j if not i or not j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)
    ]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (one[i - 1] != other[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(st.text("abc", max_size=9), st.text("abc", max_size=9), st.integers(0, 3))
@example("ca", "abc", 2)
def test_slips_are_counted_as_far_as_they_matter(one: str, other: str, most: int) -> None:
    assert choice.distance(one, other, most=most) == min(aligned(one, other), most + 1)


@pytest.mark.parametrize(
    "text",
    [
        "red " * 10_000,
        "가red" * 10_000,
        "빨강" * 50_000,
        "블" * 100_000,
        "1.5." * 10_000,
        "b " + "-" * 100_000,
        "depp" + " " * 100_000 + "blue",
        "s " * 7 + "!" * 100_000 + " blakc",
        "은" * 50_000 + "b" * 50_000,
    ],
)
def test_hostile_length_takes_no_long_time(text: str) -> None:
    begun = time.process_time()
    choice.find_options(text, LISTS)
    assert time.process_time() - begun < 2.0
