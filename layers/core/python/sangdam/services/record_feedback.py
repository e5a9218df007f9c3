"""A customer says how good an answer was, or what was meant instead."""

from __future__ import annotations

from dataclasses import dataclass

from sangdam.dialogue.turn import Turn
from sangdam.learning.feedback import Feedback
from sangdam.ports import Clock, Conversations, FeedbackStore
from sangdam.services.access import authorised
from sangdam.services.errors import UnknownTurnError
from sangdam.text.korean import language_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a client sends: which turn, how good (1 or -1, 0 for neither), what was meant."""

    session_id: str
    turn: int
    rating: int
    intent: str | None = None
    comment: str | None = None


def record_feedback(
    verdict: Verdict,
    *,
    token: str | None,
    conversations: Conversations,
    feedback: FeedbackStore,
    clock: Clock,
) -> bool:
    """Store a verdict once; False if the same was stored before.

    The text and what was understood come from our own record of the turn, never from the client.

    Raises
    ------
    UnknownSessionError, WrongTokenError
        If the session is not the caller's.
    UnknownTurnError
        If the session has no such turn, or it answered no message.
    """
    stored = authorised(verdict.session_id, token, conversations=conversations)
    turn = conversations.turn(verdict.session_id, verdict.turn)
    if turn is None or turn.message is None:
        raise UnknownTurnError(
            f"session {verdict.session_id[:64]!r} has no answered turn {verdict.turn}"
        )
    session = stored.session
    # A pressed button teaches nothing about language: its text is left empty.
    text = turn.message.text or ""
    return feedback.record(
        Feedback(
            session_id=session.session_id,
            turn=verdict.turn,
            bot=session.bot,
            release=turn.release,
            language=language_of(text) or session.language,
            text=text,
            predicted=_answered(turn),
            rating=verdict.rating,
            at=clock(),
            intent=verdict.intent,
            comment=verdict.comment,
        )
    )


def _answered(turn: Turn) -> str | None:
    """Return the intent a turn answered; None where the bot asked back, gave up or was silent."""
    understood = turn.understood
    if understood is None or understood.decision != "answer" or not turn.reply.messages:
        return None
    return understood.intent
