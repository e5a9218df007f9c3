"""Dates: ``다음 주 화요일``, ``11월 30일``, ``사흘 뒤``; ``next Tuesday``, ``in two weeks``.

A value is an ISO date, ``2026-11-23``. Weeks begin on Monday. What is left out is filled with the
next such day; where custom knows two answers (``next Tuesday``, a year left out shortly after the
day) both are readings. Bounds (``내일 이후``), denials (``내일 말고``), habits (``매주 화요일``),
lengths (``3일 동안``) and days that do not exist are no dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from sangdam.nlu.entities import calendar, english_dates, korean_dates
from sangdam.nlu.entities.calendar import Choice
from sangdam.nlu.entities.day import Day, Placed
from sangdam.nlu.entities.expression import LIMIT, compiled, found, is_join, is_open, sweep
from sangdam.nlu.entities.korean_dates import DayRule
from sangdam.nlu.entities.reading import Found, Setting

_SUFFIX_GAP = r"(?: ?(?:로?부터|에서|의|기준))? ?"
_PREFIX_GAP = r" (?:the )?"


def find(text: str, setting: Setting) -> tuple[Found, ...]:
    """Return the dates in a text, at most ``LIMIT``, in order of place."""
    results: list[Found] = []
    for placed in days(text, setting):
        if is_open(text, placed.start, placed.end):
            continue
        one = found(
            placed.start, placed.end, ((day.isoformat(), sure) for day, sure in placed.day.choices)
        )
        if one is not None:
            results.append(one)
        if len(results) >= LIMIT:
            break
    return tuple(results)


def days(text: str, setting: Setting) -> Iterator[Placed]:
    """Yield every expression of a day, whatever stands around it, in order of place.

    A length of time beside a day moves it (``크리스마스 3일 전``); a bare weekday or day that goes
    on with an expression before it is of the same week or month.
    """
    today = setting.now.date()
    last: Placed | None = None
    for match, day in sweep(text, _rules(), today):
        here = Placed(match.start(), match.end(), day)
        if last is not None:
            gap = text[last.end : here.start] if here.start - last.end <= 16 else "far away"
            moved = _moved(last, gap, here)
            if moved is not None:
                last = moved
                continue
            yield last
            if is_join(gap):
                here = replace(here, day=continued(last.day, day))
        last = here
    if last is not None:
        yield last


def continued(before: Day, day: Day) -> Day:
    """Return a day that goes on with another one, in the week, month or year of that."""
    choices: tuple[Choice, ...] = ()
    if day.kind == "weekday" and before.week_of is not None and day.weekday is not None:
        choices = ((calendar.plus_days(before.week_of, day.weekday), 1.0),)
        return replace(day, choices=choices, week_of=before.week_of)
    if day.kind == "day" and day.day is not None:
        for meant, sure in before.choices if before.kind != "weekday" else ():
            if before.month_of is None and before.kind == "full":
                break
            same = calendar.day_of(meant.year, meant.month, day.day)
            if before.kind == "day":
                return day
            choices += () if same is None else ((same, sure),)
        if before.kind == "month_day" or before.month_of is not None:
            return replace(day, choices=choices, month_of=before.month_of)
    if day.kind == "month_day" and before.month_of is not None and day.month and day.day:
        year = before.month_of[0]
        near = [calendar.day_of(year + later, day.month, day.day) for later in (-1, 0, 1)]
        anchor = before.choices[0][0] if before.choices else date(year, 1, 1)
        real = sorted((one for one in near if one is not None), key=lambda one: abs(one - anchor))
        return replace(day, choices=tuple((one, 1.0) for one in real[:1]))
    return day


def _moved(last: Placed, gap: str, here: Placed) -> Placed | None:
    shift, other = here.day.shift, last.day
    if shift is None or shift.is_prefix or not compiled(_SUFFIX_GAP).fullmatch(gap):
        shift, other = last.day.shift, here.day
        if shift is None or not shift.is_prefix or not compiled(_PREFIX_GAP).fullmatch(gap):
            return None
    try:
        choices = tuple((shift.of(day), sure) for day, sure in other.choices)
    except OverflowError:
        choices = ()
    return Placed(last.start, here.end, Day(choices)) if other.choices else None


@lru_cache(maxsize=1)
def _rules() -> tuple[DayRule, ...]:
    return (*korean_dates.rules(), *english_dates.rules())
