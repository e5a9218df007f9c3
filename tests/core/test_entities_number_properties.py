"""Whatever a text is, parsers of numbers end with spans inside it, and in time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangdam.nlu.entities import count, money, number, ordinal, percent
from sangdam.nlu.entities.numerals import LIMIT, numerals, spelled
from sangdam.nlu.entities.reading import Found
from sangdam.text.normalise import normalise

Find = Callable[[str], tuple[Found, ...]]

PARSERS: dict[str, Find] = {
    "number": number.find,
    "count": count.find,
    "money": money.find,
    "percent": percent.find,
    "ordinal": ordinal.find,
    "ordinal of three": partial(ordinal.find, size=3),
}
PIECES = (
    "일 이 삼 사 오 십 백 천 만 억 조 영 공 하나 둘 셋 한 두 세 네 열 스물 스무 쉰 한두 1 2 30 "
    "1,200 0.5 "
    "- ~ .. . , : / % $ ₩ ¥ € # + ⁄ 명 개 인 분 번 번째 째 첫 원 만원 달러 유로 엔 대 이하 이상 "
    "미만 부터 까지 "
    "에서 사이 정도 약 몇 수 여 어른 아이 표 장 방 박 프로 퍼센트 할 푼 반값 마지막 맨 위 아래 "
    "거 걸로 말고 이요 "
    "입니다 이에요 one two hundred thousand and a half dozen couple point twenty of tickets people "
    "dollars cents won percent the second last third to from between under at least option not k "
    "m krw"
).split()

any_text = st.text(st.characters(exclude_categories=[]), max_size=60)
likely_text = st.lists(
    st.one_of(st.sampled_from([*PIECES, " ", " ", " "]), st.text(max_size=2)), max_size=14
).map("".join)
parsers = pytest.mark.parametrize("find", PARSERS.values(), ids=PARSERS)


@parsers
@settings(max_examples=300, deadline=None)
@given(text=st.one_of(any_text, likely_text, likely_text.map(normalise)))
def test_any_text_gives_ordered_spans_and_distinct_readings(find: Find, text: str) -> None:
    found = find(text)
    assert len(found) <= LIMIT
    last = 0
    for one in found:
        assert last <= one.start < one.end <= len(text)
        last = one.end
        values = [reading.value for reading in one.readings]
        sure = [reading.confidence for reading in one.readings]
        assert values
        assert len(set(values)) == len(values)
        assert all(0 < confidence <= 1 for confidence in sure)
        assert sure == sorted(sure, reverse=True)


@parsers
@settings(max_examples=300, deadline=None)
@given(text=st.one_of(any_text, likely_text))
def test_what_is_found_is_found_again_by_its_canonical_form(find: Find, text: str) -> None:
    for one in find(text):
        for reading in one.readings:
            assert_parses_back(find, reading.value)


def assert_parses_back(find: Find, value: str) -> None:
    (again,) = find(normalise(value))
    assert [reading.value for reading in again.readings] == [value]


@given(st.decimals(-999_999, 999_999, places=2).map(spelled))
def test_a_number_is_read_back(value: str) -> None:
    assert_parses_back(number.find, value)


@given(st.integers(0, 999_999), st.sampled_from(count.UNITS))
def test_a_count_is_read_back(value: int, unit: str) -> None:
    assert_parses_back(count.find, f"{value} {unit}")


@given(
    st.integers(1, 10**8),
    st.integers(1, 10**8),
    st.sampled_from(["{0} {2}", "{0}..{1} {2}", "..{0} {2}", "{0}.. {2}"]),
    st.sampled_from("KRW USD EUR JPY CNY GBP".split()),
)
def test_an_amount_is_read_back(low: int, more: int, form: str, currency: str) -> None:
    assert_parses_back(money.find, form.format(low, low + more, currency))


@given(st.decimals(0, 999, places=2))
def test_an_amount_with_cents_is_read_back(amount: Decimal) -> None:
    written = f"{amount:.2f}" if amount % 1 else spelled(amount)
    assert_parses_back(money.find, f"{written} USD")


@given(st.integers(1, 99).map(str) | st.just("-1"))
def test_a_place_is_read_back(value: str) -> None:
    assert_parses_back(ordinal.find, value)


def in_sino_korean(value: int) -> str:
    digits = " 일이삼사오육칠팔구"

    def group(part: int) -> str:
        text = ""
        for size, name in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
            digit = part // size % 10
            if digit:
                text += ("" if digit == 1 and size > 1 else digits[digit]) + name
        return text

    high, low = divmod(value, 10_000)
    return (("" if high == 1 else group(high)) + "만" if high else "") + group(low)


@given(st.integers(13, 99_999_999))
def test_every_amount_of_won_said_in_korean_is_understood(value: int) -> None:
    (found,) = money.find(f"{in_sino_korean(value)} 원이요")
    assert [one.value for one in found.readings] == [f"{value} KRW"]


def in_english(value: int) -> str:
    ones = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen"
    ).split()
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    if value < 20:
        return ones[value]
    if value < 100:
        return tens[value // 10 - 2] + (f"-{ones[value % 10]}" if value % 10 else "")
    if value < 1000:
        rest = f" and {in_english(value % 100)}" if value % 100 else ""
        return f"{ones[value // 100]} hundred{rest}"
    joint = " and " if 0 < value % 1000 < 100 else " "
    rest = f"{joint}{in_english(value % 1000)}" if value % 1000 else ""
    return f"{in_english(value // 1000)} thousand{rest}"


@given(st.integers(0, 999_999))
def test_every_number_said_in_english_is_understood(value: int) -> None:
    (found,) = numerals(in_english(value))
    assert found.values == (Decimal(value),)


HOSTILE = tuple(
    (
        "이/일이/만/천 /3만 /1/1,/1,000,/1./1-/1~/20~30/-/ /두 /한/네다섯/열 /몇/a /a hundred and "
        "/twenty /one /two-/hundred /$/$1/₩/../마지막/맨 /첫 /혼자 /2번/두 번/the second /반값"
        "/표 /어른 /이 만 /%/1% /5 할/between /최대 /under /3만원 이상 /1⁄/\ud800/\u1100/가/1명/명"
    ).split("/")
)
LENGTH = 100_000
PROFILED = 5_000  # both halves are too long to be remembered


def calls(find: Find, text: str) -> int:
    """Return how many calls of functions, Python's and C's, a parser makes on a text."""
    made = 0

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        find(text)
    finally:
        sys.setprofile(before)
    return made


@parsers
@pytest.mark.parametrize("piece", HOSTILE)
def test_work_on_hostile_text_grows_no_faster_than_the_text(find: Find, piece: str) -> None:
    text = (piece * PROFILED)[:PROFILED]
    half, whole = calls(find, text[: PROFILED // 2]), calls(find, text)
    assert whole <= 2 * half + 500
    assert whole <= 80 * PROFILED


@parsers
@pytest.mark.parametrize("mixed", [HOSTILE[::3], HOSTILE[1::3], HOSTILE[2::3]], ids="abc")
def test_a_hundred_kilobytes_of_hostile_text_come_to_an_end(
    find: Find, mixed: tuple[str, ...]
) -> None:
    text = "".join((piece * LENGTH)[: LENGTH // len(mixed)] for piece in mixed)
    assert len(find(text)) <= LIMIT


@parsers
@pytest.mark.parametrize("piece", [" ", "이", "1", "-", "a ", "혼자 ", "천 ", "1-", "the "])
def test_a_hundred_kilobytes_of_one_piece_come_to_an_end(find: Find, piece: str) -> None:
    assert len(find((piece * LENGTH)[:LENGTH])) <= LIMIT
