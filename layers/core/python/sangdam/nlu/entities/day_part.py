"""Parts of a day: which hours ``저녁 7시`` and ``3 in the afternoon`` can mean."""

from __future__ import annotations

from typing import Literal

Part = Literal["dawn", "morning", "am", "noon", "lunch", "pm", "evening", "night", "tonight"]

KOREAN: dict[str, Part] = {
    "새벽": "dawn",
    "아침": "morning",
    "오전": "am",
    "낮": "noon",
    "점심": "lunch",
    "오후": "pm",
    "저녁": "evening",
    "밤": "night",
}
ENGLISH: dict[str, Part] = {
    "morning": "am",
    "afternoon": "pm",
    "evening": "evening",
    "night": "night",
    "tonight": "tonight",
}
WORDS = KOREAN | ENGLISH

# Hour of a twelve-hour clock -> hour of the day, for the hours one says with this part.
_HOURS: dict[Part, dict[int, int]] = {
    "dawn": {12: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6},
    "morning": {hour: hour for hour in range(4, 12)},
    "am": {12: 0} | {hour: hour for hour in range(1, 12)},
    "noon": {11: 11, 12: 12, 1: 13, 2: 14, 3: 15, 4: 16, 5: 17},
    "lunch": {11: 11, 12: 12, 1: 13, 2: 14, 3: 15},
    "pm": {12: 12} | {hour: hour + 12 for hour in range(1, 12)},
    "evening": {hour: hour + 12 for hour in range(4, 12)},
    "night": {12: 0, 1: 1, 2: 2, 3: 3, 4: 4} | {hour: hour + 12 for hour in range(6, 12)},
    "tonight": {12: 0, 1: 1, 2: 2} | {hour: hour + 12 for hour in range(5, 12)},
}

SPANS: dict[str, tuple[int, int]] = {
    "새벽": (0, 6),
    "아침": (6, 10),
    "오전": (6, 12),
    "점심": (11, 14),
    "낮": (11, 17),
    "오후": (12, 18),
    "저녁": (18, 21),
    "밤": (20, 24),
    "morning": (6, 12),
    "afternoon": (12, 18),
    "evening": (18, 21),
    "night": (20, 24),
    "tonight": (18, 24),
}
"""Conventional hours of a part that is said without one: from, and up to. A custom, no law."""

_AFTERNOON = {1: 0.8, 2: 0.8, 3: 0.8, 4: 0.8, 5: 0.8, 6: 0.75, 7: 0.6, 8: 0.55, 12: 0.85}

Hours = tuple[tuple[int, float], ...]
"""Hours of the day that are meant, and how likely."""


def hours_in(part: Part, hour: int) -> Hours:
    """Return what an hour means in a part of the day; nothing if one never says so.

    >>> hours_in("evening", 7), hours_in("dawn", 9), hours_in("pm", 15)
    (((19, 1.0),), (), ((15, 1.0),))
    """
    if part == "am" and hour == 12:
        return ((0, 0.6), (12, 0.4))  # some call noon 오전 12시
    if hour == 0 or hour > 12:
        return ((hour, 1.0),) if hour in _HOURS[part].values() and hour < 24 else ()
    meant = _HOURS[part].get(hour)
    return () if meant is None else ((meant, 1.0),)


def bare_hours(hour: int) -> Hours:
    """Return both halves of the day that an hour from 1 to 12 can lie in, the likelier first."""
    late = _AFTERNOON.get(hour, 0.3)
    morning, afternoon = hour % 12, hour % 12 + 12
    pair = ((afternoon, late), (morning, round(1 - late, 2)))
    return pair if late >= 0.5 else pair[::-1]
