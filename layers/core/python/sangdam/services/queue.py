"""People of the business answer who waits for them: look, take, say, give back, settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sangdam.backoffice.queue import (
    HANDOFF,
    Handoff,
    handoff_key,
    handoff_write,
    queue_pk,
    read_handoff,
)
from sangdam.backoffice.requests import CALLBACK, Request, read_request, settled
from sangdam.backoffice.writes import Delete, Write
from sangdam.bots.definition import Bot
from sangdam.dialogue.buttons import back_to_bot
from sangdam.dialogue.decision import Say
from sangdam.dialogue.events import HandoffEnded
from sangdam.dialogue.render import render
from sangdam.dialogue.session import Session, apply, fold, offered_kept
from sangdam.dialogue.turn import SaidMessage, SaidReply, Turn
from sangdam.ports import (
    BackOffice,
    Clock,
    Conversations,
    Record,
    VersionConflictError,
    WriteRefusedError,
)
from sangdam.services.errors import ConversationBusyError, RefusedError, UnknownSessionError

HUMAN = "human/message"
"""The key of what a person says: no reply of a pack."""

TEXT_LIMIT = 2000
"""How many letters one message of a person may have."""

_TRIES = 8


class NotWaitingError(RefusedError):
    """Nobody waits there: never did, or is answered already."""

    code = "not_waiting"


class TakenError(RefusedError):
    """Somebody else has taken the conversation."""

    code = "taken"


@dataclass(frozen=True, slots=True)
class People:
    """What answering needs from outside."""

    conversations: Conversations
    backoffice: BackOffice
    clock: Clock


def waiting(bot: str, *, store: BackOffice) -> tuple[Handoff | Request, ...]:
    """Return who waits for a person of a bot's business: what is urgent first, then the oldest."""
    found: list[Handoff | Request] = [
        read_handoff(one.record) for one in store.under(queue_pk(bot), prefix=HANDOFF)
    ]
    callbacks = store.under(queue_pk(bot), prefix=f"{CALLBACK}#")
    found += [read_request(one.record) for one in callbacks]
    return tuple(sorted(found, key=_rank))


def take(bot: str, session_id: str, *, by: str, people: People) -> Handoff:
    """Take a waiting conversation, so that nobody else answers it, too; again is no error.

    Raises NotWaitingError, TakenError if somebody else has it, or UnknownSessionError if its
    customer has deleted it (or nobody came for so long that it is forgotten).
    """
    for _ in range(_TRIES):
        record = _waiting_record(bot, session_id, people)
        handoff = read_handoff(record.record)
        if handoff.status == "taken" and handoff.by != by:
            raise TakenError(
                f"{handoff.by} has taken session {session_id}; 'say' works all the same"
            )
        mine = _taken(handoff, by, people)
        try:
            people.backoffice.apply((handoff_write(bot, mine, expected=record.version),))
        except WriteRefusedError:
            continue
        return mine
    raise _busy(session_id)


def say(bot: Bot, session_id: str, text: str, *, by: str, people: People) -> Turn:
    """Tell a customer something as a person: a turn of the conversation, seen by who reads it.

    Whoever says something has taken the conversation. Nothing is lost or doubled if the customer
    writes at the same moment: the turns are stored one after the other.

    Raises NotWaitingError if the bot owns the conversation, UnknownSessionError if there is none,
    and ValueError for an empty or very long text.
    """
    said = SaidMessage(_checked(text), HUMAN)
    for _ in range(_TRIES):
        session, version = _owned(bot.name, session_id, people)
        button = back_to_bot(bot, session.language)
        reply = SaidReply((said,), (button,))
        writes: tuple[Write, ...] = ()
        record = people.backoffice.get(handoff_key(bot.name, session_id))
        if record is not None:
            handoff = read_handoff(record.record)
            if handoff.status == "waiting":
                mine = _taken(handoff, by, people)
                writes = (handoff_write(bot.name, mine, expected=record.version),)
        turn = _committed(session, reply, version, writes, people, trace=f"said by {by}")
        if turn is not None:
            return turn
    raise _busy(session_id)


def release(
    bot: Bot, session_id: str, *, by: str, words: str | None = None, people: People
) -> Turn:
    """Give a conversation back to the bot, which says so after a person's last words.

    Raises what :func:`say` raises.
    """
    last = () if words is None else (SaidMessage(_checked(words), HUMAN),)
    for _ in range(_TRIES):
        session, version = _owned(bot.name, session_id, people)
        rendered, said = render(
            bot, session, (Say("system/resumed"),), (), language=session.language, may_end=False
        )
        reply = replace(rendered, messages=(*last, *rendered.messages))
        after = fold(apply(session, HandoffEnded()), said)
        record = people.backoffice.get(handoff_key(bot.name, session_id))
        writes = () if record is None else (Delete(record.key, record.version),)
        turn = _committed(after, reply, version, writes, people, trace=f"given back by {by}")
        if turn is not None:
            return turn
    raise _busy(session_id)


def settle(bot: str, number: str, *, store: BackOffice) -> Request:
    """Settle a request to be called back: it leaves the queue, and is kept with the other requests.

    Raises NotWaitingError if no such request waits.
    """
    for _ in range(_TRIES):
        for record in store.under(queue_pk(bot), prefix=f"{CALLBACK}#"):
            request = read_request(record.record)
            if request.number == number:
                break
        else:
            raise NotWaitingError(f"no request {number} waits for people of '{bot}'")
        try:
            store.apply(settled(bot, request, record.key, record.version))
        except WriteRefusedError:
            continue
        return replace(request, status="done")
    raise _busy(number)


def _rank(one: Handoff | Request) -> tuple[bool, float]:
    return (not (isinstance(one, Handoff) and one.urgent), one.at.timestamp())


def _waiting_record(bot: str, session_id: str, people: People) -> Record:
    record = people.backoffice.get(handoff_key(bot, session_id))
    if record is None:
        raise NotWaitingError(f"session {session_id} does not wait for people of '{bot}'")
    if people.conversations.load(session_id) is None:
        _forget(record, people)
        raise UnknownSessionError(f"session {session_id} is no more; it has left the queue")
    return record


def _forget(record: Record, people: People) -> None:
    try:
        people.backoffice.apply((Delete(record.key, record.version),))
    except WriteRefusedError:
        return  # somebody else did


def _owned(bot: str, session_id: str, people: People) -> tuple[Session, int]:
    """Return a session that a person owns, and its version."""
    record = people.backoffice.get(handoff_key(bot, session_id))
    stored = people.conversations.load(session_id)
    if stored is None and record is not None:
        _forget(record, people)
    if stored is None or stored.session.bot != bot:
        raise UnknownSessionError(f"'{bot}' has no session {session_id}")
    if stored.session.owner != "human":
        raise NotWaitingError(f"session {session_id} belongs to the bot")
    return stored.session, stored.version


def _taken(handoff: Handoff, by: str, people: People) -> Handoff:
    taken_at = handoff.taken_at or people.clock()
    return replace(handoff, status="taken", by=by, taken_at=taken_at)


def _committed(
    session: Session,
    reply: SaidReply,
    version: int,
    writes: Sequence[Write],
    people: People,
    *,
    trace: str,
) -> Turn | None:
    """Store what is said as the next turn; None if something else of the session came first."""
    now = people.clock()
    turn = Turn(
        number=session.turn + 1,
        at=now,
        reply=reply,
        owner=session.owner,
        release=session.release,
        trace=(trace,),
    )
    after = replace(
        session, turn=turn.number, last_at=now, offered=offered_kept(reply.quick_replies)
    )
    try:
        people.conversations.commit(after, turn, expected_version=version, writes=writes)
    except (VersionConflictError, WriteRefusedError):
        return None
    return turn


def _checked(text: str) -> str:
    said = text.strip()
    if not said or len(said) > TEXT_LIMIT:
        raise ValueError(f"a message has 1 to {TEXT_LIMIT} letters; this one has {len(said)}")
    return said


def _busy(what: str) -> ConversationBusyError:
    return ConversationBusyError(f"{what}: {_TRIES} tries met other messages; try again")
