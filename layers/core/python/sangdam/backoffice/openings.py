"""When something can be reserved at all: opening hours, days off, and the grid of start times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sangdam.bots.business import Hours, ReservationRules, Resource

DAY_MINUTES = 24 * 60
WHOLE_DAY = "day"

HolidayName = Callable[[date], str | None]
"""Returns what a day is called if it is a public holiday."""

Span = tuple[time, time]
ClosedReason = Literal["holiday", "weekday", "day_off"]


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a day is closed; ``name`` is the holiday's."""

    why: ClosedReason
    day: date
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """When a reservation begins: minutes since midnight of the day whose opening it belongs to.

    A place that is open from 18:00 to 02:00 has starts after midnight: 24:30 of the day before.
    ``minute`` is None where whole days are reserved.
    """

    opening: date
    minute: int | None = None

    @property
    def day(self) -> date:
        """The day that people would call it."""
        return self.opening + timedelta(days=(self.minute or 0) // DAY_MINUTES)

    @property
    def time(self) -> time | None:
        """The time of day; None for a whole day."""
        if self.minute is None:
            return None
        return time(self.minute % DAY_MINUTES // 60, self.minute % 60)

    @property
    def at(self) -> datetime:
        """The moment in local time; a whole day begins with the day."""
        return datetime.combine(self.day, self.time or time())

    def steps(self, rules: ReservationRules) -> tuple[str, ...]:
        """Return the names of the steps of the grid that a reservation from here on takes up."""
        if self.minute is None:
            return (WHOLE_DAY,)
        count = -(-rules.minutes // rules.slot_minutes)
        minutes = (self.minute + step * rules.slot_minutes for step in range(count))
        return tuple(f"{one // 60:02}:{one % 60:02}" for one in minutes)


@dataclass(frozen=True, slots=True)
class Openings:
    """When one resource can be reserved.

    ``hours`` are its own or, if it has none, the business's; none at all: at any time of any day.
    """

    resource: Resource
    rules: ReservationRules
    hours: Hours
    holiday: HolidayName

    def closed(self, day: date) -> Closed | None:
        """Tell why a day is closed; None if it is open."""
        if not self.rules.open_on_holidays and (name := self.holiday(day)) is not None:
            return Closed("holiday", day, name)
        if day in self.resource.closed:
            return Closed("day_off", day)
        if self.hours and not self.hours.get(day.weekday()):
            return Closed("weekday", day)
        return None

    def spans(self, day: date) -> Sequence[Span]:
        """Return the opening hours that begin on a day."""
        if self.closed(day) is not None:
            return ()
        return self.hours[day.weekday()] if self.hours else ((time(), time()),)

    def starts(self, day: date) -> tuple[Start, ...]:
        """Return when reservations of a day can begin, in order of time."""
        if self.rules.unit == "days":
            return () if self.closed(day) is not None else (Start(day),)
        night = [one for one in self._starts_of(day - timedelta(days=1)) if one.day == day]
        return (*night, *(one for one in self._starts_of(day) if one.day == day))

    def _starts_of(self, opening: date) -> list[Start]:
        found = []
        for first, last in self.spans(opening):
            begin, end = (60 * one.hour + one.minute for one in (first, last))
            end += DAY_MINUTES if end <= begin else 0
            last_start = end - self.rules.minutes
            found += [
                Start(opening, minute)
                for minute in range(begin, last_start + 1, self.rules.slot_minutes)
            ]
        return found
