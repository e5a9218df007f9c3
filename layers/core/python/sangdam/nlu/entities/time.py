"""Times of day: ``오후 3시 반``, ``15시``, ``정오``; ``half past six``, ``3:30 pm``, ``noon``.

A value is ``HH:MM``. ``3시`` and ``at 3`` lie in both halves of the day: the opening hours decide
if exactly one of them lies inside, otherwise both are readings. Bounds (``3시 이후``), lengths
(``3시간``), ranges (``2~4시``), ``24시`` and hours that no part of the day has (``새벽 9시``) are
no times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import time

from sangdam.nlu.entities.clock import DAY, Clock, rules
from sangdam.nlu.entities.day_part import hours_in
from sangdam.nlu.entities.expression import LIMIT, found, is_join, is_open, sweep
from sangdam.nlu.entities.reading import Found, Setting

_SURE = 0.95


def find(text: str, setting: Setting) -> tuple[Found, ...]:
    """Return the times of day in a text, at most ``LIMIT``, in order of place."""
    results: list[Found] = []
    for clock in clocks(text):
        if is_open(text, clock.start, clock.end):
            continue
        one = found(
            clock.start,
            clock.end,
            ((written(minute), sure) for minute, sure in decided(clock, setting, None)),
        )
        if one is not None:
            results.append(one)
        if len(results) >= LIMIT:
            break
    return tuple(results)


def clocks(text: str) -> Iterator[Clock]:
    """Yield every expression of a time of day, whatever stands around it, in order of place.

    A bare hour that goes on with a time is near it: ``오후 3시나 4시``, ``3 or 4 pm``.
    """
    before: Clock | None = None
    for match, clock in sweep(text, rules()):
        here = replace(clock, start=match.start(), end=match.end())
        if before is not None and here.is_bare and is_join(text[before.end : here.start]):
            here = continued(before, here)
        yield here
        before = here


def continued(before: Clock, clock: Clock) -> Clock:
    """Return a bare hour that goes on with another time: in its half of the day, or soon after."""
    if before.is_bare:
        return clock
    likely: dict[int, float] = {}
    starts = [minute for minute, _ in before.choices]
    minutes = [minute for minute, _ in clock.choices]
    if before.part is not None and clock.hour is not None:
        same = {60 * hour for hour, _ in hours_in(before.part, clock.hour)}
        likely |= {one: 0.4 for one in minutes if one - one % 60 in same}
    for one in minutes:
        if any(0 < one - start <= 6 * 60 for start in starts):
            likely[one] = likely.get(one, 0.2) + 0.4
    if not likely:
        return clock
    total = sum(likely.values())
    choices = sorted(((one, sure / total) for one, sure in likely.items()), key=lambda two: -two[1])
    return replace(clock, choices=tuple(choices), is_bare=False, part=before.part)


def decided(clock: Clock, setting: Setting, weekday: int | None) -> tuple[tuple[int, float], ...]:
    """Return the minutes of the day that remain once the opening hours had their say.

    ``weekday`` is the day in question, None any day.
    """
    if not clock.is_bare or not setting.opening:
        return clock.choices
    days = range(7) if weekday is None else (weekday,)
    inside = [
        minute
        for minute, _ in clock.choices
        if any(_is_inside(setting, day, minute % DAY) for day in days)
    ]
    return ((inside[0], _SURE),) if len(inside) == 1 else clock.choices


def written(minute: int) -> str:
    """Return a minute of the day as ``HH:MM``."""
    return f"{minute % DAY // 60:02}:{minute % 60:02}"


def _is_inside(setting: Setting, weekday: int, minute: int) -> bool:
    today = _minutes(setting.opening.get(weekday, ()))
    if any(start <= minute < (end if end > start else DAY) for start, end in today):
        return True
    last_night = _minutes(setting.opening.get((weekday - 1) % 7, ()))
    return any(minute < end <= start for start, end in last_night)


def _minutes(hours: Iterable[tuple[time, time]]) -> list[tuple[int, int]]:
    return [(60 * start.hour + start.minute, 60 * end.hour + end.minute) for start, end in hours]
