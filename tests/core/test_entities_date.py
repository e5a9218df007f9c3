"""Dates: what an expression means on a given day, with its place in the text."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from sangdam.nlu.entities import date as dates
from sangdam.nlu.entities.holidays import long_holiday, lunar_days
from tests.core.entity_tables.table import Row, rows, values


@pytest.mark.parametrize("row", rows("date"), ids=str)
def test_a_date_is_read_as_a_careful_speaker_means_it(row: Row) -> None:
    assert values(dates.find(row.text, row.setting)) == row.expected


@pytest.mark.parametrize("year", range(2020, 2051))
def test_the_lunar_holidays_fall_where_the_lunar_calendar_lets_them(year: int) -> None:
    seollal, buddha, chuseok = lunar_days()[year]
    assert date(year, 1, 21) <= seollal <= date(year, 2, 20)
    # A lunar month has 29 or 30 days; a leap month may lie between two of the holidays.
    assert 95 <= (buddha - seollal).days <= 127
    assert 124 <= (chuseok - buddha).days <= 156


def test_the_lunar_years_follow_each_other() -> None:
    firsts = [days[0] for _, days in sorted(lunar_days().items())]
    lengths = {(later - earlier).days for earlier, later in pairwise(firsts)}
    assert lengths <= {353, 354, 355, 383, 384, 385}


@pytest.mark.parametrize(
    ("name", "year", "first", "last"),
    [
        ("설", 2026, date(2026, 2, 16), date(2026, 2, 18)),
        ("설", 2027, date(2027, 2, 6), date(2027, 2, 9)),
        ("추석", 2028, date(2028, 10, 2), date(2028, 10, 5)),
        ("추석", 2036, date(2036, 10, 3), date(2036, 10, 7)),
        ("추석", 2047, date(2047, 10, 3), date(2047, 10, 7)),
    ],
)
def test_a_long_holiday_is_longer_where_the_law_adds_days(
    name: str, year: int, first: date, last: date
) -> None:
    assert long_holiday(name, date(year, 1, 1), year=year)[0] == (first, last)
