"""What the bot does, told from the customer's side of the counter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sangdam.dialogue.decision import Outcome
from sangdam.dialogue.events import ClarificationAsked, MessageMissed
from sangdam.dialogue.policy import decide
from sangdam.nlu.understanding import Understanding
from sangdam.services.errors import UnknownQuickReplyError
from sangdam_adapters import records
from tests.core import corner_shop
from tests.core.counter import Counter, Customer, buttons, keys, texts

ASK = "form/order_status/order_number/ask"
ASK_AGAIN = "form/order_status/order_number/ask_again"
SHIPPED = "form/order_status/outcome/shipped"
PREPARING = "form/order_status/outcome/preparing"
NOT_FOUND = "form/order_status/outcome/not_found"

SHOP = corner_shop.pack().bot
BOT = replace(SHOP, policy=replace(SHOP.policy, clarify_choices=3))

# Answers


def test_a_question_is_answered(customer: Customer) -> None:
    turn = customer.says("배송비 얼마예요")
    assert keys(turn) == ["intent/delivery_fee"]
    assert buttons(turn) == ["/order_status"]
    assert customer.session.last_intent == "delivery_fee"


def test_each_message_is_answered_in_its_own_language(customer: Customer) -> None:
    assert texts(customer.says("shipping price")) == "Delivery is 3,000 won."
    assert texts(customer.says("환불 며칠")) == "영업일 3일쯤 걸려요."
    assert texts(customer.says("refund waiting")) == "About 3 working days."
    assert texts(customer.presses("/delivery_fee")) == "Delivery is 3,000 won."


def test_the_same_answer_is_worded_differently_the_next_time(customer: Customer) -> None:
    said = [texts(customer.says("고마워요")) for _ in range(4)]
    assert said == ["별말씀을요.", "도움이 되어 기뻐요."] * 2


# A form


def test_a_form_is_filled_in_one_sentence(customer: Customer) -> None:
    turn = customer.says("20261118-0001 배송조회 부탁드려요")
    assert keys(turn) == [SHIPPED]
    assert "688012345671" in texts(turn)
    assert customer.session.open_form is None


def test_a_form_asks_and_is_given(customer: Customer) -> None:
    asked = customer.says("배송조회 부탁드려요")
    assert keys(asked) == [ASK]
    assert buttons(asked) == ["/cancel"]
    assert keys(customer.says("20261118-0001")) == [SHIPPED]


def test_a_value_alone_opens_its_form(customer: Customer) -> None:
    assert keys(customer.says("20261118-0001이요")) == [SHIPPED]


def test_a_value_in_a_sentence_nobody_understands_opens_its_form(customer: Customer) -> None:
    assert keys(customer.says("20261118-0001 어쩌구 저쩌구")) == [SHIPPED]


def test_a_value_with_a_sigh_opens_its_form(customer: Customer) -> None:
    assert keys(customer.says("20261118-0001 ㅠㅠ")) == [SHIPPED]


def test_a_value_does_not_hijack_a_sentence_that_surely_means_something_else(
    customer: Customer,
) -> None:
    assert keys(customer.says("20261118-0001 주문취소 원해요")) == ["intent/order_cancel"]


def test_a_value_counts_for_more_than_the_courtesy_around_it(customer: Customer) -> None:
    assert keys(customer.says("감사합니다 20261118-0001")) == [SHIPPED]
    assert keys(customer.says("고마워요 그럼 20261119-0002")) == [PREPARING]
    assert keys(customer.says("고마워요")) == ["intent/thanks"]


def test_a_button_may_fill_a_form(customer: Customer) -> None:
    turn = customer.presses('/order_status{"order_number": "202611180001"}')
    assert keys(turn) == [SHIPPED]


def test_a_form_asks_for_one_slot_after_the_other(customer: Customer) -> None:
    assert keys(customer.says("반품조회 해주세요")) == ["form/return_status/phone/ask"]
    assert keys(customer.says("010-1234-5678")) == ["form/return_status/order_number/ask"]
    assert keys(customer.says("20261119-0002")) == ["form/return_status/outcome/preparing"]


def test_a_form_takes_slots_in_any_order_and_several_at_once(customer: Customer) -> None:
    customer.says("반품조회 해주세요")
    assert keys(customer.says("20261119-0002 이에요")) == ["form/return_status/phone/ask"]
    assert keys(customer.says("01012345678")) == ["form/return_status/outcome/preparing"]
    both = customer.says("반품조회 010-1234-5678 20261118-0001")
    assert keys(both) == ["form/return_status/outcome/shipped"]


def test_the_words_of_an_action_are_in_the_language_of_the_message(customer: Customer) -> None:
    assert "Muffler" in texts(customer.says("track it 20261118-0001"))
    assert "머플러" in texts(customer.says("20261118-0001 배송조회 부탁드려요"))


# Corrections


def test_a_value_right_after_a_form_is_looked_up_too(customer: Customer) -> None:
    customer.says("20261118-0001")
    assert keys(customer.says("아 아니고 20261119-0002 요")) == [PREPARING]
    assert keys(customer.says("20261118-0001")) == [SHIPPED]


def test_a_correction_keeps_the_other_slots(customer: Customer) -> None:
    customer.says("반품조회 010-1234-5678 20261118-0001")
    assert keys(customer.says("아니 20261119-0002")) == ["form/return_status/outcome/preparing"]


def test_a_correction_does_not_hijack_a_sentence_that_surely_means_something_else(
    customer: Customer,
) -> None:
    customer.says("20261118-0001")
    turn = customer.says("그럼 20261119-0002 주문취소 원해요")
    assert keys(turn) == ["intent/order_cancel"]


def test_long_after_a_form_a_value_opens_the_form_it_is_first_asked_for_in(
    customer: Customer,
) -> None:
    customer.says("반품조회 010-1234-5678 20261118-0001")
    customer.says("배송비 얼마예요")
    assert keys(customer.says("20261119-0002")) == [PREPARING]


# Side questions and changes of mind


def test_a_form_resumes_after_a_side_question(customer: Customer) -> None:
    customer.says("배송조회 부탁드려요")
    turn = customer.says("근데 배송비 얼마예요")
    assert keys(turn) == ["intent/delivery_fee", "system/resume", ASK]
    assert buttons(turn) == ["/cancel"]
    assert keys(customer.says("20261118-0001")) == [SHIPPED]


def test_a_side_question_is_no_miss(customer: Customer) -> None:
    customer.says("배송조회 부탁드려요")
    for _ in range(5):
        assert "system/resume" in keys(customer.says("배송비 얼마예요"))
    assert keys(customer.says("20261118-0001")) == [SHIPPED]


def test_a_side_question_by_button_resumes_too(customer: Customer) -> None:
    customer.says("배송조회 부탁드려요")
    assert keys(customer.presses("/refund_when")) == ["intent/refund_when", "system/resume", ASK]


def test_another_form_takes_the_place_of_the_open_one(customer: Customer) -> None:
    customer.says("배송조회 부탁드려요")
    assert keys(customer.says("아니 반품조회 해주세요")) == ["form/return_status/phone/ask"]
    open_form = customer.session.open_form
    assert open_form is not None
    assert open_form.form == "return_status"


def test_a_button_with_values_of_another_form_opens_that_one_and_comes_back(
    customer: Customer,
) -> None:
    customer.says("반품조회 해주세요")
    turn = customer.presses('/order_status{"order_number": "20261118-0001"}')
    assert keys(turn) == [SHIPPED, "system/resume", "form/return_status/phone/ask"]
    assert customer.session.parked is None


def test_pressing_the_button_of_the_open_form_asks_again_and_is_no_miss(
    customer: Customer,
) -> None:
    customer.presses("/order_status")
    for _ in range(4):
        assert keys(customer.presses("/order_status"))[-1] == ASK


def test_buttons_of_long_ago_are_no_misses_of_an_open_form(customer: Customer) -> None:
    customer.says("배송조회 부탁드려요")
    for value in ("/none", "/back_to_bot", "/none"):
        assert keys(customer.presses(value))[-1] == ASK
    open_form = customer.session.open_form
    assert open_form is not None
    assert open_form.misses == 0


# Giving up


def test_a_form_is_given_up_by_a_phrase(customer: Customer) -> None:
    customer.says("배송조회 부탁드려요")
    assert keys(customer.says("됐어요!")) == ["system/cancelled"]
    assert customer.session.open_form is None


def test_a_form_is_given_up_by_its_button(customer: Customer) -> None:
    customer.says("배송조회 부탁드려요")
    turn = customer.presses("/cancel")
    assert keys(turn) == ["system/cancelled"]
    assert turn.message is not None
    assert turn.message.label == "그만하기"
    assert customer.session.open_form is None


def test_giving_up_without_a_form_does_no_harm(customer: Customer) -> None:
    assert keys(customer.presses("/cancel")) == ["system/cancelled"]


def test_a_phrase_that_gives_up_means_nothing_outside_a_form(customer: Customer) -> None:
    assert keys(customer.says("됐어요")) == ["system/fallback"]


# Misses in a form


def test_a_form_asks_again_with_help_and_offers_a_person_in_the_end(customer: Customer) -> None:
    customer.says("배송조회 부탁드려요")
    assert keys(customer.says("몰라요")) == [ASK_AGAIN]
    assert keys(customer.says("글쎄요")) == [ASK_AGAIN]
    turn = customer.says("그게 뭐죠")
    assert keys(turn) == ["system/offer_human"]
    assert buttons(turn) == ["/human_agent"]
    assert customer.session.open_form is None


def test_what_is_about_the_form_and_no_answer_is_a_miss(customer: Customer) -> None:
    customer.says("배송조회 부탁드려요")
    assert keys(customer.says("배송조회 2026-1")) == [ASK_AGAIN]


def test_an_unknown_value_keeps_the_form_open(customer: Customer) -> None:
    turn = customer.says("20261231-9999")
    assert keys(turn) == [NOT_FOUND]
    assert buttons(turn) == ["/cancel"]
    assert keys(customer.says("20261118-0001")) == [SHIPPED]


def test_unknown_values_count_as_attempts(customer: Customer) -> None:
    assert keys(customer.says("20261231-9991")) == [NOT_FOUND]
    assert keys(customer.says("20261231-9992")) == [NOT_FOUND]
    turn = customer.says("20261231-9993")
    assert keys(turn) == [NOT_FOUND, "system/offer_human"]
    assert customer.session.open_form is None


def test_unknown_values_and_misses_count_together(customer: Customer) -> None:
    customer.says("20261231-9991")
    assert keys(customer.says("글쎄요")) == [ASK_AGAIN]
    assert keys(customer.says("20261231-9992")) == [NOT_FOUND, "system/offer_human"]


def test_a_miss_of_one_slot_is_not_held_against_another(customer: Customer) -> None:
    customer.says("20261231-9999 반품조회 해주세요")
    assert keys(customer.says("글쎄요")) == ["form/return_status/phone/ask_again"]
    assert keys(customer.says("010-1234-5678")) == ["form/return_status/outcome/not_found"]
    assert keys(customer.says("20261118-0001")) == ["form/return_status/phone/ask"]
    assert keys(customer.says("010-1234-5678")) == ["form/return_status/outcome/shipped"]


# A person


def test_who_asks_for_a_person_gets_one_even_inside_a_form(customer: Customer) -> None:
    customer.says("배송조회 부탁드려요")
    turn = customer.says("상담원")
    assert keys(turn) == ["system/handoff"]
    assert buttons(turn) == ["/back_to_bot"]
    assert turn.owner == "human"
    assert customer.session.open_form is None


def test_the_bot_is_silent_while_a_person_owns_the_conversation(customer: Customer) -> None:
    customer.says("상담원")
    for text in ("배송비 얼마예요", "20261118-0001", "상담원", "asdf"):
        turn = customer.says(text)
        assert (keys(turn), buttons(turn), turn.owner) == ([], ["/back_to_bot"], "human")
    assert keys(customer.presses("/delivery_fee")) == []


def test_the_bot_comes_back_when_called(customer: Customer) -> None:
    customer.says("상담원")
    turn = customer.presses("/back_to_bot")
    assert (keys(turn), turn.owner) == (["system/resumed"], "bot")
    assert turn.message is not None
    assert turn.message.label == "챗봇과 계속하기"
    assert keys(customer.says("배송비 얼마예요")) == ["intent/delivery_fee"]


def test_calling_the_bot_back_twice_does_no_harm(customer: Customer) -> None:
    assert keys(customer.presses("/back_to_bot")) == ["system/resumed"]


# Not understood


def test_two_messages_not_understood_in_a_row_offer_a_person(customer: Customer) -> None:
    assert keys(customer.says("날씨 어때")) == ["system/fallback"]
    turn = customer.says("주가 알려줘")
    assert keys(turn) == ["system/offer_human"]
    assert keys(customer.says("점심 뭐 먹지")) == ["system/offer_human"]


def test_an_answer_in_between_makes_misses_undone(customer: Customer) -> None:
    customer.says("날씨 어때")
    customer.says("배송비 얼마예요")
    assert keys(customer.says("주가 알려줘")) == ["system/fallback"]


def test_who_may_mean_several_things_is_asked_which(customer: Customer) -> None:
    turn = customer.says("배송비 환불")
    assert keys(turn) == ["system/clarify"]
    assert buttons(turn) == ["/delivery_fee", "/refund_when", "/none"]
    assert [button.label for button in turn.reply.quick_replies] == [
        "배송비",
        "환불 기간",
        "이 중에 없어요",
    ]
    assert keys(customer.presses("/refund_when")) == ["intent/refund_when"]


def unsure(*asked: str) -> Understanding:
    """A message between the intents; ``asked`` are those of its prediction set."""
    ranked = (("refund_when", 0.4), ("delivery_fee", 0.35), ("order_status", 0.2), ("bye", 0.05))
    return Understanding(
        "환불 배송", "ko", "refund_when", 0.4, "clarify", "model", alternatives=ranked, asked=asked
    )


@pytest.mark.parametrize(
    "asked", [("refund_when", "delivery_fee"), ("refund_when", "delivery_fee", "order_status")]
)
def test_a_question_offers_the_prediction_set_in_order_and_none_of_these(
    customer: Customer, asked: tuple[str, ...]
) -> None:
    decided = decide(BOT, customer.session, unsure(*asked), facts={})
    assert isinstance(decided, Outcome)
    assert decided.events == (ClarificationAsked(asked),)
    values = [button.value for button in decided.quick_replies]
    assert values == [*(f"/{name}" for name in asked), "/none"]


def test_intents_that_the_bot_does_not_know_are_not_offered(customer: Customer) -> None:
    decided = decide(BOT, customer.session, unsure("gone", "delivery_fee"), facts={})
    assert isinstance(decided, Outcome)
    assert decided.events == (ClarificationAsked(("delivery_fee",)),)
    lost = decide(BOT, customer.session, unsure("gone"), facts={})
    assert isinstance(lost, Outcome)
    assert lost.events == (MessageMissed(),)


def test_none_of_these_is_a_miss(customer: Customer) -> None:
    customer.says("배송비 환불")
    turn = customer.presses("/none")
    assert keys(turn) == ["system/fallback"]
    assert turn.message is not None
    assert turn.message.label == "이 중에 없어요"


def test_asking_which_is_meant_never_goes_on_for_ever(customer: Customer) -> None:
    said = []
    for _ in range(3):
        said += keys(customer.says("배송비 환불"))
        said += keys(customer.presses("/none"))
    assert "system/offer_human" in said


# No dead ends

WORDS = (
    "배송조회 반품조회 배송비 환불 주문취소 상담원 취소 됐어요 고마워요 날씨 ㅋㅋ ? "
    "20261118-0001 20261231-9999 010-1234-5678 shipping refund waiting track it agent please"
).split()
SAYINGS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
PRESSES = st.sampled_from(
    [
        "/cancel",
        "/none",
        "/back_to_bot",
        "/order_status",
        "/return_status",
        "/delivery_fee",
        "/human_agent",
        "/nonsense",
        '/order_status{"order_number": "20261118-0001"}',
        '/return_status{"phone": "010-1234-5678"}',
    ]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=80)
@given(st.lists(st.one_of(SAYINGS, PRESSES), max_size=14))
def test_no_conversation_reaches_a_dead_end(said: list[str]) -> None:
    customer = COUNTER.customer("ko")
    for text in said:
        try:
            turn = customer.presses(text) if text.startswith("/") else customer.says(text)
        except UnknownQuickReplyError:
            assert text == "/nonsense"
            continue
        silent = turn.owner == "human" and not turn.reply.messages
        assert silent or texts(turn)
        assert len(records.write(customer.session).encode()) < 8192
    customer.presses("/back_to_bot")
    customer.presses("/cancel")
    customer.presses("/cancel")  # a form that stepped aside came back
    assert keys(customer.says("배송비 얼마예요")) == ["intent/delivery_fee"]


COUNTER = Counter()
