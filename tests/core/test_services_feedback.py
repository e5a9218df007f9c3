"""What customers say of answers is kept once, with our own record of what was said."""

from __future__ import annotations

import pytest

from sangdam.dialogue.turn import Message
from sangdam.learning.feedback import Feedback
from sangdam.services.errors import UnknownSessionError, UnknownTurnError, WrongTokenError
from sangdam.services.record_feedback import Verdict, record_feedback
from sangdam_adapters.memory import MemoryFeedback
from tests.core.counter import Counter, Customer


class Box:
    """Where customers leave feedback."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.store = MemoryFeedback()

    def takes(
        self,
        customer: Customer,
        turn: int,
        rating: int,
        *,
        intent: str | None = None,
        comment: str | None = None,
        token: str | None = None,
    ) -> bool:
        return record_feedback(
            Verdict(customer.session_id, turn, rating, intent, comment),
            token=token or customer.opened.token,
            conversations=self.counter.conversations,
            feedback=self.store,
            clock=self.counter.clock,
        )

    def holds(self) -> list[Feedback]:
        return list(self.store.pending("corner", limit=100))


@pytest.fixture
def box(counter: Counter) -> Box:
    return Box(counter)


def test_text_and_understanding_come_from_our_own_record(box: Box, customer: Customer) -> None:
    turn = customer.says("배송비 얼마예요")
    assert box.takes(customer, 1, -1, intent="refund_when", comment="아니에요")
    (kept,) = box.holds()
    assert (kept.text, kept.predicted, kept.intent) == (
        "배송비 얼마예요",
        "delivery_fee",
        "refund_when",
    )
    assert (kept.bot, kept.release, kept.language) == ("corner", turn.release, "ko")
    assert (kept.comment, kept.status) == ("아니에요", "pending")


def test_the_same_feedback_again_is_kept_once(box: Box, customer: Customer) -> None:
    customer.says("배송비 얼마예요")
    assert box.takes(customer, 1, 1)
    assert not box.takes(customer, 1, 1)
    assert len(box.holds()) == 1


def test_a_changed_mind_takes_the_place_of_the_first_one(box: Box, customer: Customer) -> None:
    customer.says("배송비 얼마예요")
    box.takes(customer, 1, 1)
    assert box.takes(customer, 1, -1, intent="refund_when")
    (kept,) = box.holds()
    assert (kept.rating, kept.intent) == (-1, "refund_when")


def test_the_language_is_that_of_the_text_and_not_of_what_came_later(
    box: Box, customer: Customer
) -> None:
    customer.says("shipping price")
    customer.says("배송비 얼마예요")
    box.takes(customer, 1, 1)
    assert box.holds()[0].language == "en"


def test_praise_for_a_question_back_is_no_verdict_on_meaning(box: Box, customer: Customer) -> None:
    assert customer.says("배송비 환불").understood is not None
    customer.says("날씨 어때")
    box.takes(customer, 1, 1)
    box.takes(customer, 2, 1)
    assert [kept.predicted for kept in box.holds()] == [None, None]


def test_praise_while_a_person_answers_is_no_verdict_on_the_bot(
    box: Box, customer: Customer
) -> None:
    customer.says("상담원")
    customer.says("배송비 얼마예요")
    box.takes(customer, 2, 1)
    assert box.holds()[0].predicted is None


def test_a_button_teaches_nothing_about_language(box: Box, customer: Customer) -> None:
    customer.sends(Message("a", quick_reply="/delivery_fee"))
    box.takes(customer, 1, 1)
    assert box.holds()[0].text == ""


@pytest.mark.parametrize("turn", [0, 2, -1, 10**9])
def test_only_answered_turns_can_be_rated(box: Box, customer: Customer, turn: int) -> None:
    customer.says("배송비 얼마예요")
    with pytest.raises(UnknownTurnError, match=f"has no answered turn {turn}"):
        box.takes(customer, turn, 1)
    assert box.holds() == []


def test_nobody_rates_anothers_conversation(box: Box, customer: Customer) -> None:
    customer.says("배송비 얼마예요")
    with pytest.raises(WrongTokenError):
        box.takes(customer, 1, 1, token="x")
    box.counter.conversations.delete(customer.session_id)
    with pytest.raises(UnknownSessionError):
        box.takes(customer, 1, 1)
    assert box.holds() == []
