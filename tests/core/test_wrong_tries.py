"""Somebody who tries telephone numbers for a reservation, session after session."""

from __future__ import annotations

from datetime import date, timedelta

from sangdam.backoffice.openings import Start
from sangdam.backoffice.reservation import Reservation, reservation_writes, seats_for
from tests.core import front_desk
from tests.core.counter import Counter

NUMBER = "A1120-7F3K2"
CONFIRM = "form/appointment_cancel/confirm"
NOT_FOUND = "form/appointment_cancel/outcome/not_found"


def keys_heard(counter: Counter, phone: str) -> tuple[str, ...]:
    """Return what a new customer hears who wants to cancel the reservation with a phone."""
    customer = counter.customer("ko")
    customer.says("예약취소 해주세요")
    customer.says(NUMBER)
    turn = customer.says(phone)
    return tuple(message.key for message in turn.reply.messages)


def test_three_wrong_phones_in_whatever_sessions_shut_a_reservation_for_the_hour() -> None:
    counter = Counter(pack=front_desk.pack())
    rules = counter.pack.bot.backoffice.reservations
    assert rules is not None
    start = Start(date(2026, 11, 24), 10 * 60)
    made = Reservation(
        NUMBER, "kim", start, seats_for(start, rules, None), phone="+821012345678", name="김민지"
    )
    counter.backoffice.apply(reservation_writes(front_desk.NAME, made, capacity=1))
    assert keys_heard(counter, "010-1234-5678") == (CONFIRM,)
    for last in range(3):
        assert keys_heard(counter, f"010-1111-222{last}") == (NOT_FOUND,)
    assert keys_heard(counter, "010-1234-5678") == (NOT_FOUND,)
    counter.clock.pass_by(timedelta(hours=1))
    assert keys_heard(counter, "010-1234-5678") == (CONFIRM,)
