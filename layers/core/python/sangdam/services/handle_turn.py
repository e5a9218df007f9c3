"""A message comes in, a reply goes out, and both are stored together, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sangdam.bots.definition import Bot
from sangdam.dialogue.decision import ActionResult, Ask, Outcome, RunAction
from sangdam.dialogue.events import FormGivenUp, LanguageSwitched, ReleaseChanged
from sangdam.dialogue.forms import asking_for
from sangdam.dialogue.policy import decide
from sangdam.dialogue.render import button_label, render
from sangdam.dialogue.session import BUTTONS_KEPT, Session, apply, fold
from sangdam.dialogue.turn import Message, Turn, Understood
from sangdam.nlu.understand import understand, understand_button
from sangdam.nlu.understanding import Understanding
from sangdam.ports import (
    Clock,
    Conversations,
    MessageRepeatedError,
    Orders,
    VersionConflictError,
)
from sangdam.services.access import authorised
from sangdam.services.actions import run_action
from sangdam.services.errors import ConversationBusyError, UnknownQuickReplyError
from sangdam.services.shelf import OpenRelease, Shelf

TRIES = 6
"""How often a turn is told again after another message of the same session came first."""

RELEASE_KEPT = timedelta(hours=6)
"""A session that rested longer than this goes on with the current release."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What handling a turn needs from outside."""

    shelf: Shelf
    conversations: Conversations
    orders: Orders
    clock: Clock


def handle_turn(session_id: str, message: Message, *, token: str | None, desk: Desk) -> Turn:
    """Answer one message exactly once.

    A message id that was answered before returns the stored turn. A conflict with another message
    of the same session starts the story again from the load. ``token`` None skips the check, for
    callers that have authorised the session themselves.

    Raises
    ------
    UnknownSessionError, WrongTokenError
        If there is no such session, or it is not the caller's.
    UnknownQuickReplyError
        If the button's value is none of this bot's.
    ConversationBusyError
        If too many messages of the session compete; nothing was stored.
    """
    for _ in range(TRIES):
        stored = authorised(session_id, token, conversations=desk.conversations)
        try:
            session, turn = _answer(stored.session, message, desk)
            desk.conversations.commit(session, turn, expected_version=stored.version)
        except VersionConflictError:
            continue
        except (MessageRepeatedError, UnknownQuickReplyError) as error:
            # Looked for only now, so that the usual turn costs one read and one write. A button
            # answered before may be unknown to the release the session has moved to since.
            repeated = desk.conversations.turn_of_message(session_id, message.message_id)
            if repeated is not None:
                return repeated
            if isinstance(error, UnknownQuickReplyError):
                raise
        else:
            return turn
    raise ConversationBusyError(
        f"session {session_id}: {TRIES} tries met other messages; send this one again"
    )


def _answer(session: Session, message: Message, desk: Desk) -> tuple[Session, Turn]:
    now = desk.clock()
    session, release = _release_for(session, desk.shelf, now)
    bot = release.bot
    understanding = _understand(session, message, release, now)
    if message.quick_reply is not None:
        message = replace(message, label=_label(message, understanding, session, bot))
    if understanding.language != session.language:
        session = apply(session, LanguageSwitched(understanding.language))
    outcome = _decide(session, understanding, release, desk.orders)
    reply, said = render(
        bot, session, outcome.says, outcome.quick_replies, language=understanding.language
    )
    session = fold(session, (*outcome.events, *said))
    turn = Turn(
        number=session.turn + 1,
        at=now,
        reply=reply,
        owner=session.owner,
        release=release.name,
        message=message,
        understood=Understood(
            intent=understanding.intent,
            confidence=round(understanding.confidence, 6),
            decision=understanding.decision,
            source=understanding.source,
            alternatives=tuple(
                (name, round(score, 6)) for name, score in understanding.alternatives
            ),
            why=understanding.why,
        ),
        trace=outcome.trace,
    )
    offered = reply.quick_replies[:BUTTONS_KEPT]
    return replace(session, turn=turn.number, last_at=now, offered=offered), turn


def _label(message: Message, understanding: Understanding, session: Session, bot: Bot) -> str:
    """What the pressed button showed: as it was offered last, or else as the bot calls it."""
    shown = (one.label for one in session.offered if one.value == message.quick_reply)
    called = button_label(bot, understanding.intent or "", session.language)
    return message.label or next(shown, called)


def _release_for(session: Session, shelf: Shelf, now: datetime) -> tuple[Session, OpenRelease]:
    rested = now - session.last_at >= RELEASE_KEPT
    kept = None if rested else session.release
    release = shelf.current(session.bot) if kept is None else shelf.pinned(session.bot, kept)
    if release.name != session.release:
        session = apply(session, ReleaseChanged(release.name))
    open_form = session.open_form
    if open_form is not None and asking_for(release.bot, open_form) is None:
        # The form belongs to a release that had it, or had this slot of it.
        session = apply(session, FormGivenUp(open_form.form))
    return session, release


def _understand(
    session: Session, message: Message, release: OpenRelease, now: datetime
) -> Understanding:
    if message.quick_reply is not None:
        value = message.quick_reply
        pressed = understand_button(release.bot, value, language=session.language, now=now)
        if pressed is None:
            raise UnknownQuickReplyError(
                f"quick reply {value[:80]!r} is none of bot '{session.bot}'; send back the value"
                " of a button as it came"
            )
        return pressed
    open_form = session.open_form
    slot = asking_for(release.bot, open_form) if open_form is not None else None
    return understand(
        release.bot,
        release.model,
        message.text or "",
        language=session.language,
        now=now,
        expected=slot.entity if slot is not None else None,
    )


def _decide(
    session: Session, understanding: Understanding, release: OpenRelease, orders: Orders
) -> Outcome:
    facts: dict[RunAction, ActionResult] = {}
    while True:
        decided = decide(release.bot, session, understanding, facts=facts)
        if not isinstance(decided, Ask):
            return decided
        facts[decided.query] = run_action(decided.query, orders=orders)
