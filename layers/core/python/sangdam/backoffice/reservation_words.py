"""Reservations as people read them: the fields of replies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sangdam.backoffice.availability import Refusal
from sangdam.backoffice.openings import Closed, Start
from sangdam.backoffice.reservation import Reservation
from sangdam.bots.definition import Language
from sangdam.text.dates import spoken_date, spoken_time
from sangdam.text.opening_hours import spoken_day_off, spoken_hours, spoken_weekday_off
from sangdam.text.values import spoken_values

NOTHING = "-"


def refusal_fields(refusal: Refusal, language: Language, *, today: date) -> dict[str, str]:
    """Return the fields of the reply to a wish that cannot be met."""
    days = NOTHING
    if refusal.days:
        days = ", ".join(spoken_day(day, language, today=today) for day in refusal.days)
    bound = NOTHING if refusal.bound is None else spoken_day(refusal.bound, language, today=today)
    match refusal.kind:
        case "past" | "too_soon":
            return {"from": bound}
        case "too_far":
            return {"until": bound}
        case "closed":
            return {"reason": _reason(refusal.closed, language), "alternatives": days}
        case "outside_hours":
            return {"hours": spoken_hours(refusal.hours, language)}
        case "full":
            return {"alternatives": spoken_starts(refusal.starts, language)}
        case "none_left":
            return {"alternatives": days}
        case "party_too_large":
            return {"limit": people(refusal.limit, language)}
        case "unknown_resource":
            return {}


def _reason(closed: Closed | None, language: Language) -> str:
    if closed is None or closed.why == "day_off":
        return spoken_day_off(language)
    if closed.why == "weekday":
        return spoken_weekday_off(closed.day, language)
    return closed.name or NOTHING


def spoken_starts(starts: Sequence[Start], language: Language) -> str:
    """Return times of one day."""
    times = [start.time for start in starts]
    return ", ".join(spoken_time(at, language) for at in times if at is not None) or NOTHING


def spoken_day(day: date, language: Language, *, today: date) -> str:
    """Return a day, with its year unless it is this one."""
    return spoken_date(day, language, with_year=day.year != today.year)


def what(reservation: Reservation, label: str, language: Language, *, today: date) -> str:
    """Return a reservation in one line: ``11월 30일(월) 오후 3시, 내과, 2명``."""
    start = reservation.start
    when = spoken_day(start.day, language, today=today)
    if start.time is not None:
        gap = " " if language == "ko" else ", "
        when = f"{when}{gap}{spoken_time(start.time, language)}"
    parts = [when, label]
    if reservation.party is not None:
        parts.append(people(reservation.party, language))
    return ", ".join(parts)


def people(count: int, language: Language) -> str:
    """Return how many come: ``2명``, ``2 people``."""
    return spoken_values("count", [f"{count} person"], language)[0]


def seats_left(count: int, language: Language) -> str:
    """Return for how many there is room: ``12석``, ``12 seats``."""
    return spoken_values("count", [f"{count} seat"], language)[0]


def spoken_amount(amount: Decimal, currency: str, language: Language) -> str:
    """Return an amount of money: ``35,000원``, ``35,000 KRW``."""
    return spoken_values("money", [f"{amount:f} {currency}"], language)[0]
