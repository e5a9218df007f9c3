"""However many messages come in while a person is asked for: the bot is silent from then on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from sangdam.backoffice.queue import Handoff, handoff_key
from sangdam.dialogue.turn import Message, Turn
from sangdam.ports import BackOffice, Conversations
from sangdam.services.errors import ConversationBusyError
from sangdam.services.handle_turn import handle_turn
from sangdam.services.queue import HUMAN, NotWaitingError, People, release, say, take, waiting
from tests.adapters.samples import HandClock
from tests.core import front_desk
from tests.core.counter import NOON, Clock, Counter

BOT = front_desk.NAME
CHATTERS = 6
MESSAGES = 4

Both = tuple[Conversations, BackOffice]


class Busy:
    """A customer with many windows open, and the people who answer."""

    def __init__(self, both: Both, clock: HandClock) -> None:
        clock.now = NOON  # a Friday, when people answer
        self.conversations, self.backoffice = both
        counter = Counter(pack=front_desk.pack(), clock=Clock(NOON))
        self.desk = replace(
            counter.desk, conversations=self.conversations, backoffice=self.backoffice
        )
        counter.conversations = self.conversations  # type: ignore[assignment]
        self.bot = counter.pack.bot
        self.session_id = counter.customer("ko").session_id
        self.people = People(self.conversations, self.backoffice, clock)
        self.errors: list[Exception] = []

    def sends(self, message: Message) -> Turn:
        while True:
            try:
                return handle_turn(self.session_id, message, token=None, desk=self.desk)
            except ConversationBusyError:
                continue

    def at_once(self, *tasks: Callable[[], object]) -> None:
        barrier = threading.Barrier(len(tasks))

        def run(task: Callable[[], object]) -> None:
            barrier.wait()
            try:
                task()
            except Exception as error:  # shown by the test
                self.errors.append(error)

        threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.errors == []

    def chatter(self, name: str) -> Callable[[], None]:
        def chat() -> None:
            for number in range(MESSAGES):
                self.sends(Message(f"{name}-{number}", text="주차 되나요"))

        return chat

    def turns(self) -> list[Turn]:
        return list(self.conversations.turns(self.session_id, after=-1, limit=500))


def keys(turn: Turn) -> list[str]:
    return [one.key for one in turn.reply.messages]


def test_no_reply_of_the_bot_is_stored_after_the_handoff(
    turns_and_business: Both, clock: HandClock
) -> None:
    busy = Busy(turns_and_business, clock)
    busy.at_once(
        *(busy.chatter(f"c{number}") for number in range(CHATTERS)),
        lambda: busy.sends(Message("person", text="상담원 바꿔주세요")),
    )
    turns = busy.turns()
    assert [turn.number for turn in turns] == list(range(CHATTERS * MESSAGES + 2))
    (handoff,) = [turn.number for turn in turns if keys(turn) == ["system/handoff"]]
    for turn in turns:
        assert turn.owner == ("human" if turn.number >= handoff else "bot")
        assert bool(turn.reply.messages) == (turn.number <= handoff)
    (one,) = waiting(BOT, store=busy.backoffice)
    assert isinstance(one, Handoff)
    assert one.turn == handoff


def test_nothing_a_person_says_is_lost_among_many_messages(
    turns_and_business: Both, clock: HandClock
) -> None:
    busy = Busy(turns_and_business, clock)
    busy.sends(Message("person", text="상담원"))
    words = [f"{number}번째 말씀입니다." for number in range(5)]

    def answer() -> None:
        for word in words:
            while True:
                try:
                    say(busy.bot, busy.session_id, word, by="kim", people=busy.people)
                    break
                except ConversationBusyError:
                    continue

    busy.at_once(answer, *(busy.chatter(f"c{number}") for number in range(3)))
    turns = busy.turns()
    assert [turn.number for turn in turns] == list(range(2 + len(words) + 3 * MESSAGES))
    said = [turn.reply.messages[0].text for turn in turns if keys(turn) == [HUMAN]]
    assert said == words
    assert all(keys(turn) in ([], [HUMAN]) for turn in turns[2:])


def test_the_bot_speaks_again_after_the_release_and_only_then(
    turns_and_business: Both, clock: HandClock
) -> None:
    busy = Busy(turns_and_business, clock)
    busy.sends(Message("person", text="상담원"))

    def give_back() -> None:
        while True:
            try:
                release(busy.bot, busy.session_id, by="kim", words="네!", people=busy.people)
                return
            except ConversationBusyError:
                continue

    busy.at_once(give_back, *(busy.chatter(f"c{number}") for number in range(4)))
    turns = busy.turns()
    (back,) = [turn.number for turn in turns if keys(turn) == [HUMAN, "system/resumed"]]
    for turn in turns[2:]:
        assert bool(turn.reply.messages) == (turn.number >= back)
        assert turn.owner == ("bot" if turn.number >= back else "human")
    assert waiting(BOT, store=busy.backoffice) == ()


def test_of_ten_colleagues_one_takes_the_conversation(
    turns_and_business: Both, clock: HandClock
) -> None:
    busy = Busy(turns_and_business, clock)
    busy.sends(Message("person", text="상담원"))
    taken: list[str] = []

    def try_to_take(name: str) -> Callable[[], None]:
        def attempt() -> None:
            try:
                found = take(BOT, busy.session_id, by=name, people=busy.people)
            except Exception:
                return
            taken.append(found.by or "")

        return attempt

    busy.at_once(*(try_to_take(f"p{number}") for number in range(10)))
    (name,) = taken
    (one,) = waiting(BOT, store=busy.backoffice)
    assert isinstance(one, Handoff)
    assert one.by == name


def test_a_customer_who_goes_back_and_a_person_who_answers_at_once_agree(
    turns_and_business: Both, clock: HandClock
) -> None:
    """Whoever comes first: the person's words are never said in a conversation of the bot."""
    busy = Busy(turns_and_business, clock)
    for number in range(6):
        busy.sends(Message(f"person-{number}", text="상담원"))

        def answer() -> None:
            try:
                say(busy.bot, busy.session_id, "여보세요", by="kim", people=busy.people)
            except NotWaitingError:
                return

        back = Message(f"back-{number}", quick_reply="/back_to_bot")
        busy.at_once(answer, lambda back=back: busy.sends(back))  # type: ignore[misc]
    for turn in busy.turns():
        assert turn.owner == "human" or HUMAN not in keys(turn)
    assert busy.backoffice.get(handoff_key(BOT, busy.session_id)) is None
