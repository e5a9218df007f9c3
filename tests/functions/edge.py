"""The functions as clients meet them: requests in, by the routes of template.yaml, answers out."""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sangdam.learning.release import Release, ReleaseError
from sangdam.ports import BackOffice, Conversations, FeedbackStore
from sangdam.services.clarifications import Picks
from sangdam.services.desk import Desk
from sangdam.services.shelf import Shelf
from sangdam_adapters.http import serve
from sangdam_adapters.http_chat import ChatEndpoints
from sangdam_adapters.http_feedback import FeedbackDesk, FeedbackEndpoints
from sangdam_adapters.memory import MemoryConversations, MemoryFeedback, MemoryRegistry
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from sangdam_adapters.telemetry import Telemetry
from scripts.local.events import Request, event_of
from scripts.local.routes import Match, find_route
from scripts.local.template import Route, load_template
from tests.adapters.aws import ROOT
from tests.adapters.samples import HandClock
from tests.core import corner_shop
from tests.core.counter import Days, release_of
from tests.core.words import WordOpener
from tests.functions.contract import Answer, broken_promises

BOT = corner_shop.NAME
ROUTES = load_template(ROOT / "template.yaml").routes
NOWHERE = Match(Route("ANY", "$default", "ChatFunction"), {})

Handler = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class Tokens:
    """Port ``Tokens``: bytes that differ each time and are the same in every run; for threads."""

    drawn: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, size: int) -> bytes:
        with self.lock:
            self.drawn += 1
            return hashlib.sha256(str(self.drawn).encode()).digest()[:size]


class CountingRegistry(MemoryRegistry):
    """A registry that counts how often its bots were listed; what is ``damaged`` is not opened."""

    listed = 0
    damaged: frozenset[str] = frozenset()

    def load(self, bot: str, name: str) -> Release:
        if bot in self.damaged:
            raise ReleaseError(f"{bot}/{name}: a file is damaged")
        return super().load(bot, name)

    def bots(self) -> Sequence[str]:
        self.listed += 1
        return super().bots()


@dataclass
class Edge:
    """The chat and the feedback function over whatever stores."""

    conversations: Conversations
    backoffice: BackOffice
    feedback: FeedbackStore
    clock: HandClock
    chat_telemetry: Telemetry
    feedback_telemetry: Telemetry
    handlers: dict[str, Handler] = field(default_factory=dict)
    registry: CountingRegistry = field(init=False)
    sent: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.registry = registry = CountingRegistry(clock=self.clock)
        release = release_of(corner_shop.pack(), now=self.clock())
        registry.publish(release)
        registry.move(BOT, to=release.name, expected=None)
        baseline = MemoryRegistry(clock=self.clock)
        shelf = Shelf(
            registry, baseline, WordOpener(), clock=self.clock, warn=self.chat_telemetry.warn
        )
        picks = Picks(self.conversations, lambda: self.feedback, self.chat_telemetry.warn)
        desk = Desk(
            shelf, self.conversations, self.backoffice, self.clock, Days(),
            after=picks, feedback=lambda: self.feedback,
        )  # fmt: skip
        chat = ChatEndpoints(lambda: desk, tokens=Tokens(), telemetry=self.chat_telemetry)
        feedback = FeedbackEndpoints(
            lambda: FeedbackDesk(self.conversations, self.feedback, self.clock)
        )
        self.handlers = {
            "ChatFunction": lambda event: serve(event, chat.routes, telemetry=self.chat_telemetry),
            "FeedbackFunction": lambda event: serve(
                event, feedback.routes, telemetry=self.feedback_telemetry
            ),
        }

    def send(
        self,
        method: str,
        target: str,
        body: Any = None,
        *,
        token: str | None = None,
        **headers: str,
    ) -> Answer:
        """Send a request, a body that is not bytes as JSON, and check the answer's promises."""
        data = body if isinstance(body, bytes) else b"" if body is None else json_bytes(body)
        all_headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if data:
            all_headers.setdefault("content-type", "application/json")
        if token is not None:
            all_headers["authorization"] = f"Bearer {token}"
        request = Request(method, target, all_headers, data, "192.0.2.1")
        fitting = find_route(ROUTES, method=method, path=request.path) or NOWHERE
        event = event_of(request, fitting, request_id=f"r-{next(self.sent)}", now=self.clock())
        handler = self.handlers.get(fitting.route.function, self.handlers["ChatFunction"])
        given = handler(event)
        answer = Answer(given["statusCode"], given["headers"], given["body"], fitting.route.key)
        if fitting is not NOWHERE:
            assert broken_promises(answer) == []
        return answer

    def open(self, language: str | None = "ko", **headers: str) -> Talk:
        answer = self.send("POST", "/v1/sessions", {"bot": BOT, "language": language}, **headers)
        assert answer.status == 201, answer
        return Talk(self, answer.json["session_id"], answer.json["token"], answer)


@dataclass
class Talk:
    """One customer's session."""

    edge: Edge
    session_id: str
    token: str
    opened: Answer
    sent: int = 0

    @property
    def turns_path(self) -> str:
        return f"/v1/sessions/{self.session_id}/turns"

    def say(self, text: str, **headers: str) -> Answer:
        self.sent += 1
        return self.post({"message_id": f"m{self.sent}", "text": text}, **headers)

    def press(self, value: str) -> Answer:
        self.sent += 1
        return self.post({"message_id": f"m{self.sent}", "quick_reply": value})

    def post(self, body: Any, *, query: str = "", **headers: str) -> Answer:
        return self.edge.send("POST", self.turns_path + query, body, token=self.token, **headers)

    def history(self, query: str = "") -> Answer:
        return self.edge.send("GET", self.turns_path + query, token=self.token)

    def delete(self) -> Answer:
        path = f"/v1/sessions/{self.session_id}"
        return self.edge.send("DELETE", path, token=self.token)

    def rate(self, **fields: Any) -> Answer:
        body = {"session_id": self.session_id, "turn": 1, "rating": 1, **fields}
        return self.edge.send("POST", "/v1/feedback", body, token=self.token)


def json_bytes(value: Any) -> bytes:
    """Return JSON as clients send it; what UTF-8 cannot write is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value).encode("ascii")


_SERVICES = itertools.count(1)


def a_telemetry(service: str) -> Telemetry:
    """Return a telemetry of a name of its own: it writes to where output goes at its first line."""
    return Telemetry(f"{service}-{next(_SERVICES)}")


def memory_edge(clock: HandClock, conversations: Conversations | None = None) -> Edge:
    backoffice = MemoryBackOffice(corner_shop.writes())
    return Edge(
        conversations or MemoryConversations(clock=clock, backoffice=backoffice),
        backoffice,
        MemoryFeedback(),
        clock,
        a_telemetry("chat"),
        a_telemetry("feedback"),
    )
