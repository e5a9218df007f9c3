"""A customer opens a conversation and is greeted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from sangdam.bots.definition import Language
from sangdam.dialogue.decision import Say
from sangdam.dialogue.render import render
from sangdam.dialogue.session import Session, fold, offered_kept
from sangdam.dialogue.turn import Turn
from sangdam.ports import Clock, Conversations, Tokens
from sangdam.services.shelf import Shelf


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """The new session, its secret (shown once, stored nowhere), and the greeting."""

    session: Session
    token: str
    turn: Turn


def open_session(
    bot: str,
    language: Language | None,
    *,
    shelf: Shelf,
    conversations: Conversations,
    clock: Clock,
    tokens: Tokens,
    session_id: str | None = None,
) -> OpenedSession:
    """Open a session with the bot's current release.

    ``session_id`` is drawn unless a channel brings a name of its own.

    Raises
    ------
    UnknownBotError
        If no such bot has a release.
    SessionExistsError
        If a session of the given id stands already.
    """
    release = shelf.current(bot)
    spoken = language if language in release.bot.languages else None
    now = clock()
    token = tokens(32).hex()
    session = Session(
        session_id=session_id or tokens(16).hex(),
        bot=bot,
        release=release.name,
        language=spoken or release.bot.languages[0],
        token_hash=token_hash(token),
        opened_at=now,
        last_at=now,
    )
    reply, said = render(
        release.bot, session, (Say("system/welcome"),), (), language=session.language
    )
    session = replace(fold(session, said), offered=offered_kept(reply.quick_replies))
    turn = Turn(number=0, at=now, reply=reply, owner="bot", release=release.name)
    conversations.open(session, turn)
    return OpenedSession(session, token, turn)


def token_hash(token: str) -> str:
    """Return what is stored of a bearer token: its SHA-256, in hex."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
