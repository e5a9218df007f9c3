"""Fifty customers talk about the last seat at once: one gets it, the others hear what is near."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest

from sangdam.backoffice.openings import Start
from sangdam.backoffice.reservation import Reservation, reservation_writes
from sangdam.bots.parse import parse_pack
from sangdam.dialogue.turn import Turn
from sangdam.services.desk import Desk
from sangdam_adapters.dynamodb_backoffice import DynamoBackOffice
from sangdam_adapters.dynamodb_conversations import DynamoConversations
from tests.adapters.aws import Aws
from tests.adapters.wire import Colliding
from tests.core import front_desk
from tests.core.counter import Counter, Customer, buttons, keys, texts
from tests.core.front_desk import BOOK

CUSTOMERS = 50
SEATS = 20
MONDAY = date(2026, 11, 23)
WISH = "월요일 10시에 김원장님 예약할게요."
CONFIRM, BOOKED = f"{BOOK}/confirm", f"{BOOK}/outcome/booked"
FULL, NONE_LEFT = f"{BOOK}/outcome/full", f"{BOOK}/outcome/none_left"


@pytest.fixture(params=["memory", "dynamodb"])
def desk(request: pytest.FixtureRequest) -> Counter:
    """Return a front desk where Dr Kim has one seat at ten on Monday."""
    counter = Counter(pack=front_desk.pack())
    if request.param == "dynamodb":
        aws: Aws = request.getfixturevalue("aws")
        over(counter, aws, aws.dynamodb)
    return counter


def over(counter: Counter, aws: Aws, client: Any) -> None:
    """Let a counter store everything in DynamoDB."""
    conversations: Any = DynamoConversations(
        client, table=aws.conversations, clock=counter.clock, backoffice=aws.backoffice
    )
    backoffice: Any = DynamoBackOffice(client, table=aws.backoffice)
    counter.conversations, counter.backoffice = conversations, backoffice
    counter.desk = Desk(counter.shelf, conversations, backoffice, counter.clock, counter.holidays)


def say_to(customer: Customer, *texts: str) -> Turn:
    return [customer.says(text) for text in texts][-1]


def all_at_once(customers: list[Customer], text: str) -> list[Turn]:
    """Return what each customer hears, all of them having said the same together."""
    start = Barrier(len(customers))

    def say(customer: Customer) -> Turn:
        start.wait()
        return customer.says(text)

    with ThreadPoolExecutor(len(customers)) as pool:
        return list(pool.map(say, customers))


def before_the_last_word(desk: Counter, count: int = CUSTOMERS) -> list[Customer]:
    """Return customers who have said all but their telephone number."""
    customers = [desk.customer("ko") for _ in range(count)]
    for customer in customers:
        asked = customer.says(f"{WISH} 저는 홍길동입니다")
        assert keys(asked) == [f"{BOOK}/phone/ask"]
    return customers


def at_the_question(desk: Counter) -> list[Customer]:
    """Return customers to whom the seat was offered, one after the other, and whose time is up."""
    customers = []
    for _ in range(CUSTOMERS):
        customer = desk.customer("ko")
        shown = customer.says(f"{WISH} 저는 홍길동입니다 01022223333")
        assert keys(shown) == [CONFIRM]
        customers.append(customer)
        desk.clock.pass_by(timedelta(minutes=6))
    return customers


def told(turns: list[Turn], key: str) -> list[Turn]:
    return [turn for turn in turns if keys(turn) == [key]]


def taken(desk: Counter, at: str = "10:00") -> int:
    counts = desk.backoffice.counts(f"{front_desk.NAME}#seats#kim#{MONDAY}")
    return counts.get(at, 0)


def reserved(desk: Counter, turn: Turn) -> bool:
    (number,) = [word for word in texts(turn).split() if word.startswith("A1120-")]
    return bool(desk.backoffice.under(f"{front_desk.NAME}#reservation#{number}"))


def test_of_fifty_who_come_to_the_question_at_once_one_is_asked(desk: Counter) -> None:
    customers = before_the_last_word(desk)
    turns = all_at_once(customers, "01022223333")
    assert (len(told(turns, CONFIRM)), len(told(turns, FULL))) == (1, CUSTOMERS - 1)
    for turn in told(turns, FULL):
        near = ['/book{"time": "09:00"}', '/book{"time": "09:30"}', '/book{"time": "10:30"}']
        assert set(near) <= set(buttons(turn))
        assert "오전 9시 30분" in texts(turn)
    winner = customers[[keys(turn) for turn in turns].index([CONFIRM])]
    assert keys(winner.says("네")) == [BOOKED]
    assert taken(desk) == 1


def test_of_fifty_who_say_yes_at_once_one_is_booked(desk: Counter) -> None:
    turns = all_at_once(at_the_question(desk), "네")
    (booked,) = told(turns, BOOKED)
    assert len(told(turns, FULL)) == CUSTOMERS - 1
    assert reserved(desk, booked)
    assert taken(desk) == 1


def test_of_fifty_who_want_the_last_seat_of_a_day_all_others_hear_of_other_days(
    desk: Counter,
) -> None:
    for minute in (540, 570, 630, 660, 690):
        start = Start(MONDAY, minute)
        seats = {f"{minute // 60:02}:{minute % 60:02}": 1}
        made = Reservation(f"A0000-{minute}", "kim", start, seats)
        desk.backoffice.apply(reservation_writes(front_desk.NAME, made, capacity=1))
    turns = all_at_once(at_the_question(desk), "네")
    assert (len(told(turns, BOOKED)), len(told(turns, NONE_LEFT))) == (1, CUSTOMERS - 1)
    for turn in told(turns, NONE_LEFT):
        assert '/book{"date": "2026-11-24"}' in buttons(turn)
    assert taken(desk) == 1


def test_fifty_who_take_different_seats_are_all_served(desk: Counter) -> None:
    """Two are not in each other's way who want different times of one day."""
    customers = [desk.customer("ko") for _ in range(5)]
    times = ("9시", "9시 반", "10시 반", "11시", "11시 반")
    for customer, at in zip(customers, times, strict=True):
        asked = say_to(customer, f"월요일 오전 {at}에 김원장님 예약할게요", "홍길동이요")
        assert keys(asked) == [f"{BOOK}/phone/ask"]
    assert len(told(all_at_once(customers, "01022223333"), CONFIRM)) == 5
    assert len(told(all_at_once(customers, "네"), BOOKED)) == 5


def test_twenty_whose_transactions_collide_are_all_served(aws: Aws) -> None:
    """Twenty seats of one time are one counter: AWS lets one transaction at a time have it."""
    files = front_desk.files()
    rules = files["bot.yaml"]["backoffice"]["reservations"]
    rules["resources"]["kim"]["capacity"] = SEATS
    desk = Counter(pack=parse_pack(front_desk.NAME, files))
    client = Colliding(aws.dynamodb, seconds=0.005)
    over(desk, aws, client)
    customers = before_the_last_word(desk, SEATS)
    assert len(told(all_at_once(customers, "01022223333"), CONFIRM)) == SEATS
    assert len(told(all_at_once(customers, "네"), BOOKED)) == SEATS
    assert taken(desk) == SEATS
    assert client.collisions > SEATS
