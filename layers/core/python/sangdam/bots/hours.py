"""Opening hours as authors write them: ``mon-fri: 10:00-19:00``, ``sat: [10-12, 13-15]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from sangdam.bots.definition import Hours
from sangdam.bots.reading import Reader

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED = "closed"

_SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-~–]\s*(\d{1,2})(?::(\d{2}))?")
_DAY_MINUTES = 24 * 60

_Minutes = tuple[int, int]


def read_hours(reader: Reader, data: Any, *, key: str = "hours") -> Hours:
    """Read ``hours`` of ``bot.yaml``; mistakes go to the reader.

    A key is a day, a range of days (``mon-fri``, ``sat-sun``) or several with commas; a value is a
    span of local time, a list of spans, or ``closed``. A day that is left out is closed. A span
    that ends at ``24:00`` or earlier than it begins goes on past midnight.
    """
    read: dict[int, list[_Minutes]] = {}
    for name, path, value in reader.items(data, key):
        spans = _spans(reader, value, path)
        for day in _days(reader, name, path):
            if day in read:
                reader.wrong(path, f"'{DAYS[day]}' has hours already; name each day once")
            read[day] = spans
    if data is not None and read and not any(read.values()):
        reader.wrong(key, "is closed on every day; leave it out if the hours are not known")
    for day, spans in read.items():
        _check_apart(reader, key, day, spans, read.get((day - 1) % 7, []))
    return {
        day: tuple((_time(start), _time(end)) for start, end in sorted(read[day]))
        for day in sorted(read)
        if read[day]
    }


def hours_document(hours: Hours) -> dict[str, Any]:
    """Return hours as plain data, for a compiled bot."""
    return {
        str(day): [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in spans]
        for day, spans in hours.items()
    }


def read_hours_document(document: Mapping[str, Any]) -> Hours:
    """Return the hours that :func:`hours_document` wrote."""
    return {
        int(day): tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in spans)
        for day, spans in document.items()
    }


def _days(reader: Reader, name: str, key: str) -> list[int]:
    days: list[int] = []
    for part in name.split(","):
        first, dash, last = (one.strip().lower() for one in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            wanted = f"write {', '.join(DAYS)}, a range (mon-fri) or several (mon, wed)"
            reader.wrong(key, f"'{part.strip()}' is no day of the week; {wanted}")
            continue
        start = DAYS.index(first)
        count = (DAYS.index(last) - start) % 7 + 1 if dash else 1
        days += [(start + more) % 7 for more in range(count)]
    return days


def _spans(reader: Reader, value: Any, key: str) -> list[_Minutes]:
    texts = reader.texts(value, key)
    if texts == (CLOSED,):
        return []
    spans: list[_Minutes] = []
    for text in texts:
        match = _SPAN.fullmatch(text)
        start, end = (
            (_minutes(match[1], match[2]), _minutes(match[3], match[4])) if match else (None, None)
        )
        if start is None or end is None or start >= _DAY_MINUTES:
            wanted = "write 10:00-19:00, a list of such spans, or closed"
            reader.wrong(key, f"'{text}' is no span of time; {wanted}")
        elif start == end:
            reader.wrong(key, f"'{text}' is empty; write 00:00-24:00 for a whole day")
        else:
            spans.append((start, end))
    return spans


def _minutes(hour: str, minute: str | None) -> int | None:
    whole = 60 * int(hour) + int(minute or 0)
    return whole if int(minute or 0) < 60 and whole <= _DAY_MINUTES else None


def _check_apart(
    reader: Reader, key: str, day: int, spans: list[_Minutes], before: list[_Minutes]
) -> None:
    """Hours that lie in each other are one of them a slip."""
    placed = sorted((start, end if end > start else end + _DAY_MINUTES) for start, end in spans)
    night = [end for start, end in before if end <= start]
    taken = max(night, default=0)
    for start, end in placed:
        if start < taken:
            reader.wrong(key, f"two spans of '{DAYS[day]}' lie in each other; join them")
        taken = max(taken, end)


def _time(minutes: int) -> time:
    return time(minutes % _DAY_MINUTES // 60, minutes % 60)
