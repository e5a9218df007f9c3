"""Days on which a business works: Monday to Friday, public holidays excepted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

_MOST_OFF = 30
"""Longest run of days off that is believed."""


def business_day(start: date, days: int, *, is_holiday: Callable[[date], bool]) -> date:
    """Return the day that lies so many business days after ``start``."""
    day = start
    for _ in range(days):
        for _ in range(_MOST_OFF):
            day += timedelta(days=1)
            if day.weekday() < 5 and not is_holiday(day):
                break
    return day
