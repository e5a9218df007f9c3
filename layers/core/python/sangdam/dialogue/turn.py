"""One turn: the message that came in, and everything that came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sangdam.bots.definition import QuickReply
from sangdam.dialogue.session import Owner
from sangdam.nlu.understanding import Decision


@dataclass(frozen=True, slots=True)
class Message:
    """What a customer sent: a text, or the value of a quick reply with the label it showed."""

    message_id: str
    text: str | None = None
    quick_reply: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class SaidMessage:
    """One message of a reply, and the key of the pack it was said by."""

    text: str
    key: str


@dataclass(frozen=True, slots=True)
class SaidReply:
    """A rendered reply: messages in order, and the buttons below the last."""

    messages: tuple[SaidMessage, ...] = ()
    quick_replies: tuple[QuickReply, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """The part of an understanding that is kept with a turn."""

    intent: str | None
    confidence: float
    decision: Decision
    source: str
    alternatives: tuple[tuple[str, float], ...] = ()
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A numbered turn as stored: immutable, and enough to answer the same message id again.

    The opening turn (number 0) has no message and no understanding.
    """

    number: int
    at: datetime
    reply: SaidReply
    owner: Owner
    release: str
    message: Message | None = None
    understood: Understood | None = None
    trace: tuple[str, ...] = ()
