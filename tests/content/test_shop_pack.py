"""What the shop's own pack promises besides what every pack does."""

from functools import cache

import pytest

from sangdam.backoffice.orders import read_order
from sangdam.backoffice.returns import return_until
from sangdam.backoffice.writes import Put
from sangdam.bots.conversation import Conversation
from sangdam.bots.definition import Language
from sangdam.bots.parse import Pack
from sangdam.services.coverage import branches
from sangdam_adapters.demo_data import demo_writes
from sangdam_adapters.rehearsal import REHEARSAL_TIME
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.paths import PACKS

TODAY = REHEARSAL_TIME.date()


@cache
def shop() -> Pack:
    return YamlPacks(PACKS).load("shop")


def expected(conversation: Conversation) -> set[str]:
    return {key for step in conversation.steps for key in step.expect.replies or ()}


def test_the_shop_knows_at_least_60_intents() -> None:
    assert len(shop().bot.intents) >= 60


def test_conversations_expect_every_intent_or_its_form() -> None:
    steps = [step.expect for one in shop().conversations for step in one.steps]
    keys = {key for one in shop().conversations for key in expected(one)}
    named = {one.intent for one in steps} | {key.removeprefix("intent/") for key in keys}
    forms = {key.split("/")[1] for key in keys if key.startswith("form/")}
    missing = {
        name
        for name, intent in shop().bot.intents.items()
        if name not in named and intent.form not in forms
    }
    assert missing == set()


def test_conversations_expect_every_branch_of_every_form() -> None:
    keys = {key for one in shop().conversations for key in expected(one)}
    assert branches(shop().bot) - keys == set()


@pytest.mark.parametrize(("language", "least"), [("ko", 20), ("en", 10)])
def test_enough_conversations_leave_the_straight_path(language: Language, least: int) -> None:
    tagged = [one for one in shop().conversations if one.tags and one.language == language]
    assert len(tagged) >= least


def test_whoever_asks_about_an_order_gives_its_phone() -> None:
    forms = [one for one in shop().bot.forms.values() if one.action.startswith("orders.")]
    assert len(forms) == 6
    for form in forms:
        phone = next(slot for slot in form.slots if slot.name == "phone")
        assert phone.carry
        assert not phone.optional


def test_card_and_resident_numbers_are_refused_and_never_asked_for() -> None:
    bot = shop().bot
    assert set(bot.policy.refuses) >= {"card_number", "resident_number"}
    asked = [
        (key, text)
        for script in bot.scripts.values()
        for key, reply in script.replies.items()
        if key.endswith(("/ask", "/ask_again"))
        for text in reply.variants
    ]
    assert [key for key, text in asked if "카드번호" in text or "card number" in text] == []


def test_there_is_a_demo_order_for_every_outcome() -> None:
    writes = demo_writes(PACKS / "shop", "shop", today=TODAY)
    orders = [read_order(write.record) for write in writes if isinstance(write, Put)]
    statuses = {order.status for order in orders}
    assert statuses == {"paid", "preparing", "shipped", "delivered", "cancelled"}
    rules = shop().bot.backoffice.orders
    assert rules is not None
    days = [order.delivered_on for order in orders if order.delivered_on is not None]
    in_time = [return_until(day, rules, "changed_mind") >= TODAY for day in days]
    assert {True, False} == set(in_time)
    assert {bool(order.delivery_fee) for order in orders} == {True, False}
    assert len({order.owner for order in orders}) == len(orders)


@pytest.mark.parametrize(
    ("language", "intent", "said"),
    [
        ("ko", "return_period", "{days}일 안"),
        ("en", "return_period", "within {days} days"),
        ("ko", "return_fee", "단순 변심 반품은 {fee}원"),
        ("en", "return_fee", "a return costs {fee} won"),
        ("ko", "return_fee", "왕복 {both}원"),
        ("en", "return_fee", "or {both} won for both ways"),
        ("ko", "delivery_fee", "{free}원 이상"),
        ("en", "delivery_fee", "{free} won or more"),
        ("ko", "refund_when", "카드는 영업일 3~{refund}일"),
        ("en", "refund_when", "3-{refund} working days for cards"),
    ],
)
def test_the_words_say_what_the_rules_do(language: Language, intent: str, said: str) -> None:
    rules = shop().bot.backoffice.orders
    assert rules is not None
    text = said.format(
        days=rules.return_days,
        fee=f"{rules.return_fee:,}",
        both=f"{rules.return_fee * 2:,}",
        free=f"{rules.free_delivery_from:,}",
        refund=rules.refund_days,
    )
    assert text in shop().bot.script(language).replies[f"intent/{intent}"].variants[0]


@pytest.mark.parametrize(("language", "said"), [("ko", "{fee}원"), ("en", "{fee} won")])
def test_the_cost_of_an_exchange_is_told_before_it_is_asked_for(
    language: Language, said: str
) -> None:
    rules = shop().bot.backoffice.orders
    assert rules is not None
    ask = shop().bot.script(language).replies["form/exchange_request/reason/ask"]
    assert said.format(fee=f"{rules.exchange_fee:,}") in ask.variants[0]
