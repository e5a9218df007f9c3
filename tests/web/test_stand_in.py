"""The stand-in that the page is tested against answers as infra/openapi.yaml promises."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.web.service import Service

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The contract."""
    text = (ROOT / "infra/openapi.yaml").read_text("utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))


class Client:
    """Calls the stand-in and holds each answer against the contract."""

    def __init__(self, service: Service, document: dict[str, Any]) -> None:
        self.service, self.document, self.token = service, document, ""

    def call(self, method: str, path: str, body: Any = None, *, promised: str) -> tuple[int, Any]:
        """Send a request; `promised` is the path as the contract writes it."""
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.token}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.service.url + path, data=data, method=method, headers=headers
        )
        try:
            with urllib.request.urlopen(request) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                status, text = error.code, error.read()
        operation = self.document["paths"][promised][method.lower()]
        if data is not None:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            self.check(json.loads(data), schema)
        found = json.loads(text) if text else None
        response = operation["responses"][str(status)]
        if "$ref" in response:
            response = self.document["components"]["responses"][response["$ref"].split("/")[-1]]
        if found is not None:
            kinds = response["content"]
            kind = "application/problem+json" if status >= 400 else "application/json"
            self.check(found, kinds[kind]["schema"])
        return status, found

    def check(self, value: Any, schema: dict[str, Any]) -> None:
        """Fail unless the value is what the schema describes."""
        whole = {**schema, "components": self.document["components"]}
        Draft202012Validator(whole).validate(value)


@pytest.fixture
def client(service: Service, document: dict[str, Any]) -> Client:
    return Client(service, document)


def test_a_whole_conversation_keeps_to_the_contract(client: Client) -> None:
    status, health = client.call("GET", "/v1/health", promised="/v1/health")
    assert (status, health["bots"][0]["name"]) == (200, "shop")
    body = {"bot": "shop", "language": "ko"}
    status, opened = client.call("POST", "/v1/sessions", body, promised="/v1/sessions")
    assert status == 201
    client.token = opened["token"]
    path, promised = f"/v1/sessions/{opened['session_id']}/turns", "/v1/sessions/{id}/turns"
    pressed = {"message_id": "m-1", "quick_reply": "/배송"}
    _, first = client.call("POST", path, pressed, promised=promised)
    _, again = client.call("POST", path, pressed, promised=promised)
    assert first == again
    written = {"message_id": "m-2", "text": "상담원 연결해 주세요"}
    _, second = client.call("POST", path, written, promised=promised)
    assert (second["turn"], second["owner"]) == (2, "human")
    _, page = client.call("GET", f"{path}?after=-1&limit=2", promised=promised)
    assert ([turn["turn"] for turn in page["turns"]], page["next"]) == ([0, 1], 1)
    _, page = client.call("GET", f"{path}?after=1&limit=2", promised=promised)
    assert ([turn["turn"] for turn in page["turns"]], page["next"]) == ([2], None)
    rating = {"session_id": opened["session_id"], "turn": 1, "rating": 1}
    assert client.call("POST", "/v1/feedback", rating, promised="/v1/feedback")[0] == 202
    whole, gone = f"/v1/sessions/{opened['session_id']}", "/v1/sessions/{id}"
    assert client.call("DELETE", whole, promised=gone)[0] == 204
    assert client.call("DELETE", whole, promised=gone)[0] == 404


def test_refusals_keep_to_the_contract(client: Client) -> None:
    body = {"bot": "nobody"}
    assert client.call("POST", "/v1/sessions", body, promised="/v1/sessions")[0] == 404
    opened = client.call("POST", "/v1/sessions", {"bot": "shop"}, promised="/v1/sessions")[1]
    path, promised = f"/v1/sessions/{opened['session_id']}/turns", "/v1/sessions/{id}/turns"
    assert client.call("GET", path, promised=promised)[0] == 401
    client.token = opened["token"]
    client.service.misbehave.append("fail")
    message = {"message_id": "m-1", "text": "배송"}
    assert client.call("POST", path, message, promised=promised)[0] == 503
    assert client.call("POST", path, message, promised=promised)[1]["turn"] == 1
