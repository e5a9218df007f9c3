"""Understanding a message: rules first, the model second, and never an exception."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sangdam.bots.compiled import bot_of_intents
from sangdam.bots.definition import Bot, EntityType, Language
from sangdam.nlu.entities import pattern
from sangdam.nlu.understand import ALTERNATIVES, understand, understand_button, words_of
from sangdam.nlu.understanding import Scores, Thresholds, Understanding
from sangdam.text.normalise import MAX_LENGTH, normalise
from tests.core import corner_shop
from tests.core.counter import NOON
from tests.core.words import WordModel

BOT = corner_shop.pack().bot
OWNERS = {"배송비": "delivery_fee", "환불": "refund_when", "shipping": "delivery_fee"}
MODEL = WordModel(tuple(BOT.intents), OWNERS)


def meaning(
    text: str, *, bot: Bot = BOT, language: Language = "ko", expected: str | None = None
) -> Understanding:
    return understand(bot, MODEL, text, language=language, now=NOON, expected=expected)


# The order of the rules


def test_what_an_open_form_asked_for_comes_before_everything_else() -> None:
    found = meaning("배송비 환불 20261118-0001", expected="order_number")
    assert (found.source, found.intent, found.decision) == ("entity", None, "answer")
    assert [one.value for one in found.entities] == ["20261118-0001"]


def test_a_phrase_comes_before_the_model() -> None:
    model = WordModel(tuple(BOT.intents), {"배송비": "refund_when"})
    found = understand(BOT, model, "배송비?!", language="ko", now=NOON)
    assert (found.source, found.intent, found.confidence) == ("phrase", "delivery_fee", 1.0)


def test_a_phrase_is_a_whole_message_and_not_a_part_of_one() -> None:
    assert meaning("상담원 말고 배송비").source == "model"


def test_a_phrase_is_known_without_spaces_width_case_or_signs() -> None:
    assert meaning("  배 송 비 ~~ ").intent == "delivery_fee"
    assert meaning("ＰＥＲＳＯＮ!", language="en").intent == "human_agent"


def test_a_phrase_that_gives_up_means_so_only_where_a_form_asks() -> None:
    asked = meaning("됐어요", expected="order_number")
    assert (asked.source, asked.intent, asked.decision) == ("phrase", "cancel", "answer")
    assert meaning("됐어요").source == "model"


def test_nothing_but_a_value_needs_no_model() -> None:
    for text in ("20261118-0001", "20261118 0001이요", "주문번호는 202611180001 입니다."):
        found = meaning(text)
        assert (found.source, found.decision) == ("entity", "answer"), text


def test_a_value_among_words_is_left_to_the_model() -> None:
    found = meaning("20261118-0001 환불")
    assert (found.source, found.intent) == ("model", "refund_when")
    assert [one.value for one in found.entities] == ["20261118-0001"]


def test_a_value_that_no_form_asks_for_says_nothing() -> None:
    found = meaning("20261118-0001", bot=replace(BOT, forms={}))
    assert (found.source, found.decision) == ("none", "fallback")


def test_the_model_is_given_the_words_and_not_the_values() -> None:
    model = WordModel(tuple(BOT.intents), {"20261118": "order_status", "환불": "refund_when"})
    found = understand(BOT, model, "20261118-0001 환불 언제", language="ko", now=NOON)
    assert (found.intent, found.decision) == ("refund_when", "answer")
    assert words_of(BOT, "주문 ２０２６１１１８－０００１은 환불") == "주문 은 환불"


@given(st.text(max_size=60))
def test_what_is_taught_is_what_is_scored(text: str) -> None:
    seen: list[str] = []

    class Listening(WordModel):
        def score(self, text: str) -> Scores:
            seen.append(normalise(text))
            return super().score(text)

    found = understand(BOT, Listening(tuple(BOT.intents), OWNERS), text, language="ko", now=NOON)
    assert seen == ([words_of(BOT, text)] if found.source == "model" else [])


def test_a_message_without_words_is_a_fallback() -> None:
    for text in ("", "   ", "\u200b\n"):
        found = meaning(text)
        assert (found.source, found.decision, found.confidence) == ("none", "fallback", 0.0)


def test_the_model_decides_by_its_thresholds() -> None:
    assert meaning("배송비는요 알려줘").decision == "answer"
    assert meaning("배송비 환불").decision == "clarify"
    assert meaning("날씨 어때").decision == "fallback"


def test_candidates_are_kept_best_first_and_few() -> None:
    found = meaning("배송비 배송비는 환불")
    assert len(found.alternatives) == ALTERNATIVES
    assert [name for name, _ in found.alternatives[:2]] == ["delivery_fee", "refund_when"]


def test_every_understanding_says_why() -> None:
    found = meaning("환불 20261118-0001")
    assert found.why[:2] == ("language ko", "entity order_number = 20261118-0001")
    assert "model: refund_when 0.9" in found.why[2]


def test_a_bot_without_words_understands_by_its_model_alone() -> None:
    bot = bot_of_intents("plain", tuple(BOT.intents), ())
    assert meaning("배송비 알려줘", bot=bot).intent == "delivery_fee"


# Languages


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("배송비 얼마예요", "ko"),
        ("ㅇㅋ", "ko"),
        ("How much is shipping?", "en"),
        ("iPhone 케이스 있어요?", "ko"),
        ("20261118-0001", "ko"),
        ("???", "ko"),
        ("ok", "ko"),
        ("A/S", "ko"),
        ("VIP", "ko"),
        ("thx", "en"),
    ],
)
def test_each_message_of_a_korean_conversation_chooses_its_language(
    text: str, spoken: Language
) -> None:
    assert meaning(text, language="ko").language == spoken


@pytest.mark.parametrize(("text", "spoken"), [("ok", "en"), ("네", "ko"), ("1", "en")])
def test_each_message_of_an_english_conversation_chooses_its_language(
    text: str, spoken: Language
) -> None:
    assert meaning(text, language="en").language == spoken


def test_a_bot_is_not_answered_for_in_a_language_it_does_not_speak() -> None:
    korean = replace(BOT, languages=("ko",), scripts={"ko": BOT.scripts["ko"]})
    assert meaning("How much is shipping?", bot=korean).language == "ko"


def test_letters_inside_a_value_show_no_language() -> None:
    coupon = EntityType("coupon", "pattern", (r"coupon-\d+",), "{0}")
    bot = replace(BOT, entities={"coupon": coupon})
    assert meaning("COUPON-77", bot=bot).language == "ko"


# Values


def test_a_value_is_found_wherever_and_however_it_is_typed() -> None:
    (number,) = meaning("제 주문 ２０２６１１１８－０００１이에요").entities
    assert (number.name, number.value) == ("order_number", "20261118-0001")


def test_each_kind_of_value_is_found() -> None:
    found = meaning("010-1234-5678, 20261118-0001").entities
    assert {(one.name, one.value) for one in found} == {
        ("order_number", "20261118-0001"),
        ("phone", "01012345678"),
    }


def test_a_pasted_list_is_cut_short() -> None:
    number = BOT.entities["order_number"]
    assert len(pattern.find(number, "20261118-0001 " * 100)) == pattern.LIMIT


def test_empty_and_endless_values_are_none() -> None:
    anything = EntityType("anything", "pattern", (".*",), "{0}")
    assert pattern.find(anything, "") == ()
    assert pattern.find(anything, "가" * 1000) == ()
    assert [one.value for one in pattern.find(anything, "가나")] == ["가나"]


# Buttons


def test_a_button_means_its_intent() -> None:
    found = understand_button(BOT, "/refund_when", language="en", now=NOON)
    assert found is not None
    assert (found.intent, found.source, found.language) == ("refund_when", "quick_reply", "en")


def test_a_button_carries_values_as_if_they_were_typed() -> None:
    value = '/order_status{"order_number": "주문 202611180001"}'
    found = understand_button(BOT, value, language="ko", now=NOON)
    assert found is not None
    assert found.slots == {"order_number": "20261118-0001"}


@pytest.mark.parametrize("name", ["cancel", "back_to_bot", "none"])
def test_the_bots_own_buttons_are_known(name: str) -> None:
    found = understand_button(BOT, f"/{name}", language="ko", now=NOON)
    assert found is not None
    assert found.intent == name


@pytest.mark.parametrize(
    "value",
    [
        "/transfer_money",
        "hello",
        "",
        '/order_status{"order_number": "1"}',
        '/order_status{"phone": "010-1234-5678"}',
        '/refund_when{"order_number": "20261118-0001"}',
    ],
)
def test_a_value_of_another_bots_button_is_none_of_this_one(value: str) -> None:
    assert understand_button(BOT, value, language="ko", now=NOON) is None


# Hostile input

HOSTILE = st.one_of(
    st.text(max_size=300),
    st.text(
        alphabet="ㅋㅎㅠ가나 \u200b\u1100\u1161\u3164\ud800\U0001f600\0\n/{}[]()0123-", max_size=80
    ),
    st.sampled_from(["20261118-0001", "상담원", "thx"]).flatmap(
        lambda known: st.text(max_size=20).map(lambda text: f"{text}{known}{text}")
    ),
)


@settings(deadline=None)
@given(
    text=HOSTILE,
    language=st.sampled_from(["ko", "en"]),
    expected=st.sampled_from([None, "order_number", "phone"]),
)
@example(text="가" * 10_000, language="ko", expected=None)
@example(text="2" * 10_000, language="en", expected="order_number")
@example(text="\ud800", language="ko", expected=None)
def test_no_text_is_too_hostile_to_be_understood(
    text: str, language: Language, expected: str | None
) -> None:
    found = understand(BOT, MODEL, text, language=language, now=NOON, expected=expected)
    assert 0.0 <= found.confidence <= 1.0
    assert found.language in ("ko", "en")
    assert len(normalise(text)) <= MAX_LENGTH
    assert all(0 <= one.start < one.end for one in found.entities)


@given(HOSTILE)
def test_no_button_is_too_hostile_to_be_refused(value: str) -> None:
    found = understand_button(BOT, value, language="ko", now=NOON)
    assert found is None or found.decision == "answer"


# Thresholds


@given(
    best=st.floats(0, 1),
    in_scope=st.floats(allow_nan=False),
    answer=st.floats(0, 1),
    clarify=st.floats(0, 1),
)
def test_a_message_is_answered_only_above_both_thresholds(
    best: float, in_scope: float, answer: float, clarify: float
) -> None:
    thresholds = Thresholds(answer=answer, clarify=clarify, in_scope=0.5, clarify_in_scope=0.1)
    decision = thresholds.decide(Scores((("a", best), ("b", 1 - best)), in_scope))
    if decision == "answer":
        assert best >= answer
        assert in_scope >= 0.5
    elif decision == "clarify":
        assert best >= clarify
        assert in_scope >= 0.1
    else:
        assert best < answer or in_scope < 0.5
        assert best < clarify or in_scope < 0.1


@pytest.mark.parametrize("text", ["ㅁㄴㅇㄹ", "ㅂㅈㄷㄱ!!", "ㅋㅋㅋㅋ", "ㅠㅠ"])
def test_loose_jamo_that_are_no_phrase_are_no_words(text: str) -> None:
    understanding = understand(BOT, MODEL, text, language="ko", now=NOON)
    assert understanding.source == "none"
    assert understanding.decision == "fallback"
