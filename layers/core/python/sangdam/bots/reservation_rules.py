"""The ``backoffice`` of ``bot.yaml``: what can be reserved and when, and what returns cost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from sangdam.bots.business import (
    BackOfficeRules,
    FeeStep,
    OrderRules,
    ReservationRules,
    ReservationUnit,
    Resource,
)
from sangdam.bots.hours import read_hours
from sangdam.bots.names import check_name
from sangdam.bots.reading import Reader
from sangdam.bots.rules_document import read_rules as read_rules
from sangdam.bots.rules_document import rules_document as rules_document

STEPS_LIMIT = 24
"""Most start times that one reservation may take up: a turn stores each of them."""

RESOURCES_LIMIT = 100
DAYS_LIMIT = 730

_RESERVATION_KEYS = (
    "slot_minutes", "minutes", "ahead", "hold_minutes", "party_limit", "holidays", "number",
    "unit", "currency", "cancellation", "resources",
)  # fmt: skip
_SLOT_KEYS = ("slot_minutes", "minutes")
_RESOURCE_KEYS = ("group", "capacity", "hours", "price", "closed")
_ORDER_KEYS = (
    "return_days", "return_fee", "exchange_fee", "free_delivery_from", "pickup_days",
    "refund_days", "currency",
)  # fmt: skip
_NUMBER = re.compile(r"[A-Z]{1,3}\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_PRICE_LIMIT = 1_000_000_000


def read_backoffice(reader: Reader, data: Any) -> BackOfficeRules:
    """Read the rules of reservations and orders; mistakes go to the reader."""
    top = reader.mapping(data, "backoffice")
    reader.only(top, "backoffice", ("reservations", "orders"))
    return BackOfficeRules(
        _read_reservations(reader, top["reservations"]) if "reservations" in top else None,
        _read_orders(reader, top["orders"]) if "orders" in top else None,
    )


def _read_reservations(reader: Reader, data: Any) -> ReservationRules:
    key = "backoffice.reservations"
    top = reader.mapping(data, key)
    reader.only(top, key, _RESERVATION_KEYS)
    known = ReservationRules({})

    def whole(name: str, low: int, high: int, default: int) -> int:
        return reader.whole(top.get(name), f"{key}.{name}", low=low, high=high, default=default)

    unit = reader.choice(top.get("unit", known.unit), f"{key}.unit", ("slots", "days"))
    slot_minutes = whole("slot_minutes", 5, 720, known.slot_minutes)
    minutes = whole("minutes", 5, 1440, slot_minutes)
    if unit == "days":
        for name in _SLOT_KEYS:
            if name in top:
                reader.wrong(f"{key}.{name}", "means nothing for whole days; leave it out")
    elif -(-minutes // slot_minutes) > STEPS_LIMIT:
        problem = (
            f"{minutes} minutes take more than {STEPS_LIMIT} start times of {slot_minutes} minutes"
        )
        reader.wrong(f"{key}.minutes", f"{problem}; make slot_minutes larger")
    holidays = reader.choice(top.get("holidays", "closed"), f"{key}.holidays", ("closed", "open"))
    return ReservationRules(
        resources=_read_resources(reader, top.get("resources"), f"{key}.resources"),
        unit=cast(ReservationUnit, unit or known.unit),
        slot_minutes=slot_minutes,
        minutes=minutes,
        ahead=_read_ahead(reader, top.get("ahead"), f"{key}.ahead", known.ahead),
        hold_minutes=whole("hold_minutes", 1, 60, known.hold_minutes),
        party_limit=whole("party_limit", 1, 1000, known.party_limit),
        open_on_holidays=holidays == "open",
        number=_read_number(reader, top, key, known.number),
        currency=_read_currency(reader, top, key),
        cancellation=_read_cancellation(reader, top.get("cancellation"), f"{key}.cancellation"),
    )


def _read_ahead(reader: Reader, data: Any, key: str, default: tuple[int, int]) -> tuple[int, int]:
    if data is None:
        return default
    bounds = reader.listing(data, key)
    if len(bounds) != 2:
        if isinstance(data, list):
            reader.wrong(key, "has two numbers, the least and the most days ahead: [0, 60]")
        return default
    low, high = (
        reader.whole(one, f"{key}[{place}]", low=0, high=DAYS_LIMIT, default=default[place])
        for place, one in enumerate(bounds)
    )
    if low > high:
        reader.wrong(key, f"leaves no day: {low} is more than {high}; put the smaller one first")
        return default
    return low, high


def _read_number(reader: Reader, top: Mapping[str, Any], key: str, default: str) -> str:
    if "number" not in top:
        return default
    letters = reader.text(top["number"], f"{key}.number")
    if letters and not _NUMBER.match(letters):
        wanted = "write one to three capital letters, such as A"
        reader.wrong(f"{key}.number", f"'{letters}' cannot begin a number; {wanted}")
    return letters or default


def _read_currency(reader: Reader, top: Mapping[str, Any], key: str) -> str:
    currency = reader.text(top.get("currency", "KRW"), f"{key}.currency")
    if currency and not _CURRENCY.match(currency):
        problem = f"'{currency}' is no currency; write its three letters, such as KRW or USD"
        reader.wrong(f"{key}.currency", problem)
    return currency or "KRW"


def _read_cancellation(reader: Reader, data: Any, key: str) -> tuple[FeeStep, ...]:
    steps: list[FeeStep] = []
    for place, one in enumerate(reader.listing(data, key)):
        path = f"{key}[{place}]"
        step = reader.mapping(one, path)
        reader.only(step, path, ("days", "percent"))
        for name in ("days", "percent"):
            if name not in step:
                reader.wrong(path, f"{name} is missing; write {{days: 10, percent: 20}}")
        days = reader.whole(step.get("days"), f"{path}.days", low=0, high=DAYS_LIMIT, default=0)
        percent = reader.number(step.get("percent"), f"{path}.percent", low=0, high=100, default=0)
        if steps and days >= steps[-1].days and "days" in step:
            order = f"{days} does not come below {steps[-1].days}; put the most days first"
            reader.wrong(f"{path}.days", order)
        steps.append(FeeStep(days, _decimal(percent)))
    if steps and steps[-1].days > 0:
        missing = f"says nothing of the last {steps[-1].days} days; end with days: 0"
        reader.wrong(f"{key}[{len(steps) - 1}].days", missing)
    return tuple(steps)


def _read_resources(reader: Reader, data: Any, key: str) -> dict[str, Resource]:
    resources: dict[str, Resource] = {}
    for name, path, inner in reader.items(data, key):
        check_name(reader, name, path, "a resource's", limit=64)
        about = reader.mapping(inner, path)
        reader.only(about, path, _RESOURCE_KEYS)
        resources[name] = Resource(
            name,
            capacity=reader.whole(
                about.get("capacity"), f"{path}.capacity", low=1, high=100_000, default=1
            ),
            group=reader.text(about["group"], f"{path}.group") or None
            if "group" in about
            else None,
            hours=read_hours(reader, about.get("hours"), key=f"{path}.hours"),
            price=_price(reader, about, "price", path) or Decimal(0),
            closed=_read_days(reader, about.get("closed"), f"{path}.closed"),
        )
    if not 1 <= len(resources) <= RESOURCES_LIMIT:
        wanted = f"name 1 to {RESOURCES_LIMIT} things that can be reserved"
        reader.wrong(key, f"has {len(resources)} resources; {wanted}")
    return resources


def _read_days(reader: Reader, data: Any, key: str) -> tuple[date, ...]:
    days = set()
    for place, one in enumerate(reader.listing(data, key)):
        day = _day(one)
        if day is None:
            problem = f"{str(one)[:40]!r} is no day; write it as 2026-12-24"
            reader.wrong(f"{key}[{place}]", problem)
        else:
            days.add(day)
    return tuple(sorted(days))


def _day(value: Any) -> date | None:
    """YAML reads a day without quotes as one."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        written = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip())
        return date.fromisoformat(value.strip()) if written else None
    except ValueError:
        return None


def _read_orders(reader: Reader, data: Any) -> OrderRules:
    key = "backoffice.orders"
    top = reader.mapping(data, key)
    reader.only(top, key, _ORDER_KEYS)
    known = OrderRules()

    def days(name: str, default: int) -> int:
        return reader.whole(top.get(name), f"{key}.{name}", low=0, high=365, default=default)

    return OrderRules(
        return_days=days("return_days", known.return_days),
        return_fee=_price(reader, top, "return_fee", key) or Decimal(0),
        exchange_fee=_price(reader, top, "exchange_fee", key) or Decimal(0),
        free_delivery_from=_price(reader, top, "free_delivery_from", key),
        pickup_days=days("pickup_days", known.pickup_days),
        refund_days=days("refund_days", known.refund_days),
        currency=_read_currency(reader, top, key),
    )


def _price(reader: Reader, top: Mapping[str, Any], name: str, key: str) -> Decimal | None:
    """Read an amount of money, if it is there."""
    if top.get(name) is None:
        return None
    amount = reader.number(top[name], f"{key}.{name}", low=0, high=_PRICE_LIMIT, default=0)
    return _decimal(amount)


def _decimal(number: float) -> Decimal:
    """Return a number as it was written: 12.5, and 3000 rather than 3000.0."""
    return Decimal(int(number)) if number == int(number) else Decimal(str(number))
