"""A customer wants a conversation forgotten."""

from __future__ import annotations

from collections.abc import Callable

from sangdam.backoffice.queue import handoff_key
from sangdam.backoffice.writes import Delete
from sangdam.ports import BackOffice, Conversations, FeedbackStore, WriteRefusedError
from sangdam.services.access import authorised

_TRIES = 3


def delete_session(
    session_id: str,
    *,
    token: str | None,
    conversations: Conversations,
    backoffice: BackOffice,
    feedback: Callable[[], FeedbackStore] | None = None,
) -> None:
    """Delete a session with its turns, what the queue quotes of it, and its feedback.

    What was agreed stays (orders, reservations, requests), and so do labels that were accepted:
    they say what a text means, and not whose it was. The session itself goes last, so that a
    deletion that failed half-way can be asked for again.

    Raises UnknownSessionError or WrongTokenError.
    """
    bot = authorised(session_id, token, conversations=conversations).session.bot
    _leave_queue(bot, session_id, backoffice)
    if feedback is not None:
        feedback().forget(session_id)
    conversations.delete(session_id)
    # A turn in flight may have handed the conversation over meanwhile.
    _leave_queue(bot, session_id, backoffice)


def _leave_queue(bot: str, session_id: str, backoffice: BackOffice) -> None:
    for _ in range(_TRIES):
        found = backoffice.get(handoff_key(bot, session_id))
        if found is None:
            return
        try:
            backoffice.apply((Delete(found.key, found.version),))
        except WriteRefusedError:
            continue  # somebody has just taken it
