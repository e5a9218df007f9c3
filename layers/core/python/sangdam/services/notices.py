"""People who answer are told that somebody waits: through the outbox, with the turn itself."""

from __future__ import annotations

from collections.abc import Sequence

from sangdam.backoffice.outgoing import body_of, idempotency_key, outgoing, outgoing_write
from sangdam.backoffice.queue import HANDOFF, queue_pk, read_handoff
from sangdam.backoffice.requests import read_request
from sangdam.backoffice.writes import Put, Write
from sangdam.bots.definition import Bot
from sangdam.dialogue.session import Session
from sangdam.dialogue.summary import form_title, summary, told
from sangdam.dialogue.turn import Turn

CALLBACK_ACTION = "requests.callback"


def notices(
    bot: Bot, session: Session, turn: Turn, writes: Sequence[Write], *, to: str
) -> tuple[Write, ...]:
    """Return what tells people of all that a turn puts into their queue.

    A notice leaves the account (it is mailed, for one): it says what is wanted and how to open it,
    and holds no name, number or words of a customer. ``session`` is the one before the turn.
    """
    told_of: list[Write] = []
    for write in writes:
        if not isinstance(write, Put) or write.key.pk != queue_pk(bot.name):
            continue
        is_handoff = write.key.sk.startswith(HANDOFF)
        notice = _of_handoff(bot, session, write) if is_handoff else _of_callback(bot, write)
        document = {
            **notice,
            "bot": bot.name,
            "team": bot.languages[0],
            "at": turn.at.isoformat(timespec="seconds"),
            "time_zone": bot.time_zone,
        }
        key = idempotency_key(bot.name, session.session_id, str(turn.number), write.key.sk)
        waiting = outgoing(key, to, body_of(document), at=turn.at)
        told_of.append(outgoing_write(bot.name, waiting))
    return tuple(told_of)


def _of_handoff(bot: Bot, session: Session, write: Put) -> dict[str, object]:
    handoff = read_handoff(write.record)
    wanted = summary(bot, session, handoff.intent, bot.languages[0])
    return {
        "kind": "handoff",
        "urgent": handoff.urgent,
        "language": handoff.language,
        "summary": wanted.line(personal=False),
        "open": handoff.session_id,
    }


def _of_callback(bot: Bot, write: Put) -> dict[str, object]:
    request = read_request(write.record)
    team = bot.languages[0]
    line = ""
    for form in bot.forms.values():
        if form.action == CALLBACK_ACTION:
            values = {form.slot_of(role): value for role, value in request.values.items()}
            told_of = [one for one in told(bot, form, values, team) if not one.is_personal]
            line = form_title(bot, form, team)
            if told_of:
                line += ": " + ", ".join(f"{one.label} {one.value}" for one in told_of)
            break
    return {
        "kind": "callback",
        "urgent": False,
        "language": request.language,
        "summary": line,
        "open": request.number,
    }
