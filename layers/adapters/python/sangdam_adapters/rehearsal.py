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
from sangdam.dialogue.session import Session, fold
from sangdam.dialogue.slots import is_of
from sangdam.dialogue.turn import Message, SaidReply, Turn
from sangdam.learning.release import Release, ReleaseError
from sangdam.ports import Clock, Holidays, ModelOpener
from sangdam.services.desk import Desk
from sangdam.services.handle_turn import handle_turn
from sangdam.services.open_session import OpenedSession, open_session
from sangdam.services.rehearse import Heard, Line
from sangdam.services.shelf import Shelf
from sangdam_adapters.memory import MemoryConversations, MemoryRegistry
from sangdam_adapters.memory_backoffice import MemoryBackOffice

REHEARSAL_TIME = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""Noon of 2026-11-20 in Seoul: when every rehearsal takes place."""


TAKE_UP = "/back_to_bot"
"""A button that means nothing inside a form: whoever presses it hears the open question again."""


@dataclass(slots=True)
class ServiceLine:
    """A conversation through the services themselves, from its ``first`` turn on."""

    desk: Desk
    session_id: str
    first: Turn
    sent: int = 0

    def greet(self) -> Heard:
        return self._heard(self.first)

    def say(self, text: str) -> Heard:
        return self._send(Message(self._next_id(), text=text))

    def press(self, button: QuickReply) -> Heard:
        return self._send(Message(self._next_id(), quick_reply=button.value, label=button.label))

    def _send(self, message: Message) -> Heard:
        return self._heard(handle_turn(self.session_id, message, token=None, desk=self.desk))

    def _heard(self, turn: Turn) -> Heard:
        stored = self.desk.conversations.load(self.session_id)
        return heard(turn, () if stored is None else filled(stored.session))

    def _next_id(self) -> str:
        self.sent += 1
        return f"m{self.sent}"


def heard(turn: Turn, filled: tuple[tuple[str, str], ...] = ()) -> Heard:
    """Return what expectations look at of a turn."""
    understood = turn.understood
    return Heard(
        intent=understood.intent if understood is not None else None,
        decision=understood.decision if understood is not None else None,
        keys=tuple(message.key for message in turn.reply.messages),
        texts=tuple(message.text for message in turn.reply.messages),
        quick_replies=turn.reply.quick_replies,
        owner=turn.owner,
        filled=filled,
    )


def filled(session: Session) -> tuple[tuple[str, str], ...]:
    """Return the slots that have a value in a conversation: (form, slot) each."""
    states = (session.open_form, session.finished_form, session.parked)
    return tuple((state.form, slot) for state in states if state for slot in state.values)


def rehearser(
    opener: ModelOpener, demo: Callable[[str], Sequence[Write]], holidays: Holidays
) -> Callable[[Release], Callable[[Conversation], Line]]:
    """Return what the promotion gate talks through; ``demo`` gives what a bot's back office holds.

    Every conversation has a back office of its own, so that none books what another needs.
    """

    def open_release(release: Release) -> Callable[[Conversation], Line]:
        def usual() -> datetime:
            return REHEARSAL_TIME

        shelf = shelf_of(release, opener, clock=usual)
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
            first = opened.turn
            if conversation.given is not None:
                first = _take_up(opened, conversation, conversation.given, desk)
            return ServiceLine(desk, opened.session.session_id, first)

        return open_line

    return open_release


def shelf_of(release: Release, opener: ModelOpener, *, clock: Clock) -> Shelf:
    """Return a shelf with one release on it, the current one of its bot."""
    registry = MemoryRegistry(clock=clock)
    registry.publish(release)
    registry.move(release.bot, to=release.name, expected=None)
    return Shelf(registry, registry, opener, clock=clock, warn=lambda text: None)


def _take_up(opened: OpenedSession, conversation: Conversation, given: Given, desk: Desk) -> Turn:
    """Put a new session where a conversation begins; return the turn that the customer answers.

    An open form puts its question, so that what this offers can be pressed; with all its values
    there it shows them, and holds what has to be held for them.

    Raises ReleaseError if the release has no such form or slot.
    """
    events: list[Event] = [ValuesKept(given.known)] if given.known else []
    if given.form is not None:
        events.append(FormOpened(given.form))
        events += [SlotFilled(slot, value) for slot, value in given.values.items()]
        events += [SlotAsked(given.asking)] if given.asking else []
    if given.owner == "human":
        events.append(HandoffRequested())
    session = replace(fold(opened.session, events), turn=1)
    bot = desk.shelf.pinned(session.bot, session.release).bot
    if session.open_form is not None and not is_of(bot, session.open_form):
        raise ReleaseError(
            f"{conversation.file}: '{conversation.name}' begins in form '{given.form}', and release"
            f" {session.release} has no such form or not these slots: train the bot again"
        )
    turn = Turn(1, session.last_at, SaidReply(), session.owner, session.release)
    desk.conversations.commit(session, turn, expected_version=1)
    if session.open_form is None:
        return opened.turn if session.owner == "bot" else turn
    taken_up = Message("given", quick_reply=TAKE_UP)
    return handle_turn(session.session_id, taken_up, token=None, desk=desk)
