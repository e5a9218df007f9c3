"""Telling a reply, and noticing that the same one comes again and again: then a person is offered.

Whatever the reason is (a button pressed five times, a question that nobody answers), somebody who
hears the same words over and over is not being helped by them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sangdam.bots.definition import Bot, Language
from sangdam.dialogue.buttons import person_button
from sangdam.dialogue.decision import Outcome, Say
from sangdam.dialogue.events import Event, ReplyGiven
from sangdam.dialogue.render import render
from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import SaidMessage, SaidReply

MOST_EQUAL = 3
"""So often in a row the same reply is given as it is."""

_OFFER, _OTHERWISE = "system/offer_human", "system/fallback"


def tell(
    bot: Bot, session: Session, outcome: Outcome, *, language: Language, may_end: bool
) -> tuple[SaidReply, tuple[Event, ...], tuple[str, ...]]:
    """Return the reply of an outcome, the events of telling it, and its trace.

    ``session`` is as it was before the outcome. After ``MOST_EQUAL`` equal replies in a row the
    next one begins with the offer of a person, and has the button for it.
    """
    reply, said = render(
        bot, session, outcome.says, outcome.quick_replies, language=language, may_end=may_end
    )
    trace = outcome.trace
    if session.equal_replies >= MOST_EQUAL and _name(reply.messages) == session.last_reply:
        is_offered = any(say.key == _OFFER for say in outcome.says)
        says = (Say(_OTHERWISE if is_offered else _OFFER), *outcome.says)
        buttons = (*outcome.quick_replies, *person_button(bot, language))
        reply, said = render(bot, session, says, buttons, language=language, may_end=may_end)
        trace = (*trace, f"the same reply {session.equal_replies + 1} times: offers a person")
    given = (ReplyGiven(_name(reply.messages)),) if reply.messages else ()
    return reply, (*said, *given), trace


def _name(messages: Sequence[SaidMessage]) -> str:
    """Return a short name for exactly these words."""
    text = "\n".join(one.text for one in messages)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
