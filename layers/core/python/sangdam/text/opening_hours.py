"""Opening hours and days off as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from sangdam.text.dates import Language, spoken_time

_KOREAN_WEEKDAYS = "월화수목금토일"
_ENGLISH_WEEKDAYS = (
    "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays",
)  # fmt: skip


def spoken_hours(spans: Sequence[tuple[time, time]], language: Language) -> str:
    """Return hours: ``오전 9시~낮 12시, 오후 1시~오후 6시``, ``9 am – noon, 1 pm – 6 pm``.

    A span that ends when it begins is that time alone; ``-`` if there is none at all.
    """
    to = "~" if language == "ko" else " – "
    said = (to.join(spoken_time(at, language) for at in dict.fromkeys(span)) for span in spans)
    return ", ".join(said) or "-"


def spoken_weekday_off(day: date, language: Language) -> str:
    """Return a weekly day off: ``매주 일요일 휴무``, ``closed on Sundays``."""
    if language == "ko":
        return f"매주 {_KOREAN_WEEKDAYS[day.weekday()]}요일 휴무"
    return f"closed on {_ENGLISH_WEEKDAYS[day.weekday()]}"


def spoken_day_off(language: Language) -> str:
    """Return a single day off: ``임시 휴무``, ``a day off``."""
    return "임시 휴무" if language == "ko" else "a day off"
