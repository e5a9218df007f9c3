"""A talk that ends in the team's own system: the example of the documentation, over a real line."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from infra.examples.receiver import Receiver
from sangdam.services.outside import Partner
from sangdam_adapters.outside import AnyOutside
from tests.core import front_desk, own_systems
from tests.core.counter import Clock, Counter, Customer, keys, texts
from tests.core.own_systems import GRADE, ORDER, SECRET

GRADES = {"+821022223333": "VIP"}


class Business:
    """What the team's system knows and has been told."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []
        self.asked = 0

    def __call__(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["action"] == "erp.order":
            self.orders.append(request["values"])
            return {"outcome": "accepted"}
        self.asked += 1
        grade = GRADES.get(request["values"]["phone"])
        if grade is None:
            return {"outcome": "none"}
        return {"outcome": "found", "fields": {"grade": grade}}


@pytest.fixture
def business() -> Business:
    return Business()


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Line:
    """The team's system on this machine; it can be taken down and put up again."""

    def __init__(self, business: Business, clock: Clock, secret: str) -> None:
        self._business, self._clock, self._secret = business, clock, secret
        self.port = 0
        self.put_up()

    def put_up(self) -> None:
        self._server = Receiver(
            ("127.0.0.1", self.port),
            secret=self._secret,
            work=self._business,
            clock=lambda: self._clock().timestamp(),
        )
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def take_down(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def line(business: Business, clock: Clock) -> Iterator[Line]:
    line = Line(business, clock, SECRET)
    yield line
    line.take_down()


@pytest.fixture
def counter(line: Line, clock: Clock) -> Counter:
    counter = Counter(clock=clock, pack=own_systems.pack(f"http://127.0.0.1:{line.port}/hook"))
    partner = Partner(AnyOutside(), SECRET, clock, lambda seconds: None, counter.warnings.append)
    counter.desk = replace(counter.desk, partner=lambda: partner)
    return counter


@pytest.fixture
def guest(counter: Counter) -> Customer:
    return counter.customer("ko")


def test_a_whole_talk_with_a_system_that_answers(
    guest: Customer, business: Business, counter: Counter
) -> None:
    assert keys(guest.says("회원등급 알려주세요")) == [f"{GRADE}/phone/ask"]
    assert keys(guest.says("010-9999-9999")) == [f"{GRADE}/outcome/none"]
    turn = guest.says("아니 010-2222-3333이에요")
    assert keys(turn) == [f"{GRADE}/outcome/found"]
    assert "VIP" in texts(turn)
    assert business.asked == 2
    assert counter.warnings == []


def test_a_whole_talk_with_a_system_that_is_told(guest: Customer, business: Business) -> None:
    guest.says("주문접수 할게요")
    guest.says("의자 두 개요")
    assert keys(guest.says("010-2222-3333")) == [f"{ORDER}/confirm"]
    assert business.orders == []
    assert keys(guest.says("네")) == [f"{ORDER}/outcome/accepted"]
    assert business.orders == [{"topic": "의자 두 개요", "phone": "+821022223333"}]


def test_an_order_taken_while_the_system_was_down_comes_through_later(
    guest: Customer, business: Business, line: Line, counter: Counter
) -> None:
    line.take_down()
    for text in ("주문접수 할게요", "의자 두 개요", "010-2222-3333"):
        guest.says(text)
    assert keys(guest.says("네")) == [f"{ORDER}/outcome/accepted"]
    assert business.orders == []
    assert "tried again later" in counter.warnings[0]
    line.put_up()
    counter.clock.pass_by(timedelta(minutes=2))
    other = counter.customer("en")
    for _ in range(8):
        other.says("parking available")
    assert len(business.orders) == 1
    assert counter.backoffice.under(f"{front_desk.NAME}#outbox") == ()


def test_a_system_with_another_secret_answers_nobody(
    business: Business, clock: Clock, line: Line, counter: Counter, guest: Customer
) -> None:
    partner = Partner(AnyOutside(), "wrong", clock, lambda seconds: None, counter.warnings.append)
    counter.desk = replace(counter.desk, partner=lambda: partner)
    guest.says("회원등급 알려주세요")
    assert keys(guest.says("010-2222-3333")) == ["system/unavailable"]
    assert business.asked == 0
    assert "answered 401" in counter.warnings[0]
