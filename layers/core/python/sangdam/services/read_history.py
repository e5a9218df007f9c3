"""A client that lost its screen reads the conversation again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sangdam.dialogue.turn import Turn
from sangdam.ports import Conversations
from sangdam.services.access import authorised


@dataclass(frozen=True, slots=True)
class History:
    """A page of turns in order, and what to pass as ``after`` for the following page (or None)."""

    turns: Sequence[Turn]
    next: int | None


def read_history(
    session_id: str, *, token: str | None, after: int, limit: int, conversations: Conversations
) -> History:
    """Return the turns numbered above ``after``, at most ``limit``."""
    stored = authorised(session_id, token, conversations=conversations)
    turns = conversations.turns(session_id, after=after, limit=limit)
    more = bool(turns) and turns[-1].number < stored.session.turn
    return History(turns, turns[-1].number if more else None)
