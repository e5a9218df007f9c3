"""The shop bot's pack keeps what its owner was promised."""

from collections import Counter

import pytest

from sangdam.backoffice.orders import read_order
from sangdam.backoffice.writes import Put
from sangdam.bots.definition import Language
from sangdam.bots.parse import Pack
from sangdam.text.korean import has_hangul
from sangdam_adapters.demo_data import demo_writes
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.commands.converse import covered_intents
from scripts.local.paths import PACKS


@pytest.fixture(scope="module")
def shop() -> Pack:
    return YamlPacks(PACKS).load("shop")


def test_the_shop_knows_at_least_45_intents(shop: Pack) -> None:
    assert len(shop.bot.intents) >= 45


@pytest.mark.parametrize(("language", "least"), [("ko", 15), ("en", 12)])
def test_every_intent_has_enough_examples(shop: Pack, language: Language, least: int) -> None:
    counts = Counter(one.intent for one in shop.examples if one.language == language)
    few = {name: counts[name] for name in shop.bot.intents if counts[name] < least}
    assert few == {}


def test_there_are_at_least_40_conversations_in_both_languages(shop: Pack) -> None:
    languages = Counter(one.language for one in shop.conversations)
    assert sum(languages.values()) >= 40
    assert languages["ko"] >= 20
    assert languages["en"] >= 20


def test_conversations_cover_every_intent_and_form(shop: Pack) -> None:
    missing = set(shop.bot.intents) - covered_intents(shop.conversations)
    assert missing == set()


def test_korean_examples_are_korean_and_english_ones_are_not(shop: Pack) -> None:
    english_with_hangul = [
        one.text for one in shop.examples if one.language == "en" and has_hangul(one.text)
    ]
    korean = [one for one in shop.examples if one.language == "ko"]
    without_hangul = [one.text for one in korean if not has_hangul(one.text)]
    assert len(english_with_hangul) < 5  # a resident writes 현금영수증 in an English sentence
    assert len(without_hangul) < len(korean) / 50


def test_every_outcome_of_the_order_status_form_has_a_demo_order(shop: Pack) -> None:
    from sangdam_adapters.rehearsal import REHEARSAL_TIME

    writes = demo_writes(PACKS / "shop", "shop", today=REHEARSAL_TIME.date())
    orders = [read_order(write.record) for write in writes if isinstance(write, Put)]
    assert {order.status for order in orders} == {
        "paid",
        "preparing",
        "shipped",
        "delivered",
        "cancelled",
    }


def test_both_languages_say_the_same_replies(shop: Pack) -> None:
    korean, english = shop.bot.scripts["ko"], shop.bot.scripts["en"]
    assert set(korean.replies) == set(english.replies)
