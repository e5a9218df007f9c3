"""A small stand-in for the whole service: the web function's pages and the chat interface.

It keeps what the interface promises (exactly once by message id, one conversation per token,
problem+json errors) and can be told to misbehave the way networks and busy services do.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

from functions.web.app import handler as web

Reply = dict[str, Any]
LIMIT = 2000

WORDS: dict[str, dict[str, tuple[str, list[tuple[str, str]]]]] = {
    "ko": {
        "opening": (
            "안녕하세요, 온담 상점이에요.\n무엇을 도와드릴까요?",
            [
                ("배송 조회", "배송 조회"),
                ("교환·반품", "교환·반품"),
                ("쿠폰·적립금", "쿠폰·적립금"),
            ],
        ),
        "배송": (
            "주문번호를 알려 주시면 바로 확인해 드릴게요.\n주문번호는 ‘A’로 시작하는 9자리예요.",
            [("주문번호를 몰라요", "주문번호를 몰라요")],
        ),
        "A2026": (
            "김포 물류센터에서 오늘 오전 9시 20분에 출발했어요. 내일(월) 오후 2–6시 사이에 "
            "도착할 예정이에요.\n배송 위치 보기: https://track.example/a20261102에서 확인하세요.",
            [
                ("배송지 변경", "배송지 변경"),
                ("부재 시 경비실에", "경비실"),
                ("고마워요", "고마워요"),
            ],
        ),
        "경비실": (
            "네, 부재 시 경비실에 맡겨 달라고 기사님께 전해 둘게요.",
            [("고마워요", "고마워요")],
        ),
        "고마": ("도움이 되어 다행이에요. 좋은 하루 보내세요!", []),
        "상담원": ("", [("챗봇과 다시 대화하기", "챗봇")]),
        "챗봇": ("다시 제가 도와드릴게요.", []),
        "": (
            "죄송해요, 잘 이해하지 못했어요. 다른 말로 적어 주시겠어요?",
            [("상담원 연결", "상담원")],
        ),
    },
    "en": {
        "opening": (
            "Hello, this is Ondam Store.\nHow can we help?",
            [("Track my order", "track"), ("Returns", "returns")],
        ),
        "track": ("Which order number is it about?", []),
        "": ("Sorry, I did not get that. Could you put it another way?", []),
    },
}


def make_reply(language: str, key: str) -> Reply:
    text, buttons = WORDS[language][key]
    messages = [{"text": text}] if text else []
    choices = [{"label": label, "value": value} for label, value in buttons]
    return {"messages": messages, "quick_replies": choices}


@dataclass(slots=True)
class Session:
    """One conversation as the service keeps it."""

    token: str
    language: str
    turns: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    ratings: dict[int, int] = field(default_factory=dict)
    owner: str = "bot"


class ProblemError(Exception):
    """An error answer."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


class Service:
    """The service on a port of its own; `misbehave` queues what goes wrong next.

    GET /host is somebody else's page with the widget on it; seen as localhost it is another site.

    Each entry of `misbehave` is used up by one turn: "drop" stores the turn and breaks the
    connection, "fail" is a 503, "busy" a 429 with Retry-After, "wait" answers only once
    `gate` is set, "refuse" is a 422 that will not go away by itself.
    """

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.misbehave: deque[str] = deque()
        self.gate = threading.Event()
        self.posted: list[dict[str, Any]] = []
        self.lock = threading.RLock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Exchange,), {}))
        self.server.RequestHandlerClass.service = self  # type: ignore[attr-defined]
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """Where the service listens."""
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def only(self) -> Session:
        """The session, when there is exactly one."""
        (session,) = self.sessions.values()
        return session

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.gate.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def texts(self, session: Session | None = None) -> list[str]:
        """What the customer said, in the order of the turns."""
        turns = (session or self.only).turns
        said = [turn["message"] for turn in turns if turn["message"]]
        return [message.get("text") or message["label"] for message in said]

    def say_as_human(self, text: str) -> None:
        """Let a person write into the only session."""
        reply = {"messages": [{"text": text}], "quick_replies": []}
        with self.lock:
            self.keep(self.only, None, reply)

    def keep(
        self, session: Session, message: dict[str, str] | None, reply: Reply
    ) -> dict[str, Any]:
        """Store a turn and give the answer a client gets for it."""
        understanding = {"intent": None, "confidence": 0.9, "decision": "answer"}
        turn = {
            "turn": len(session.turns),
            "at": datetime.now(UTC).isoformat(),
            "message": message,
            "reply": reply,
            "understanding": understanding,
            "owner": session.owner,
        }
        session.turns.append(turn)
        kept = ("turn", "reply", "understanding", "owner")
        return {name: turn[name] for name in kept} | {"release": "2026-11-22-1"}

    def open(self, body: dict[str, Any]) -> dict[str, Any]:
        if body["bot"] != "shop":
            raise ProblemError(404, f"There is no bot '{body['bot']}'.")
        session_id, token = secrets.token_hex(8), secrets.token_urlsafe(16)
        session = Session(token=token, language=body.get("language", "ko"))
        reply = make_reply(session.language, "opening")
        self.keep(session, None, reply)
        self.sessions[session_id] = session
        return {"session_id": session_id, "token": token, "reply": reply}

    def find(self, session_id: str, token: str) -> Session:
        session = self.sessions.get(session_id)
        if session is None:
            raise ProblemError(404, "This conversation is not known or has ended.")
        if token != session.token:
            raise ProblemError(401, "This token does not open this conversation.")
        return session

    def turn(self, session: Session, body: dict[str, Any]) -> dict[str, Any]:
        said = body.get("text", body.get("quick_reply"))
        if not isinstance(said, str) or not said.strip() or len(said) > LIMIT:
            raise ProblemError(400, f"A text holds 1 to {LIMIT} characters.")
        if body["message_id"] in session.answers:
            return session.answers[body["message_id"]]
        words = WORDS[session.language]
        key = next(key for key in words if key in said and key != "opening")
        if key in ("상담원", "챗봇"):
            session.owner = "human" if key == "상담원" else "bot"
        elif session.owner == "human":
            key = "상담원"
        message = {"message_id": body["message_id"], "text": said}
        if "quick_reply" in body:
            offered = session.turns[-1]["reply"]["quick_replies"]
            label = next(choice["label"] for choice in offered if choice["value"] == said)
            message = {"message_id": body["message_id"], "quick_reply": said, "label": label}
        answer = self.keep(session, message, make_reply(session.language, key))
        session.answers[body["message_id"]] = answer
        return answer

    def history(self, session: Session, query: dict[str, list[str]]) -> dict[str, Any]:
        after, limit = int(query.get("after", ["-1"])[0]), int(query.get("limit", ["20"])[0])
        rest = session.turns[after + 1 :]
        last = rest[:limit][-1]["turn"] if rest else None
        return {"turns": rest[:limit], "next": last if len(rest) > limit else None}


class Exchange(BaseHTTPRequestHandler):
    """One request."""

    service: ClassVar[Service]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        if path.path.startswith("/v1/"):
            self.call()
        elif path.path == "/host":
            host = HOST_PAGE.format(url=self.service.url).encode()
            policy = {"content-security-policy": "style-src 'none'"}
            self.answer(200, host, {"content-type": "text/html; charset=utf-8", **policy})
        else:
            query = {name: values[0] for name, values in parse_qs(path.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            event = {
                "rawPath": path.path,
                "headers": headers,
                "queryStringParameters": query,
                "requestContext": {"http": {"method": self.command}},
            }
            served = web(event)
            self.answer(served["statusCode"], served["body"].encode(), served["headers"])

    def do_POST(self) -> None:
        self.call()

    def do_DELETE(self) -> None:
        self.call()

    def call(self) -> None:
        """Run one call of the chat interface."""
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        body = json.loads(raw) if raw else {}
        is_turn = self.command == "POST" and self.path.endswith("/turns")
        service = self.service
        whim = service.misbehave.popleft() if is_turn and service.misbehave else ""
        try:
            if whim == "wait":
                service.gate.wait()
            if whim == "fail":
                raise ProblemError(503, "Not now.")
            if whim == "busy":
                raise ProblemError(429, "Too many messages.", **{"retry-after": "1"})
            if whim == "refuse":
                raise ProblemError(422, "이 메시지는 보낼 수 없어요.")
            with service.lock:
                status, found = self.route(body)
        except ProblemError as problem:
            told = {"type": "about:blank", "status": problem.status, "detail": problem.detail}
            headers = {"content-type": "application/problem+json", **problem.headers}
            self.answer(problem.status, json.dumps(told).encode(), headers)
            return
        if whim == "drop":
            self.close_connection = True
            return
        text = b"" if found is None else json.dumps(found).encode()
        self.answer(status, text, {"content-type": "application/json"})

    def route(self, body: dict[str, Any]) -> tuple[int, dict[str, Any] | None]:
        service, path = self.service, urlsplit(self.path)
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        if path.path == "/v1/health":
            titles = {"ko": "온담 상점 고객센터", "en": "Ondam Store help"}
            return 200, {"status": "ok", "bots": [{"name": "shop", "titles": titles}]}
        if path.path == "/v1/sessions":
            return 201, service.open(body)
        if path.path == "/v1/feedback":
            session = service.find(body["session_id"], token)
            session.ratings[body["turn"]] = body["rating"]
            return 202, {"status": "stored"}
        match = re.fullmatch(r"/v1/sessions/(\w+)(/turns)?", path.path)
        if match is None:
            raise ProblemError(404, f"Nothing answers {path.path}.")
        session = service.find(match[1], token)
        if self.command == "DELETE":
            del service.sessions[match[1]]
            return 204, None
        if self.command == "POST":
            service.posted.append(body)
            return 200, service.turn(session, body)
        return 200, service.history(session, parse_qs(path.query))

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


HOST_PAGE = """<!doctype html><html lang="ko"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>온담 상점</title>
<link rel="icon" href="/assets/icon.svg">
<main><h1>온담 상점</h1><p>손으로 빚은 그릇과 차를 팝니다.</p>
<button onclick="Sangdam.open()">문의하기</button></main>
<script src="{url}/widget.js" data-bot="shop" data-language="ko" async></script>
<script src="{url}/widget.js" data-bot="shop" data-language="ko" async></script></html>
"""
