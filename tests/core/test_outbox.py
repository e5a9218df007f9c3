"""What a turn leaves in the outbox is never lost and, as far as it lies with us, sent once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from sangdam.backoffice.outgoing import (
    GIVEN_UP_AFTER,
    outbox_pk,
    outgoing,
    outgoing_write,
    read_outgoing,
)
from sangdam.backoffice.writes import Key, Put, Write
from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Turn
from sangdam.ports import OutsideAnswer, Record, StorageUnavailableError, WriteRefusedError
from sangdam.services.handle_turn import SWEEP_EVERY
from sangdam.services.outbox import MOST, send_waiting
from sangdam_adapters.memory import MemoryConversations
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from tests.core import front_desk, own_systems
from tests.core.counter import Counter, Customer, keys
from tests.core.own_systems import HOOK, ORDER, Line, answers, timed_out

BOT = front_desk.NAME


@pytest.fixture
def counter() -> Counter:
    return Counter(pack=own_systems.pack())


@pytest.fixture
def line(counter: Counter) -> Line:
    line = Line(counter.clock)
    counter.desk = replace(counter.desk, partner=lambda: line.partner)
    return line


@pytest.fixture
def guest(counter: Counter) -> Customer:
    return counter.customer("ko")


def orders(guest: Customer) -> list[str]:
    for text in ("주문접수 할게요", "의자 두 개요", "010-2222-3333"):
        guest.says(text)
    return keys(guest.says("네"))


def outbox(counter: Counter, prefix: str = "") -> Sequence[Record]:
    return counter.backoffice.under(outbox_pk(BOT), prefix=prefix)


def look(counter: Counter, line: Line) -> int:
    return send_waiting(BOT, store=counter.backoffice, partner=line.partner)


ACCEPTED = [f"{ORDER}/outcome/accepted"]


def test_what_is_confirmed_is_told_right_after_the_turn(
    counter: Counter, guest: Customer, line: Line
) -> None:
    assert orders(guest) == ACCEPTED
    (call,) = line.outside.calls
    assert call.document["values"] == {"topic": "의자 두 개요", "phone": "+821022223333"}
    assert str(call.document["reference"]).startswith("X1120-")
    assert outbox(counter) == ()


def test_nothing_is_told_without_a_yes(counter: Counter, guest: Customer, line: Line) -> None:
    for text in ("주문접수 할게요", "의자 두 개요", "010-2222-3333", "그만"):
        guest.says(text)
    assert line.outside.calls == []
    assert outbox(counter) == ()


def test_a_system_that_is_down_costs_the_customer_nothing(
    counter: Counter, guest: Customer, line: Line
) -> None:
    line.outside.always = timed_out()
    assert orders(guest) == ACCEPTED
    (waiting,) = outbox(counter, "pending#")
    assert read_outgoing(waiting.record).attempts == 1
    assert "tried again later" in line.warnings[0]
    line.outside.always = answers()
    counter.clock.pass_by(timedelta(seconds=31))
    assert look(counter, line) == 1
    first, second = line.outside.calls
    assert first.key == second.key
    assert first.body == second.body
    assert outbox(counter) == ()


def test_a_process_that_dies_between_commit_and_call_loses_nothing(
    counter: Counter, guest: Customer, line: Line
) -> None:
    counter.desk = replace(counter.desk, partner=None)  # it dies before it comes to that
    assert orders(guest) == ACCEPTED
    assert len(outbox(counter, "pending#")) == 1
    assert look(counter, line) == 1  # another one comes by
    assert len(line.outside.calls) == 1
    assert look(counter, line) == 0


class Died(BaseException):
    """The process is gone: nothing after this happens."""


def test_a_process_that_dies_after_the_call_doubles_it_under_the_same_key(
    counter: Counter, guest: Customer, line: Line
) -> None:
    def die() -> OutsideAnswer:
        raise Died

    line.outside.reactions = [die]
    with pytest.raises(Died):
        orders(guest)
    assert look(counter, line) == 0  # its claim still holds
    counter.clock.pass_by(timedelta(seconds=30))
    assert look(counter, line) == 1
    first, second = line.outside.calls
    assert first.key == second.key
    assert outbox(counter) == ()
    turns = counter.conversations.turns(guest.session_id, after=-1, limit=9)
    assert keys(turns[-1]) == ACCEPTED  # the turn stands


def test_of_twenty_who_come_by_at_once_one_sends(counter: Counter, line: Line) -> None:
    request = outgoing("k", HOOK, b"{}", at=counter.clock())
    counter.backoffice.apply([outgoing_write(BOT, request)])
    barrier = threading.Barrier(20)
    sent: list[int] = []

    def come_by() -> None:
        barrier.wait()
        sent.append(look(counter, line))

    threads = [threading.Thread(target=come_by) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [0] * 19 + [1]
    assert len(line.outside.calls) == 1


class Slow(MemoryBackOffice):
    """A store whose first reader is held up until another one is through."""

    def __init__(self, writes: Sequence[Write]) -> None:
        super().__init__(writes)
        self.meanwhile: list[object] = []

    def under(self, pk: str, *, prefix: str = "", limit: int = 1000) -> Sequence[Record]:
        found = super().under(pk, prefix=prefix, limit=limit)
        if self.meanwhile:
            task = self.meanwhile.pop()
            assert callable(task)
            task()
        return found


def test_who_read_before_and_claims_after_another_sends_nothing(
    counter: Counter, line: Line
) -> None:
    request = outgoing("k", HOOK, b"{}", at=counter.clock())
    store = Slow([outgoing_write(BOT, request)])
    store.meanwhile = [lambda: send_waiting(BOT, store=store, partner=line.partner)]
    assert send_waiting(BOT, store=store, partner=line.partner) == 0
    assert len(line.outside.calls) == 1


def test_who_takes_longer_than_the_claim_says_so(counter: Counter, line: Line) -> None:
    request = outgoing("k", HOOK, b"{}", at=counter.clock())
    counter.backoffice.apply([outgoing_write(BOT, request)])

    def sleep() -> OutsideAnswer:
        counter.clock.pass_by(timedelta(seconds=40))
        look(counter, line)
        return answers()

    line.outside.reactions = [sleep]
    assert look(counter, line) == 1
    assert len(line.outside.calls) == 2
    assert "took longer" in line.warnings[0]
    assert outbox(counter) == ()


def test_after_twelve_tries_it_is_given_up_and_kept(
    counter: Counter, guest: Customer, line: Line
) -> None:
    line.outside.always = answers(500)
    orders(guest)
    for _ in range(40):
        counter.clock.pass_by(timedelta(hours=20))
        look(counter, line)
    assert len(line.outside.calls) == GIVEN_UP_AFTER
    assert outbox(counter, "pending#") == ()
    (kept,) = outbox(counter, "failed#")
    assert "의자 두 개요" in read_outgoing(kept.record).body
    assert "given up" in line.warnings[-1]


def test_a_refusal_is_tried_again_too_for_nobody_waits(
    counter: Counter, guest: Customer, line: Line
) -> None:
    line.outside.reactions = [answers(401)]
    orders(guest)
    counter.clock.pass_by(timedelta(minutes=1))
    assert look(counter, line) == 1


def test_a_system_that_fails_keeps_nobody_elses_requests_back(counter: Counter, line: Line) -> None:
    dead = [outgoing(f"dead{n}", "https://dead.example.com", b"{}", at=counter.clock())
            for n in range(40)]  # fmt: skip
    counter.backoffice.apply([outgoing_write(BOT, one) for one in dead])
    counter.clock.pass_by(timedelta(seconds=1))
    good = outgoing("good", HOOK, b"{}", at=counter.clock())
    counter.backoffice.apply([outgoing_write(BOT, good)])
    line.outside.always = answers(500)
    for _ in range(40):
        look(counter, line)
    assert HOOK in {call.address for call in line.outside.calls}


def test_the_turns_own_request_is_sent_before_older_ones(
    counter: Counter, guest: Customer, line: Line
) -> None:
    old = [outgoing(f"old{n}", "https://old.example.com", b"{}", at=counter.clock())
           for n in range(9)]  # fmt: skip
    counter.backoffice.apply([outgoing_write(BOT, one) for one in old])
    orders(guest)
    assert line.outside.calls[0].address == HOOK
    assert len(line.outside.calls) == MOST


def test_a_customer_does_not_wait_for_everything_that_is_slow(counter: Counter, line: Line) -> None:
    requests = [outgoing(f"k{n}", HOOK, b"{}", at=counter.clock()) for n in range(9)]
    counter.backoffice.apply([outgoing_write(BOT, one) for one in requests])

    def slow() -> OutsideAnswer:
        counter.clock.pass_by(timedelta(seconds=3))
        return answers()

    line.outside.always = slow
    assert look(counter, line) == 1


def test_who_comes_by_later_sends_what_was_left(
    counter: Counter, guest: Customer, line: Line
) -> None:
    line.outside.reactions = [timed_out()]
    orders(guest)
    counter.clock.pass_by(timedelta(minutes=2))
    other = counter.customer("ko")
    for _ in range(SWEEP_EVERY):
        other.says("주차 되나요")
    assert len(line.outside.calls) == 2
    assert outbox(counter) == ()


def test_bots_without_an_outbox_never_look_into_one(line: Line) -> None:
    counter = Counter(pack=front_desk.pack())
    asked: list[str] = []

    def partner() -> object:
        asked.append("partner")
        return line.partner

    counter.desk = replace(counter.desk, partner=partner)  # type: ignore[arg-type]
    guest = counter.customer("ko")
    for _ in range(2 * SWEEP_EVERY):
        guest.says("주차 되나요")
    assert asked == []


class Unreachable(MemoryBackOffice):
    """A store that breaks down once the turn is stored."""

    def under(self, pk: str, *, prefix: str = "", limit: int = 1000) -> Sequence[Record]:
        if pk == outbox_pk(BOT):
            raise StorageUnavailableError("dynamodb://backoffice: throttled")
        return super().under(pk, prefix=prefix, limit=limit)


def test_storage_that_breaks_down_afterwards_leaves_the_turn_as_it_is(
    counter: Counter, guest: Customer, line: Line
) -> None:
    counter.desk = replace(counter.desk, backoffice=Unreachable())
    assert orders(guest) == ACCEPTED
    assert "cannot be reached" in line.warnings[-1]
    assert look(counter, line) == 1


def test_a_request_that_cannot_be_read_keeps_no_other_back(counter: Counter, line: Line) -> None:
    broken = Put(Key(outbox_pk(BOT), "pending#2026"), '{"format": 99}')
    good = outgoing("good", HOOK, b"{}", at=counter.clock())
    counter.backoffice.apply([broken, outgoing_write(BOT, good)])
    assert look(counter, line) == 1
    assert "format 99" in line.warnings[0]


class Refusing(MemoryConversations):
    """Conversations whose first commit of an action finds that somebody else was quicker."""

    refused = False

    def commit(
        self, session: Session, turn: Turn, *, expected_version: int, writes: Sequence[Write] = ()
    ) -> None:
        if writes and not self.refused:
            self.refused = True
            raise WriteRefusedError([one.key for one in writes])
        super().commit(session, turn, expected_version=expected_version, writes=writes)


def test_a_turn_that_is_told_again_is_sent_once(counter: Counter, line: Line) -> None:
    counter.conversations = Refusing(clock=counter.clock, backoffice=counter.backoffice)
    counter.desk = replace(counter.desk, conversations=counter.conversations)
    assert orders(counter.customer("ko")) == ACCEPTED
    assert len(line.outside.calls) == 1
    assert outbox(counter) == ()
