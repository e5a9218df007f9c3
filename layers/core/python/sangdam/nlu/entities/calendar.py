"""Days by their place in a calendar: weeks that begin on Monday, ends of months, the next such day.

Every function returns None, or leaves out, what no calendar has: 30 February, the year 10000.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

RECENT = timedelta(days=92)
"""A day without a year that was so lately may mean the past one: both readings are given."""

Choice = tuple[date, float]
"""A day that is meant, and how likely."""


def day_of(year: int, month: int, day: int) -> date | None:
    """Return a day, or None if there is none such."""
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return None
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def plus_days(day: date, days: int) -> date:
    """Return a day so many days later; raises OverflowError beyond the calendar."""
    return day + timedelta(days=days)


def plus_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = month_after((day.year, day.month), months)
    if not 1 <= year <= 9999:
        raise OverflowError(f"no calendar has the year {year}")
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def month_after(month: tuple[int, int], months: int) -> tuple[int, int]:
    """Return the (year, month) so many months later."""
    years, index = divmod(month[1] - 1 + months, 12)
    return month[0] + years, index + 1


def last_of(year: int, month: int) -> date | None:
    """Return the last day of a month."""
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return None
    return date(year, month, monthrange(year, month)[1])


def monday_of(day: date, weeks: int = 0) -> date:
    """Return the Monday of the week of a day, or of one so many weeks later."""
    return plus_days(day, 7 * weeks - day.weekday())


def coming(day: date, weekday: int) -> date:
    """Return the first such weekday from a day on, the day itself among them."""
    return plus_days(day, (weekday - day.weekday()) % 7)


def in_week(today: date, weekday: int, weeks: int) -> tuple[Choice, ...]:
    """Return what a weekday of this week, the next one ... means.

    Weeks begin on Monday. On a Sunday ``this Friday's week`` may as well be the one that begins:
    then both readings are given, the day to come first.
    """
    meant = plus_days(monday_of(today, weeks), weekday)
    if weeks == 0 and today.weekday() == 6 and weekday != 6:
        return ((plus_days(meant, 7), 0.6), (meant, 0.4))
    return ((meant, 1.0),)


def next_weekday(today: date, weekday: int, direction: int = 1) -> tuple[Choice, ...]:
    """Return what ``next Tuesday`` (1) or ``last Tuesday`` (-1) can mean.

    Three customs vote: the nearest one, the one of the next week from Monday, and the one of the
    next week from Sunday.
    """
    near = (weekday - today.weekday()) % 7 or 7
    if direction < 0:
        near = near - 7 or -7
    monday = plus_days(monday_of(today, direction), weekday)
    since_sunday = plus_days(today, -((today.weekday() + 1) % 7) + 7 * direction)
    votes = [plus_days(today, near), monday, plus_days(since_sunday, (weekday + 1) % 7)]
    best = max(votes, key=votes.count)
    rest = [day for day in votes if day != best]
    if not rest:
        return ((best, 1.0),)
    return ((best, 0.6), *((day, 0.4 / len(set(rest))) for day in dict.fromkeys(rest)))


def bare_weekday(today: date, weekday: int) -> tuple[Choice, ...]:
    """Return what a weekday alone means: the next one; on such a day, perhaps today."""
    if today.weekday() == weekday:
        return ((plus_days(today, 7), 0.6), (today, 0.4))
    return ((coming(today, weekday), 1.0),)


def bare_day(today: date, day: int) -> tuple[Choice, ...]:
    """Return the next day of a month with this number, months without one left out."""
    month = (today.year, today.month)
    for _ in range(3):
        meant = day_of(*month, day)
        if meant is not None and meant >= today:
            return ((meant, 1.0),)
        month = month_after(month, 1)
    return ()


def yearless(today: date, month: int, day: int) -> tuple[Choice, ...]:
    """Return the next such day of a year, and the last one too if that was lately."""
    return with_recent(
        today, [day_of(year, month, day) for year in range(today.year - 1, today.year + 9)]
    )


def with_recent(
    today: date, days: Sequence[date | None], recent: timedelta = RECENT
) -> tuple[Choice, ...]:
    """Return the first of some days in order that is not past, and the one before if recent."""
    real = [day for day in days if day is not None]
    after = next((day for day in real if day >= today), None)
    if after is None:
        return ()
    before = next((day for day in reversed(real) if today - recent <= day < today), None)
    if before is None or after == today:
        return ((after, 1.0),)
    return ((after, 0.6), (before, 0.4))


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date | None:
    """Return the first (1) ... fifth (5) or last (0) such weekday of a month, if it has one."""
    if nth == 0:
        last = last_of(year, month)
        return None if last is None else plus_days(last, -((last.weekday() - weekday) % 7))
    first = day_of(year, month, 1)
    if first is None:
        return None
    meant = plus_days(coming(first, weekday), 7 * (nth - 1))
    return meant if meant.month == month else None


def in_nth_week(year: int, month: int, nth: int, weekday: int) -> tuple[Choice, ...]:
    """Return what ``the Monday of the third week of a month`` can mean.

    The third Monday; or, where the first week is a part of one, the Monday of the third row of
    the calendar.
    """
    counted = nth_weekday(year, month, nth, weekday)
    choices: list[Choice] = [] if counted is None else [(counted, 0.6)]
    first = day_of(year, month, 1)
    if nth and first is not None:
        row = plus_days(monday_of(first, nth - 1), weekday)
        if row != counted:
            choices.append((row, 0.4))
    return tuple(choices) if len(choices) > 1 else tuple((day, 1.0) for day, _ in choices)
