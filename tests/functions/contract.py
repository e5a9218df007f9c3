"""Is an answer what infra/openapi.yaml says?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tests.adapters.aws import ROOT


class Answer(NamedTuple):
    """What a client receives."""

    status: int
    headers: Mapping[str, str]
    text: str
    route: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def kind(self) -> str:
        """The kind of problem, without what all kinds begin with."""
        return str(self.json["type"]).removeprefix("urn:sangdam:problem:")


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "openapi.yaml").read_text("utf-8"))
    return loaded


def resolved(part: Any) -> Any:
    """Follow a reference within the document."""
    while isinstance(part, dict) and "$ref" in part:
        found: Any = document()
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def operation(route: str) -> dict[str, Any]:
    """Return what the contract says of a route, as API Gateway writes it."""
    method, _, path = route.partition(" ")
    found: dict[str, Any] = document()["paths"][path][method.lower()]
    return found


def faults(schema: Any, value: Any) -> list[str]:
    """Return everything in which a value is not as a schema of the document says."""
    whole = {**schema, "components": document()["components"]}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def broken_promises(answer: Answer) -> list[str]:
    """Return everything in which an answer is not as the contract says."""
    responses = operation(answer.route)["responses"]
    if str(answer.status) not in responses:
        return [f"{answer.route} must not answer {answer.status}"]
    response = resolved(responses[str(answer.status)])
    if "content" not in response:
        return ["a body where none belongs"] if answer.text else []
    kind = answer.headers["content-type"].partition(";")[0]
    if kind not in response["content"]:
        return [f"{answer.route} {answer.status} must not be {kind}"]
    found = faults(response["content"][kind]["schema"], answer.json)
    for name, header in response.get("headers", {}).items():
        value: Any = answer.headers.get(name)
        if value is None:
            found.append(f"header {name} is missing")
            continue
        schema = resolved(header)["schema"]
        found += faults(schema, int(value) if schema.get("type") == "integer" else value)
    return found


def body_faults(route: str, body: Any) -> list[str]:
    """Return everything in which a request's body is not as the contract says."""
    content = operation(route)["requestBody"]["content"]["application/json"]
    return faults(content["schema"], body)
