"""Booking: what is refused and why, what is offered and held, and what is stored in the end."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from sangdam.bots.business import BackOfficeRules, Resource
from sangdam.dialogue.decision import Phase
from tests.core.reservation_desk import (
    MONDAY,
    PHONE,
    TODAY,
    TUESDAY,
    Desk,
    clinic,
    clinic_rules,
    values_of,
    wish,
)

KIM = {"resource": "dr_kim"}


def test_a_booking_is_offered_with_its_price_and_then_stored() -> None:
    desk = Desk()
    visitor = desk.visitor()
    offered = visitor.offer("book", **wish(MONDAY, "13:30", party="1 person", **KIM))
    assert (offered.outcome, offered.fields) == ("ok", {"price": "10,000원"})
    booked = visitor.run("book", **wish(MONDAY, "13:30", party="1 person", **KIM))
    assert booked.outcome == "booked"
    assert booked.fields["price"] == "10,000원"
    number = booked.fields["number"]
    assert number.startswith("A1122-")
    assert booked.remembered == {"number": number, "phone": PHONE}
    stored = json.loads(desk.stored(number))
    assert (stored["resource"], stored["day"], stored["time"]) == ("dr_kim", "2026-11-23", "13:30")
    assert (stored["name"], stored["phone"], stored["party"]) == ("하늘", PHONE, 1)
    assert desk.counts("dr_kim", MONDAY) == {"13:30": 1}
    assert desk.holds("dr_kim", MONDAY) == 0


@pytest.mark.parametrize(
    ("values", "outcome", "fields"),
    [
        (wish(TODAY - timedelta(days=1)), "past", {"from": "11월 22일(일)"}),
        (wish(TODAY + timedelta(days=61)), "too_far", {"until": "2027년 1월 21일(목)"}),
        (
            wish(MONDAY + timedelta(days=5), resource="dr_kim"),
            "closed",
            {"reason": "매주 토요일 휴무"},
        ),
        (wish(date(2026, 12, 25), resource="dr_kim"), "closed", {"reason": "성탄절"}),
        (wish(TODAY + timedelta(days=4), **KIM), "closed", {"reason": "임시 휴무"}),
        (
            wish(MONDAY, "20:00", **KIM),
            "outside_hours",
            {"hours": "오전 9시~오전 10시, 오후 1시~오후 2시"},
        ),
        (
            wish(MONDAY, "11:00", **KIM),
            "outside_hours",
            {"hours": "오전 9시~오전 10시, 오후 1시~오후 2시"},
        ),
        (
            wish(MONDAY, "13:40", **KIM),
            "full",
            {"alternatives": "오전 10시, 오후 1시, 오후 1시 30분, 오후 2시"},
        ),
        (wish(MONDAY, party="9 person", group="events"), "party_too_large", {"limit": "8명"}),
        (wish(MONDAY, party="4 person", group="dental"), "party_too_large", {"limit": "3명"}),
        (wish(MONDAY, group="dental", resource="dr_kim"), "unknown_resource", {}),
        (wish(MONDAY, resource="dr_nobody"), "unknown_resource", {}),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_with_the_reason(
    values: dict[str, str], outcome: str, fields: dict[str, str]
) -> None:
    phases: tuple[Phase, ...] = ("check", "offer", "run")
    for phase in phases:
        done = Desk().visitor().decide("book", phase, values)
        assert done.result.outcome == outcome
        assert {name: done.result.fields[name] for name in fields} == fields
        assert done.writes == ()


def test_reservations_begin_a_day_ahead_where_the_rules_say_so() -> None:
    desk = Desk(clinic(clinic_rules(ahead=(1, 30))))
    refused = desk.visitor().check("book", **wish(TODAY, group="events"))
    assert (refused.outcome, refused.fields) == ("too_soon", {"from": "11월 23일(월)"})


def test_refusals_are_said_in_english_too() -> None:
    visitor = Desk().visitor(language="en")
    closed = visitor.check("book", **wish(TODAY, **KIM))
    assert closed.fields["reason"] == "closed on Sundays"
    assert closed.fields["alternatives"].startswith("Mon, 23 Nov, Tue, 24 Nov")
    hours = visitor.check("book", **wish(MONDAY, "18:00", **KIM))
    assert hours.fields["hours"] == "9 am – 10 am, 1 pm – 2 pm"


def test_a_closed_day_comes_with_the_nearest_days_that_have_room() -> None:
    refused = Desk().visitor().check("book", **wish(TODAY + timedelta(days=6), **KIM))
    assert refused.outcome == "closed"  # a Saturday; Thursday is a day off
    assert values_of(refused, "date") == ["2026-11-25", "2026-11-27", "2026-11-30", "2026-12-01"]
    assert refused.choices[0].label == "11월 25일(수)"


def test_times_that_have_passed_today_are_not_free() -> None:
    desk = Desk(clinic(clinic_rules(slot_minutes=60, minutes=60)))
    visitor = desk.visitor()
    checked = visitor.check("book", **wish(TODAY, group="events"))
    assert values_of(checked, "time") == ["15:00", "16:00", "17:00", "18:00", "19:00"]
    passed = visitor.check("book", **wish(TODAY, "11:00", group="events"))
    assert (passed.outcome, passed.fields) == ("outside_hours", {"hours": "오후 3시~오후 7시"})
    desk.later(hours=6)
    assert visitor.check("book", **wish(TODAY, group="events")).outcome == "none_left"


def test_a_place_that_is_open_past_midnight_takes_reservations_of_the_next_day() -> None:
    desk = Desk(clinic(clinic_rules(slot_minutes=60, minutes=60)))
    sunday = TODAY + timedelta(days=7)
    number = desk.visitor().booked(**wish(sunday, "00:00", group="events", party="3 person"))
    assert json.loads(desk.stored(number))["day"] == sunday.isoformat()
    assert desk.counts("hall", sunday - timedelta(days=1)) == {"24:00": 3}
    assert values_of(desk.visitor().check("book", **wish(sunday, group="events")), "time")[:2] == [
        "00:00",
        "10:00",
    ]


def test_free_times_are_spread_over_the_day_as_eight_buttons() -> None:
    checked = Desk().visitor().check("book", **wish(TODAY + timedelta(days=7), group="events"))
    times = values_of(checked, "time")
    assert len(times) == 8
    assert (times[0], times[-1]) == ("00:00", "19:30")
    assert times == sorted(times)


def test_doctors_who_are_free_then_are_proposed_by_name() -> None:
    desk = Desk()
    desk.visitor("s0").booked(**wish(MONDAY, "09:00", **KIM))
    visitor = desk.visitor()
    checked = visitor.check("book", date=MONDAY.isoformat(), group="internal")
    assert [one.label for one in checked.choices if one.role == "resource"] == [
        "김 원장",
        "이 원장",
    ]
    at_nine = visitor.check("book", **wish(MONDAY, "09:00", group="internal"))
    assert values_of(at_nine, "resource") == ["dr_lee"]


def test_any_free_doctor_of_the_department_takes_whom_nobody_was_chosen_for() -> None:
    desk = Desk()
    for session in ("s1", "s2"):
        desk.visitor(session).booked(**wish(MONDAY, "09:00", group="internal", resource=""))
    assert desk.counts("dr_kim", MONDAY) == desk.counts("dr_lee", MONDAY) == {"09:00": 1}
    third = desk.visitor("s3").check("book", **wish(MONDAY, "09:00", group="internal"))
    assert third.outcome == "full"
    assert values_of(third, "time") == ["09:30", "10:00", "13:00", "13:30"]


def test_a_full_day_comes_with_the_nearest_days() -> None:
    desk = Desk(clinic(clinic_rules(minutes=90)))
    for number, at in enumerate(("09:00", "13:00")):
        desk.visitor(f"s{number}").booked(**wish(TUESDAY, at, **KIM))
    refused = desk.visitor().check("book", **wish(TUESDAY, "09:00", **KIM))
    assert refused.outcome == "none_left"
    assert values_of(refused, "date") == ["2026-11-23", "2026-11-25", "2026-11-27", "2026-11-30"]


def test_a_reservation_longer_than_the_grid_takes_several_start_times() -> None:
    desk = Desk(clinic(clinic_rules(minutes=60)))
    desk.visitor("s1").booked(**wish(MONDAY, "09:00", **KIM))
    assert desk.counts("dr_kim", MONDAY) == {"09:00": 1, "09:30": 1}
    refused = desk.visitor("s2").check("book", **wish(MONDAY, "09:30", **KIM))
    assert refused.outcome == "full"
    assert values_of(refused, "time") == ["13:00", "13:30"]


def test_a_time_must_be_said_before_anything_is_held() -> None:
    desk = Desk()
    offered = desk.visitor().offer("book", **wish(MONDAY, **KIM))
    assert offered.outcome == "full"
    assert desk.counts("dr_kim", MONDAY) == {}


def test_a_date_that_came_with_its_time_is_understood() -> None:
    desk = Desk()
    number = desk.visitor().booked(date="2026-11-23T09:30", phone=PHONE, **KIM)
    assert json.loads(desk.stored(number))["time"] == "09:30"


def test_before_anything_is_said_the_nearest_days_are_proposed() -> None:
    checked = Desk().visitor().check("book", group="internal")
    assert values_of(checked, "date") == ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"]
    assert values_of(checked, "resource") == ["dr_kim", "dr_lee"]


def test_who_has_no_hours_is_there_when_the_business_is_open() -> None:
    rules = clinic_rules(resources={"desk": Resource("desk")})
    desk = Desk(replace(clinic(rules), hours={0: ((time(9), time(10)),)}))
    assert values_of(desk.visitor().check("book", **wish(MONDAY)), "time") == ["09:00", "09:30"]
    assert desk.visitor().check("book", **wish(TUESDAY)).fields["reason"] == "매주 화요일 휴무"
    always = Desk(clinic(rules))
    assert values_of(always.visitor().check("book", **wish(TUESDAY)), "time")[-1] == "23:30"


def test_public_holidays_are_days_like_any_other_where_the_rules_say_so() -> None:
    christmas = date(2026, 12, 25)
    desk = Desk(clinic(clinic_rules(open_on_holidays=True)))
    assert desk.visitor().check("book", **wish(christmas, **KIM)).outcome == "ok"


def test_the_same_turn_told_again_gives_the_same_number() -> None:
    visitor = Desk().visitor()
    first, second = (
        visitor.decide("book", "run", wish(MONDAY, "09:00", **KIM)).result for _ in range(2)
    )
    assert first == second


def departures() -> Desk:
    """Return the desk of a travel agency: four places each Friday."""
    fridays = {4: ((time(), time()),)}
    jeju = Resource("jeju", 4, hours=fridays, price=Decimal(300000))
    rules = clinic_rules(unit="days", resources={"jeju": jeju}, number="T")
    return Desk(clinic(rules))


def test_a_departure_has_a_day_and_no_time() -> None:
    desk = departures()
    friday = TODAY + timedelta(days=5)
    offered = desk.visitor().offer("book", **wish(friday, party="2 person"))
    assert offered.fields == {"price": "600,000원"}
    number = desk.visitor().booked(**wish(friday, party="2 person"))
    assert number.startswith("T1122-")
    assert desk.counts("jeju", friday) == {"day": 2}
    refused = desk.visitor("s2").check("book", **wish(friday, party="3 person"))
    assert refused.outcome == "none_left"
    assert refused.fields["alternatives"].startswith("12월 4일(금), 12월 11일(금), 12월 18일(금)")
    closed = desk.visitor("s2").check("book", **wish(friday + timedelta(days=1)))
    assert closed.outcome == "closed"


def test_free_places_of_a_departure_are_told_as_seats() -> None:
    desk = departures()
    friday = TODAY + timedelta(days=5)
    desk.visitor().booked(**wish(friday, party="3 person"))
    told = desk.visitor("s2", "en").run("free", date=friday.isoformat())
    assert (told.outcome, told.fields) == ("free", {"times": "1 seat"})


def test_free_times_of_a_day_are_told() -> None:
    visitor = Desk().visitor()
    told = visitor.run("free", date=MONDAY.isoformat(), group="internal")
    assert told.outcome == "free"
    assert told.fields["times"].startswith("오전 9시, 오전 9시 30분, 오전 10시, 오후 1시")
    assert values_of(told, "time")[0] == "09:00"
    at_nine = visitor.run("free", date=MONDAY.isoformat(), time="09:30", group="internal")
    assert at_nine.fields == {"times": "오전 9시 30분"}
    closed = visitor.run("free", date=TODAY.isoformat(), group="internal")
    assert closed.outcome == "closed"


def test_a_bot_without_rules_says_what_is_missing() -> None:
    desk = Desk(replace(clinic(), backoffice=BackOfficeRules()))
    with pytest.raises(ValueError, match="has no rules for reservations"):
        desk.visitor().check("book", **wish(MONDAY))
