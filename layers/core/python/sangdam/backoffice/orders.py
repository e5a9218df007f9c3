"""Orders: what is known of one, as far as a customer may be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sangdam.bots.definition import Language
from sangdam.text.dates import spoken_date

OrderStatus = Literal["paid", "preparing", "shipped", "delivered", "cancelled"]


@dataclass(frozen=True, slots=True)
class OrderItem:
    """A line of an order; the product's name in each language it is sold in."""

    name: Mapping[Language, str]
    quantity: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order and where it stands. Nothing here says who ordered or where they live."""

    order_number: str
    status: OrderStatus
    items: tuple[OrderItem, ...]
    ordered_on: date
    expected_on: date | None = None
    delivered_on: date | None = None
    courier: Mapping[Language, str] | None = None
    tracking_number: str | None = None


def status_of(
    order: Order | None, order_number: str, language: Language
) -> tuple[str, dict[str, str]]:
    """Return what looking an order up comes to, and the fields its reply may use."""
    if order is None:
        return "not_found", {"order_number": order_number}
    items = ", ".join(
        f"{item.name.get(language) or next(iter(item.name.values()), '')} × {item.quantity}"
        for item in order.items
    )
    fields = {"order_number": order.order_number, "items": items}
    courier = order.courier or {}
    fields["courier"] = courier.get(language) or next(iter(courier.values()), "-")
    fields["tracking_number"] = order.tracking_number or "-"
    days = {
        "ordered_on": order.ordered_on,
        "expected_on": order.expected_on,
        "delivered_on": order.delivered_on,
    }
    for name, day in days.items():
        fields[name] = spoken_date(day, language) if day is not None else "-"
    return order.status, fields
