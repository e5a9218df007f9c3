"""A pack's conversations are played, and what differs is said so that an author understands it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sangdam.bots.conversation import Conversation, Expectation
from sangdam.bots.definition import QuickReply
from sangdam.bots.parse import parse_pack
from sangdam.services.coverage import coverage
from sangdam.services.rehearse import Heard, Line, Rehearsal, compare, rehearse
from sangdam_adapters.rehearsal import rehearser
from scripts.rehearsal.diff import lines_of
from tests.core import corner_shop
from tests.core.counter import Days, release_of
from tests.core.words import WordOpener, WordTrainer


def line(trainer: WordTrainer | None = None) -> Callable[[Conversation], Line]:
    """Return lines to the corner shop's real services."""
    opened = rehearser(WordOpener(), corner_shop.writes, Days())
    return opened(release_of(corner_shop.pack(), trainer=trainer))


def played(*turns: object, language: str = "ko", trainer: WordTrainer | None = None) -> Rehearsal:
    """Play one conversation, written as an author writes it."""
    files = corner_shop.files()
    name = f"conversations.{language}.yaml"
    files[name]["conversations"] = [{"name": "talk", "turns": list(turns)}]
    conversations = parse_pack(corner_shop.NAME, files).conversations
    return rehearse([one for one in conversations if one.language == language], line(trainer))


def difference(*turns: object) -> str:
    (found,) = played(*turns).differences
    return str(found)


def test_a_good_pack_passes_its_own_rehearsal() -> None:
    rehearsal = rehearse(corner_shop.pack().conversations, line())
    assert (rehearsal.passed, rehearsal.played, rehearsal.failed) == (True, 2, ())


def test_a_rehearsal_plays_the_same_twice() -> None:
    turns = [{"user": "고마워요"}, {"user": "고마워요", "expect": {"contains": "별말씀을요"}}]
    assert played(*turns) == played(*turns)


def test_a_difference_says_where_what_and_what_was_heard_instead() -> None:
    found = difference(
        {"user": "고마워요"}, {"user": "배송비 얼마예요", "expect": {"intent": "refund_when"}}
    )
    assert found == (
        "corner/conversations.ko.yaml: 'talk' turn 2 ('배송비 얼마예요'): intent should be "
        "refund_when and is delivery_fee; the bot said: 배송비는 3,000원이에요. "
        "[delivery_fee, answer]"
    )


@pytest.mark.parametrize(
    ("expect", "problem"),
    [
        ({"decision": "clarify"}, "decision should be clarify and is answer"),
        ({"owner": "human"}, "owner should be human and is bot"),
        (
            {"reply": ["intent/thanks", "system/resume"]},
            "reply should be intent/thanks, system/resume and is intent/delivery_fee",
        ),
        ({"reply": []}, "reply should be nothing and is intent/delivery_fee"),
        ({"contains": ["5,000원"]}, "'5,000원' should be said"),
        ({"lacks": "3,000원"}, "'3,000원' should not be said"),
        ({"quick_replies": ["환불 기간"]}, "button '환불 기간' should be offered"),
    ],
)
def test_each_kind_of_difference_is_told(expect: object, problem: str) -> None:
    assert problem in difference({"user": "배송비 얼마예요", "expect": expect})


def test_a_button_that_is_not_there_is_told_with_those_there_are() -> None:
    assert difference({"press": "환불 기간"}) == (
        "corner/conversations.ko.yaml: 'talk' turn 1 ('[환불 기간]'): there is no button "
        "'환불 기간' to press (주문 조회); the bot said: 안녕하세요, 모퉁이상점입니다. [None, None]"
    )
    after_thanks = difference({"user": "고마워요"}, {"press": "환불 기간"})
    assert "to press (주문 조회)" in after_thanks  # nothing is said that leaves nothing to do


def test_a_button_is_pressed_by_the_words_it_shows() -> None:
    turns = [
        {"user": "shipping price"},
        {"press": "Where is it?", "expect": {"reply": "form/order_status/order_number/ask"}},
    ]
    assert played(*turns, language="en").passed


def test_all_differences_of_an_answer_are_told_and_then_the_next_conversation_is_played() -> None:
    files = corner_shop.files()
    bad = {"user": "고마워요", "expect": {"intent": "refund_when", "owner": "human"}}
    files["conversations.ko.yaml"]["conversations"] = [
        {"name": "first", "turns": [bad, bad]},
        {"name": "second", "turns": [{"user": "고마워요"}]},
        {"name": "third", "turns": [bad]},
    ]
    rehearsal = rehearse(parse_pack(corner_shop.NAME, files).conversations, line())
    assert not rehearsal.passed
    assert (rehearsal.played, rehearsal.failed) == (4, ("first", "third"))
    assert [one.turn for one in rehearsal.differences] == [1, 1]
    assert [len(one.problems) for one in rehearsal.differences] == [2, 2]


def test_each_conversation_has_a_line_of_its_own() -> None:
    files = corner_shop.files()
    files["conversations.ko.yaml"]["conversations"] = [
        {"name": "leaves a person in charge", "turns": [{"user": "상담원"}]},
        {"name": "talks to the bot", "turns": [{"user": "고마워요", "expect": {"owner": "bot"}}]},
    ]
    assert rehearse(parse_pack(corner_shop.NAME, files).conversations, line()).passed


def test_what_a_line_cannot_hear_is_not_compared() -> None:
    heard = Heard("a", "answer", None, ("text",), (QuickReply("b", "/b"),), "bot")
    assert compare(Expectation(replies=("system/x",)), heard) == []


# What is told of a difference


def test_a_difference_is_read_like_a_talk_with_a_diff_below() -> None:
    (found,) = played(
        {"user": "고마워요"},
        {
            "user": "배송비 얼마예요",
            "expect": {"intent": "refund_when", "contains": ["5,000원"], "lacks": ["3,000원"]},
        },
        {"user": "이 말은 아무도 못 들어요"},
    ).differences
    assert lines_of(found) == [
        "corner/conversations.ko.yaml: 'talk', turn 2",
        "    안녕하세요, 모퉁이상점입니다.  (system/welcome)",
        "    [주문 조회]",
        "  > 고마워요",
        "    별말씀을요.  (intent/thanks)",
        "    [주문 조회]",
        "  > 배송비 얼마예요",
        "  - intent: refund_when",
        "  + intent: delivery_fee",
        "  - contains: 5,000원",
        "  + contains: it was not said",
        "  - lacks: 3,000원",
        "  + lacks: it was said",
        "    배송비는 3,000원이에요.  (intent/delivery_fee)",
        "    [주문 조회]",
        "    (understood: delivery_fee)",
    ]


def test_a_missing_button_is_read_after_the_talk_up_to_it() -> None:
    (found,) = played({"user": "고마워요"}, {"press": "환불 기간"}).differences
    assert lines_of(found)[-3:] == [
        "  > [환불 기간]",
        "  - button: 환불 기간",
        "  + button: 주문 조회",
    ]


# What was reached


def test_intents_forms_slots_and_branches_that_were_gone_through_are_counted() -> None:
    reached = played(
        {"user": "고마워요"},
        {"user": "배송조회 부탁드려요"},
        {"user": "20200101-9999"},
        {"user": "20261118-0001"},
    ).reached
    found = {one.kind: one for one in coverage(corner_shop.pack().bot, reached)}
    assert "thanks" not in found["intents"].missing
    assert "refund_when" in found["intents"].missing
    assert found["forms"].missing == ("return_status",)
    assert found["actions"].share == 1.0
    assert found["slots"].missing == ("return_status.order_number", "return_status.phone")
    assert "form/order_status/outcome/not_found" not in found["branches"].missing
    assert "form/order_status/outcome/delivered" in found["branches"].missing


def test_an_intent_that_was_only_guessed_at_is_not_reached() -> None:
    unsure = played({"user": "배송비는요 환불은요", "expect": {"decision": "clarify"}})
    assert unsure.passed
    assert unsure.reached.intents == frozenset()
