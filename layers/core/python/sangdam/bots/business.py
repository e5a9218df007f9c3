"""What a business allows: the rules its reservations and orders follow, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Literal

Hours = Mapping[int, tuple[tuple[time, time], ...]]
"""Opening hours by weekday (Monday is 0): local times, the second exclusive, 00:00 midnight.

A weekday that is missing is closed; an empty mapping says that nothing is known.
"""

ReservationUnit = Literal["slots", "days"]
"""What is reserved: a start time on a day, or a whole day (a departure, a night)."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that can be reserved: a doctor, a table, a branch, a departure.

    ``capacity`` is how many people (or parties, if the form asks for no party) fit in at once;
    ``price`` is for each of them, in the currency of the rules. ``closed`` are single days off.
    """

    name: str
    capacity: int = 1
    group: str | None = None
    hours: Hours = field(default_factory=dict)
    price: Decimal = Decimal(0)
    closed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class FeeStep:
    """From so many ``days`` before the date on, cancelling costs ``percent`` of the price."""

    days: int
    percent: Decimal


@dataclass(frozen=True, slots=True)
class ReservationRules:
    """How reservations are made.

    Start times lie ``slot_minutes`` apart and a reservation takes ``minutes``; dates lie at least
    ``ahead[0]`` and at most ``ahead[1]`` days ahead. What a confirmation shows is held for
    ``hold_minutes``. ``cancellation`` is ordered by days, most first; empty: free of charge.
    """

    resources: Mapping[str, Resource]
    unit: ReservationUnit = "slots"
    slot_minutes: int = 30
    minutes: int = 30
    ahead: tuple[int, int] = (0, 60)
    hold_minutes: int = 5
    party_limit: int = 20
    open_on_holidays: bool = False
    number: str = "R"
    currency: str = "KRW"
    cancellation: tuple[FeeStep, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderRules:
    """What the shop's returns and exchanges cost, and until when (days after delivery)."""

    return_days: int = 7
    return_fee: Decimal = Decimal(0)
    exchange_fee: Decimal = Decimal(0)
    free_delivery_from: Decimal | None = None
    pickup_days: int = 2
    refund_days: int = 5
    currency: str = "KRW"


@dataclass(frozen=True, slots=True)
class BackOfficeRules:
    """The rules of a bot's back office; None for what it does not do."""

    reservations: ReservationRules | None = None
    orders: OrderRules | None = None
