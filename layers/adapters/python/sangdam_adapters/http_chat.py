"""The chat function's endpoints: from requests to services, and from turns to JSON."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import cast

from sangdam import __version__
from sangdam.bots.definition import LANGUAGES, Language
from sangdam.bots.quick_reply import read_quick_reply
from sangdam.dialogue.turn import Message, Turn
from sangdam.ports import SessionExistsError, Tokens
from sangdam.services.delete_session import delete_session
from sangdam.services.desk import Desk
from sangdam.services.errors import (
    UnknownBotError,
    UnknownQuickReplyError,
    UnknownSessionError,
)
from sangdam.services.handle_turn import handle_turn
from sangdam.services.open_session import open_session
from sangdam.services.read_history import read_history
from sangdam.services.shelf import LOOK_AGAIN, UNUSABLE
from sangdam_adapters.fields import Fields
from sangdam_adapters.http import SESSION_ID, Endpoint, Request, Response
from sangdam_adapters.problems import TEXT_LIMIT, ProblemError
from sangdam_adapters.telemetry import Telemetry
from sangdam_adapters.views import history_view, reply_view, trace_view, turn_view

BOT = r"[a-z][a-z0-9_]{0,63}"
MESSAGE_ID = r"[A-Za-z0-9._:-]{1,128}"
PAGE = 50


class ChatEndpoints:
    """Every route of the chat function."""

    def __init__(self, desk: Callable[[], Desk], *, tokens: Tokens, telemetry: Telemetry) -> None:
        # A function, so that the desk is set up at the first request and not at import.
        self._make_desk = desk
        self._lock = threading.Lock()
        self._first: tuple[str, datetime] | None = None
        self._tokens = tokens
        self._telemetry = telemetry

    @property
    def routes(self) -> Mapping[str, Endpoint]:
        return {
            "POST /v1/sessions": self.open,
            "POST /v1/sessions/{id}/turns": self.turn,
            "GET /v1/sessions/{id}/turns": self.history,
            "DELETE /v1/sessions/{id}": self.delete,
            "GET /v1/health": self.health,
            "POST /webhooks/rest/webhook": self.webhook,
        }

    def _open_desk(self) -> Desk:
        with self._lock:  # two first requests at once must not open the encoder twice
            return self._make_desk()

    def open(self, request: Request) -> Response:
        fields = Fields(request.body())
        fields.only("bot", "language")
        bot = fields.text("bot", limit=64)
        language = fields.choice("language", LANGUAGES)
        fields.done()
        desk = self._open_desk()
        opened = open_session(
            _known_form(bot or ""), cast("Language | None", language), shelf=desk.shelf,
            conversations=desk.conversations, clock=desk.clock, tokens=self._tokens,
        )  # fmt: skip
        return Response(
            201,
            {
                "session_id": opened.session.session_id,
                "token": opened.token,
                "turn": opened.turn.number,
                "reply": reply_view(opened.turn.reply),
                "release": opened.turn.release,
                "language": opened.session.language,
            },
        )

    def turn(self, request: Request) -> Response:
        token = request.token()
        message = _read_message(request)
        turn = handle_turn(_session_id(request), message, token=token, desk=self._open_desk())
        # Not what the client says: every new name would be a metric that costs money.
        self._telemetry.turn("all", turn)
        view = turn_view(turn)
        if request.query.get("debug") == "1":
            view["trace"] = trace_view(turn)
        return Response(200, view)

    def history(self, request: Request) -> Response:
        token = request.token()
        query = Fields({name: _number(value) for name, value in request.query.items()})
        after = query.integer("after", low=-1, high=10**9) if "after" in request.query else -1
        limit = query.integer("limit", low=1, high=100) if "limit" in request.query else PAGE
        query.done()
        page = read_history(
            _session_id(request), token=token, after=-1 if after is None else after,
            limit=limit or PAGE, conversations=self._open_desk().conversations,
        )  # fmt: skip
        return Response(200, {"turns": list(map(history_view, page.turns)), "next": page.next})

    def delete(self, request: Request) -> Response:
        token = request.token()
        desk = self._open_desk()
        delete_session(
            _session_id(request), token=token, conversations=desk.conversations,
            backoffice=desk.backoffice, feedback=desk.feedback,
        )  # fmt: skip
        return Response(204)

    def health(self, request: Request) -> Response:
        """Tell which bots can answer; one that cannot does not take the others along.

        Raises
        ------
        ReleaseError, OSError, ValueError
            If there are bots, and none of them can.
        """
        shelf = self._open_desk().shelf
        bots: list[dict[str, object]] = []
        silent: list[str] = []
        trouble: Exception | None = None
        for name in shelf.bots():
            try:
                release = shelf.current(name)
            except UNUSABLE as error:  # the shelf has warned of it
                silent.append(name)
                trouble = error
                continue
            names = {language: script.bot_name for language, script in release.bot.scripts.items()}
            bots.append({
                "name": name,
                "titles": names,
                "languages": list(release.bot.languages),
                "release": release.name,
            })  # fmt: skip
        if trouble is not None and not bots:
            raise trouble
        status = {"status": "degraded", "silent": silent} if silent else {"status": "ok"}
        return Response(200, {**status, "version": __version__, "bots": bots})

    def webhook(self, request: Request) -> Response:
        """The REST channel that existing chat widgets speak (Rasa's ``rest`` connector).

        A sender has one conversation for each bot, known by the digest of its name; it cannot be
        read or deleted over ``/v1``. Whoever knows a sender's name can write in it, so widgets
        must use names that cannot be guessed, as they do.
        """
        fields = Fields(request.body())
        fields.only("sender", "message", "metadata", "message_id", "input_channel")
        sender = fields.text("sender", limit=256) or ""
        text = fields.text("message", limit=TEXT_LIMIT) or ""
        message_id = fields.text("message_id", limit=128, pattern=MESSAGE_ID, required=False)
        fields.done()
        desk = self._open_desk()
        bot = _known_form(request.query.get("bot") or self._first_bot(desk))
        session_id = "w" + hashlib.sha256(f"{bot}\0{sender}".encode()).hexdigest()[:40]
        message = Message(message_id or f"webhook-{self._tokens(12).hex()}", text=text)
        if read_quick_reply(text) is not None:
            message = Message(message.message_id, quick_reply=text)
        turn = self._turn_of_sender(bot, session_id, message, desk)
        self._telemetry.turn(bot, turn)
        buttons = [{"title": one.label, "payload": one.value} for one in turn.reply.quick_replies]
        answers: list[dict[str, object]] = [
            {"recipient_id": sender, "text": one.text} for one in turn.reply.messages
        ]
        if buttons and answers:
            answers[-1]["buttons"] = buttons
        return Response(200, answers)

    def _first_bot(self, desk: Desk) -> str:
        # Remembered for a while: asking storage for all bots costs more than the whole turn.
        now = desk.clock()
        if self._first is None or now - self._first[1] >= LOOK_AGAIN:
            self._first = (next(iter(desk.shelf.bots()), ""), now)
        return self._first[0]

    def _turn_of_sender(self, bot: str, session_id: str, message: Message, desk: Desk) -> Turn:
        for _ in range(2):
            try:
                return handle_turn(session_id, message, token=None, desk=desk)
            except UnknownSessionError:
                self._open_webhook_session(bot, session_id, desk)
            except UnknownQuickReplyError:
                # Words that only look like a button: "/greet", as many widgets begin.
                message = Message(message.message_id, text=message.quick_reply)
        return handle_turn(session_id, message, token=None, desk=desk)

    def _open_webhook_session(self, bot: str, session_id: str, desk: Desk) -> None:
        drawn = iter((self._tokens(32), b""))
        try:
            open_session(
                bot, None, shelf=desk.shelf, conversations=desk.conversations, clock=desk.clock,
                tokens=lambda size: next(drawn), session_id=session_id,
            )  # fmt: skip
        except SessionExistsError:
            return  # the sender's first two messages came at once


def _read_message(request: Request) -> Message:
    fields = Fields(request.body())
    fields.only("message_id", "text", "quick_reply")
    message_id = fields.text("message_id", limit=128, pattern=MESSAGE_ID)
    if ("text" in fields.body) == ("quick_reply" in fields.body):
        fields.wrong(
            "text", "text와 quick_reply 가운데 하나만 보내 주세요.", "send text or quick_reply"
        )
    text = fields.text("text", limit=TEXT_LIMIT, required=False)
    quick_reply = fields.text("quick_reply", limit=1024, required=False)
    if text is None and quick_reply is None and not fields.problems:
        fields.wrong("text", "꼭 필요한 항목입니다.", "is missing")
    fields.done()
    return Message(message_id or "", text=text, quick_reply=quick_reply)


def _session_id(request: Request) -> str:
    session_id = request.path.get("id", "")
    if SESSION_ID.fullmatch(session_id) is None:
        raise ProblemError("unknown_session")
    return session_id


def _known_form(bot: str) -> str:
    """Return a bot's name if it looks like one; others would be looked for in other folders."""
    if re.fullmatch(BOT, bot) is None:
        raise UnknownBotError(f"{bot[:64]!r} is no name of a bot")
    return bot


def _number(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?[0-9]{1,10}", text) is not None else text
