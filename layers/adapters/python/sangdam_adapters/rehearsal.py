"""Lines to a release for rehearsing: the real turn handling over memory, at a fixed time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sangdam.backoffice.writes import Write
from sangdam.bots.conversation import Conversation, Given
from sangdam.bots.definition import QuickReply
from sangdam.dialogue.events import (
    Event,
    FormOpened,
    HandoffRequested,
    SlotAsked,
    SlotFilled,
    ValuesKept,
)
from sangdam.dialogue.session import fold
from sangdam.dialogue.turn import Message, SaidReply, Turn
from sangdam.learning.release import Release
from sangdam.ports import Holidays, ModelOpener
from sangdam.services.handle_turn import Desk, handle_turn
from sangdam.services.open_session import OpenedSession, open_session
from sangdam.services.rehearse import Heard, Line
from sangdam.services.shelf import Shelf
from sangdam_adapters.memory import MemoryConversations, MemoryRegistry
from sangdam_adapters.memory_backoffice import MemoryBackOffice

REHEARSAL_TIME = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""Noon of 2026-11-20 in Seoul: when every rehearsal takes place."""


@dataclass(slots=True)
class ServiceLine:
    """A conversation through the services themselves."""

    desk: Desk
    opened: OpenedSession
    sent: int = 0

    def greet(self) -> Heard:
        return heard(self.opened.turn)

    def say(self, text: str) -> Heard:
        return self._send(Message(self._next_id(), text=text))

    def press(self, button: QuickReply) -> Heard:
        return self._send(Message(self._next_id(), quick_reply=button.value, label=button.label))

    def _send(self, message: Message) -> Heard:
        session_id = self.opened.session.session_id
        return heard(handle_turn(session_id, message, token=None, desk=self.desk))

    def _next_id(self) -> str:
        self.sent += 1
        return f"m{self.sent}"


def heard(turn: Turn) -> Heard:
    """Return what expectations look at of a turn."""
    understood = turn.understood
    return Heard(
        intent=understood.intent if understood is not None else None,
        decision=understood.decision if understood is not None else None,
        keys=tuple(message.key for message in turn.reply.messages),
        texts=tuple(message.text for message in turn.reply.messages),
        quick_replies=turn.reply.quick_replies,
        owner=turn.owner,
    )


def rehearser(
    opener: ModelOpener, demo: Callable[[str], Sequence[Write]], holidays: Holidays
) -> Callable[[Release], Callable[[Conversation], Line]]:
    """Return what the promotion gate talks through; ``demo`` gives what a bot's back office holds.

    Every conversation has a back office of its own, so that none books what another needs.
    """

    def open_release(release: Release) -> Callable[[Conversation], Line]:
        def usual() -> datetime:
            return REHEARSAL_TIME

        registry = MemoryRegistry(clock=usual)
        registry.publish(release)
        registry.move(release.bot, to=release.name, expected=None)
        shelf = Shelf(registry, registry, opener, clock=usual, warn=lambda text: None)
        writes = demo(release.bot)
        drawn = 0

        def tokens(size: int) -> bytes:
            nonlocal drawn
            drawn += 1
            return hashlib.sha256(str(drawn).encode()).digest()[:size]

        def open_line(conversation: Conversation) -> Line:
            bot = shelf.current(release.bot).bot
            moment = REHEARSAL_TIME
            if conversation.at is not None:
                moment = conversation.at.replace(tzinfo=ZoneInfo(bot.time_zone))

            def clock() -> datetime:
                return moment

            backoffice = MemoryBackOffice(writes)
            conversations = MemoryConversations(clock=clock, backoffice=backoffice)
            desk = Desk(shelf, conversations, backoffice, clock, holidays)
            opened = open_session(
                release.bot, conversation.language, shelf=shelf, conversations=conversations,
                clock=clock, tokens=tokens,
            )  # fmt: skip
            if conversation.given is not None:
                _take_up(opened, conversation.given, conversations, moment)
            return ServiceLine(desk, opened)

        return open_line

    return open_release


def _take_up(
    opened: OpenedSession, given: Given, conversations: MemoryConversations, now: datetime
) -> None:
    """Put a new session where a conversation begins, as one more turn that nobody said."""
    events: list[Event] = [ValuesKept(given.known)] if given.known else []
    if given.form is not None:
        events.append(FormOpened(given.form))
        events += [SlotFilled(slot, value) for slot, value in given.values.items()]
        events += [SlotAsked(given.asking)] if given.asking else []
    if given.owner == "human":
        events.append(HandoffRequested())
    session = replace(fold(opened.session, events), turn=1)
    turn = Turn(1, now, SaidReply(), session.owner, session.release)
    conversations.commit(session, turn, expected_version=1)
