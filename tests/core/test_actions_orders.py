"""Actions on orders: who is told, what is allowed, and what is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.backoffice.identity import TRIES
from sangdam.backoffice.orders import (
    Order,
    OrderItem,
    order_key,
    owner_digest,
    read_order,
    write_order,
)
from sangdam.backoffice.requests import read_request
from sangdam.backoffice.writes import Put, merged
from sangdam.bots.actions import ACTIONS
from sangdam.bots.business import BackOfficeRules, OrderRules
from sangdam.ports import WriteRefusedError
from tests.core.back_room import BackRoom
from tests.core.corner_shop import NAME
from tests.core.counter import Days

PHONE = "+821012345678"
NUMBER = "20261118-0001"
BAG = OrderItem({"ko": "가방", "en": "Bag"}, 1, Decimal(54000))
ORDER = Order(
    NUMBER,
    "paid",
    (BAG,),
    date(2026, 11, 18),
    expected_on=date(2026, 11, 23),
    owner=owner_digest(NUMBER, "010-1234-5678"),
    paid=Decimal(54000),
)
DELIVERED = replace(ORDER, status="delivered", delivered_on=date(2026, 11, 19))
RULES = BackOfficeRules(
    orders=OrderRules(
        return_fee=Decimal(3000), exchange_fee=Decimal(6000), free_delivery_from=Decimal(50000)
    )
)
MINE = {"order_number": NUMBER, "phone": PHONE}
RETURN = {**MINE, "reason": "changed_mind", "opened": "no"}
EXCHANGE = {**MINE, "reason": "defective", "wanted": "네이비로 바꿔 주세요"}
VALUES: dict[str, dict[str, str]] = {
    "orders.status": MINE,
    "orders.cancel": MINE,
    "orders.change_address": {**MINE, "address": "서울시 성동구 성수이로 1, 101호"},
    "orders.return": RETURN,
    "orders.exchange": EXCHANGE,
    "orders.refund_estimate": {**MINE, "reason": "changed_mind"},
}
PHASES: tuple[Any, ...] = ("check", "offer", "run", "withdraw")


def room(order: Order = ORDER) -> BackRoom:
    return BackRoom((Put(order_key(NAME, order.order_number), write_order(order)),), RULES)


def stored(room: BackRoom) -> Order:
    record = room.store.get(order_key(NAME, NUMBER))
    assert record is not None
    return read_order(record.record)


@pytest.mark.parametrize("action", VALUES)
@pytest.mark.parametrize("status", ["paid", "preparing", "shipped", "delivered", "cancelled"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_outcome_has_the_fields_that_replies_may_use(
    action: str, status: Any, language: Any
) -> None:
    order = replace(DELIVERED if status == "delivered" else ORDER, status=status)
    done = room(order).asked(action, VALUES[action], language=language)
    assert set(ACTIONS[action].outcomes[done.result.outcome]) <= set(done.result.fields)
    assert all(done.result.fields.values())


@pytest.mark.parametrize("action", VALUES)
def test_an_offer_has_the_fields_of_the_confirmation(action: str) -> None:
    order = DELIVERED if action in ("orders.return", "orders.exchange") else ORDER
    result = room(order).asked(action, VALUES[action], phase="offer").result
    assert result.outcome == "ok"
    assert set(ACTIONS[action].offer) <= set(result.fields)


@pytest.mark.parametrize("action", VALUES)
@pytest.mark.parametrize("phase", PHASES)
def test_only_the_run_changes_an_order(action: str, phase: Any) -> None:
    order = DELIVERED if action in ("orders.return", "orders.exchange") else ORDER
    behind = room(order)
    behind.does(action, VALUES[action], phase=phase)
    changes = phase == "run" and ACTIONS[action].changes
    assert (stored(behind) != order) == changes


@pytest.mark.parametrize("action", VALUES)
@pytest.mark.parametrize("phase", ["check", "offer", "run"])
@pytest.mark.parametrize(
    "wrong", [{"phone": "+821012345679"}, {"order_number": "20261118-0002"}, {"phone": "0"}]
)
def test_a_wrong_phone_and_an_unknown_number_are_the_same(
    action: str, phase: Any, wrong: dict[str, str]
) -> None:
    values = {**VALUES[action], **wrong}
    result = room().asked(action, values, phase=phase).result
    assert result.outcome == "not_found"
    assert dict(result.fields) == {"order_number": values["order_number"]}
    assert not result.remembered


@pytest.mark.parametrize("action", VALUES)
@pytest.mark.parametrize("missing", ["order_number", "phone"])
def test_nothing_is_said_of_an_order_before_both_are_known(action: str, missing: str) -> None:
    for number in (NUMBER, "20261118-0009"):
        values = {**VALUES[action], "order_number": number, missing: None}
        done = room().asked(action, values, phase="check")
        assert (done.result.outcome, dict(done.result.fields)) == ("ok", {})


def test_a_form_without_a_phone_may_still_tell_where_an_order_is() -> None:
    result = room().does("orders.status", {"order_number": NUMBER})
    assert result.outcome == "paid"
    assert result.fields["items"] == "가방 × 1"
    assert result.fields["expected_on"] == "11월 23일(월)"
    assert room().does("orders.status", {"order_number": "1"}).outcome == "not_found"


@pytest.mark.parametrize("action", [name for name in VALUES if name != "orders.status"])
def test_no_other_action_does_without_a_phone(action: str) -> None:
    behind = room(DELIVERED)
    result = behind.does(action, {**VALUES[action], "phone": None})
    assert result.outcome == "not_found"
    assert stored(behind) == DELIVERED


def test_an_order_without_a_phone_is_nobodys() -> None:
    behind = room(replace(ORDER, owner=""))
    assert behind.does("orders.cancel", MINE).outcome == "not_found"


@pytest.mark.parametrize("phone", ["010-1234-5678", "01012345678", "+821012345678"])
def test_a_phone_is_one_however_it_is_written(phone: str) -> None:
    assert room().does("orders.status", {**MINE, "phone": phone}).outcome == "paid"


def test_three_wrong_phones_shut_an_order_for_the_hour() -> None:
    behind = room()
    for number in range(TRIES):
        wrong = {**MINE, "phone": f"+82101111222{number}"}
        assert behind.does("orders.cancel", wrong, phase="check").outcome == "not_found"
    assert behind.does("orders.cancel", MINE).outcome == "not_found"
    assert behind.does("orders.status", MINE).outcome == "not_found"
    assert stored(behind) == ORDER
    behind.pass_by(minutes=59)
    assert behind.does("orders.cancel", MINE).outcome == "not_found"
    behind.pass_by(minutes=1)
    assert behind.does("orders.cancel", MINE).outcome == "cancelled"


def test_two_wrong_phones_do_no_harm() -> None:
    behind = room()
    for last in range(2):
        behind.does("orders.cancel", {**MINE, "phone": f"+82101111222{last}"}, phase="check")
    assert behind.does("orders.cancel", MINE).outcome == "cancelled"


def test_the_same_wrong_phone_is_counted_once() -> None:
    """Whoever mistyped it, and gives the number again because that is what was asked for."""
    behind = room()
    for _ in range(TRIES + 2):
        wrong = {**MINE, "phone": "+821011112222"}
        assert behind.does("orders.cancel", wrong, phase="check").outcome == "not_found"
    assert behind.does("orders.cancel", MINE).outcome == "cancelled"


def test_tries_are_never_counted_beyond_their_limit() -> None:
    behind = room()
    together = [
        behind.asked("orders.cancel", {**MINE, "phone": f"+82101111222{last}"}, phase="check")
        for last in range(5)
    ]
    refused = 0
    for done in together:
        try:
            behind.store.apply(merged(done.writes))
        except WriteRefusedError:
            refused += 1
    assert refused == 2
    another = {**MINE, "phone": "+821011112229"}
    assert behind.asked("orders.cancel", another, phase="check").writes == ()


def test_made_up_numbers_leave_nothing_behind() -> None:
    values = {"order_number": "가" * 3000, "phone": PHONE}
    done = room().asked("orders.cancel", values, phase="check")
    assert (done.result.outcome, done.writes) == ("not_found", ())


def test_an_order_that_has_not_left_is_cancelled() -> None:
    behind = room()
    result = behind.does("orders.cancel", MINE)
    assert result.outcome == "cancelled"
    assert result.fields["refund"] == "54,000원"
    assert result.fields["refunded_on"] == "11월 27일(금)"
    assert result.remembered == {"order_number": NUMBER}
    assert stored(behind) == replace(ORDER, status="cancelled")
    assert behind.does("orders.cancel", MINE).outcome == "already_cancelled"


def test_days_off_put_the_refund_off() -> None:
    behind = room()
    behind.holidays = Days({date(2026, 11, 23): "임시 공휴일", date(2026, 11, 25): "임시 공휴일"})
    assert behind.does("orders.cancel", MINE).fields["refunded_on"] == "12월 1일(화)"


@pytest.mark.parametrize("status", ["shipped", "delivered"])
@pytest.mark.parametrize("phase", ["check", "offer", "run"])
def test_an_order_that_has_left_is_not_cancelled(status: Any, phase: Any) -> None:
    behind = room(replace(ORDER, status=status))
    assert behind.does("orders.cancel", MINE, phase=phase).outcome == "too_late"
    assert stored(behind).status == status


def test_of_two_who_cancel_at_once_one_does() -> None:
    behind = room()
    first, second = (behind.asked("orders.cancel", MINE) for _ in range(2))
    behind.store.apply(first.writes)
    with pytest.raises(WriteRefusedError):
        behind.store.apply(second.writes)
    assert behind.asked("orders.cancel", MINE).result.outcome == "already_cancelled"


def test_an_order_is_sent_elsewhere_until_it_leaves() -> None:
    behind = room()
    values = VALUES["orders.change_address"]
    assert behind.does("orders.change_address", values).outcome == "changed"
    assert stored(behind).address == values["address"]
    late = room(replace(ORDER, status="shipped"))
    assert late.does("orders.change_address", values).outcome == "too_late"
    assert stored(late).address is None


def test_a_return_is_accepted_and_filed() -> None:
    behind = room(DELIVERED)
    offer = behind.does("orders.return", RETURN, phase="offer")
    assert (offer.fields["fee"], offer.fields["refund"]) == ("6,000원", "48,000원")
    result = behind.does("orders.return", RETURN)
    assert result.outcome == "accepted"
    assert (result.fields["fee"], result.fields["refund"]) == ("6,000원", "48,000원")
    assert result.fields["pickup_on"] == "11월 24일(화)"
    number = result.fields["number"]
    assert number.startswith("R1120-")
    assert stored(behind) == replace(DELIVERED, returned=number)
    (record,) = behind.store.under(f"{NAME}#requests", prefix="return#")
    request = read_request(record.record)
    assert (request.number, request.kind, request.status) == (number, "return", "waiting")
    assert request.values == RETURN
    assert request.about == {
        "fee": "6000 KRW",
        "refund": "48000 KRW",
        "pickup_on": "2026-11-24",
    }


@pytest.mark.parametrize("action", ["orders.return", "orders.exchange"])
def test_an_order_goes_back_once(action: str) -> None:
    behind = room(DELIVERED)
    number = behind.does("orders.return", RETURN).fields["number"]
    again = behind.does(action, VALUES[action], phase="check")
    assert (again.outcome, again.fields["number"]) == ("already_returned", number)


def test_a_return_says_until_when_it_was_possible() -> None:
    behind = room(replace(DELIVERED, delivered_on=date(2026, 11, 1)))
    early = behind.does("orders.return", {**MINE, "reason": None}, phase="check")
    assert early.outcome == "ok"
    result = behind.does("orders.return", RETURN, phase="check")
    assert (result.outcome, result.fields["until"]) == ("period_over", "11월 8일(일)")
    faulty = {**RETURN, "reason": "defective", "opened": "yes"}
    assert behind.does("orders.return", faulty).outcome == "accepted"


def test_what_was_opened_is_refused_as_soon_as_it_is_known() -> None:
    opened = {**RETURN, "opened": "yes"}
    assert room(DELIVERED).does("orders.return", opened, phase="check").outcome == "opened"


def test_an_exchange_is_accepted_with_what_is_wanted() -> None:
    behind = room(DELIVERED)
    offer = behind.does("orders.exchange", EXCHANGE, phase="offer", language="en")
    assert (offer.fields["items"], offer.fields["fee"]) == ("Bag × 1", "0 won")
    result = behind.does("orders.exchange", EXCHANGE, language="en")
    assert result.outcome == "accepted"
    assert result.fields["pickup_on"] == "Tue, 24 Nov"
    (record,) = behind.store.under(f"{NAME}#requests", prefix="exchange#")
    assert read_request(record.record).values["wanted"] == "네이비로 바꿔 주세요"
    assert stored(behind).exchanged == result.fields["number"]


@pytest.mark.parametrize(
    ("order", "reason", "outcome", "fee", "refund", "refunded_on"),
    [
        (ORDER, "changed_mind", "estimate", "0원", "54,000원", "11월 27일(금)"),
        (DELIVERED, "changed_mind", "estimate", "6,000원", "48,000원", "12월 2일(수)"),
        (DELIVERED, "defective", "estimate", "0원", "54,000원", "12월 2일(수)"),
        (
            replace(ORDER, status="shipped"),
            "changed_mind",
            "estimate",
            "6,000원",
            "48,000원",
            "12월 2일(수)",
        ),
        (replace(ORDER, status="cancelled"), "defective", "not_possible", None, None, None),
        (replace(DELIVERED, returned="R1"), "defective", "not_possible", None, None, None),
        (
            replace(DELIVERED, delivered_on=date(2026, 11, 1)),
            "changed_mind",
            "not_possible",
            None,
            None,
            None,
        ),
    ],
)
def test_an_estimate_says_what_would_come_back(
    order: Order,
    reason: str,
    outcome: str,
    fee: str | None,
    refund: str | None,
    refunded_on: str | None,
) -> None:
    result = room(order).does("orders.refund_estimate", {**MINE, "reason": reason})
    told = [result.fields.get(name) for name in ("fee", "refund", "refunded_on")]
    assert (result.outcome, told) == (outcome, [fee, refund, refunded_on])


def test_a_turn_told_again_makes_the_same_number() -> None:
    first, second = (room(DELIVERED).does("orders.return", RETURN) for _ in range(2))
    assert first.fields["number"] == second.fields["number"]


def test_no_record_holds_a_telephone_number() -> None:
    behind = room()
    behind.does("orders.cancel", MINE)
    record = behind.store.get(order_key(NAME, NUMBER))
    assert record is not None
    assert "12345678" not in record.record


words = st.dictionaries(st.sampled_from(["ko", "en"]), st.text(max_size=20), min_size=1)
money = st.decimals(0, 10**7, places=0)
days = st.dates(date(2020, 1, 1), date(2100, 1, 1))
some_text = st.none() | st.text(max_size=20)
orders = st.builds(
    Order,
    order_number=st.text("0123456789-", min_size=1, max_size=20),
    status=st.sampled_from(["paid", "preparing", "shipped", "delivered", "cancelled"]),
    items=st.lists(st.builds(OrderItem, words, st.integers(1, 99), money), max_size=4).map(tuple),
    ordered_on=days,
    expected_on=st.none() | days,
    delivered_on=st.none() | days,
    courier=st.none() | words,
    tracking_number=some_text,
    owner=st.text("0123456789abcdef", max_size=64),
    paid=money,
    delivery_fee=money,
    address=some_text,
    returned=some_text,
    exchanged=some_text,
)


@given(orders)
def test_any_order_is_read_back_as_it_was_written(order: Order) -> None:
    assert read_order(write_order(order)) == order


@given(orders, st.sampled_from(sorted(VALUES)), st.sampled_from(PHASES), st.sampled_from([0, 9]))
def test_whatever_an_order_is_every_action_comes_to_one_of_its_outcomes(
    order: Order, action: str, phase: Any, years: int
) -> None:
    mine = replace(order, owner=owner_digest(order.order_number, PHONE))
    behind = room(mine)
    behind.pass_by(days=365 * years)
    values = {**VALUES[action], "order_number": mine.order_number}
    result = behind.does(action, values, phase=phase)
    assert result.outcome in {*ACTIONS[action].outcomes, "ok"} - {"not_found"}
    assert phase != "run" or result.outcome != "ok"
