"""Whether a wish for a reservation can be met, why not, and what would do instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sangdam.backoffice.openings import Closed, Openings, Span, Start
from sangdam.bots.business import ReservationRules

RefusalKind = Literal[
    "past", "too_far", "too_soon", "closed", "outside_hours", "full", "none_left",
    "party_too_large", "unknown_resource",
]  # fmt: skip

Room = Callable[[Openings, Start], int]
"""Returns for how many a resource has room at a start."""

NEAREST = 4
"""How many alternatives are offered."""

CHOICES = 8
"""How many free times are offered at most."""

_SEARCH_DAYS = 60
"""How far around a day the nearest one with room is looked for."""

_SEARCH_OPEN_DAYS = 14
"""How many open days are looked at for it: each of them has to be read."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer has said so far.

    ``at`` is a time of day; ``openings`` are those of all resources that would do.
    """

    openings: Sequence[Openings]
    party: int = 1
    day: date | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a wish cannot be met, and what is near it.

    ``hours`` say from when to when reservations of the day can begin, ``bound`` is the first or
    the last day that can be reserved, and ``limit`` the largest party.
    """

    kind: RefusalKind
    days: tuple[date, ...] = ()
    starts: tuple[Start, ...] = ()
    closed: Closed | None = None
    hours: tuple[Span, ...] = ()
    bound: date | None = None
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Diary:
    """What reservations are judged by: the rules, the local time, and what is taken."""

    rules: ReservationRules
    now: datetime
    room: Room

    @property
    def first(self) -> date:
        """The first day that can be reserved, by how far ahead it lies."""
        return self.now.date() + timedelta(days=self.rules.ahead[0])

    @property
    def last(self) -> date:
        """The last day that can be reserved."""
        return self.now.date() + timedelta(days=self.rules.ahead[1])

    def refusal(self, wish: Wish) -> Refusal | None:
        """Return what stands against a wish, as far as it is known; None if nothing does."""
        if not wish.openings:
            return Refusal("unknown_resource")
        limit = min(self.rules.party_limit, max(one.resource.capacity for one in wish.openings))
        if wish.party > limit:
            return Refusal("party_too_large", limit=limit)
        if wish.day is None:
            return None
        return self._against_day(wish, wish.day) or self._against_time(wish, wish.day)

    def _against_day(self, wish: Wish, day: date) -> Refusal | None:
        if day < self.first:
            kind: RefusalKind = "past" if day < self.now.date() else "too_soon"
            return Refusal(kind, days=self.nearest_days(wish, self.first), bound=self.first)
        if day > self.last:
            return Refusal("too_far", days=self.nearest_days(wish, self.last), bound=self.last)
        if not any(one.starts(day) for one in wish.openings):
            found = (one.closed(day) for one in wish.openings)
            closed = next((one for one in found if one is not None), None)
            return Refusal(
                "closed", days=self.nearest_days(wish, day), closed=closed or Closed("day_off", day)
            )
        return None

    def _against_time(self, wish: Wish, day: date) -> Refusal | None:
        free = self.free_starts(wish, day)
        if not free:
            return Refusal("none_left", days=self.nearest_days(wish, day))
        if wish.at is None or any(one.time in (wish.at, None) for one in free):
            return None
        if self._is_open(wish, day, wish.at):
            return Refusal("full", starts=nearest_starts(free, wish.at))
        return Refusal("outside_hours", starts=spread(free), hours=self._hours(wish, day))

    def _is_open(self, wish: Wish, day: date, at: time) -> bool:
        """Tell whether a reservation could begin then, were it on the grid and not taken."""
        if datetime.combine(day, at) <= self.now:
            return False
        found = (start.at for one in wish.openings for start in one.starts(day))
        step = timedelta(minutes=self.rules.slot_minutes)
        return any(start <= datetime.combine(day, at) < start + step for start in found)

    def _hours(self, wish: Wish, day: date) -> tuple[Span, ...]:
        """Return from when to when reservations of a day can still begin."""
        step = timedelta(minutes=self.rules.slot_minutes)
        found = {start.at for one in wish.openings for start in one.starts(day)}
        spans: list[list[datetime]] = []
        for at in sorted(at for at in found if at > self.now):
            if spans and at - spans[-1][1] <= step:
                spans[-1][1] = at
            else:
                spans.append([at, at])
        return tuple((first.time(), last.time()) for first, last in spans)

    def free_starts(self, wish: Wish, day: date) -> tuple[Start, ...]:
        """Return the starts of a day at which any resource has room, in order of time."""
        found = {start.at: start for start, _ in self._free(wish, day)}
        return tuple(found[at] for at in sorted(found))

    def free_openings(self, wish: Wish) -> tuple[tuple[Openings, Start], ...]:
        """Return the resources that have room on the wished day, at its time if one was said."""
        if wish.day is None:
            return ()
        found: dict[str, tuple[Openings, Start]] = {}
        for start, one in self._free(wish, wish.day):
            if wish.at is None or start.time in (wish.at, None):
                found.setdefault(one.resource.name, (one, start))
        return tuple(found.values())

    def nearest_days(self, wish: Wish, day: date) -> tuple[date, ...]:
        """Return the nearest days with room around a day, in their order."""
        found: list[date] = []
        looked = 0
        for one in self._around(min(max(day, self.first), self.last)):
            if len(found) == NEAREST or looked == _SEARCH_OPEN_DAYS:
                break
            if any(openings.starts(one) for openings in wish.openings):
                looked += 1
                if next(self._free(wish, one), None) is not None:
                    found.append(one)
        return tuple(sorted(found))

    def _free(self, wish: Wish, day: date) -> Iterator[tuple[Start, Openings]]:
        if not self.first <= day <= self.last:
            return
        for one in wish.openings:
            for start in one.starts(day):
                if not self._is_over(start) and self.room(one, start) >= wish.party:
                    yield start, one

    def _is_over(self, start: Start) -> bool:
        """Tell whether it is too late to begin then. Today is a whole day until it ends."""
        return start.minute is not None and start.at <= self.now

    def _around(self, day: date) -> Iterator[date]:
        yield day
        for away in range(1, _SEARCH_DAYS + 1):
            for one in (day + timedelta(days=away), day - timedelta(days=away)):
                if self.first <= one <= self.last:
                    yield one


def nearest_starts(starts: Sequence[Start], at: time) -> tuple[Start, ...]:
    """Return those that are nearest to a time of day, in their order."""

    def away(start: Start) -> int:
        said = start.time or at
        return abs(60 * (said.hour - at.hour) + said.minute - at.minute)

    nearest = sorted(starts, key=away)[:NEAREST]
    return tuple(sorted(nearest, key=lambda one: one.at))


def spread(starts: Sequence[Start]) -> tuple[Start, ...]:
    """Return at most so many as buttons have room for, from all over the day."""
    if len(starts) <= CHOICES:
        return tuple(starts)
    last = len(starts) - 1
    return tuple(starts[round(place * last / (CHOICES - 1))] for place in range(CHOICES))
