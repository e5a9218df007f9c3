"""A day as a rule of a language read it, and what its neighbours may still change about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sangdam.nlu.entities.calendar import Choice, plus_days, plus_months

Kind = Literal["weekday", "day", "month_day", "either", "full"]


@dataclass(frozen=True, slots=True)
class Shift:
    """So many days and months from another day: ``3일 뒤``, ``a week after``."""

    days: int = 0
    months: int = 0
    is_prefix: bool = False

    def of(self, day: date) -> date:
        """Return the day so far away; raises OverflowError beyond the calendar."""
        return plus_days(plus_months(day, self.months), self.days)


@dataclass(frozen=True, slots=True)
class Day:
    """What an expression of a day means.

    ``kind`` says how much was said: a weekday alone, a day of an unsaid month, a day without a
    year, either of two orders (3/12), or all of it. A named week (its Monday) or month goes on to
    what follows: ``다음 주 화요일이나 수요일``. A ``shift`` moves the day before or after it.
    """

    choices: tuple[Choice, ...] = ()
    kind: Kind = "full"
    weekday: int | None = None
    month: int | None = None
    day: int | None = None
    week_of: date | None = None
    month_of: tuple[int, int] | None = None
    shift: Shift | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A day and where it stands in the text."""

    start: int
    end: int
    day: Day


def one(day: date | None, confidence: float = 1.0) -> tuple[Choice, ...]:
    """Return a single choice; none for a day that no calendar has."""
    return () if day is None else ((day, confidence),)


def on_weekday(day: Day, weekday: int | None) -> Day:
    """Return a day whose weekday was said too: ``11월 30일(월)``.

    The readings that fall on it remain. If none does, the two contradict each other: the day and
    the nearest such weekday are both given.
    """
    if weekday is None or not day.choices:
        return day
    fitting = tuple((meant, 1.0) for meant, _ in day.choices if meant.weekday() == weekday)
    if not fitting:
        meant = day.choices[0][0]
        ahead = (weekday - meant.weekday()) % 7
        nearest = plus_days(meant, ahead if ahead <= 3 else ahead - 7)
        fitting = ((meant, 0.6), (nearest, 0.4))
    return Day(
        fitting, day.kind, day=day.day, month=day.month, week_of=day.week_of, month_of=day.month_of
    )
