"""Orders: what is known of one, how it is stored, and how it is told to a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from sangdam.backoffice.documents import read_document, write_document
from sangdam.backoffice.identity import digest, phone_digits
from sangdam.backoffice.writes import Key
from sangdam.bots.definition import Language
from sangdam.text.dates import spoken_date

OrderStatus = Literal["paid", "preparing", "shipped", "delivered", "cancelled"]


@dataclass(frozen=True, slots=True)
class OrderItem:
    """A line of an order; the product's name in each language it is sold in, its price for one."""

    name: Mapping[Language, str]
    quantity: int
    price: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Order:
    """An order and where it stands.

    Nothing here says who ordered: ``owner`` is a digest of order number and phone, empty if no
    phone is known. ``paid`` is what was paid in all, ``delivery_fee`` the part of it for delivery
    (0: it was free). ``address`` is a new one that a customer gave; ``returned`` and ``exchanged``
    are the numbers of such requests.
    """

    order_number: str
    status: OrderStatus
    items: tuple[OrderItem, ...]
    ordered_on: date
    expected_on: date | None = None
    delivered_on: date | None = None
    courier: Mapping[Language, str] | None = None
    tracking_number: str | None = None
    owner: str = ""
    paid: Decimal = Decimal(0)
    delivery_fee: Decimal = Decimal(0)
    address: str | None = None
    returned: str | None = None
    exchanged: str | None = None


def order_key(bot: str, order_number: str) -> Key:
    return Key(f"{bot}#order#{order_number}", "order")


def owner_digest(order_number: str, phone: str) -> str:
    """Return what an order keeps of its customer's phone."""
    return digest(order_number, phone_digits(phone))


def write_order(order: Order) -> str:
    return write_document(asdict(order))


def read_order(record: str) -> Order:
    """Return an order from its record. Raises DocumentError if it cannot be read."""
    top = read_document(record, kind="order")

    def day(name: str) -> date | None:
        return None if top[name] is None else date.fromisoformat(top[name])

    return Order(
        order_number=top["order_number"],
        status=top["status"],
        items=tuple(
            OrderItem(one["name"], one["quantity"], Decimal(one["price"])) for one in top["items"]
        ),
        ordered_on=date.fromisoformat(top["ordered_on"]),
        expected_on=day("expected_on"),
        delivered_on=day("delivered_on"),
        courier=top["courier"],
        tracking_number=top["tracking_number"],
        owner=top["owner"],
        paid=Decimal(top["paid"]),
        delivery_fee=Decimal(top["delivery_fee"]),
        address=top["address"],
        returned=top["returned"],
        exchanged=top["exchanged"],
    )


def order_fields(order: Order, language: Language) -> dict[str, str]:
    """Return what every reply about an order may use."""
    items = ", ".join(
        f"{item.name.get(language) or next(iter(item.name.values()), '')} × {item.quantity}"
        for item in order.items
    )
    return {"order_number": order.order_number, "items": items}


def status_of(
    order: Order | None, order_number: str, language: Language
) -> tuple[str, dict[str, str]]:
    """Return what looking an order up comes to, and the fields its reply may use."""
    if order is None:
        return "not_found", {"order_number": order_number}
    fields = order_fields(order, language)
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
