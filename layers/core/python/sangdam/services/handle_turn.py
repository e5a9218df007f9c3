"""A message comes in, a reply goes out, and both are stored together, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sangdam.backoffice.writes import Write, merged
from sangdam.bots.definition import Bot, Language
from sangdam.dialogue.decision import Outcome
from sangdam.dialogue.events import (
    FormGivenUp,
    HandoffEnded,
    HandoffRequested,
    LanguageSwitched,
    ReleaseChanged,
)
from sangdam.dialogue.patience import tell
from sangdam.dialogue.render import button_label
from sangdam.dialogue.session import Session, apply, fold, offered_kept
from sangdam.dialogue.slots import asking_for, is_of
from sangdam.dialogue.turn import Message, Turn, Understood
from sangdam.nlu.understand import understand, understand_button
from sangdam.nlu.understanding import Understanding
from sangdam.ports import (
    MessageRepeatedError,
    StorageUnavailableError,
    VersionConflictError,
    WriteRefusedError,
)
from sangdam.services.access import authorised
from sangdam.services.decided import decided
from sangdam.services.desk import Desk
from sangdam.services.errors import ConversationBusyError, UnknownQuickReplyError
from sangdam.services.shelf import OpenRelease, Shelf

TRIES = 8
"""How often a turn is told again after another message of the same session came first, or somebody
else took what it was about to take."""

SWEEP_EVERY = 8
"""Every so many turns of a session look for what earlier ones could not send."""

RELEASE_KEPT = timedelta(hours=6)
"""A session that rested longer than this goes on with the current release."""

CONFIRMING = "system/confirm"
"""What an open form expects while its values are shown: no entity of a pack, but a yes or a no."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """A turn that is ready to be stored: the session after it, and what else is written with it.

    ``has_outbox`` tells whether its bot leaves anything in the outbox at times.
    """

    session: Session
    turn: Turn
    writes: tuple[Write, ...]
    has_outbox: bool


def handle_turn(session_id: str, message: Message, *, token: str | None, desk: Desk) -> Turn:
    """Answer one message exactly once.

    A message id that was answered before returns the stored turn. A conflict with another message
    of the same session, or with another customer who took the same seat, starts the story again
    from the load. ``token`` None skips the check, for callers that have authorised the session
    themselves.

    Raises
    ------
    UnknownSessionError, WrongTokenError
        If there is no such session, or it is not the caller's.
    UnknownQuickReplyError
        If the button's value is none of this bot's.
    ConversationBusyError
        If too many messages compete; nothing was stored.
    """
    for _ in range(TRIES):
        stored = authorised(session_id, token, conversations=desk.conversations)
        try:
            answer = _answer(stored.session, message, desk)
            desk.conversations.commit(
                answer.session, answer.turn, expected_version=stored.version, writes=answer.writes
            )
        except (VersionConflictError, WriteRefusedError):
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
            _send_waiting(answer, desk)
            desk.after(stored.session, answer.turn)
            return answer.turn
    raise ConversationBusyError(
        f"session {session_id}: {TRIES} tries met other messages; send this one again"
    )


def _answer(session: Session, message: Message, desk: Desk) -> _Answer:
    now = desk.clock()
    before = session
    session, release = _release_for(session, desk.shelf, now)
    bot = release.bot
    message, has_secret = _without_secrets(message, bot)
    understanding = _understand(session, message, release, now)
    if message.quick_reply is not None:
        message = replace(message, label=_label(message, understanding, session, bot))
    if understanding.language != session.language:
        session = apply(session, LanguageSwitched(understanding.language))
    session = replace(session, clarified=None)
    outcome, writes = decided(
        session, understanding, release, desk, now, message, has_secret=has_secret
    )
    after = fold(session, outcome.events)
    reply, said, trace = tell(
        bot,
        session,
        outcome,
        language=understanding.language,
        may_end=after.open_form is not None or after.owner != "bot",
    )
    session = fold(after, said)
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
        trace=trace,
    )
    writes += _for_people(bot, before, session.language, turn, outcome, writes, desk)
    offered = offered_kept(reply.quick_replies)
    session = replace(session, turn=turn.number, last_at=now, offered=offered)
    has_outbox = desk.notify is not None or any(
        action.mode == "outbox" for action in bot.actions.values()
    )
    return _Answer(session, turn, merged(writes), has_outbox)


def _for_people(
    bot: Bot,
    before: Session,
    language: Language,
    turn: Turn,
    outcome: Outcome,
    writes: tuple[Write, ...],
    desk: Desk,
) -> tuple[Write, ...]:
    """Return what a turn writes to the queue that people answer, and to the outbox to tell them."""
    kinds = {type(event) for event in outcome.events}
    queued: tuple[Write, ...] = ()
    if before.owner == "human" or HandoffRequested in kinds:
        from sangdam.services import handoffs  # few turns are for people

        if HandoffEnded in kinds:
            queued = handoffs.handed_back(bot, before, store=desk.backoffice)
        elif HandoffRequested in kinds:
            queued = handoffs.handed_over(
                bot, before, turn, language=language,
                conversations=desk.conversations, store=desk.backoffice,
            )  # fmt: skip
        elif handoffs.is_urgent(bot, turn):
            queued = handoffs.made_urgent(bot, before, store=desk.backoffice)
    queue = f"{bot.name}#queue"
    if desk.notify is None or all(one.key.pk != queue for one in (*queued, *writes)):
        return queued
    from sangdam.services.notices import notices

    return (*queued, *notices(bot, before, turn, (*queued, *writes), to=desk.notify))


def _send_waiting(answer: _Answer, desk: Desk) -> None:
    """Send what the turn has put into the outbox, or now and then what an earlier one has left
    there; the turn itself stands.
    """
    session, bot = answer.session, answer.session.bot
    outbox = f"{bot}#outbox"
    own = tuple(one.key for one in answer.writes if one.key.pk == outbox)
    # Not every conversation is long: where in it the first look falls differs from one to another.
    place = answer.turn.number + ord(session.session_id[-1])
    if desk.partner is None or not (own or (answer.has_outbox and place % SWEEP_EVERY == 0)):
        return
    from sangdam.services.outbox import send_waiting

    partner = desk.partner()
    try:
        send_waiting(bot, store=desk.backoffice, partner=partner, first=own)
    except StorageUnavailableError as error:
        partner.warn(f"{bot}: the outbox cannot be reached: {error}")


def _without_secrets(message: Message, bot: Bot) -> tuple[Message, bool]:
    """Return the message with every secret masked: neither storage nor a model sees one."""
    if message.text is None or not bot.policy.refuses:
        return message, False
    from sangdam.text.secrets import find_secrets, masked  # only for bots that refuse some

    found = find_secrets(message.text, bot.policy.refuses)
    if not found:
        return message, False
    return replace(message, text=masked(message.text, found)), True


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
    # A form belongs to a release that had it, and had its slots.
    if session.parked is not None and not is_of(release.bot, session.parked):
        session = replace(session, parked=None)
    if session.open_form is not None and not is_of(release.bot, session.open_form):
        session = apply(session, FormGivenUp(session.open_form.form))
    return session, release


def _understand(
    session: Session, message: Message, release: OpenRelease, now: datetime
) -> Understanding:
    if message.quick_reply is not None:
        value = message.quick_reply
        form = session.open_form.form if session.open_form is not None else None
        pressed = understand_button(
            release.bot, value, language=session.language, now=now, form=form
        )
        if pressed is None:
            raise UnknownQuickReplyError(
                f"quick reply {value[:80]!r} is none of bot '{session.bot}'; send back the value"
                " of a button as it came"
            )
        return pressed
    open_form = session.open_form
    slot = asking_for(release.bot, open_form) if open_form is not None else None
    expected = slot.entity if slot is not None else None
    if open_form is not None and slot is None:
        expected = CONFIRMING
    return understand(
        release.bot,
        release.model,
        message.text or "",
        language=session.language,
        now=now,
        expected=expected,
        form=None if open_form is None else open_form.form,
    )
