"""Dates as people read them."""

from __future__ import annotations

from datetime import date
from typing import Literal

_KOREAN_DAYS = "월화수목금토일"
_ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ENGLISH_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def spoken_date(day: date, language: Literal["ko", "en"]) -> str:
    """Return a day without its year: ``11월 21일(토)``, ``Sat, 21 Nov``."""
    if language == "ko":
        return f"{day.month}월 {day.day}일({_KOREAN_DAYS[day.weekday()]})"
    weekday, month = _ENGLISH_DAYS[day.weekday()], _ENGLISH_MONTHS[day.month - 1]
    return f"{weekday}, {day.day} {month}"
