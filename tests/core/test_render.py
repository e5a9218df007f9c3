"""Decisions become words: in turn, in the customer's language, with buttons below."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.backoffice.orders import Order, status_of
from sangdam.bots.definition import Language, QuickReply
from sangdam.dialogue.decision import Say
from sangdam.dialogue.render import render
from sangdam.dialogue.session import WORDINGS_KEPT, fold
from sangdam.text.dates import spoken_date
from tests.core import corner_shop
from tests.core.test_session import NEW

BOT = corner_shop.pack().bot
KEYS = sorted(
    key
    for key in BOT.scripts["ko"].replies
    if "/outcome/" not in key and len(BOT.scripts["ko"].replies[key].variants) > 1
)


@given(st.lists(st.sampled_from(KEYS), max_size=60), st.sampled_from(["ko", "en"]))
def test_no_wording_comes_twice_in_a_row(said: list[str], language: Language) -> None:
    session = NEW
    last: dict[str, str] = {}
    for key in said:
        reply, events = render(BOT, session, (Say(key),), (), language=language)
        assert reply.messages[0].text != last.get(key)
        last[key] = reply.messages[0].text
        session = fold(session, events)
    assert len(session.wordings) <= WORDINGS_KEPT


def test_a_reply_with_one_wording_leaves_no_trace_in_the_session() -> None:
    _, events = render(BOT, NEW, (Say("system/handoff"),), (), language="ko")
    assert events == ()


def test_a_wording_of_an_older_release_does_no_harm() -> None:
    old = replace(NEW, wordings={"system/fallback": 17})
    reply, _ = render(BOT, old, (Say("system/fallback"),), (), language="ko")
    assert reply.messages[0].text in BOT.scripts["ko"].replies["system/fallback"].variants


def test_the_buttons_are_those_of_the_last_thing_said_and_those_given() -> None:
    says = (Say("intent/delivery_fee"), Say("system/offer_human"))
    stop = QuickReply("그만하기", "/cancel")
    reply, _ = render(BOT, NEW, says, (stop, stop), language="ko")
    assert [button.value for button in reply.quick_replies] == ["/human_agent", "/cancel"]


def test_nothing_said_is_an_empty_reply() -> None:
    reply, events = render(BOT, NEW, (), (), language="ko")
    assert (reply.messages, reply.quick_replies, events) == ((), (), ())


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("order", corner_shop.orders(), ids=lambda order: order.status)
def test_every_outcome_of_an_order_can_be_said(order: Order, language: Language) -> None:
    outcome, fields = status_of(order, order.order_number, language)
    say = Say(f"form/order_status/outcome/{outcome}", fields)
    reply, _ = render(BOT, NEW, (say,), (), language=language)
    assert order.order_number in reply.messages[0].text
    assert order.items[0].name[language] in reply.messages[0].text


def test_what_a_customer_typed_is_said_back_and_not_interpreted() -> None:
    _, fields = status_of(None, "{items}", "ko")
    say = Say("form/order_status/outcome/not_found", fields)
    assert render(BOT, NEW, (say,), (), language="ko")[0].messages[0].text.startswith("{items}")


def test_an_order_says_a_dash_for_what_is_not_known() -> None:
    (_, preparing) = corner_shop.orders()
    outcome, fields = status_of(preparing, preparing.order_number, "ko")
    assert (outcome, fields["expected_on"], fields["courier"]) == ("preparing", "-", "-")
    assert fields["items"] == "양말 × 3, 머플러 × 1"
    assert fields["ordered_on"] == spoken_date(preparing.ordered_on, "ko")
