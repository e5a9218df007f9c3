"""A customer was asked "did you mean …", and presses what was meant: a candidate for a label."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Turn
from sangdam.ports import Conversations, FeedbackStore


@dataclass(frozen=True, slots=True)
class Picks:
    """Keeps what customers pick as feedback on the turn that asked, once; for ``Desk.after``.

    The turn is stored already and stands whatever happens here: ``warn`` is told of failures.
    """

    conversations: Conversations
    feedback: Callable[[], FeedbackStore]
    warn: Callable[[str], None]

    def __call__(self, before: Session, turn: Turn) -> None:
        if before.clarified is None or turn.message is None or turn.message.quick_reply is None:
            return
        try:
            record_pick(before, turn, conversations=self.conversations, feedback=self.feedback)
        except Exception as error:  # whatever it is: the customer has been answered
            self.warn(f"{before.bot}: a pick was not recorded: {type(error).__name__}")


def record_pick(
    before: Session,
    turn: Turn,
    *,
    conversations: Conversations,
    feedback: Callable[[], FeedbackStore],
) -> bool:
    """Store what a pressed button says of the message before it; False if it says nothing of it.

    ``before`` is the session before the turn. Only an intent's own button of that very question
    counts, without values: the other buttons answer something else.
    """
    from sangdam.learning.feedback import Feedback  # few turns need them
    from sangdam.text.korean import language_of

    pressed = turn.message.quick_reply if turn.message is not None else None
    if before.clarified is None or pressed is None or turn.understood is None:
        return False
    asked = conversations.turn(before.session_id, before.clarified)
    if asked is None or asked.message is None or not (asked.message.text or "").strip():
        return False
    intent = turn.understood.intent
    offered = {one.value for one in asked.reply.quick_replies}
    if intent is None or pressed != f"/{intent}" or pressed not in offered or intent == "none":
        return False
    text = asked.message.text or ""
    return feedback().record(
        Feedback(
            session_id=before.session_id,
            turn=asked.number,
            bot=before.bot,
            release=asked.release,
            language=language_of(text) or before.language,
            text=text,
            predicted=None,
            rating=0,
            at=turn.at,
            intent=intent,
            source="clarification",
        )
    )
