"""Asked which of several was meant, a customer picks one: a candidate for a label."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sangdam.dialogue.turn import Message, Turn
from sangdam.learning.feedback import Feedback
from sangdam.learning.labels import accept_by_agreement
from sangdam.ports import FeedbackStore, StorageUnavailableError
from sangdam.services.clarifications import Picks
from sangdam.services.delete_session import delete_session
from sangdam.services.record_feedback import Verdict, record_feedback
from sangdam_adapters.memory import MemoryFeedback
from tests.core import corner_shop
from tests.core.counter import NOON, Counter, Customer, buttons, keys

UNSURE = "배송비 환불"


@pytest.fixture
def store() -> MemoryFeedback:
    return MemoryFeedback()


@pytest.fixture
def counter(store: MemoryFeedback) -> Counter:
    counter = Counter()
    picks = Picks(counter.conversations, lambda: store, counter.warnings.append)
    counter.desk = replace(counter.desk, after=picks)
    return counter


@pytest.fixture
def guest(counter: Counter) -> Customer:
    return counter.customer("ko")


def asked(guest: Customer, text: str = UNSURE) -> Turn:
    turn = guest.says(text)
    assert keys(turn) == ["system/clarify"], keys(turn)
    return turn


def pending(store: FeedbackStore) -> list[Feedback]:
    return list(store.pending(corner_shop.NAME, limit=100))


def test_a_pick_is_kept_for_the_turn_that_asked(guest: Customer, store: MemoryFeedback) -> None:
    turn = asked(guest)
    picked = buttons(turn)[0]
    guest.presses(picked)
    (feedback,) = pending(store)
    assert feedback.text == UNSURE
    assert feedback.intent == picked.removeprefix("/")
    assert (feedback.turn, feedback.rating, feedback.predicted) == (turn.number, 0, None)
    assert (feedback.source, feedback.status, feedback.language) == (
        "clarification",
        "pending",
        "ko",
    )
    assert feedback.release == turn.release
    assert feedback.session_id == guest.session_id


def test_it_is_kept_once(guest: Customer, store: MemoryFeedback) -> None:
    picked = Message("pick", quick_reply=buttons(asked(guest))[0])
    guest.sends(picked)
    guest.sends(picked)
    assert len(pending(store)) == 1


def test_only_the_very_next_turn_can_pick(guest: Customer, store: MemoryFeedback) -> None:
    picked = buttons(asked(guest))[0]
    guest.says("배송비 얼마예요")
    guest.presses(picked)
    assert pending(store) == []


@pytest.mark.parametrize("press", ["/none", "/human_agent"])
def test_what_is_none_of_the_candidates_says_nothing(
    guest: Customer, store: MemoryFeedback, press: str
) -> None:
    turn = asked(guest)
    assert press == "/none" or press not in buttons(turn)
    guest.presses(press)
    assert pending(store) == []


def test_a_button_without_a_question_says_nothing(guest: Customer, store: MemoryFeedback) -> None:
    turn = guest.says("배송비 얼마예요")
    assert keys(turn) != ["system/clarify"]
    guest.presses(buttons(asked(guest))[0])
    assert len(pending(store)) == 1
    guest.presses(buttons(guest.opened.turn)[0])
    assert len(pending(store)) == 1


def test_writing_something_else_is_no_pick(guest: Customer, store: MemoryFeedback) -> None:
    asked(guest)
    guest.says("배송비 얼마예요")
    assert pending(store) == []


def test_it_stands_beside_what_the_customer_says_of_the_same_turn(
    counter: Counter, guest: Customer, store: MemoryFeedback
) -> None:
    turn = asked(guest)
    for number, comment in enumerate(("몰라요", "아니에요")):
        record_feedback(
            Verdict(guest.session_id, turn.number, -1, comment=comment),
            token=guest.opened.token, conversations=counter.conversations,
            feedback=store, clock=counter.clock,
        )  # fmt: skip
        if number == 0:
            guest.presses(buttons(turn)[0])
    assert sorted(one.source for one in pending(store)) == ["clarification", "customer"]


def test_three_customers_who_pick_the_same_make_a_label(
    counter: Counter, store: MemoryFeedback
) -> None:
    picked = ""
    for number in range(3):
        found = accept_by_agreement(pending(store), counter.pack.bot.intents, now=NOON)
        assert found == (), number
        guest = counter.customer("ko")
        picked = buttons(asked(guest))[0]
        guest.presses(picked)
    (label,) = accept_by_agreement(pending(store), counter.pack.bot.intents, now=NOON)
    assert (label.text, label.intent) == (UNSURE, picked.removeprefix("/"))


def test_customers_who_pick_differently_make_none(counter: Counter, store: MemoryFeedback) -> None:
    for place in (0, 0, 0, 1):
        guest = counter.customer("ko")
        guest.presses(buttons(asked(guest))[place])
    assert accept_by_agreement(pending(store), counter.pack.bot.intents, now=NOON) == ()


def test_one_customer_who_picks_ten_times_has_one_vote(
    counter: Counter, guest: Customer, store: MemoryFeedback
) -> None:
    for _ in range(4):
        turn = guest.says(UNSURE)
        picks = [one for one in buttons(turn) if one in ("/delivery_fee", "/refund")]
        guest.presses((picks or buttons(turn))[0])
        counter.clock.pass_by(timedelta(minutes=1))
    assert accept_by_agreement(pending(store), counter.pack.bot.intents, now=NOON) == ()


class OutOfReach(MemoryFeedback):
    def record(self, feedback: Feedback) -> bool:
        raise StorageUnavailableError("dynamodb://feedback: throttled")


class Wrong(MemoryFeedback):
    def record(self, feedback: Feedback) -> bool:
        raise ValueError(feedback.text)


@pytest.mark.parametrize("kind", [OutOfReach, Wrong])
def test_a_store_that_fails_does_not_fail_the_turn(
    counter: Counter, kind: type[MemoryFeedback]
) -> None:
    broken = kind()
    picks = Picks(counter.conversations, lambda: broken, counter.warnings.append)
    counter.desk = replace(counter.desk, after=picks)
    guest = counter.customer("ko")
    turn = guest.presses(buttons(asked(guest))[0])
    assert turn.reply.messages
    (warning,) = counter.warnings
    assert UNSURE not in warning


def test_nothing_is_opened_unless_somebody_picks(counter: Counter) -> None:
    opened: list[str] = []

    def feedback() -> FeedbackStore:
        opened.append("feedback")
        return MemoryFeedback()

    picks = Picks(counter.conversations, feedback, counter.warnings.append)
    counter.desk = replace(counter.desk, after=picks)
    guest = counter.customer("ko")
    guest.says("배송비 얼마예요")
    asked(guest)
    assert opened == []


def test_a_deleted_session_takes_its_picks_along(
    counter: Counter, guest: Customer, store: MemoryFeedback
) -> None:
    guest.presses(buttons(asked(guest))[0])
    delete_session(
        guest.session_id, token=guest.opened.token, conversations=counter.conversations,
        backoffice=counter.backoffice, feedback=lambda: store,
    )  # fmt: skip
    assert pending(store) == []
