"""What the law and the shop allow: until when goods go back, and what that costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.backoffice.orders import Order, OrderItem
from sangdam.backoffice.returns import (
    Costs,
    exchange_fee,
    is_before_dispatch,
    return_costs,
    return_refusal,
    return_until,
)
from sangdam.bots.business import OrderRules

RULES = OrderRules(
    return_days=7,
    return_fee=Decimal(3000),
    exchange_fee=Decimal(6000),
    free_delivery_from=Decimal(50000),
)
DELIVERED = date(2026, 11, 10)
BAG = OrderItem({"ko": "가방", "en": "Bag"}, 1, Decimal(54000))
ORDER = Order(
    "1", "delivered", (BAG,), date(2026, 11, 7), delivered_on=DELIVERED, paid=Decimal(54000)
)
PAID_DELIVERY = replace(ORDER, paid=Decimal(35000), delivery_fee=Decimal(3000))


def refusal(order: Order = ORDER, *, days: int = 1, **said: Any) -> str | None:
    known: dict[str, Any] = {"reason": "changed_mind", "opened": False, **said}
    return return_refusal(order, RULES, today=DELIVERED + timedelta(days=days), **known)


@pytest.mark.parametrize(
    ("status", "is_before"),
    [
        ("paid", True), ("preparing", True), ("shipped", False), ("delivered", False),
        ("cancelled", False),
    ],
)  # fmt: skip
def test_an_order_can_be_cancelled_until_it_leaves(status: Any, *, is_before: bool) -> None:
    assert is_before_dispatch(replace(ORDER, status=status)) == is_before


@pytest.mark.parametrize(("days", "refused"), [(0, None), (7, None), (8, "period_over")])
def test_who_changes_their_mind_has_seven_days(days: int, refused: str | None) -> None:
    assert refusal(days=days) == refused


@pytest.mark.parametrize("reason", ["defective", "wrong_item"])
@pytest.mark.parametrize(("days", "refused"), [(8, None), (92, None), (93, "period_over")])
def test_the_shops_fault_may_show_for_three_months(
    reason: str, days: int, refused: str | None
) -> None:
    assert refusal(days=days, reason=reason) == refused


def test_three_months_end_with_a_shorter_month() -> None:
    assert return_until(date(2026, 11, 30), RULES, "defective") == date(2027, 2, 28)
    assert return_until(date(2027, 11, 30), RULES, "defective") == date(2028, 2, 29)
    assert return_until(date(2026, 12, 31), RULES, "defective") == date(2027, 3, 31)


def test_a_shop_may_grant_more_days_and_never_fewer() -> None:
    assert return_until(DELIVERED, replace(RULES, return_days=30), "changed_mind") == date(
        2026, 12, 10
    )
    assert return_until(DELIVERED, replace(RULES, return_days=3), "changed_mind") == date(
        2026, 11, 17
    )


def test_while_no_reason_is_known_the_longest_period_counts() -> None:
    assert refusal(days=30, reason=None, opened=None) is None
    assert refusal(days=120, reason=None, opened=None) == "period_over"


def test_what_was_opened_goes_back_only_if_it_is_the_shops_fault() -> None:
    assert refusal(opened=True) == "opened"
    assert refusal(opened=True, reason="defective") is None
    assert refusal(opened=True, reason=None) is None


@pytest.mark.parametrize("status", ["paid", "preparing", "shipped", "cancelled"])
def test_what_has_not_arrived_cannot_go_back(status: Any) -> None:
    assert refusal(replace(ORDER, status=status, delivered_on=None)) == "not_delivered"


def test_an_order_goes_back_once() -> None:
    assert refusal(replace(ORDER, returned="R1")) == "already_returned"
    assert refusal(replace(ORDER, exchanged="E1"), days=300) == "already_returned"


@pytest.mark.parametrize(
    ("order", "reason", "costs"),
    [
        (ORDER, "changed_mind", Costs(Decimal(6000), Decimal(48000))),
        (PAID_DELIVERY, "changed_mind", Costs(Decimal(3000), Decimal(29000))),
        (ORDER, "defective", Costs(Decimal(0), Decimal(54000))),
        (PAID_DELIVERY, "wrong_item", Costs(Decimal(0), Decimal(35000))),
        (replace(ORDER, paid=Decimal(4000)), "changed_mind", Costs(Decimal(6000), Decimal(0))),
    ],
)
def test_who_is_at_fault_pays_both_ways(order: Order, reason: str, costs: Costs) -> None:
    assert return_costs(order, RULES, reason) == costs


def test_a_shop_without_free_delivery_takes_its_fee_once() -> None:
    rules = replace(RULES, free_delivery_from=None)
    assert return_costs(ORDER, rules, "changed_mind").fee == 3000


def test_an_exchange_is_free_if_it_is_the_shops_fault() -> None:
    assert exchange_fee(RULES, "changed_mind") == 6000
    assert exchange_fee(RULES, "defective") == 0


amounts = st.decimals(0, 10**6, places=0)


@given(paid=amounts, fee=amounts, reason=st.sampled_from(["changed_mind", "defective", "other"]))
def test_nobody_gets_back_more_than_they_paid_or_less_than_nothing(
    paid: Decimal, fee: Decimal, reason: str
) -> None:
    costs = return_costs(replace(ORDER, paid=paid, delivery_fee=fee), RULES, reason)
    assert 0 <= costs.refund <= paid
    assert costs.fee >= 0


@given(days=st.integers(0, 400), opened=st.booleans())
def test_a_fault_of_the_shop_never_shortens_what_is_allowed(days: int, *, opened: bool) -> None:
    if refusal(days=days, opened=opened) is None:
        assert refusal(days=days, opened=opened, reason="defective") is None
