"""Cancelling, returning and exchanging: until when, at whose cost, and what is paid back.

The rules are those of the Korean Act on the Consumer Protection in Electronic Commerce:

- Article 17(1): a customer may withdraw within seven days of receiving the goods, for no reason.
  A shop may grant more days (``return_days``), never fewer.
- Article 17(2): not so for goods that were used or spoilt; unpacking to look at them is no use.
  ``opened`` is a customer's own word for that: tag taken off, seal broken, worn.
- Article 17(3): goods that are defective or not those that were ordered may be sent back within
  three months of receiving them, opened or not. (Also within thirty days of having found out,
  which nobody but the customer knows: people of the shop look at that.)
- Article 18(9) and (10): whoever changes their mind pays for the way back, otherwise the shop does.

Everything here speaks of a whole order.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sangdam.backoffice.orders import Order
from sangdam.bots.business import OrderRules

CHANGED_MIND = "changed_mind"
"""The reason that is the customer's own, and what is taken for one if none was given."""

FAULTS = ("defective", "wrong_item")
"""Reasons that are the shop's fault; any other is a change of mind."""

_LEAST_DAYS = 7
_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Costs:
    """What a customer pays, and what is paid back; the first is subtracted from the second."""

    fee: Decimal
    refund: Decimal


def is_before_dispatch(order: Order) -> bool:
    """Tell whether an order can still be cancelled or sent elsewhere."""
    return order.status in ("paid", "preparing")


def return_until(delivered_on: date, rules: OrderRules, reason: str | None) -> date:
    """Return the last day on which goods may be sent back; None is the reason that allows most."""
    for_any_reason = delivered_on + timedelta(days=max(rules.return_days, _LEAST_DAYS))
    if reason is not None and reason not in FAULTS:
        return for_any_reason
    return max(for_any_reason, _months_after(delivered_on, _MONTHS))


def return_refusal(
    order: Order,
    rules: OrderRules,
    *,
    reason: str | None,
    opened: bool | None,
    today: date,
) -> str | None:
    """Return why an order cannot be sent back; None if it can, as far as is known yet.

    ``already_returned``, ``not_delivered``, ``period_over`` or ``opened``: outcomes of the actions.
    """
    if order.returned or order.exchanged:
        return "already_returned"
    if order.status != "delivered" or order.delivered_on is None:
        return "not_delivered"
    if today > return_until(order.delivered_on, rules, reason):
        return "period_over"
    if opened and reason is not None and reason not in FAULTS:
        return "opened"
    return None


def return_costs(order: Order, rules: OrderRules, reason: str) -> Costs:
    """Return what sending an order back costs, and what is paid back.

    Who changes their mind pays the way back, and the way there too if that was free: what is left
    of the order, nothing, no longer reaches the amount it was free from. A delivery fee that was
    paid is not given back then. If the shop is at fault, everything is.
    """
    if reason in FAULTS:
        return Costs(Decimal(0), order.paid)
    was_free = rules.free_delivery_from is not None and not order.delivery_fee
    fee = rules.return_fee * 2 if was_free else rules.return_fee
    return Costs(fee, max(Decimal(0), order.paid - order.delivery_fee - fee))


def exchange_fee(rules: OrderRules, reason: str) -> Decimal:
    """Return what exchanging costs: both ways for who changes their mind."""
    return Decimal(0) if reason in FAULTS else rules.exchange_fee


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))
