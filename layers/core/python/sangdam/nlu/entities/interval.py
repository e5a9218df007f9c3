"""Ranges of days and of times: ``이번 주말``, ``3일~5일``, ``내일 2시에서 4시 사이``; ``Dec 3-5``.

A range of days is ``2026-11-28/2026-11-29``, both days included; a range of times is
``2026-11-23T14:00/2026-11-23T16:00``, from and up to. A part of a day without an hour (``모레
아침``) is the range that is customary. Times without a day are of today or tomorrow, both being
readings. Weeks begin on Monday; on a Sunday, when for many the next week has begun, ``이번 주말``
and ``next week`` have two readings. What is open at one end (``다음 주부터``) is no range.
"""

from __future__ import annotations

from datetime import date, datetime

from sangdam.nlu.entities.date import days
from sangdam.nlu.entities.date_range import day_ranges
from sangdam.nlu.entities.expression import LIMIT, found, is_open
from sangdam.nlu.entities.reading import Found, Setting
from sangdam.nlu.entities.time_range import time_ranges


def find(text: str, setting: Setting) -> tuple[Found, ...]:
    """Return the ranges of both kinds in a text, at most ``LIMIT``, in order of place."""
    placed = list(days(text, setting))
    candidates = [*day_ranges(text, setting, placed), *time_ranges(text, setting, placed)]
    candidates.sort(key=lambda one: (one.start, -one.end))
    results: list[Found] = []
    end = 0
    for range_ in candidates:
        if range_.start < end:
            continue
        end = range_.end
        if is_open(text, range_.start, range_.end):
            continue
        one = found(
            range_.start,
            range_.end,
            ((f"{_written(a)}/{_written(b)}", sure) for a, b, sure in range_.choices),
        )
        if one is not None:
            results.append(one)
        if len(results) >= LIMIT:
            break
    return tuple(results)


def find_date_ranges(text: str, setting: Setting) -> tuple[Found, ...]:
    """Return the ranges of whole days in a text."""
    return tuple(one for one in find(text, setting) if "T" not in one.readings[0].value)


def find_datetime_ranges(text: str, setting: Setting) -> tuple[Found, ...]:
    """Return the ranges of times in a text."""
    return tuple(one for one in find(text, setting) if "T" in one.readings[0].value)


def _written(end: date | datetime) -> str:
    return end.isoformat(timespec="minutes") if isinstance(end, datetime) else end.isoformat()
