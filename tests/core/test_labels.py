"""Feedback becomes a label when enough customers say the same and nobody says otherwise."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sangdam.learning.feedback import Feedback
from sangdam.learning.labels import AGREEMENT, Label, accept_by_agreement, meant, text_key
from tests.core import corner_shop
from tests.core.counter import NOON

INTENTS = corner_shop.pack().bot.intents
BASE = Feedback(
    session_id="s1",
    turn=1,
    bot="corner",
    release="r",
    language="ko",
    text="택배 값이 궁금",
    predicted=None,
    rating=-1,
    at=NOON,
    intent="delivery_fee",
)


def said(*sessions: str, **about: object) -> list[Feedback]:
    """Return a feedback of each session."""
    return [replace(BASE, session_id=session, **about) for session in sessions]  # type: ignore[arg-type]


def accepted(feedback: list[Feedback]) -> list[tuple[str, str]]:
    labels = accept_by_agreement(feedback, INTENTS, now=NOON)
    return [(label.text, label.intent) for label in labels]


def test_three_sessions_that_agree_make_a_label() -> None:
    (label,) = accept_by_agreement(said("a", "b", "c"), INTENTS, now=NOON)
    assert label == Label("corner", BASE.text, "delivery_fee", "ko", "agreement", NOON)
    assert label.example().text == BASE.text


def test_one_session_cannot_agree_with_itself() -> None:
    repeated = [replace(BASE, turn=turn) for turn in range(1, 9)]
    assert accepted(repeated) == []
    assert accepted(said("a", "b")) == []


def test_the_same_text_typed_differently_is_the_same_text() -> None:
    feedback = [*said("a"), *said("b", text="택배  값이 궁금 "), *said("c", text="택배 값이\n궁금")]
    assert len(accepted(feedback)) == 1


def test_who_says_otherwise_leaves_the_text_to_an_operator() -> None:
    assert accepted([*said("a", "b", "c"), *said("d", intent="refund_when")]) == []


def test_praise_agrees_with_what_was_answered() -> None:
    praise = said("a", "b", "c", intent=None, rating=1, predicted="delivery_fee")
    assert accepted(praise) == [(BASE.text, "delivery_fee")]


def test_praise_and_correction_may_say_the_same() -> None:
    praise = said("a", "b", intent=None, rating=1, predicted="delivery_fee")
    assert len(accepted([*praise, *said("c")])) == 1


def test_a_complaint_about_an_answer_is_dissent_from_it() -> None:
    praise = said("a", "b", "c", intent=None, rating=1, predicted="delivery_fee")
    complaint = said("d", intent=None, rating=-1, predicted="delivery_fee")
    assert accepted([*praise, *complaint]) == []


def test_a_complaint_about_another_answer_is_no_dissent() -> None:
    complaint = said("d", intent=None, rating=-1, predicted="refund_when")
    assert len(accepted([*said("a", "b", "c"), *complaint])) == 1


def test_neither_praise_nor_complaint_says_nothing() -> None:
    neither = said("a", "b", "c", intent=None, rating=0, predicted="delivery_fee")
    assert accepted(neither) == []
    assert meant(neither[0]) is None


def test_buttons_and_intents_the_bot_has_not_make_no_labels() -> None:
    assert accepted(said("a", "b", "c", text="  ")) == []
    assert accepted(said("a", "b", "c", intent="fly_to_moon")) == []
    assert accepted(said("a", "b", "c", intent="cancel")) == []


CLAIMS = st.lists(
    st.builds(
        lambda session, text, intent, rating, predicted: replace(
            BASE, session_id=session, text=text, intent=intent, rating=rating, predicted=predicted
        ),
        st.sampled_from("abcdef"),
        st.sampled_from(["배송비 좀", "환불 좀", "?"]),
        st.sampled_from([None, "delivery_fee", "refund_when", "gone"]),
        st.sampled_from([-1, 0, 1]),
        st.sampled_from([None, "delivery_fee", "refund_when"]),
    ),
    max_size=30,
)


@given(CLAIMS)
def test_a_label_has_agreement_and_no_dissent(feedback: list[Feedback]) -> None:
    for label in accept_by_agreement(feedback, INTENTS, now=NOON):
        same = [one for one in feedback if text_key(one.text) == label.key]
        assert len({one.session_id for one in same if meant(one) == label.intent}) >= AGREEMENT
        assert all(meant(one) in (None, "gone", label.intent) for one in same)
        assert not any(
            one.rating < 0 and one.intent is None and one.predicted == label.intent for one in same
        )


@given(st.text())
def test_any_text_has_a_key(text: str) -> None:
    assert len(text_key(text)) == 32
    assert text_key(f" {text}\n") == text_key(text) or len(text) > 1000
