"""The counter of a shop: the real services over memory, and customers who talk at it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sangdam.backoffice.orders import order_key, write_order
from sangdam.backoffice.writes import Put
from sangdam.bots.definition import Language
from sangdam.bots.parse import Pack
from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Message, Turn
from sangdam.learning.release import Release
from sangdam.ports import TrainingPlan
from sangdam.services.build_release import build_release
from sangdam.services.desk import Desk
from sangdam.services.handle_turn import handle_turn
from sangdam.services.open_session import OpenedSession, open_session
from sangdam.services.shelf import Shelf
from sangdam_adapters.memory import MemoryConversations, MemoryRegistry
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from tests.core import corner_shop
from tests.core.words import WordOpener, WordTrainer

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""Noon of 2026-11-20 in Seoul."""


@dataclass(slots=True)
class Clock:
    """A clock that a test moves by hand."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, span: timedelta) -> None:
        self.now += span


@dataclass(slots=True)
class Days:
    """Port ``Holidays``: the days off that a test names."""

    off: dict[date, str] = field(default_factory=dict)

    def name_of(self, day: date, language: Language) -> str | None:
        return self.off.get(day)


@dataclass(slots=True)
class Tokens:
    """Port ``Tokens``: bytes that differ each time and are the same in every run."""

    drawn: int = 0

    def __call__(self, size: int) -> bytes:
        self.drawn += 1
        return hashlib.sha256(str(self.drawn).encode()).digest()[:size]


def release_of(pack: Pack, *, now: datetime = NOON, trainer: WordTrainer | None = None) -> Release:
    """Return a release of a pack, trained with the word model."""
    return build_release(
        pack.bot, pack.examples, trainer=trainer or WordTrainer(), plan=TrainingPlan(), now=now
    )


def publish(registry: MemoryRegistry, release: Release) -> Release:
    """Publish a release and make it the current one."""
    registry.publish(release)
    registry.move(release.bot, to=release.name, expected=registry.current(release.bot))
    return release


@dataclass(slots=True)
class Counter:
    """Everything behind the counter; the registry starts with a release of the corner shop."""

    clock: Clock = field(default_factory=Clock)
    pack: Pack = field(default_factory=corner_shop.pack)
    opener: WordOpener = field(default_factory=WordOpener)
    tokens: Tokens = field(default_factory=Tokens)
    warnings: list[str] = field(default_factory=list)
    registry: MemoryRegistry = field(init=False)
    baseline: MemoryRegistry = field(init=False)
    holidays: Days = field(default_factory=Days)
    conversations: MemoryConversations = field(init=False)
    backoffice: MemoryBackOffice = field(init=False)
    shelf: Shelf = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.registry = MemoryRegistry(clock=self.clock)
        self.baseline = MemoryRegistry(clock=self.clock)
        bot = self.pack.bot.name
        self.backoffice = MemoryBackOffice(
            [
                Put(order_key(bot, order.order_number), write_order(order))
                for order in corner_shop.orders()
            ]
        )
        self.conversations = MemoryConversations(clock=self.clock, backoffice=self.backoffice)
        self.shelf = Shelf(
            self.registry, self.baseline, self.opener, clock=self.clock, warn=self.warnings.append
        )
        self.desk = Desk(self.shelf, self.conversations, self.backoffice, self.clock, self.holidays)
        publish(self.registry, release_of(self.pack))

    def customer(self, language: Language | None = None) -> Customer:
        """Return a customer who has just been greeted."""
        opened = open_session(
            self.pack.bot.name, language, shelf=self.shelf, conversations=self.conversations,
            clock=self.clock, tokens=self.tokens,
        )  # fmt: skip
        return Customer(self, opened)


@dataclass(slots=True)
class Customer:
    """Somebody at the counter; each thing said is a new message."""

    counter: Counter
    opened: OpenedSession
    sent: int = 0

    @property
    def session_id(self) -> str:
        return self.opened.session.session_id

    @property
    def session(self) -> Session:
        stored = self.counter.conversations.load(self.session_id)
        assert stored is not None
        return stored.session

    def says(self, text: str) -> Turn:
        return self.sends(Message(self._next_id(), text=text))

    def presses(self, value: str) -> Turn:
        return self.sends(Message(self._next_id(), quick_reply=value))

    def sends(self, message: Message) -> Turn:
        return handle_turn(
            self.session_id, message, token=self.opened.token, desk=self.counter.desk
        )

    def _next_id(self) -> str:
        self.sent += 1
        return f"m{self.sent}"


def keys(turn: Turn) -> list[str]:
    """Return which replies of the pack were said."""
    return [message.key for message in turn.reply.messages]


def texts(turn: Turn) -> str:
    """Return everything said, a line each."""
    return "\n".join(message.text for message in turn.reply.messages)


def buttons(turn: Turn) -> list[str]:
    """Return the values of the buttons below the reply."""
    return [button.value for button in turn.reply.quick_replies]
