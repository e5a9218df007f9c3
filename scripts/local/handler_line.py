"""A line to a bot through the Lambda handlers: the events a client's requests would become."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sangdam.bots.definition import Language, QuickReply
from sangdam.services.rehearse import Heard

Handler = Callable[[dict[str, Any], object], Mapping[str, Any]]


class HandlerError(Exception):
    """A handler refused what a client may ask; the message has its problem document."""


@dataclass(slots=True)
class HandlerLine:
    """One conversation through the chat function's handler."""

    handler: Handler
    bot: str
    language: Language
    session_id: str = ""
    token: str = ""
    sent: Any = field(default_factory=lambda: itertools.count(1))

    def greet(self) -> Heard:
        answer = self._call(
            "POST /v1/sessions", {}, {"bot": self.bot, "language": self.language}, expected=201
        )
        self.session_id, self.token = answer["session_id"], answer["token"]
        return _heard({**answer, "understanding": None, "owner": "bot"})

    def say(self, text: str) -> Heard:
        return _heard(self.send(text=text))

    def press(self, button: QuickReply) -> Heard:
        return _heard(self.send(quick_reply=button.value))

    def send(self, **content: str) -> dict[str, Any]:
        """Send a message and return the whole answer, trace included."""
        body = {"message_id": f"m{next(self.sent)}", **content}
        path = {"id": self.session_id}
        return self._call("POST /v1/sessions/{id}/turns", path, body, expected=200)

    def _call(
        self, route: str, path: dict[str, str], body: dict[str, Any], *, expected: int
    ) -> dict[str, Any]:
        headers = {"content-type": "application/json", "accept-language": self.language}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        event = {
            "version": "2.0",
            "routeKey": route,
            "headers": headers,
            "pathParameters": path,
            "queryStringParameters": {"debug": "1"},
            "requestContext": {"requestId": "local"},
            "body": json.dumps(body),
            "isBase64Encoded": False,
        }
        answer = self.handler(event, None)
        if answer["statusCode"] != expected:
            raise HandlerError(f"{route} answered {answer['statusCode']}: {answer['body']}")
        document: dict[str, Any] = json.loads(answer["body"])
        return document


def _heard(answer: Mapping[str, Any]) -> Heard:
    understanding = answer["understanding"] or {}
    reply = answer["reply"]
    return Heard(
        intent=understanding.get("intent"),
        decision=understanding.get("decision"),
        keys=tuple(one["key"] for one in reply["messages"]),
        texts=tuple(one["text"] for one in reply["messages"]),
        quick_replies=tuple(
            QuickReply(one["label"], one["value"]) for one in reply["quick_replies"]
        ),
        owner=answer["owner"],
    )
