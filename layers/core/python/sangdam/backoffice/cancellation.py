"""What taking a reservation back costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from sangdam.bots.business import FeeStep

_SMALLEST = {"KRW": Decimal(1), "JPY": Decimal(1)}
"""The smallest amount of a currency; a hundredth where none is named."""


def cancellation_fee(
    steps: Sequence[FeeStep], price: Decimal, *, day: date, today: date, currency: str
) -> Decimal:
    """Return the fee by the days left; in favour of the customer where it is not a whole amount.

    ``steps`` are ordered by days, most first: that of the most days that are still left counts.
    """
    if not steps:
        return Decimal(0)
    left = (day - today).days
    percent = next((step.percent for step in steps if left >= step.days), steps[-1].percent)
    smallest = _SMALLEST.get(currency, Decimal("0.01"))
    return (price * percent / 100).quantize(smallest, rounding=ROUND_DOWN)
