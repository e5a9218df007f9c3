"""Rehearsing a release: the same turn handling as in production, the same every time."""

from __future__ import annotations

from collections.abc import Sequence

from sangdam.backoffice.writes import Write
from sangdam.bots.conversation import Conversation
from sangdam.services.rehearse import Line, rehearse
from sangdam_adapters.rehearsal import REHEARSAL_TIME, rehearser
from tests.core import corner_shop
from tests.core.counter import Days, release_of
from tests.core.words import WordOpener, WordTrainer

PACK = corner_shop.pack()


def nothing(bot: str) -> Sequence[Write]:
    return ()


def a_line() -> Line:
    (conversation, *_) = PACK.conversations
    opened = rehearser(WordOpener(), corner_shop.writes, Days())
    return opened(release_of(PACK))(conversation)


def test_a_good_release_passes_its_own_conversations() -> None:
    lines = rehearser(WordOpener(), corner_shop.writes, Days())(release_of(PACK))
    rehearsal = rehearse(PACK.conversations, lines)
    assert rehearsal.played == len(PACK.conversations) == 2
    assert rehearsal.differences == ()


def test_a_dull_release_is_found_out() -> None:
    release = release_of(PACK, trainer=WordTrainer(forgets="human_agent"))
    rehearsal = rehearse(PACK.conversations, rehearser(WordOpener(), nothing, Days())(release))
    assert "asks for a person" in rehearsal.failed


def test_demonstration_data_is_that_of_the_bot() -> None:
    asked: list[str] = []

    def writes(bot: str) -> Sequence[Write]:
        asked.append(bot)
        return corner_shop.writes(bot)

    rehearser(WordOpener(), writes, Days())(release_of(PACK))
    assert asked == ["corner"]


def test_a_line_greets_speaks_and_presses() -> None:
    line = a_line()
    greeted = line.greet()
    assert greeted.keys == ("system/welcome",)
    assert (greeted.intent, greeted.decision, greeted.owner) == (None, None, "bot")
    said = line.say("배송비 얼마예요")
    assert (said.intent, said.decision) == ("delivery_fee", "answer")
    pressed = line.press(said.quick_replies[0])
    assert pressed.keys == ("form/order_status/order_number/ask",)
    assert "머플러" in line.say("20261118-0001").texts[0]


def test_lines_do_not_hear_each_other() -> None:
    opened = rehearser(WordOpener(), nothing, Days())(release_of(PACK))
    first, second = (opened(conversation) for conversation in PACK.conversations[:1] * 2)
    first.say("agent please")
    assert first.say("배송비 얼마예요").owner == "human"
    assert second.say("배송비 얼마예요").owner == "bot"


def test_the_conversation_chooses_the_language() -> None:
    opened = rehearser(WordOpener(), nothing, Days())(release_of(PACK))
    greetings = {one.language: opened(one).greet().texts[0] for one in PACK.conversations}
    assert greetings == {"ko": "안녕하세요, 모퉁이상점입니다.", "en": "Hello from Corner Shop."}


def test_a_release_is_opened_once_for_all_its_conversations() -> None:
    opener = WordOpener()
    lines = rehearser(opener, corner_shop.writes, Days())(release_of(PACK))
    rehearse(PACK.conversations, lines)
    assert opener.opened == 1


def test_a_rehearsal_is_the_same_every_time() -> None:
    def play() -> list[tuple[str, ...]]:
        heard: list[tuple[str, ...]] = []

        def listening(conversation: Conversation) -> Line:
            line = lines(conversation)
            heard.append(line.greet().texts)
            heard.append(line.say("뭐라고요").texts)
            heard.append(line.say("뭐라고요").texts)
            return line

        lines = rehearser(WordOpener(), nothing, Days())(release_of(PACK))
        rehearse(PACK.conversations, listening)
        return heard

    assert play() == play()
    assert REHEARSAL_TIME.tzinfo is not None
