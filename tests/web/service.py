"""A small stand-in for the whole service: the web function's pages and the chat interface.

It keeps what infra/openapi.yaml promises and can be told to misbehave the way networks and busy
services do.
"""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qs, urlsplit

from functions.web.app import handler as web
from tests.web.desk import RELEASE, Desk, ProblemError

HEALTH = {
    "status": "ok",
    "version": "0.1.0",
    "bots": [
        {
            "name": "shop",
            "titles": {"ko": "다온상점 고객센터", "en": "Daon Store help"},
            "languages": ["ko", "en"],
            "release": RELEASE,
        }
    ],
}
HOST_PAGE = """<!doctype html><html lang="ko"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>다온상점</title>
<link rel="icon" href="/assets/icon.svg">
<main><h1>다온상점</h1><p>손으로 빚은 그릇과 차를 팝니다.</p>
<button onclick="Sangdam.open()">문의하기</button></main>
<script src="{url}/widget.js" data-bot="shop" data-language="ko" async></script>
<script src="{url}/widget.js" data-bot="shop" data-language="ko" async></script></html>
"""


class Service(Desk):
    """The service on a port of its own.

    GET /host is somebody else's page with the widget on it; seen as localhost it is another site.

    Each entry of `misbehave` is used up by one turn: "drop" stores the turn and breaks the
    connection, "fail" is a 503, "busy" a 429 with Retry-After, "wait" answers only once
    `gate` is set, "refuse" is a 422 that will not go away by itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self.misbehave: deque[str] = deque()
        self.gate = threading.Event()
        self.held = threading.Event()
        self.posted: list[dict[str, Any]] = []
        self.lock = threading.RLock()
        self.server = Server(self)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    def await_held(self) -> None:
        """Wait until a turn has arrived that is to "wait".

        Raises:
            TimeoutError: none arrived.
        """
        if not self.held.wait(timeout=10):
            raise TimeoutError("no message arrived that could be held back")

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


class Server(ThreadingHTTPServer):
    """Listens on a free port of this machine."""

    daemon_threads = True

    def __init__(self, service: Service) -> None:
        self.service = service
        super().__init__(("127.0.0.1", 0), Exchange)


class Exchange(BaseHTTPRequestHandler):
    """The requests of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    @property
    def service(self) -> Service:
        """The service this connection belongs to."""
        return cast("Server", self.server).service

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        if path.path.startswith("/v1/"):
            self.call()
        elif path.path == "/host":
            host = HOST_PAGE.format(url=self.service.url).encode()
            policy = {"content-security-policy": "style-src 'none'"}
            self.answer(200, host, {"content-type": "text/html; charset=utf-8", **policy})
        else:
            event = {
                "rawPath": path.path,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "queryStringParameters": dict(re.findall(r"(\w+)=(\w+)", path.query)),
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
        service = self.service
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        is_turn = self.command == "POST" and urlsplit(self.path).path.endswith("/turns")
        whim = service.misbehave.popleft() if is_turn and service.misbehave else ""
        try:
            if whim == "wait":
                service.held.set()
                service.gate.wait()
            if whim == "fail":
                raise ProblemError(503, "Not now.")
            if whim == "busy":
                raise ProblemError(429, "Too many messages.", **{"retry-after": "1"})
            if whim == "refuse":
                raise ProblemError(422, "이 메시지는 보낼 수 없어요.")
            with service.lock:
                status, found = self.route(json.loads(raw) if raw else {})
        except ProblemError as problem:
            told = {
                "type": "about:blank",
                "title": "A problem",
                "status": problem.status,
                "detail": problem.detail,
            }
            headers = {"content-type": "application/problem+json", **problem.headers}
            self.answer(problem.status, json.dumps(told).encode(), headers)
            return
        if whim == "drop":
            self.close_connection = True
            return
        text = b"" if found is None else json.dumps(found).encode()
        self.answer(status, text, {"content-type": "application/json"})

    def route(self, body: dict[str, Any]) -> tuple[int, dict[str, Any] | None]:
        """Return status and document of a call."""
        service, path = self.service, urlsplit(self.path)
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        if path.path == "/v1/health":
            return 200, HEALTH
        if path.path == "/v1/sessions":
            return 201, service.open(body)
        if path.path == "/v1/feedback":
            service.find(body["session_id"], token).ratings[body["turn"]] = body["rating"]
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
        query = {name: int(values[0]) for name, values in parse_qs(path.query).items()}
        after, limit = query.get("after", -1), query.get("limit", 50)
        return 200, service.history(session, after=after, limit=limit)

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Send an answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
