"""Port ``Holidays``: which days Korean businesses are closed by law, and what they are called."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sangdam.ports import Holidays
from sangdam_adapters.public_holidays import KoreanHolidays

# As announced by the government for each year.
_KNOWN = """
2025-01-01 신정                  2025-01-27 임시공휴일            2025-01-28 설날 연휴
2025-01-29 설날                  2025-01-30 설날 연휴             2025-03-01 삼일절
2025-03-03 삼일절 대체공휴일      2025-06-03 대통령 선거일         2025-06-06 현충일
2025-08-15 광복절                2025-10-03 개천절                2025-10-05 추석 연휴
2025-10-06 추석                  2025-10-07 추석 연휴             2025-10-08 추석 대체공휴일
2025-10-09 한글날                2025-12-25 성탄절
2026-01-01 신정                  2026-02-16 설날 연휴             2026-02-17 설날
2026-02-18 설날 연휴             2026-03-01 삼일절                2026-03-02 삼일절 대체공휴일
2026-05-05 어린이날              2026-05-24 부처님오신날          2026-05-25 부처님오신날 대체공휴일
2026-06-03 지방선거일            2026-06-06 현충일                2026-08-15 광복절
2026-08-17 광복절 대체공휴일      2026-09-24 추석 연휴             2026-09-25 추석
2026-09-26 추석 연휴             2026-10-03 개천절                2026-10-05 개천절 대체공휴일
2026-10-09 한글날                2026-12-25 성탄절
2027-01-01 신정                  2027-02-06 설날 연휴             2027-02-07 설날
2027-02-08 설날 연휴             2027-02-09 설날 대체공휴일        2027-03-01 삼일절
2027-05-05 어린이날              2027-05-13 부처님오신날          2027-06-06 현충일
2027-08-15 광복절                2027-08-16 광복절 대체공휴일      2027-09-14 추석 연휴
2027-09-15 추석                  2027-09-16 추석 연휴             2027-10-03 개천절
2027-10-04 개천절 대체공휴일      2027-10-09 한글날                2027-10-11 한글날 대체공휴일
2027-12-25 성탄절                2027-12-27 성탄절 대체공휴일
"""
_ROWS = [
    (date.fromisoformat(cell[:10]), cell[11:].strip())
    for line in _KNOWN.strip().splitlines()
    for cell in (part for part in line.replace("  20", "\n20").split("\n") if part.strip())
]


@pytest.fixture(scope="module")
def holidays() -> Holidays:
    return KoreanHolidays()


@pytest.mark.parametrize(("day", "name"), _ROWS)
def test_public_holidays_are_known_by_name(holidays: Holidays, day: date, name: str) -> None:
    assert holidays.name_of(day, "ko") == name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 9, 25), "Chuseok"),
        (date(2026, 9, 24), "Chuseok holiday"),
        (date(2026, 2, 18), "Korean New Year holiday"),
        (date(2026, 8, 17), "substitute holiday for Liberation Day"),
        (date(2026, 12, 25), "Christmas Day"),
    ],
)
def test_public_holidays_have_english_names(holidays: Holidays, day: date, name: str) -> None:
    assert holidays.name_of(day, "en") == name


def test_two_holidays_of_one_day_are_both_named(holidays: Holidays) -> None:
    assert set((holidays.name_of(date(2025, 5, 5), "ko") or "").split(", ")) == {
        "부처님오신날",
        "어린이날",
    }
    assert "대체공휴일" in (holidays.name_of(date(2025, 5, 6), "ko") or "")


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 5, 1),  # a day off for workers then, not a public holiday
        date(2025, 4, 5),
        date(2026, 6, 8),  # Memorial Day has no substitute
        date(2026, 9, 28),  # nor has Chuseok's Saturday
        date(2026, 11, 22),  # a Sunday like any other
        date(2026, 12, 24),
    ],
)
def test_other_days_are_no_holidays(holidays: Holidays, day: date) -> None:
    assert holidays.name_of(day, "ko") is None


def test_every_holiday_has_a_name_in_both_languages_for_years_ahead(holidays: Holidays) -> None:
    days = [date(2025, 1, 1) + timedelta(days=away) for away in range(3650)]
    korean, english = (
        {day: name for day in days if (name := holidays.name_of(day, language)) is not None}
        for language in ("ko", "en")
    )
    assert korean.keys() == english.keys()
    assert len(korean) > 150
    assert not [name for name in korean.values() if name.isascii() or "추정" in name]
    assert not [name for name in english.values() if not name.isascii()]
