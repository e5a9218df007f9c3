"""Simulated customers talk at two desks; what they must never bring about is seen if they do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sangdam.backoffice.openings import Start
from sangdam.backoffice.orders import order_key
from sangdam.backoffice.reservation import Reservation, reservation_writes
from sangdam.backoffice.writes import Count, Put, Write
from sangdam.bots.definition import QuickReply
from sangdam.bots.parse import Pack
from sangdam.dialogue.buttons import digest
from sangdam.dialogue.decision import ActionResult, RunAction
from sangdam.dialogue.session import OpenForm, Session
from sangdam.dialogue.turn import Message, SaidMessage, SaidReply, Turn
from sangdam.services.coverage import coverage
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from scripts.simulation.ledger import Ledger, unbalanced
from scripts.simulation.persona import Persona, strangers
from scripts.simulation.stroll import Talk, stroll, talk_again
from scripts.simulation.walk import wrong
from tests.core import corner_shop, front_desk
from tests.core.counter import NOON, Days, release_of
from tests.core.words import WordOpener

BUYER = Persona("홍길동", corner_shop.PHONE, ("20261118-0001", "20261119-0002"))


def talk_at(pack: Pack, demo: tuple[Write, ...] = (), *people: Persona) -> Talk:
    everybody = (*people, *strangers())
    return Talk(pack, release_of(pack), WordOpener(), demo, Days(), everybody)


SHOP = talk_at(corner_shop.pack(), corner_shop.writes(), BUYER)
DESK = talk_at(front_desk.pack())


@pytest.mark.parametrize("talk", [SHOP, DESK], ids=["shop", "desk"])
def test_nothing_goes_wrong_whatever_sixty_customers_say(talk: Talk) -> None:
    walk = stroll(talk, conversations=60, seed=1)
    assert walk.problems == []
    assert walk.conversations == 60
    assert walk.turns > 300


def test_customers_come_far_enough_to_find_anything() -> None:
    walk = stroll(DESK, conversations=60, seed=2)
    found = {one.kind: one for one in coverage(DESK.pack.bot, walk.reached)}
    assert found["forms"].missing == ()
    assert found["branches"].share > 0.5
    assert "form/appointment/outcome/booked" in walk.reached.said
    assert "form/appointment_cancel/outcome/cancelled" in walk.reached.said


def test_the_same_seed_brings_the_same_customers_and_another_one_others() -> None:
    talks = [talk_again(SHOP, 3, seed=seed)[0] for seed in (5, 5, 6)]
    assert talks[0] == talks[1] != talks[2]


def test_a_customer_of_a_walk_can_be_listened_to_again() -> None:
    lines, problems = talk_again(SHOP, 2, seed=0)
    assert problems == []
    assert lines[0].endswith("(system/welcome)")
    assert any(line.startswith("  > ") for line in lines)


def test_what_an_action_raises_is_told_with_who_and_when() -> None:
    unreadable = Put(order_key(corner_shop.NAME, BUYER.numbers[0]), "no order")
    broken = replace(SHOP, demo=(unreadable,), people=(BUYER,))
    walk = stroll(broken, conversations=20, seed=0)
    assert re.match(
        "corner, seed 0, conversation [0-9]+: .* raised DocumentError", walk.problems[0]
    )


# What must not be of a turn


def turn(text: str, *, owner: str = "bot", buttons: int = 1, key: str = "intent/x") -> Turn:
    said = (SaidMessage(text, key),) if text else ()
    offered = tuple(QuickReply(str(one), "/x") for one in range(buttons))
    return Turn(1, NOON, SaidReply(said, offered), "human" if owner == "human" else "bot", "r")


@pytest.mark.parametrize(
    ("before", "now", "problem"),
    [
        ([turn("a")], turn("b"), None),
        ([turn("a")], turn(""), "nothing was said"),
        ([turn("a")], turn("b", buttons=0), "a dead end"),
        ([turn("a"), turn("a")], turn("a"), None),
        ([turn("a"), turn("a"), turn("a")], turn("a"), "the same reply 4 times"),
        ([turn("", owner="human")], turn("b", owner="human"), "the bot spoke"),
        ([turn("", owner="human")], turn("", owner="human"), None),
        ([turn("", owner="human")] * 4, turn("", owner="human"), None),
        ([turn("", owner="human")], turn("b"), None),
    ],
)
def test_what_must_not_be_of_a_turn_is_seen(
    before: list[Turn], now: Turn, problem: str | None
) -> None:
    found = list(wrong(before, now))
    assert (problem is None) == (found == [])
    assert problem is None or found[0].startswith(problem)


# What must not be carried out

VALUES = {
    "date": "2026-11-23", "time": "10:00", "name": "홍길동", "phone": "+821022223333",
}  # fmt: skip
SHOWN = SaidMessage(
    "-, 11월 23일(월) 오전 10시, 홍길동 님 010-2222-3333. 맞나요? (0원)",
    "form/appointment/confirm",
)
BOOK = RunAction("reservations.book", tuple(VALUES.items()), "ko")
BOOKED = ActionResult("booked")


def session(**changes: Any) -> Session:
    form = OpenForm("appointment", VALUES, shown=digest(VALUES))
    new = Session("s", "desk", "r", "ko", "h", NOON, NOON, open_form=form)
    return replace(new, **changes)


def carried_out(
    query: RunAction = BOOK,
    *,
    before: Session | None = None,
    said: SaidMessage = SHOWN,
    message: Message | None = None,
    result: ActionResult = BOOKED,
) -> list[str]:
    ledger = Ledger(DESK.pack.bot)
    ledger.turn[query] = result
    shown = replace(turn("x"), reply=SaidReply((said,)))
    sent = message or Message("m", text="네 맞아요")
    return list(ledger.problems(before or session(), shown, sent))


def yes(values: dict[str, str]) -> Message:
    return Message("m", quick_reply=f'/confirm_values{{"seen": "{digest(values)}"}}')


def test_a_yes_to_what_was_shown_is_fine() -> None:
    assert carried_out() == []
    assert carried_out(message=yes(VALUES)) == []


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        (lambda: carried_out(before=session(open_form=None)), "nothing was shown before"),
        (
            lambda: carried_out(before=session(open_form=OpenForm("appointment", VALUES))),
            "nothing was shown before",
        ),
        (
            lambda: carried_out(replace(BOOK, values=tuple({**VALUES, "time": "11:00"}.items()))),
            "other values were shown",
        ),
        (lambda: carried_out(message=Message("m", text="음...")), "nobody said yes"),
        (lambda: carried_out(message=Message("m", text="예약하고 싶어요")), "nobody said yes"),
        (lambda: carried_out(message=yes({"time": "09:00"})), "no yes to it"),
        (lambda: carried_out(message=Message("m", quick_reply="/cancel")), "no yes to it"),
        (
            lambda: carried_out(said=SaidMessage("맞나요?", "form/appointment/confirm")),
            "was carried out and not shown",
        ),
        (lambda: carried_out(said=SaidMessage("x", "intent/parking")), "right after"),
        (lambda: carried_out(replace(BOOK, action="reservations.cancel")), "nothing was shown"),
    ],
)
def test_what_is_carried_out_without_a_yes_to_it_is_seen(
    case: Callable[[], list[str]], problem: str
) -> None:
    found = case()
    assert any(problem in one for one in found), found


def test_a_question_needs_no_yes() -> None:
    query = RunAction("reservations.list", (("phone", "1"),), "ko")
    assert carried_out(query, before=session(open_form=None), result=ActionResult("none")) == []


def test_what_is_cancelled_twice_is_seen() -> None:
    ledger = Ledger(DESK.pack.bot)
    query = RunAction("reservations.cancel", (("number", "A1"), ("phone", "1")), "ko")
    found = []
    for _ in range(2):
        ledger.opens_turn()
        ledger.turn[query] = ActionResult("cancelled")
        found = list(ledger.problems(session(), turn("x"), Message("m", text="네")))
    assert any("for the second time" in one for one in found)


# Books that do not balance

START = Start(date(2026, 11, 23), 600)
MADE = Reservation("A1", "kim", START, {"10:00": 1}, phone="01022223333")
CAPACITY = {"kim": 1}


def books(*writes: Write) -> list[str]:
    made = reservation_writes("desk", MADE, capacity=1)
    return list(unbalanced("desk", MemoryBackOffice([*made, *writes]), CAPACITY))


def test_books_of_what_is_reserved_balance() -> None:
    assert books() == []


def test_seats_that_are_taken_by_nobody_are_seen() -> None:
    counter = MADE.place("desk").counter("10:00")
    assert "2 seats are taken, 1 reserved" in books(Count(counter, 1, 9))[0]
    assert "2 seats are taken of 1" in books(Count(counter, 1, 9))[1]
    assert "0 seats are taken, 1 reserved" in books(Count(counter, -1, 9))[0]


def test_seats_that_were_never_counted_are_seen() -> None:
    store = MemoryBackOffice(reservation_writes("desk", MADE, capacity=1, seats=False))
    (found,) = unbalanced("desk", store, CAPACITY)
    assert "1 seats are reserved or held and not counted" in found
