"""What a turn writes to the queue that people answer, in the turn's own transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sangdam.backoffice.queue import (
    Handoff,
    Quoted,
    handoff_key,
    handoff_write,
    read_handoff,
)
from sangdam.backoffice.writes import Delete, Write
from sangdam.bots.definition import Bot, Language
from sangdam.dialogue.session import Session
from sangdam.dialogue.summary import summary, told
from sangdam.dialogue.turn import Turn
from sangdam.ports import BackOffice, Conversations
from sangdam.text.secrets import SECRET_KINDS, find_secrets, masked

LAST_TURNS = 6
"""How many turns before the handoff the queue quotes."""

_QUOTED = 500
"""How many letters of one message the queue quotes; the whole of it stands in the conversation."""


def handed_over(
    bot: Bot,
    session: Session,
    turn: Turn,
    *,
    language: Language,
    conversations: Conversations,
    store: BackOffice,
) -> tuple[Write, ...]:
    """Return what puts a conversation into the queue, together with the turn that asked for it.

    ``session`` is the one before that turn: it still has the open form.
    """
    before = conversations.turns(
        session.session_id, after=turn.number - 1 - LAST_TURNS, limit=LAST_TURNS
    )
    team = bot.languages[0]
    intent = turn.understood.intent if turn.understood is not None else None
    wanted = summary(bot, session, intent, team)
    state = session.open_form or session.parked or session.finished_form
    handoff = Handoff(
        session_id=session.session_id,
        turn=turn.number,
        at=turn.at,
        language=language,
        summary=_masked(wanted.line()),
        urgent=is_urgent(bot, turn),
        intent=intent,
        form=None if state is None else state.form,
        values=_values(bot, session),
        turns=_quoted((*before, turn)),
    )
    # A record that was left behind is written over, so that nobody is turned away by it.
    left = store.get(handoff_key(bot.name, session.session_id))
    return (handoff_write(bot.name, handoff, expected=None if left is None else left.version),)


def handed_back(bot: Bot, session: Session, *, store: BackOffice) -> tuple[Write, ...]:
    """Return what takes a conversation out of the queue, whoever has taken it meanwhile."""
    found = store.get(handoff_key(bot.name, session.session_id))
    return () if found is None else (Delete(found.key, found.version),)


def made_urgent(bot: Bot, session: Session, *, store: BackOffice) -> tuple[Write, ...]:
    """Return what lets a customer who waits and says what cannot wait go before the others."""
    found = store.get(handoff_key(bot.name, session.session_id))
    if found is None:
        return ()
    handoff = read_handoff(found.record)
    if handoff.urgent:
        return ()
    return (handoff_write(bot.name, replace(handoff, urgent=True), expected=found.version),)


def is_urgent(bot: Bot, turn: Turn) -> bool:
    """Tell whether a turn's message surely says what cannot wait."""
    understood = turn.understood
    if understood is None or understood.decision != "answer":
        return False
    known = bot.intents.get(understood.intent or "")
    return known is not None and known.kind == "urgent"


def _values(bot: Bot, session: Session) -> Mapping[str, str]:
    """Return all that the conversation knows, as people read it: the open form's values first."""
    team = bot.languages[0]
    states = (session.open_form, session.parked, session.finished_form)
    sources = [(one.form, one.values) for one in states if one is not None]
    sources += [(name, session.known) for name in bot.forms]
    values: dict[str, str] = {}
    seen: set[str] = set()
    for name, given in sources:
        form = bot.forms.get(name)
        for one in () if form is None else told(bot, form, given, team):
            if one.slot not in seen:
                seen.add(one.slot)
                values[one.label] = _masked(one.value)
    return values


def _quoted(turns: Sequence[Turn]) -> tuple[Quoted, ...]:
    return tuple(
        Quoted(
            turn.number,
            None if turn.message is None else _masked(turn.message.text or turn.message.label),
            tuple(_masked(message.text) for message in turn.reply.messages),
        )
        for turn in turns
    )


def _masked(text: str | None) -> str:
    """Return a text for the queue: short, and without any secret, whatever the bot refuses."""
    whole = text or ""
    return masked(whole, find_secrets(whole, SECRET_KINDS))[:_QUOTED]
