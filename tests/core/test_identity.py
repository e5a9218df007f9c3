"""Who may be told: what belongs together, however it is written."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.backoffice.business_days import business_day
from sangdam.backoffice.identity import digest, is_same, phone_digits, plain_name, tries_key


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("010-1234-5678", "01012345678"), ("010 1234 5678", "01012345678"),
        ("+821012345678", "01012345678"), ("+82 10-1234-5678", "01012345678"),
        ("02-123-4567", "021234567"), ("+8221234567", "021234567"), ("+14155550123", "14155550123"),
        ("", ""), ("없어요", ""),
    ],
)  # fmt: skip
def test_a_phone_has_the_same_digits_however_it_is_written(written: str, digits: str) -> None:
    assert phone_digits(written) == digits


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("김민지", "김 민지", True), ("김민지", "민지김", False), ("Kim Minji", "minji KIM", True),
        ("Kim Min-ji", "Minji Kim", True), ("Kim Minji", "Lee Minji", False),
    ],
)  # fmt: skip
def test_a_name_is_compared_as_people_do(one: str, other: str, *, same: bool) -> None:
    assert (plain_name(one) == plain_name(other)) == same


@given(st.lists(st.text(), min_size=1, max_size=3), st.lists(st.text(), min_size=1, max_size=3))
def test_a_digest_is_of_these_parts_and_no_others(one: list[str], other: list[str]) -> None:
    joined = "\0".join(one) == "\0".join(other)
    assert is_same(digest(*one), digest(*other)) == (one == other or joined)


def test_every_hour_has_its_own_counter() -> None:
    start = datetime(2026, 11, 20, 23, 59)
    keys = {tries_key("shop#order#1", start + timedelta(minutes=ahead)) for ahead in (0, 1, 60, 61)}
    assert [key.sk for key in sorted(keys, key=lambda key: key.sk)] == [
        "tries#2026112023", "tries#2026112100", "tries#2026112101",
    ]  # fmt: skip


FRIDAY = date(2026, 11, 20)
NEW_YEAR = {date(2026, 12, 25), date(2027, 1, 1)}


@pytest.mark.parametrize(
    ("days", "day"),
    [(0, FRIDAY), (1, date(2026, 11, 23)), (5, date(2026, 11, 27)), (6, date(2026, 11, 30))],
)
def test_weekends_are_no_business_days(days: int, day: date) -> None:
    assert business_day(FRIDAY, days, is_holiday=lambda _: False) == day


def test_holidays_are_no_business_days() -> None:
    eve = date(2026, 12, 24)
    assert business_day(eve, 1, is_holiday=NEW_YEAR.__contains__) == date(2026, 12, 28)
    assert business_day(eve, 5, is_holiday=NEW_YEAR.__contains__) == date(2027, 1, 4)


def test_a_calendar_of_holidays_alone_does_not_end_the_world() -> None:
    assert business_day(FRIDAY, 3, is_holiday=lambda _: True) > FRIDAY
