"""What finished forms can do: each built-in action, the slots it needs and what it can come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActionType:
    """``outcomes`` maps each possible outcome to the fields its reply may use.

    ``reopens`` are outcomes that leave the form open and name the slot asked for again.
    """

    slots: tuple[str, ...]
    outcomes: Mapping[str, tuple[str, ...]]
    reopens: Mapping[str, str]


_COMMON = ("order_number", "items")

ACTIONS: Mapping[str, ActionType] = {
    "orders.status": ActionType(
        slots=("order_number",),
        outcomes={
            "not_found": ("order_number",),
            "paid": (*_COMMON, "ordered_on", "expected_on"),
            "preparing": (*_COMMON, "ordered_on", "expected_on"),
            "shipped": (*_COMMON, "courier", "tracking_number", "expected_on"),
            "delivered": (*_COMMON, "courier", "tracking_number", "delivered_on"),
            "cancelled": _COMMON,
        },
        reopens={"not_found": "order_number"},
    ),
}
