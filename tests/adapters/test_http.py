"""From API Gateway's events to requests, and from whatever happens to an answer."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.ports import StorageUnavailableError
from sangdam.services.errors import UnknownBotError
from sangdam_adapters.http import Endpoint, Request, Response, read_request, serve, to_json
from sangdam_adapters.problems import BODY_LIMIT, ProblemError
from sangdam_adapters.telemetry import Telemetry

TELEMETRY = Telemetry("test")
ROUTE = "POST /v1/things"


def an_event(body: str | None = None, *, is_base64: bool = False, **headers: str) -> dict[str, Any]:
    """Return an event as API Gateway makes it; header names come lower-cased."""
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": ROUTE,
        "rawPath": "/v1/things",
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "requestContext": {"requestId": "r-1", "http": {"method": "POST", "path": "/v1/things"}},
        "isBase64Encoded": is_base64,
    }
    return event if body is None else {**event, "body": body}


def a_request(body: str | None = None, *, is_base64: bool = False, **headers: str) -> Request:
    return read_request(an_event(body, is_base64=is_base64, **headers))


def answered(endpoint: Endpoint, event: dict[str, Any] | None = None) -> dict[str, Any]:
    return serve(event or an_event("{}"), {ROUTE: endpoint}, telemetry=TELEMETRY)


def problem_of(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["headers"]["content-type"] == "application/problem+json; charset=utf-8"
    document: dict[str, Any] = json.loads(answer["body"])
    assert document["status"] == answer["statusCode"]
    return document


def code_of(request: Request) -> tuple[str, str]:
    with pytest.raises(ProblemError) as caught:
        request.body()
    return caught.value.code, caught.value.detail


def test_an_event_is_read_once() -> None:
    event = an_event('{"text": "안녕"}', authorization="Bearer t0ken")
    event |= {"pathParameters": {"id": "abc"}, "queryStringParameters": {"limit": "5"}}
    request = read_request(event)
    assert request.route == ROUTE
    assert request.path == {"id": "abc"}
    assert request.query == {"limit": "5"}
    assert request.body() == {"text": "안녕"}
    assert request.token() == "t0ken"
    assert request.request_id == "r-1"


@pytest.mark.parametrize(
    "event", [{}, {"body": None}, {"headers": None, "pathParameters": None}, {"requestContext": {}}]
)
def test_an_event_with_nothing_in_it_is_still_answered(event: dict[str, Any]) -> None:
    answer = serve(event, {}, telemetry=TELEMETRY)
    assert problem_of(answer)["type"] == "urn:sangdam:problem:unknown-route"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "ko"),
        ("ko", "ko"),
        ("en", "en"),
        ("EN-us", "en"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"),
        ("ko;q=0.3, en;q=0.7", "en"),
        ("fr-FR, en;q=0.5", "en"),
        ("fr-FR,fr;q=0.9", "ko"),
        ("*", "ko"),
        ("kok-IN, en;q=0.1", "en"),
        ("tokelau, ven", "ko"),
        ("en;q=0", "ko"),
        ("en;q=high", "en"),
        (",,;;q=", "ko"),
    ],
)
def test_the_caller_is_answered_in_its_language(accepted: str, language: str) -> None:
    assert a_request(accept_language=accepted).language == language


@given(st.text(max_size=60))
def test_no_accepted_language_is_too_odd(accepted: str) -> None:
    assert a_request(accept_language=accepted).language in ("ko", "en")


@pytest.mark.parametrize("header", ["Bearer abc", "bearer abc", "BEARER  abc "])
def test_a_bearer_token_is_read(header: str) -> None:
    assert a_request(authorization=header).token() == "abc"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "abc", "Bearerabc"])
def test_no_bearer_token_is_a_problem(header: str) -> None:
    with pytest.raises(ProblemError, match="missing_token"):
        a_request(authorization=header).token()
    with pytest.raises(ProblemError, match="missing_token"):
        a_request().token()


def test_a_base64_body_is_the_same_body() -> None:
    encoded = base64.b64encode('{"text": "안녕"}'.encode()).decode()
    assert a_request(encoded, is_base64=True).body() == {"text": "안녕"}


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/vnd.x+json",
    ],
)
def test_json_is_taken_by_its_names(kind: str) -> None:
    assert a_request("{}", content_type=kind).body() == {}


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data", "json", ""]
)
def test_another_content_type_is_refused(kind: str) -> None:
    assert code_of(a_request("{}", content_type=kind))[0] == "unsupported_media"


@pytest.mark.parametrize(
    "body",
    [
        None, "", " ", "{", '{"a":}', "[]", "1", '"text"', "null", "true", "\ufeff{}", "{}{}",
        "NaN", '{"a": NaN}', '{"a": -Infinity}', "{'a': 1}", '{"a": 1,}', '{"a": "\n"}',
        "[" * 30_000, '{"a":' * 10_000, '{"a": ' + "9" * 5000 + "}", "\ud800",
    ],
    ids=lambda body: repr(body)[:20],
)  # fmt: skip
def test_what_is_no_json_object_is_refused(body: str | None) -> None:
    assert code_of(a_request(body))[0] == "invalid_json"


@pytest.mark.parametrize("body", ["!!!", "안녕", "e30=\n\x00", "e"])
def test_a_body_that_is_not_base64_is_refused(body: str) -> None:
    assert code_of(a_request(body, is_base64=True))[0] == "invalid_json"


def test_where_the_json_broke_is_said() -> None:
    assert code_of(a_request('{\n"a": 1,\n"b"')) == ("invalid_json", "(line 3)")
    broken = base64.b64encode(b'{"text": "\xff"}').decode()
    assert code_of(a_request(broken, is_base64=True)) == ("invalid_json", "(UTF-8)")


def test_a_body_may_have_as_many_bytes_as_the_limit_and_no_more() -> None:
    room = BODY_LIMIT - len('{"a":""}')
    assert a_request(f'{{"a":"{"x" * room}"}}').body()
    assert code_of(a_request(f'{{"a":"{"x" * (room + 1)}"}}'))[0] == "too_large"
    korean = "가" * (BODY_LIMIT // 3)
    assert code_of(a_request(f'{{"a":"{korean}"}}'))[0] == "too_large"


def test_an_answer_is_json_that_nobody_keeps() -> None:
    answer = answered(lambda request: Response(201, {"text": "안녕"}))
    assert answer == {
        "statusCode": 201,
        "headers": {"content-type": "application/json; charset=utf-8", "cache-control": "no-store"},
        "body": '{"text":"안녕"}',
    }


def test_an_answer_may_have_no_body() -> None:
    answer = answered(lambda request: Response(204, headers={"x-more": "1"}))
    assert answer["statusCode"] == 204
    assert answer["body"] == ""
    assert answer["headers"] == {"cache-control": "no-store", "x-more": "1"}


def raising(error: Exception) -> Endpoint:
    def endpoint(request: Request) -> Response:
        raise error

    return endpoint


def test_a_refusal_of_a_service_becomes_its_problem() -> None:
    event = an_event("{}", accept_language="en")
    answer = answered(raising(UnknownBotError("secret inner words")), event)
    assert problem_of(answer) == {
        "type": "urn:sangdam:problem:unknown-bot",
        "title": "The bot does not exist",
        "status": 404,
        "detail": "Check the bot's name. GET /v1/health lists the bots there are.",
    }
    assert answer["headers"]["content-language"] == "en"
    assert "secret" not in answer["body"]


def test_storage_out_of_reach_says_when_to_come_again() -> None:
    answer = answered(raising(StorageUnavailableError("dynamodb://table: gone")))
    assert answer["statusCode"] == 503
    assert answer["headers"]["retry-after"] == "2"
    assert "dynamodb" not in answer["body"]


def test_a_missing_token_says_how_to_authenticate() -> None:
    answer = answered(raising(ProblemError("missing_token")))
    assert answer["statusCode"] == 401
    assert answer["headers"]["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("error", [ValueError("inner"), KeyError("inner"), RecursionError("inner")])
def test_whatever_else_happens_is_told_without_its_insides(error: Exception) -> None:
    answer = answered(raising(error))
    assert problem_of(answer)["type"] == "urn:sangdam:problem:internal"
    assert "inner" not in answer["body"]
    assert "Traceback" not in answer["body"]


def test_an_unknown_route_is_a_problem_too() -> None:
    event = {**an_event("{}"), "routeKey": "$default"}
    assert problem_of(serve(event, {}, telemetry=TELEMETRY))["status"] == 404


@given(st.recursive(st.none() | st.booleans() | st.text() | st.integers(), st.lists))
def test_what_goes_out_is_utf_8_and_reads_back(value: Any) -> None:
    text = to_json(value)
    assert json.loads(text.encode("utf-8")) == value
    assert to_json(value) == text


@given(st.text(), st.booleans(), st.dictionaries(st.text(), st.text(), max_size=4))
def test_no_event_makes_reading_fail(body: str, is_base64: bool, headers: dict[str, str]) -> None:
    event = {**an_event(body, is_base64=is_base64), "headers": headers}
    answer = answered(lambda request: Response(200, request.body()), event)
    assert answer["statusCode"] in (200, 400, 413, 415)
