"""One service for all journeys: template.yaml's routes over moto, as scripts/run serves it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from scripts.commands.run import fill
from scripts.local.paths import ROOT
from scripts.local.prepare import prepare
from scripts.local.service import Service, serve


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Client:
    """A client over real HTTP."""

    url: str

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        try:
            sent = {"content-type": "application/json", **(headers or {})}
            if token is not None:
                sent["authorization"] = f"Bearer {token}"
            data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
            connection.request(method, path, body=data, headers=sent)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def open(self, language: str = "ko") -> Talk:
        answer = self.send("POST", "/v1/sessions", {"bot": "shop", "language": language})
        assert answer.status == 201, answer.body
        return Talk(self, answer.json["session_id"], answer.json["token"], answer.json)


@dataclass(slots=True)
class Talk:
    """One customer's session."""

    client: Client
    session_id: str
    token: str
    opened: dict[str, Any]
    sent: int = 0

    def send(self, message_id: str | None = None, **content: str) -> Answer:
        self.sent += 1
        return self.client.send(
            "POST",
            f"/v1/sessions/{self.session_id}/turns",
            {"message_id": message_id or f"m{self.sent}", **content},
            token=self.token,
        )

    def say(self, text: str) -> dict[str, Any]:
        answer = self.send(text=text)
        assert answer.status == 200, answer.body
        document: dict[str, Any] = answer.json
        return document


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    prepare(ROOT, bots=["shop"])
    failures: list[str] = []
    with serve(ROOT, fill=fill, log=failures.append) as running:
        yield running
    assert failures == []


@pytest.fixture
def client(service: Service) -> Client:
    return Client(service.url)
