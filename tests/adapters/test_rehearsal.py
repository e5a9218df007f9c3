"""Rehearsing a release: the same turn handling as in production, the same every time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sangdam.backoffice.writes import Write
from sangdam.bots.conversation import Conversation
from sangdam.bots.parse import parse_pack
from sangdam.learning.release import ReleaseError
from sangdam.services.rehearse import Line, rehearse
from sangdam_adapters.rehearsal import REHEARSAL_TIME, rehearser
from tests.core import corner_shop, front_desk
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


# In the middle of a conversation, and at another time


def at_the_desk(**begins: object) -> Line:
    """Return a line to the front desk for a conversation that begins as given."""
    files = front_desk.files()
    turns = [{"user": "네"}]
    talk = {"name": "talk", "turns": turns, **begins}
    files["conversations.ko.yaml"] = {"format": 1, "language": "ko", "conversations": [talk]}
    pack = parse_pack(front_desk.NAME, files)
    return rehearser(WordOpener(), nothing, Days())(release_of(pack))(pack.conversations[0])


VALUES = {"date": "2026-11-23", "time": "10:00", "name": "홍길동", "phone": "01022223333"}


def test_a_conversation_can_begin_at_a_question_of_a_form() -> None:
    given = {"form": "appointment", "values": {"doctor": "kim"}, "asking": "date"}
    line = at_the_desk(given=given)
    assert line.greet().keys == ("form/appointment/date/ask",)
    monday = next(one for one in line.greet().quick_replies if "2026-11-23" in one.value)
    assert line.press(monday).keys == ("form/appointment/time/ask",)


def test_a_conversation_can_begin_where_all_values_are_shown() -> None:
    line = at_the_desk(given={"form": "appointment", "values": {"doctor": "kim", **VALUES}})
    greeted = line.greet()
    assert greeted.keys == ("form/appointment/confirm",)
    assert "홍길동" in greeted.texts[0]
    assert line.press(greeted.quick_replies[0]).keys == ("form/appointment/outcome/booked",)


def test_a_conversation_can_begin_with_values_that_are_known() -> None:
    line = at_the_desk(given={"known": {"phone": "+821022223333"}})
    assert line.greet().keys == ("system/welcome",)
    assert line.say("예약내역 보여주세요").keys == ("form/appointments/outcome/none",)


def test_a_conversation_can_begin_with_a_person() -> None:
    line = at_the_desk(given={"owner": "human"})
    assert (line.greet().owner, line.greet().texts) == ("human", ())
    assert line.say("여보세요").texts == ()


def test_a_conversation_takes_place_when_it_says() -> None:
    evening = at_the_desk(at="2026-11-23 21:00")
    closed = ("system/handoff_closed", "form/callback/name/ask")
    assert evening.say("상담원").keys == closed
    assert at_the_desk(at="2026-11-23 10:00").say("상담원").keys == ("system/handoff",)
    assert evening.say("홍길동").keys == ("form/callback/phone/ask",)


def test_a_release_without_the_form_that_a_conversation_begins_in_is_told() -> None:
    files = front_desk.files()
    given = {"form": "appointment", "asking": "date"}
    talk = {"name": "talk", "given": given, "turns": [{"user": "네"}]}
    files["conversations.ko.yaml"] = {"format": 1, "language": "ko", "conversations": [talk]}
    (conversation,) = parse_pack(front_desk.NAME, files).conversations
    lines = rehearser(WordOpener(), nothing, Days())(release_of(PACK))
    with pytest.raises(ReleaseError, match="'talk' begins in form 'appointment', and release"):
        lines(conversation)


def test_what_a_form_holds_is_heard() -> None:
    line = at_the_desk()
    assert line.say("김원장님 예약할게요").filled == (("appointment", "doctor"),)


def test_every_conversation_has_a_back_office_of_its_own() -> None:
    values = {"doctor": "kim", **VALUES}
    given = {"form": "appointment", "values": values}
    files = front_desk.files()
    turns = [{"press": "네, 맞아요", "expect": {"reply": "form/appointment/outcome/booked"}}]
    talks = [{"name": name, "given": given, "turns": turns} for name in ("first", "second")]
    files["conversations.ko.yaml"] = {"format": 1, "language": "ko", "conversations": talks}
    pack = parse_pack(front_desk.NAME, files)
    lines = rehearser(WordOpener(), nothing, Days())(release_of(pack))
    assert rehearse(pack.conversations, lines).passed
