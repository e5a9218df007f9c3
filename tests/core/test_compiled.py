"""A compiled bot is the bot: it travels as bytes and comes back the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sangdam.bots.compiled import CompiledBotError, bot_of_intents, compile_bot, read_bot
from sangdam.bots.definition import Bot
from sangdam_adapters.yaml_bots import YamlPacks
from tests.core import corner_shop

BOTS = Path(__file__).parents[2] / "layers" / "content" / "bots"


def test_a_bot_comes_back_the_same(bot: Bot) -> None:
    assert read_bot(compile_bot(bot)) == bot


def test_equal_bots_give_equal_bytes(bot: Bot) -> None:
    again = compile_bot(read_bot(compile_bot(bot)))
    assert again == compile_bot(bot) == compile_bot(corner_shop.pack().bot)


def test_the_shop_pack_is_valid_and_comes_back_the_same() -> None:
    pack = YamlPacks(BOTS).load("shop")
    assert len(pack.bot.intents) >= 45
    assert read_bot(compile_bot(pack.bot)) == pack.bot


def test_a_bots_profile_travels_and_bots_compiled_before_there_were_any_are_fast(bot: Bot) -> None:
    assert bot.profile == "fast"
    assert read_bot(compile_bot(replace(bot, profile="accurate"))).profile == "accurate"
    document = json.loads(compile_bot(bot))
    del document["profile"]
    assert read_bot(json.dumps(document).encode()) == bot


def test_a_bot_of_intents_alone_comes_back_the_same() -> None:
    bot = bot_of_intents("banking", ["card_lost", "pin_change"], ["en"])
    assert read_bot(compile_bot(bot)) == bot


def test_a_newer_format_is_refused_with_the_way_out(bot: Bot) -> None:
    newer = json.dumps({**json.loads(compile_bot(bot)), "format": 2}).encode()
    with pytest.raises(CompiledBotError, match=r"has format 2; this version reads 1: train it ag"):
        read_bot(newer)


def test_an_action_of_a_newer_version_is_refused_with_the_way_out(bot: Bot) -> None:
    document = json.loads(compile_bot(bot))
    document["forms"]["order_status"]["action"] = "orders.send_flowers"
    with pytest.raises(CompiledBotError, match=r"'orders.send_flowers', which this version does"):
        read_bot(json.dumps(document).encode())


@pytest.mark.parametrize(
    "damaged",
    [b"", b"{", b"\xff", b"[]", b"null", b'{"format": 1}', b"[" * 100_000, b'{"format": 1, "bot":'],
)
def test_damaged_bytes_are_refused_with_the_way_out(damaged: bytes) -> None:
    with pytest.raises(CompiledBotError, match="damaged"):
        read_bot(damaged)


@pytest.mark.parametrize("key", ["intents", "forms", "scripts", "policy", "languages"])
def test_a_missing_part_is_refused(bot: Bot, key: str) -> None:
    document = json.loads(compile_bot(bot))
    del document[key]
    with pytest.raises(CompiledBotError, match=f"damaged.*{key}.*publish it again"):
        read_bot(json.dumps(document).encode())


def test_a_language_the_bot_has_no_words_for_gets_the_first_ones(bot: Bot) -> None:
    korean = replace(bot, languages=("ko",), scripts={"ko": bot.scripts["ko"]})
    assert korean.script("en") == bot.scripts["ko"]


def test_an_intent_is_called_by_its_title_or_at_least_by_its_name(bot: Bot) -> None:
    assert bot.title("refund_when", "ko") == "환불 기간"
    assert bot.title("refund_when", "en") == "Refund time"
    assert bot.title("gone", "ko") == "gone"
