"""Orders: what is known of one, as far as a customer may be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sangdam.bots.definition import Language

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


@dataclass(frozen=True, slots=True)
class FindOrder:
    """A question of the dialogue to the back office."""

    order_number: str
