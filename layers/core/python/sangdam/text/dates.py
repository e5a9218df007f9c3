"""Dates and times as people read them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal

Language = Literal["ko", "en"]

_KOREAN_DAYS = "월화수목금토일"
_ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ENGLISH_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def spoken_date(day: date, language: Language, *, with_year: bool = False) -> str:
    """Return a day: ``11월 21일(토)``, ``Sat, 21 Nov``; with its year where that is in doubt."""
    if language == "ko":
        year = f"{day.year}년 " if with_year else ""
        return f"{year}{day.month}월 {day.day}일({_KOREAN_DAYS[day.weekday()]})"
    weekday, month = _ENGLISH_DAYS[day.weekday()], _ENGLISH_MONTHS[day.month - 1]
    return f"{weekday}, {day.day} {month}" + (f" {day.year}" if with_year else "")


def spoken_time(at: time, language: Language) -> str:
    """Return a time of day: ``오후 3시 30분``, ``3:30 pm``; noon and midnight by their names."""
    if at.minute == 0 and at.hour in (0, 12):
        names = {"ko": ("자정", "낮 12시"), "en": ("midnight", "noon")}
        return names[language][at.hour == 12]
    hour = at.hour % 12 or 12
    if language == "ko":
        half = "오전" if at.hour < 12 else "오후"
        return f"{half} {hour}시" + (f" {at.minute}분" if at.minute else "")
    half = "am" if at.hour < 12 else "pm"
    return (f"{hour}:{at.minute:02}" if at.minute else f"{hour}") + f" {half}"


def spoken_datetime(at: datetime, language: Language, *, with_year: bool = False) -> str:
    """Return a moment: ``11월 21일(토) 오후 3시``, ``Sat, 21 Nov, 3 pm``."""
    day = spoken_date(at.date(), language, with_year=with_year)
    gap = " " if language == "ko" else ", "
    return f"{day}{gap}{spoken_time(at.time(), language)}"


def spoken_dates(first: date, last: date, language: Language, *, with_year: bool = False) -> str:
    """Return a range of days: ``11월 28일(토)~11월 29일(일)``, ``Sat, 28 Nov – Sun, 29 Nov``."""
    start = spoken_date(first, language, with_year=with_year)
    if first == last:
        return start
    end = spoken_date(last, language, with_year=with_year and first.year != last.year)
    return f"{start}{_to(language)}{end}"


def spoken_span(
    start: datetime, end: datetime, language: Language, *, with_year: bool = False
) -> str:
    """Return a range of times: ``11월 21일(토) 낮 12시~오후 2시``, ``Sat, 21 Nov, noon – 2 pm``."""
    begins = spoken_datetime(start, language, with_year=with_year)
    ends = spoken_time(end.time(), language)
    is_midnight = end.time() == time() and end.date() - start.date() == timedelta(days=1)
    if end.date() == start.date() or is_midnight:
        return f"{begins}{_to(language)}{ends}"
    if language == "ko":
        return f"{begins}~{end.month}월 {end.day}일 {ends}"
    return f"{begins} – {end.day} {_ENGLISH_MONTHS[end.month - 1]}, {ends}"


def _to(language: Language) -> str:
    return "~" if language == "ko" else " – "
