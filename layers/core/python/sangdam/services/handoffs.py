"""Conversations that people take over: the queue they find them in, and how they are given back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sangdam.backoffice.writes import Key, Put, Write
from sangdam.bots.definition import Bot, Language
from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Turn
from sangdam.ports import Conversations

LAST_TURNS = 6
"""How many turns before the handoff the queue record quotes."""

FORMAT = 1


def queue_key(bot: str, at: datetime, session_id: str, turn: int) -> Key:
    """Return where a waiting conversation stands in the queue: in the order of arrival."""
    return Key(f"{bot}#queue", f"handoff#{at.isoformat()}#{session_id}#{turn}")


def queue_writes(
    bot: Bot, session: Session, turn: Turn, *, language: Language, conversations: Conversations
) -> tuple[Write, ...]:
    """Return what puts a conversation into the queue, together with the turn that asked for it.

    ``session`` is the one before that turn: it still has the open form.
    """
    form = session.open_form
    before = conversations.turns(
        session.session_id, after=max(turn.number - 1 - LAST_TURNS, -1), limit=LAST_TURNS
    )
    record = {
        "format": FORMAT,
        "kind": "handoff",
        "status": "waiting",
        "session_id": session.session_id,
        "at": turn.at.isoformat(),
        "language": language,
        "urgent": turn.understood is not None and _is_urgent(bot, turn.understood.intent),
        "intent": turn.understood.intent if turn.understood is not None else None,
        "form": None if form is None else form.form,
        "values": {} if form is None else dict(form.values),
        "turns": _quoted((*before, turn)),
    }
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return (Put(queue_key(bot.name, turn.at, session.session_id, turn.number), text),)


def _is_urgent(bot: Bot, intent: str | None) -> bool:
    known = bot.intents.get(intent or "")
    return known is not None and known.kind == "urgent"


def _quoted(turns: Sequence[Turn]) -> list[dict[str, object]]:
    return [
        {
            "number": turn.number,
            "customer": None if turn.message is None else turn.message.text or turn.message.label,
            "bot": [message.text for message in turn.reply.messages],
        }
        for turn in turns
    ]
