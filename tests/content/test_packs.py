"""Every bot pack keeps what its owner was promised: words, examples and talks enough."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from sangdam.bots.conversation import TAGS, Conversation
from sangdam.bots.definition import Language
from sangdam.bots.parse import Pack
from sangdam.services.coverage import coverage, expected
from sangdam.text.korean import has_hangul
from sangdam_adapters.demo_data import demo_writes
from sangdam_adapters.rehearsal import REHEARSAL_TIME
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.paths import PACKS

BOTS = YamlPacks(PACKS).names()

pytestmark = pytest.mark.parametrize("bot", BOTS)

load = cache(YamlPacks(PACKS).load)


def conversations(pack: Pack, language: Language) -> list[Conversation]:
    return [one for one in pack.conversations if one.language == language]


def korean_share(text: str) -> float:
    """Return how much of a text's letters is Korean, fields such as {number} left out."""
    letters = [letter for letter in re.sub(r"{.*?}", "", text) if letter.isalpha()]
    return sum(map(has_hangul, letters)) / max(1, len(letters))


def test_it_knows_at_least_30_intents(bot: str) -> None:
    assert len(load(bot).bot.intents) >= 30


@pytest.mark.parametrize(("language", "least"), [("ko", 15), ("en", 12)])
def test_every_intent_has_enough_examples(bot: str, language: Language, least: int) -> None:
    pack = load(bot)
    counts = Counter(one.intent for one in pack.examples if one.language == language)
    few = {name: counts[name] for name in pack.bot.intents if counts[name] < least}
    assert few == {}


def test_it_speaks_korean_first_and_english_and_says_the_same_in_both(bot: str) -> None:
    pack = load(bot)
    assert pack.bot.languages == ("ko", "en")
    korean, english = pack.bot.scripts["ko"], pack.bot.scripts["en"]
    assert set(korean.replies) == set(english.replies)
    assert korean.labels.keys() == english.labels.keys()
    assert korean.guards.keys() == english.guards.keys()
    titles = {name: set(one.titles) for name, one in pack.bot.intents.items()}
    assert {name: said for name, said in titles.items() if said != {"ko", "en"}} == {}


def test_what_it_says_is_in_the_language_it_says_it_in(bot: str) -> None:
    # An English reply may name a place or an account as it is written there, in Korean.
    other: dict[Language, list[str]] = {
        language: [
            key
            for key, reply in script.replies.items()
            for text in reply.variants
            if (korean_share(text) > 0.5) != (language == "ko")
        ]
        for language, script in load(bot).bot.scripts.items()
    }
    assert other == {"ko": [], "en": []}


def test_every_option_has_words_in_both_languages(bot: str) -> None:
    without = [
        f"{entity.name}.{option}"
        for entity in load(bot).bot.entities.values()
        for option, said in entity.options.items()
        if not (said.get("ko") and said.get("en"))
    ]
    assert without == []


def test_korean_examples_are_korean_and_english_ones_are_not(bot: str) -> None:
    pack = load(bot)
    english = [one.text for one in pack.examples if one.language == "en"]
    korean = [one.text for one in pack.examples if one.language == "ko"]
    # A resident writes 현금영수증 in an English sentence, and VIP in a Korean one.
    assert sum(map(has_hangul, english)) < len(english) / 50
    assert sum(not has_hangul(text) for text in korean) < len(korean) / 50


@pytest.mark.parametrize(("language", "least"), [("ko", 50), ("en", 30)])
def test_there_are_enough_conversations(bot: str, language: Language, least: int) -> None:
    assert len(conversations(load(bot), language)) >= least


def test_at_least_20_conversations_leave_the_straight_path_in_every_way(bot: str) -> None:
    tagged = [one.tags for one in load(bot).conversations if one.tags]
    assert len(tagged) >= 20
    assert {tag for tags in tagged for tag in tags} == set(TAGS)


def test_what_leaves_the_straight_path_takes_more_than_one_step(bot: str) -> None:
    talks = [one for one in load(bot).conversations if one.tags]
    assert [one.name for one in talks if len(one.steps) < 2 and one.given is None] == []


def test_every_conversation_expects_something_in_every_turn_but_few(bot: str) -> None:
    talks = load(bot).conversations
    steps = [step for one in talks for step in one.steps]
    blind = [step for step in steps if step.expect == type(step.expect)()]
    assert len(blind) <= len(steps) / 10


def test_conversations_expect_all_forms_and_actions_and_nearly_all_intents(bot: str) -> None:
    pack = load(bot)
    found = {one.kind: one for one in coverage(pack.bot, expected(pack.conversations))}
    assert found["forms"].missing == ()
    assert found["actions"].missing == ()
    assert found["intents"].share >= 0.95, found["intents"].missing


def test_its_demonstration_data_can_be_loaded(bot: str) -> None:
    writes = demo_writes(PACKS / bot, bot, today=REHEARSAL_TIME.date())
    assert writes
    assert all(one.key.pk.startswith(f"{bot}#") for one in writes)
