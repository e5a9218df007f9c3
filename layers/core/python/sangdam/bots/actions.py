"""What finished forms can do: each built-in action, its roles and what it can come to.

The rules behind the actions are in :mod:`sangdam.backoffice`; a pack may define more, which call
the team's own system: see :mod:`sangdam.bots.outside_actions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sangdam.bots.definition import ActionType, Bot

OK = "ok"
"""The outcome of a check or an offer that found nothing to object to."""

_NUMBER = {"not_found": "order_number"}
_WRONG = {"not_found": ("phone",)}
_COMMON = ("order_number", "items")

_ORDERS = {
    "orders.status": ActionType(
        slots=("order_number",),
        optional=("phone",),
        outcomes={
            "not_found": ("order_number",),
            "paid": (*_COMMON, "ordered_on", "expected_on"),
            "preparing": (*_COMMON, "ordered_on", "expected_on"),
            "shipped": (*_COMMON, "courier", "tracking_number", "expected_on"),
            "delivered": (*_COMMON, "courier", "tracking_number", "delivered_on"),
            "cancelled": _COMMON,
        },
        reopens=_NUMBER,
        clears=_WRONG,
    ),
    "orders.cancel": ActionType(
        slots=("order_number", "phone"),
        outcomes={
            "not_found": ("order_number",),
            "cancelled": (*_COMMON, "refund", "refunded_on"),
            "already_cancelled": _COMMON,
            "too_late": _COMMON,
        },
        reopens=_NUMBER,
        clears=_WRONG,
        offer=("items", "refund"),
        changes=True,
        checks=True,
    ),
    "orders.change_address": ActionType(
        slots=("order_number", "phone", "address"),
        outcomes={"not_found": ("order_number",), "changed": _COMMON, "too_late": _COMMON},
        reopens=_NUMBER,
        clears=_WRONG,
        offer=("items",),
        changes=True,
        checks=True,
    ),
    "orders.return": ActionType(
        slots=("order_number", "phone", "reason", "opened"),
        outcomes={
            "not_found": ("order_number",),
            "accepted": (*_COMMON, "number", "fee", "refund", "pickup_on"),
            "not_delivered": _COMMON,
            "period_over": (*_COMMON, "until"),
            "opened": _COMMON,
            "already_returned": (*_COMMON, "number"),
        },
        reopens=_NUMBER,
        clears=_WRONG,
        offer=("items", "fee", "refund"),
        changes=True,
        checks=True,
    ),
    "orders.exchange": ActionType(
        slots=("order_number", "phone", "reason", "wanted"),
        outcomes={
            "not_found": ("order_number",),
            "accepted": (*_COMMON, "number", "fee", "pickup_on"),
            "not_delivered": _COMMON,
            "period_over": (*_COMMON, "until"),
            "already_returned": (*_COMMON, "number"),
        },
        reopens=_NUMBER,
        clears=_WRONG,
        offer=("items", "fee"),
        changes=True,
        checks=True,
    ),
    "orders.refund_estimate": ActionType(
        slots=("order_number", "phone", "reason"),
        outcomes={
            "not_found": ("order_number",),
            "estimate": (*_COMMON, "fee", "refund", "refunded_on"),
            "not_possible": _COMMON,
        },
        reopens=_NUMBER,
        clears=_WRONG,
    ),
}

_REFUSED = {
    "past": ("from",),
    "too_far": ("until",),
    "too_soon": ("from",),
    "closed": ("reason", "alternatives"),
    "outside_hours": ("hours",),
    "full": ("alternatives",),
    "none_left": ("alternatives",),
    "party_too_large": ("limit",),
    "unknown_resource": (),
}
_REFUSED_ROLES = {
    "past": "date",
    "too_far": "date",
    "too_soon": "date",
    "closed": "date",
    "outside_hours": "time",
    "full": "time",
    "none_left": "date",
    "party_too_large": "party",
    "unknown_resource": "resource",
}

_RESERVATIONS = {
    "reservations.book": ActionType(
        slots=("date",),
        optional=("group", "resource", "time", "party", "name", "phone", "note"),
        outcomes={**_REFUSED, "booked": ("number", "price")},
        reopens=_REFUSED_ROLES,
        offer=("price",),
        changes=True,
        checks=True,
    ),
    "reservations.change": ActionType(
        slots=("number", "phone"),
        optional=("date", "time", "party"),
        outcomes={
            "not_found": (),
            **_REFUSED,
            "nothing_changed": ("what",),
            "changed": ("what",),
            "already_cancelled": ("what",),
            "too_late": ("what",),
        },
        reopens={"not_found": "number", **_REFUSED_ROLES, "nothing_changed": "date"},
        clears=_WRONG,
        offer=("what", "fee"),
        changes=True,
        checks=True,
    ),
    "reservations.cancel": ActionType(
        slots=("number", "phone"),
        outcomes={
            "not_found": (),
            "cancelled": ("what", "fee", "refund"),
            "already_cancelled": ("what",),
            "too_late": ("what",),
        },
        reopens={"not_found": "number"},
        clears=_WRONG,
        offer=("what", "fee", "refund"),
        changes=True,
        checks=True,
    ),
    "reservations.list": ActionType(
        slots=("phone",),
        optional=("name",),
        outcomes={"found": ("list", "count"), "none": ()},
    ),
    "reservations.free": ActionType(
        slots=("date",),
        optional=("group", "resource", "time", "party"),
        outcomes={**_REFUSED, "free": ("times",)},
        reopens=_REFUSED_ROLES,
        checks=True,
    ),
}

ACTIONS: Mapping[str, ActionType] = MappingProxyType(
    {
        **_ORDERS,
        **_RESERVATIONS,
        "catalogue.recommend": ActionType(
            slots=(),
            optional=None,
            outcomes={"found": ("list", "count"), "nothing": ("closest",), "no_more": ()},
            recalls=("shown",),
            once=("narrow",),
        ),
        "catalogue.item": ActionType(
            slots=("item",),
            outcomes={
                "in_stock": ("item", "price", "text", "left"),
                "sold_out": ("item", "price", "text"),
            },
        ),
        "requests.file": ActionType(
            slots=(),
            optional=None,
            outcomes={"filed": ("number",)},
            changes=True,
            settings=("kind",),
        ),
        "requests.callback": ActionType(
            slots=("name", "phone"),
            optional=("time", "topic"),
            outcomes={"filed": ("number",)},
        ),
        "cards.block": ActionType(
            slots=("name", "phone", "last4"),
            outcomes={
                "not_found": (),
                "blocked": ("number", "card"),
                "already_blocked": ("number", "card"),
            },
            reopens={"not_found": "last4"},
            clears={"not_found": ("name", "phone")},
            offer=("card",),
            changes=True,
            checks=True,
        ),
    }
)


def action_of(bot: Bot, name: str) -> ActionType:
    """Return an action that a bot's form ends in, built in or its own."""
    return bot.actions.get(name) or ACTIONS[name]
