"""What holds for every text: no parser of dates and times raises, and all it returns is sound."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.nlu.entities import date as dates
from sangdam.nlu.entities import duration, interval, moment
from sangdam.nlu.entities import time as times
from sangdam.nlu.entities.expression import LIMIT
from sangdam.nlu.entities.reading import Found, Setting
from tests.core.entity_tables.table import rows

Parser = Callable[[str, Setting], tuple[Found, ...]]

SEOUL = ZoneInfo("Asia/Seoul")
NOW = Setting(datetime(2026, 11, 22, 14, 30, tzinfo=SEOUL))
PARSERS: dict[str, Parser] = {
    "date": dates.find,
    "time": times.find,
    "moment": moment.find,
    "interval": interval.find,
    "duration": duration.find,
}
LENGTH = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?", re.ASCII)
WORDS = sorted({word for name in PARSERS for row in rows(name) for word in row.text.split()})

anything = st.text(st.characters(exclude_categories=[]), max_size=80)
pieces = st.sampled_from(
    [
        *"0123456789 ./:~-()년월일시분초주달후뒤전반박간",
        *"오늘 내일 모레 다음 이번 지난 요일 화 오전 저녁 두 세 열 십 부터 까지 이나 설날".split(),
        *"next last this week month tuesday nov may at in on the 3rd pm am half past to".split(),
    ]
)
nearly = st.one_of(
    st.lists(pieces, max_size=14).map("".join),
    st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join),
)
nows = st.datetimes(timezones=st.sampled_from([UTC, SEOUL, ZoneInfo("America/Los_Angeles")]))
clock_times = st.times().map(lambda one: one.replace(second=0, microsecond=0))
openings = st.dictionaries(
    st.integers(0, 6), st.lists(st.tuples(clock_times, clock_times), max_size=2).map(tuple)
)
settings = st.builds(Setting, nows, openings)


def is_value(kind: str, value: str) -> bool:
    """Tell whether a value has the form of its kind; raises ValueError if it is no date or time."""
    if kind == "date":
        return date.fromisoformat(value).isoformat() == value
    if kind == "time":
        return time.fromisoformat(value).isoformat("minutes") == value
    if kind == "moment":
        return datetime.fromisoformat(value).isoformat(timespec="minutes") == value
    if kind == "interval":
        first, last = value.split("/")
        part = "moment" if "T" in value else "date"
        return first <= last and is_value(part, first) and is_value(part, last)
    return LENGTH.fullmatch(value) is not None


def check(kind: str, text: str, setting: Setting) -> None:
    results = PARSERS[kind](text, setting)
    assert len(results) <= LIMIT
    assert all(0 <= one.start < one.end <= len(text) for one in results)
    assert all(before.end <= after.start for before, after in pairwise(results))
    for one in results:
        values = [reading.value for reading in one.readings]
        sure = [reading.confidence for reading in one.readings]
        assert values
        assert len(set(values)) == len(values)
        assert all(is_value(kind, value) for value in values)
        assert all(0 < confidence <= 1 for confidence in sure)
        assert sure == sorted(sure, reverse=True)


@pytest.mark.parametrize("kind", PARSERS)
@given(text=anything, setting=settings)
def test_no_text_makes_a_parser_raise(kind: str, text: str, setting: Setting) -> None:
    check(kind, text, setting)


@pytest.mark.parametrize("kind", PARSERS)
@given(text=nearly, setting=settings)
def test_what_is_found_in_nearly_right_text_is_sound(
    kind: str, text: str, setting: Setting
) -> None:
    check(kind, text, setting)


@pytest.mark.parametrize("kind", PARSERS)
@pytest.mark.parametrize(
    "now", [datetime.min + timedelta(days=1), datetime.max - timedelta(days=1)], ids=str
)
def test_the_ends_of_the_calendar_are_no_error(kind: str, now: datetime) -> None:
    setting = Setting(now.replace(tzinfo=UTC))
    for name in PARSERS:
        for row in rows(name):
            check(kind, row.text, setting)


@given(day=st.dates(date(2021, 1, 1), date(2049, 12, 31)), now=nows)
def test_a_whole_date_is_read_back_whenever_it_is_said(day: date, now: datetime) -> None:
    texts = (
        day.isoformat(),
        f"{day.year}년 {day.month}월 {day.day}일",
        f"{day.year}. {day.month}. {day.day}.",
        f"{day:%B} {day.day}, {day.year}".lower(),
        f"{day.day} {day:%b} {day.year}".lower(),
    )
    for text in texts:
        (one,) = dates.find(text, Setting(now))
        assert [reading.value for reading in one.readings] == [day.isoformat()]


@given(at=st.times())
def test_a_whole_time_is_read_back(at: time) -> None:
    half, hour = ("오전", "오후")[at.hour >= 12], at.hour % 12 or 12
    texts = [f"{at:%H:%M}", f"{hour}:{at:%M} {'am' if at.hour < 12 else 'pm'}"]
    if at.hour:
        texts.append(f"{half} {hour}시 {at.minute}분")
    for text in texts:
        (one,) = times.find(text, NOW)
        if at.hour == 12 and text == texts[0]:
            assert one.readings[0].value == f"{at:%H:%M}"  # also half past midnight
        elif not 10 <= at.hour <= 12 or text != texts[0]:
            assert [reading.value for reading in one.readings] == [f"{at:%H:%M}"]


@given(day=st.dates(date(2021, 1, 1), date(2049, 12, 31)), opening=openings)
def test_this_week_and_the_next_begin_on_a_monday(day: date, opening: dict[int, object]) -> None:
    now = datetime.combine(day, time(12), SEOUL)
    for number, letter in enumerate("월화수목금토일"):
        (one,) = dates.find(f"다음 주 {letter}요일", Setting(now))
        meant = date.fromisoformat(one.readings[0].value)
        assert meant.weekday() == number
        assert 0 < (meant - day).days - (6 - day.weekday()) <= 7


HOSTILE = [
    "3시", "1", "내일", "11월 ", " ", "3일 ", "3일 전 ", "한두세네", "십", "twenty ", "next ",
    "10:", "1/", "2026-", "3시나 ", "내일 3시부터 ", "day after ", "from 3 to ", "1년 2개월 ",
    "3~", "3박 ", "seven in the ", "다음 ", "a ", "(", "11월 30일(", "설날 전날 ",
]  # fmt: skip


@pytest.mark.parametrize("kind", PARSERS)
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_of_100_kb_is_read_to_its_end(kind: str, piece: str) -> None:
    check(kind, piece * (100_000 // len(piece.encode())), NOW)
