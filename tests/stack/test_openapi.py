"""infra/openapi.yaml is the contract, and the template keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from sangdam_adapters.http_chat import MESSAGE_ID
from sangdam_adapters.problems import PROBLEMS, TEXT_LIMIT
from scripts.local.paths import ROOT
from scripts.local.template import Template

METHODS = ("get", "post", "put", "patch", "delete")


def operations(contract: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in contract["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def resolved(contract: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference, if it is one."""
    while "$ref" in value:
        target: Any = contract
        for step in value["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        value = target
    return value


def schema(contract: dict[str, Any], value: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**value, "components": contract["components"]})


def bodies(contract: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every place of the contract that has a body: where, and its media type objects."""
    for key, operation in operations(contract):
        answers = {
            status: resolved(contract, answer) for status, answer in operation["responses"].items()
        }
        for status, answer in answers.items():
            for kind, media in answer.get("content", {}).items():
                yield f"{key} {status} {kind}", media
        for kind, media in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{key} {kind}", media


def test_the_contract_is_valid_openapi(contract: dict[str, Any]) -> None:
    assert contract["openapi"].startswith("3.1.")
    validate(contract)


def test_the_template_has_exactly_the_routes_of_the_contract(
    contract: dict[str, Any], template: Template
) -> None:
    routes = sorted(route.key for route in template.routes)
    assert routes == sorted(key for key, _ in operations(contract))


def test_every_example_is_what_its_schema_says(contract: dict[str, Any]) -> None:
    count = 0
    for where, media in bodies(contract):
        examples = [example["value"] for example in media.get("examples", {}).values()]
        examples += [media["example"]] if "example" in media else []
        for example in examples:
            count += 1
            errors = [
                error.message for error in schema(contract, media["schema"]).iter_errors(example)
            ]
            assert not errors, where
    assert count >= 20


def test_every_conversation_is_shown_in_korean_and_english(contract: dict[str, Any]) -> None:
    for key, operation in operations(contract):
        if operation["tags"][0] not in ("conversation", "integration") or "get" in key.lower()[:3]:
            continue
        for media in operation.get("requestBody", {}).get("content", {}).values():
            assert {"korean", "english"} <= set(media["examples"]), key


def test_what_needs_a_token_says_so_and_can_be_refused(contract: dict[str, Any]) -> None:
    guarded = {key for key, operation in operations(contract) if operation.get("security")}
    assert guarded == {
        "DELETE /v1/sessions/{id}",
        "POST /v1/sessions/{id}/turns",
        "GET /v1/sessions/{id}/turns",
        "POST /v1/feedback",
    }
    for key, operation in operations(contract):
        assert ("401" in operation["responses"]) == (key in guarded), key


def test_everything_can_be_throttled_and_what_has_a_body_can_be_refused(
    contract: dict[str, Any],
) -> None:
    for key, operation in operations(contract):
        assert "429" in operation["responses"], key
        if "requestBody" in operation:
            assert {"400", "413", "415"} <= set(operation["responses"]), key


def test_every_status_of_a_problem_is_in_the_contract(contract: dict[str, Any]) -> None:
    documented = {
        status for _, operation in operations(contract) for status in operation["responses"]
    }
    assert {str(problem.status) for problem in PROBLEMS.values()} <= documented


def test_problems_in_examples_are_the_ones_that_are_sent(contract: dict[str, Any]) -> None:
    kinds = {f"urn:sangdam:problem:{code.replace('_', '-')}": code for code in PROBLEMS}
    shown = set()
    for name, answer in contract["components"]["responses"].items():
        media = answer["content"]["application/problem+json"]
        for language, example in media.get("examples", {}).items():
            problem = PROBLEMS[kinds[example["value"]["type"]]]
            code = "ko" if language == "korean" else "en"
            assert example["value"]["title"] == problem.title[code], name  # type: ignore[index]
            assert example["value"]["detail"] == problem.detail[code], name  # type: ignore[index]
            assert example["value"]["status"] == problem.status, name
            shown.add(language)
    assert shown == {"korean", "english"}


def test_limits_in_the_contract_are_those_of_the_code(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    assert schemas["SendMessage"]["properties"]["text"]["maxLength"] == TEXT_LIMIT
    assert schemas["WebhookMessage"]["properties"]["message"]["maxLength"] == TEXT_LIMIT
    message_id = schemas["MessageId"]
    for text in ("m-1", "a" * 128, "A.b_c:d-9"):
        assert re.fullmatch(MESSAGE_ID, text)
        assert schema(contract, message_id).is_valid(text)
    for text in ("", "a" * 129, "a b", "한글", "m/1"):
        assert not re.fullmatch(MESSAGE_ID, text)
        assert not schema(contract, message_id).is_valid(text)


def test_bodies_may_have_exactly_the_fields_that_are_read(contract: dict[str, Any]) -> None:
    adapters = ROOT / "layers" / "adapters" / "python" / "sangdam_adapters"
    read = {
        frozenset(re.findall(r'"(\w+)"', names))
        for file in ("http_chat.py", "http_feedback.py")
        for names in re.findall(r"fields\.only\(([^)]*)\)", (adapters / file).read_text("utf-8"))
    }
    described = set()
    for _, operation in operations(contract):
        for media in operation.get("requestBody", {}).get("content", {}).values():
            body = resolved(contract, media["schema"])
            assert body["additionalProperties"] is False
            described.add(frozenset(body["properties"]))
    assert described == read


def test_a_message_is_a_text_or_a_quick_reply(contract: dict[str, Any]) -> None:
    message = schema(contract, contract["components"]["schemas"]["SendMessage"])
    assert message.is_valid({"message_id": "1", "text": "안녕하세요"})
    assert message.is_valid({"message_id": "1", "quick_reply": "intent/thanks"})
    for wrong in (
        {"message_id": "1"},
        {"text": "안녕하세요"},
        {"message_id": "1", "text": "a", "quick_reply": "b"},
        {"message_id": "1", "text": ""},
        {"message_id": "1", "text": " \n"},
        {"message_id": "1", "text": "a" * (TEXT_LIMIT + 1)},
        {"message_id": 1, "text": "a"},
        {"message_id": "1", "txet": "a"},
    ):
        assert not message.is_valid(wrong), wrong


def test_cors_lets_pages_send_what_the_contract_asks_for(template: Template) -> None:
    assert template.cors.origins == ()
    assert set(template.cors.methods) == {"GET", "POST", "DELETE"}
    assert set(template.cors.headers) == {"authorization", "content-type"}
    assert set(template.cors.exposed) == {"retry-after"}
