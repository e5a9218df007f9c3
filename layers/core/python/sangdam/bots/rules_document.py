"""The rules of a back office as plain data: the form they travel in inside a compiled bot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from sangdam.bots.business import (
    BackOfficeRules,
    FeeStep,
    Hours,
    OrderRules,
    ReservationRules,
    Resource,
)


def rules_document(rules: BackOfficeRules) -> dict[str, Any]:
    """Return rules as plain data; amounts are written as texts, so that none is rounded."""
    document: dict[str, Any] = {}
    if rules.reservations is not None:
        document["reservations"] = _reservations_document(rules.reservations)
    if rules.orders is not None:
        document["orders"] = _orders_document(rules.orders)
    return document


def read_rules(document: Mapping[str, Any]) -> BackOfficeRules:
    """Return the rules that :func:`rules_document` wrote.

    Raises KeyError, TypeError or ValueError if it did not write them.
    """
    reservations, orders = document.get("reservations"), document.get("orders")
    return BackOfficeRules(
        None if reservations is None else _read_reservations(reservations),
        None if orders is None else _read_orders(orders),
    )


def _reservations_document(rules: ReservationRules) -> dict[str, Any]:
    return {
        "resources": [_resource_document(one) for one in rules.resources.values()],
        "unit": rules.unit,
        "slot_minutes": rules.slot_minutes,
        "minutes": rules.minutes,
        "ahead": list(rules.ahead),
        "hold_minutes": rules.hold_minutes,
        "party_limit": rules.party_limit,
        "open_on_holidays": rules.open_on_holidays,
        "number": rules.number,
        "currency": rules.currency,
        "cancellation": [[step.days, str(step.percent)] for step in rules.cancellation],
    }


def _read_reservations(top: Mapping[str, Any]) -> ReservationRules:
    least, most = top["ahead"]
    return ReservationRules(
        resources={one["name"]: _read_resource(one) for one in top["resources"]},
        unit=top["unit"],
        slot_minutes=top["slot_minutes"],
        minutes=top["minutes"],
        ahead=(least, most),
        hold_minutes=top["hold_minutes"],
        party_limit=top["party_limit"],
        open_on_holidays=top["open_on_holidays"],
        number=top["number"],
        currency=top["currency"],
        cancellation=tuple(FeeStep(days, Decimal(share)) for days, share in top["cancellation"]),
    )


def _resource_document(resource: Resource) -> dict[str, Any]:
    return {
        "name": resource.name,
        "capacity": resource.capacity,
        "group": resource.group,
        "hours": _hours_document(resource.hours),
        "price": str(resource.price),
        "closed": [day.isoformat() for day in resource.closed],
    }


def _read_resource(top: Mapping[str, Any]) -> Resource:
    return Resource(
        top["name"],
        capacity=top["capacity"],
        group=top["group"],
        hours=_read_hours(top["hours"]),
        price=Decimal(top["price"]),
        closed=tuple(map(date.fromisoformat, top["closed"])),
    )


def _hours_document(hours: Hours) -> dict[str, Any]:
    return {
        str(day): [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in spans]
        for day, spans in hours.items()
    }


def _read_hours(top: Mapping[str, Any]) -> Hours:
    return {
        int(day): tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in spans)
        for day, spans in top.items()
    }


def _orders_document(rules: OrderRules) -> dict[str, Any]:
    free = rules.free_delivery_from
    return {
        "return_days": rules.return_days,
        "return_fee": str(rules.return_fee),
        "exchange_fee": str(rules.exchange_fee),
        "free_delivery_from": None if free is None else str(free),
        "pickup_days": rules.pickup_days,
        "refund_days": rules.refund_days,
        "currency": rules.currency,
    }


def _read_orders(top: Mapping[str, Any]) -> OrderRules:
    free = top["free_delivery_from"]
    return OrderRules(
        return_days=top["return_days"],
        return_fee=Decimal(top["return_fee"]),
        exchange_fee=Decimal(top["exchange_fee"]),
        free_delivery_from=None if free is None else Decimal(free),
        pickup_days=top["pickup_days"],
        refund_days=top["refund_days"],
        currency=top["currency"],
    )
