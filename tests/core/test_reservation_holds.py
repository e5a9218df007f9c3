"""What a confirmation shows is held until a yes, a no, or the end of its time."""

from __future__ import annotations

from tests.core.reservation_desk import (
    MONDAY,
    TUESDAY,
    Desk,
    clinic,
    clinic_rules,
    values_of,
    wish,
)

NINE = wish(MONDAY, "09:00", resource="dr_kim")


def test_what_was_offered_is_held_for_this_customer_alone() -> None:
    desk = Desk()
    first, second = desk.visitor("s1"), desk.visitor("s2")
    first.offer("book", **NINE)
    assert desk.counts("dr_kim", MONDAY) == {"09:00": 1}
    assert second.check("book", **NINE).outcome == "full"
    assert second.offer("book", **NINE).outcome == "full"
    assert first.check("book", **NINE).outcome == "ok"
    assert first.run("book", **NINE).outcome == "booked"


def test_a_new_offer_gives_back_what_the_older_one_held() -> None:
    desk = Desk()
    visitor = desk.visitor()
    visitor.offer("book", **NINE)
    visitor.offer("book", **wish(MONDAY, "09:30", resource="dr_kim"))
    assert desk.counts("dr_kim", MONDAY) == {"09:30": 1}
    visitor.offer("book", **wish(TUESDAY, "10:00", resource="dr_lee"))
    assert desk.counts("dr_kim", MONDAY) == {}
    assert desk.counts("dr_lee", TUESDAY) == {"10:00": 1}
    assert (desk.holds("dr_kim", MONDAY), desk.holds("dr_lee", TUESDAY)) == (0, 1)


def test_an_offer_made_again_holds_the_same_seats_once() -> None:
    desk = Desk()
    visitor = desk.visitor()
    visitor.offer("book", **NINE)
    visitor.offer("book", **NINE)
    assert desk.counts("dr_kim", MONDAY) == {"09:00": 1}
    assert desk.holds("dr_kim", MONDAY) == 1


def test_a_withdrawn_offer_is_free_at_once_and_can_be_withdrawn_again() -> None:
    desk = Desk()
    visitor = desk.visitor()
    visitor.offer("book", **NINE)
    for _ in range(2):
        assert visitor.withdraw("book", **NINE).outcome == "ok"
        assert desk.counts("dr_kim", MONDAY) == {}
    assert desk.holds("dr_kim", MONDAY) == 0
    assert desk.visitor("s2").offer("book", **NINE).outcome == "ok"


def test_a_hold_out_of_time_is_released_by_whoever_comes_next() -> None:
    desk = Desk()
    desk.visitor("s1").offer("book", **NINE)
    desk.later(minutes=4, seconds=59)
    assert desk.visitor("s2").check("book", **NINE).outcome == "full"
    desk.later(seconds=1)
    assert desk.visitor("s2").check("book", **NINE).outcome == "ok"
    assert desk.visitor("s2").offer("book", **NINE).outcome == "ok"
    assert desk.counts("dr_kim", MONDAY) == {"09:00": 1}
    assert desk.holds("dr_kim", MONDAY) == 1


def test_holds_out_of_time_at_other_times_of_the_day_are_released_too() -> None:
    desk = Desk()
    desk.visitor("s1").offer("book", **NINE)
    desk.later(minutes=6)
    desk.visitor("s2").booked(**wish(MONDAY, "13:00", resource="dr_kim"))
    assert desk.counts("dr_kim", MONDAY) == {"13:00": 1}
    assert desk.holds("dr_kim", MONDAY) == 0


def test_a_late_yes_still_counts_if_nobody_else_came() -> None:
    desk = Desk()
    visitor = desk.visitor()
    visitor.offer("book", **NINE)
    desk.later(hours=1)
    assert visitor.run("book", **NINE).outcome == "booked"
    assert desk.counts("dr_kim", MONDAY) == {"09:00": 1}


def test_a_late_yes_after_somebody_else_comes_to_full_with_alternatives() -> None:
    desk = Desk()
    late = desk.visitor("s1")
    late.offer("book", **NINE)
    desk.later(minutes=10)
    desk.visitor("s2").booked(**NINE)
    refused = late.run("book", **NINE)
    assert refused.outcome == "full"
    assert values_of(refused, "time") == ["09:30", "10:00", "13:00", "13:30"]
    assert desk.counts("dr_kim", MONDAY) == {"09:00": 1}


def test_a_late_yes_to_any_doctor_takes_another_one_of_the_department() -> None:
    desk = Desk()
    late = desk.visitor("s1")
    wanted = wish(MONDAY, "09:00", group="internal")
    late.offer("book", **wanted)
    desk.later(minutes=10)
    desk.visitor("s2").booked(**NINE)
    assert late.run("book", **wanted).outcome == "booked"
    assert desk.counts("dr_kim", MONDAY) == desk.counts("dr_lee", MONDAY) == {"09:00": 1}


def test_a_yes_to_any_doctor_gets_the_doctor_that_was_held() -> None:
    desk = Desk()
    first, second = desk.visitor("s1"), desk.visitor("s2")
    wanted = wish(MONDAY, "09:00", group="internal")
    first.offer("book", **wanted)
    second.offer("book", **wanted)
    assert second.run("book", **wanted).outcome == "booked"
    assert first.run("book", **wanted).outcome == "booked"
    assert desk.counts("dr_kim", MONDAY) == desk.counts("dr_lee", MONDAY) == {"09:00": 1}


def test_many_holds_out_of_time_are_released_within_one_transaction() -> None:
    desk = Desk(clinic(clinic_rules(slot_minutes=10, minutes=60, party_limit=40)))
    sunday = MONDAY.replace(day=29)
    for number in range(40):
        at = f"{10 + number % 8}:{number % 6}0"
        visitor = desk.visitor(f"s{number}")
        assert visitor.offer("book", **wish(sunday, at, group="events")).outcome == "ok"
    desk.later(minutes=5)
    for number in range(3):  # each of them checks that what it writes fits
        visitor = desk.visitor(f"late{number}")
        at = f"{11 + number}:00"
        assert visitor.offer("book", **wish(sunday, at, group="events")).outcome == "ok"
    assert desk.holds("hall", sunday) == 3
