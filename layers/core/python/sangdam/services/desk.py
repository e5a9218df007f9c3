"""What handling a turn needs from outside, on one desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Turn
from sangdam.ports import BackOffice, Clock, Conversations, FeedbackStore, Holidays
from sangdam.services.action import ActionCall, ActionDone
from sangdam.services.actions import carry_out
from sangdam.services.shelf import Shelf

if TYPE_CHECKING:
    from sangdam.services.outside import Partner

CarryOut = Callable[[ActionCall, "Callable[[], Partner] | None"], ActionDone]
"""What does what an action is asked for."""


def _nobody(session: Session, turn: Turn) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Desk:
    """What handling a turn needs from outside.

    ``partner`` gives what calls the team's own systems and people, made when it is first needed;
    ``notify`` is the address of the people who answer, if they want to be told. ``after`` is told
    of each turn once it is stored: what cannot be part of its transaction, and must not fail it
    either. ``feedback`` gives what customers said of answers, to be forgotten with a session.
    """

    shelf: Shelf
    conversations: Conversations
    backoffice: BackOffice
    clock: Clock
    holidays: Holidays
    partner: Callable[[], Partner] | None = None
    after: Callable[[Session, Turn], None] = field(default=_nobody)
    carry_out: CarryOut = carry_out
    notify: str | None = None
    feedback: Callable[[], FeedbackStore] | None = None
