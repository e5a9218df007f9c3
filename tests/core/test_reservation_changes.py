"""Changing, cancelling and listing: by number and phone, with the fee that the days left make."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from sangdam.backoffice.cancellation import cancellation_fee
from sangdam.bots.business import FeeStep
from tests.core.reservation_desk import (
    MONDAY,
    NOW,
    PHONE,
    TODAY,
    TUESDAY,
    Desk,
    clinic,
    clinic_rules,
    values_of,
    wish,
)

FRIDAY = TODAY + timedelta(days=5)
OTHER_PHONE = "+821099998888"


def kim(at: str = "09:00", day: object = MONDAY, **more: str) -> dict[str, str]:
    return {**wish(TODAY, at, resource="dr_kim", **more), "date": str(day)}


def test_a_change_says_what_stands_now_and_what_it_will_be() -> None:
    desk = Desk()
    visitor = desk.visitor()
    number = visitor.booked(**kim())
    known = {"number": number, "phone": PHONE}
    offered = visitor.offer("change", **known, time="13:00")
    assert offered.outcome == "ok"
    assert offered.fields == {"what": "11월 23일(월) 오전 9시, 김 원장", "fee": "5,000원"}
    assert desk.counts("dr_kim", MONDAY) == {"09:00": 1, "13:00": 1}
    changed = visitor.run("change", **known, time="13:00")
    assert changed.outcome == "changed"
    assert changed.fields["what"] == "11월 23일(월) 오후 1시, 김 원장"
    assert changed.remembered == {"number": number, "phone": PHONE}
    assert desk.counts("dr_kim", MONDAY) == {"13:00": 1}
    assert desk.holds("dr_kim", MONDAY) == 0
    assert json.loads(desk.stored(number))["time"] == "13:00"


def test_a_change_to_another_day_moves_the_seats() -> None:
    desk = Desk()
    visitor = desk.visitor()
    number = visitor.booked(**kim())
    visitor.offer("change", number=number, phone=PHONE, date=str(FRIDAY), time="10:00")
    visitor.run("change", number=number, phone=PHONE, date=str(FRIDAY), time="10:00")
    assert desk.counts("dr_kim", MONDAY) == {}
    assert desk.counts("dr_kim", FRIDAY) == {"10:00": 1}


def test_a_reservation_is_not_in_the_way_of_its_own_change() -> None:
    desk = Desk(clinic(clinic_rules(minutes=60)))
    visitor = desk.visitor()
    number = visitor.booked(**kim("09:00"))
    known = {"number": number, "phone": PHONE, "time": "09:30"}
    assert visitor.check("change", **known).outcome == "ok"
    assert visitor.offer("change", **known).outcome == "ok"
    assert desk.counts("dr_kim", MONDAY) == {"09:00": 1, "09:30": 1, "10:00": 1}
    assert visitor.run("change", **known).outcome == "changed"
    assert desk.counts("dr_kim", MONDAY) == {"09:30": 1, "10:00": 1}


def test_more_people_come_if_there_is_room_for_them() -> None:
    desk = Desk()
    visitor = desk.visitor()
    dental = wish(MONDAY, "09:00", resource="dr_park", party="2 person")
    number = visitor.booked(**dental)
    known = {"number": number, "phone": PHONE}
    visitor.offer("change", **known, party="3 person")
    assert desk.counts("dr_park", MONDAY) == {"09:00": 3}
    changed = visitor.run("change", **known, party="3 person")
    assert changed.fields["what"].endswith("3명")
    assert json.loads(desk.stored(number))["price"] == "60000"
    assert visitor.check("change", **known, party="4 person").outcome == "party_too_large"
    fewer = visitor.offer("change", **known, party="1 person")
    assert fewer.outcome == "ok"
    assert desk.counts("dr_park", MONDAY) == {"09:00": 3}
    visitor.run("change", **known, party="1 person")
    assert desk.counts("dr_park", MONDAY) == {"09:00": 1}


def test_a_change_to_a_taken_time_is_refused_with_the_nearest() -> None:
    desk = Desk()
    number = desk.visitor("s1").booked(**kim())
    desk.visitor("s2").booked(**kim("09:30"))
    known = {"number": number, "phone": PHONE, "time": "09:30"}
    for phase in ("check", "offer", "run"):
        refused = getattr(desk.visitor("s1"), phase)("change", **known)
        assert refused.outcome == "full"
        assert values_of(refused, "time") == ["09:00", "10:00", "13:00", "13:30"]
    assert desk.counts("dr_kim", MONDAY) == {"09:00": 1, "09:30": 1}


def test_a_change_to_what_stands_already_changes_nothing() -> None:
    desk = Desk()
    visitor = desk.visitor()
    number = visitor.booked(**kim())
    known = {"number": number, "phone": PHONE}
    for values in ({}, {"time": "09:00"}, {"date": str(MONDAY)}):
        assert visitor.offer("change", **known, **values).outcome == "nothing_changed"
    assert visitor.check("change", **known).outcome == "ok"


def test_the_days_around_and_the_times_of_a_day_are_proposed_for_a_change() -> None:
    desk = Desk()
    visitor = desk.visitor()
    number = visitor.booked(**kim(day=FRIDAY))
    known = {"number": number, "phone": PHONE}
    days = values_of(visitor.check("change", **known), "date")
    assert days == ["2026-11-24", "2026-11-25", "2026-11-27", "2026-11-30"]
    times = values_of(visitor.check("change", **known, date=str(TUESDAY)), "time")
    assert times == ["09:00", "09:30", "10:00", "13:00", "13:30", "14:00"]


def test_a_withdrawn_change_leaves_the_reservation_as_it_was() -> None:
    desk = Desk()
    visitor = desk.visitor()
    number = visitor.booked(**kim())
    visitor.offer("change", number=number, phone=PHONE, time="13:00")
    visitor.withdraw("change", number=number, phone=PHONE, time="13:00")
    assert desk.counts("dr_kim", MONDAY) == {"09:00": 1}
    assert json.loads(desk.stored(number))["time"] == "09:00"


@pytest.mark.parametrize("action", ["change", "cancel"])
def test_an_unknown_number_and_a_wrong_phone_are_told_alike(action: str) -> None:
    desk = Desk()
    visitor = desk.visitor()
    number = visitor.booked(**kim())
    wrong = visitor.check(action, number=number, phone=OTHER_PHONE)
    unknown = visitor.check(action, number="A1122-00000", phone=PHONE)
    assert wrong == unknown
    assert wrong.outcome == "not_found"
    assert (
        visitor.check(action, number=f" {number.lower()} ", phone="010-1234-5678").outcome == "ok"
    )
    assert visitor.check(action, number=number).outcome == "ok"  # the phone is still to come


def test_a_phone_cannot_be_found_by_trying() -> None:
    desk = Desk()
    number = desk.visitor().booked(**kim())
    for last in range(3):
        desk.visitor("thief").check("cancel", number=number, phone=f"+82101234567{last}")
    assert desk.visitor("s2").check("cancel", number=number, phone=PHONE).outcome == "not_found"
    desk.later(hours=1)
    assert desk.visitor("s2").check("cancel", number=number, phone=PHONE).outcome == "ok"


def test_a_cancelled_reservation_gives_its_seats_free_and_costs_by_the_days_left() -> None:
    desk = Desk()
    visitor = desk.visitor()
    number = visitor.booked(**kim())
    known = {"number": number, "phone": PHONE}
    offered = visitor.offer("cancel", **known)
    assert offered.fields == {
        "what": "11월 23일(월) 오전 9시, 김 원장",
        "fee": "5,000원",
        "refund": "5,000원",
    }
    assert desk.counts("dr_kim", MONDAY) == {"09:00": 1}
    cancelled = visitor.run("cancel", **known)
    assert (cancelled.outcome, cancelled.fields) == ("cancelled", dict(offered.fields))
    assert desk.counts("dr_kim", MONDAY) == {}
    for action in ("cancel", "change"):
        assert visitor.check(action, **known).outcome == "already_cancelled"
    assert json.loads(desk.stored(number))["status"] == "cancelled"


def test_what_has_begun_can_be_changed_no_more() -> None:
    desk = Desk()
    visitor = desk.visitor()
    number = visitor.booked(**kim())
    desk.now = NOW.replace(day=23, hour=9, minute=0)
    for action in ("cancel", "change"):
        refused = visitor.check(action, number=number, phone=PHONE)
        assert refused.outcome == "too_late"
        assert refused.fields["what"] == "11월 23일(월) 오전 9시, 김 원장"


def test_cancelling_leaves_alone_what_the_session_holds_for_another_booking() -> None:
    desk = Desk()
    visitor = desk.visitor()
    number = visitor.booked(**kim())
    visitor.offer("book", **kim("13:00"))
    visitor.offer("cancel", number=number, phone=PHONE)
    visitor.withdraw("cancel", number=number, phone=PHONE)
    visitor.run("cancel", number=number, phone=PHONE)
    assert desk.counts("dr_kim", MONDAY) == {"13:00": 1}


def test_reservations_to_come_are_listed_in_their_order() -> None:
    desk = Desk()
    visitor = desk.visitor()
    later = visitor.booked(**kim("13:00", FRIDAY, party="1 person"))
    soon = visitor.booked(**kim())
    gone = visitor.booked(**kim("10:00"))
    visitor.run("cancel", number=gone, phone=PHONE)
    desk.visitor("s2").booked(**{**kim("09:30"), "phone": OTHER_PHONE})
    found = visitor.run("list", phone="010-1234-5678")
    assert found.outcome == "found"
    assert found.fields == {
        "list": f"{soon}: 11월 23일(월) 오전 9시, 김 원장\n"
        f"{later}: 11월 27일(금) 오후 1시, 김 원장, 1명",
        "count": "2",
    }
    assert values_of(found, "number") == [soon, later]
    assert visitor.run("list", phone=PHONE, name="하 늘").outcome == "found"
    assert visitor.run("list", phone=PHONE, name="바다").outcome == "none"
    assert visitor.run("list", phone="+821000000000").outcome == "none"
    desk.later(days=2)
    assert visitor.run("list", phone=PHONE).fields["count"] == "1"


STEPS = (
    FeeStep(30, Decimal(0)),
    FeeStep(10, Decimal(20)),
    FeeStep(1, Decimal(50)),
    FeeStep(0, Decimal(100)),
)


@pytest.mark.parametrize(
    ("left", "fee"),
    [(90, 0), (30, 0), (29, 20000), (10, 20000), (9, 50000), (1, 50000), (0, 100000)],
)
def test_the_fee_follows_the_days_left(left: int, fee: int) -> None:
    day = TODAY + timedelta(days=left)
    charged = cancellation_fee(STEPS, Decimal(100000), day=day, today=TODAY, currency="KRW")
    assert charged == fee


def test_fees_are_whole_amounts_of_the_currency_in_favour_of_the_customer() -> None:
    steps = (FeeStep(0, Decimal("12.5")),)

    def fee(price: str, currency: str) -> Decimal:
        return cancellation_fee(steps, Decimal(price), day=TODAY, today=TODAY, currency=currency)

    assert (fee("9999", "KRW"), fee("99.99", "USD")) == (Decimal(1249), Decimal("12.49"))
    assert cancellation_fee((), Decimal(9), day=TODAY, today=TODAY, currency="KRW") == 0
