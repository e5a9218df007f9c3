"""The local gateway speaks as API Gateway's HTTP APIs and Lambda's invoke call do."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from boto3.session import Session
from hypothesis import given
from hypothesis import strategies as st

from scripts.local.events import BadAnswerError, Request, event_of, response_of
from scripts.local.gateway import MAX_BODY, MAX_PAYLOAD, Gateway, GatewayServer
from scripts.local.invoke import (
    FunctionFailedError,
    InProcess,
    OwnProcess,
    import_handler,
)
from scripts.local.routes import find_route
from scripts.local.template import Cors, FunctionSpec, Route, Template

NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
FUNCTION = FunctionSpec(
    logical_id="Talk",
    name="talk",
    folder=Path("functions/talk"),
    handler="app.handler",
    timeout=30,
    memory=512,
    environment={},
    is_scheduled=False,
)
ROUTES = (
    Route("POST", "/rooms/{id}/words", "Talk"),
    Route("GET", "/rooms/{id}", "Talk"),
    Route("GET", "/rooms/mine", "Talk"),
    Route("ANY", "/files/{path+}", "Talk"),
    Route("GET", "/", "Talk"),
)
CORS = Cors(
    origins=("https://shop.example",),
    methods=("GET", "POST"),
    headers=("authorization",),
    exposed=("retry-after",),
    max_age=600,
)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer as a client sees it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Site:
    """A running gateway whose one function does what the test says."""

    def __init__(self, server: GatewayServer, log: list[str]) -> None:
        self.url = server.url
        self.log = log
        self.connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        self.connection.request(method, path, body=body, headers=dict(headers or {}))
        response = self.connection.getresponse()
        pairs = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, pairs, response.read())


@contextmanager
def site(
    handler: Callable[[Any, Any], Any],
    *,
    cors: Cors | None = None,
    routes: tuple[Route, ...] = ROUTES,
    function: FunctionSpec = FUNCTION,
) -> Iterator[Site]:
    log: list[str] = []
    template = Template((function,), routes, (), (), cors=cors or Cors())
    server = GatewayServer(("127.0.0.1", 0), log=log.append)
    gateway = Gateway(
        template, {"Talk": InProcess(function, handler)}, now=lambda: NOW, log=log.append
    )
    server.serve(gateway)
    served = Site(server, log)
    try:
        yield served
    finally:
        served.connection.close()
        server.stop()


def echo(event: Any, context: Any) -> Any:
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(event),
    }


def test_a_request_becomes_a_payload_of_format_2() -> None:
    with site(echo) as served:
        event = served.send(
            "POST",
            "/rooms/%EA%B1%B0%EC%8B%A4/words?lang=ko&tag=a&tag=b&empty=",
            body='{"text": "안녕"}'.encode(),
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Cookie": "a=1; b=2",
                "User-Agent": "test",
                "X-Thing": "one",
            },
        ).json
    assert event["version"] == "2.0"
    assert event["routeKey"] == "POST /rooms/{id}/words"
    assert event["rawPath"] == "/rooms/거실/words"
    assert event["rawQueryString"] == "lang=ko&tag=a&tag=b&empty="
    assert event["queryStringParameters"] == {"lang": "ko", "tag": "a,b", "empty": ""}
    assert event["pathParameters"] == {"id": "거실"}
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]
    assert event["headers"]["x-thing"] == "one"
    assert event["headers"]["x-forwarded-for"] == "127.0.0.1"
    assert json.loads(event["body"]) == {"text": "안녕"}
    assert event["isBase64Encoded"] is False
    context = event["requestContext"]
    assert context["http"]["method"] == "POST"
    assert context["http"]["path"] == "/rooms/거실/words"
    assert context["http"]["sourceIp"] == "127.0.0.1"
    assert context["http"]["userAgent"] == "test"
    assert context["time"] == "22/Nov/2026:01:02:03 +0000"
    assert context["timeEpoch"] == 1795309323000
    assert context["stage"] == "$default"
    assert len(context["requestId"]) == 36


def test_what_a_request_lacks_is_not_in_its_event() -> None:
    with site(echo) as served:
        event = served.send("GET", "/").json
    absent = {"body", "cookies", "queryStringParameters", "pathParameters"}
    assert absent.isdisjoint(event)
    assert event["rawQueryString"] == ""


def test_a_header_sent_twice_is_joined_by_a_comma() -> None:
    with site(echo) as served:
        netloc = urlsplit(served.url)
        with socket.create_connection((netloc.hostname, netloc.port), timeout=20) as raw:
            raw.sendall(
                b"GET / HTTP/1.1\r\nHost: x\r\nX-A: one\r\nx-a: two\r\nConnection: close\r\n\r\n"
            )
            received = b"".join(iter(lambda: raw.recv(65536), b""))
    assert json.loads(received.partition(b"\r\n\r\n")[2])["headers"]["x-a"] == "one,two"


@pytest.mark.parametrize(
    ("content_type", "is_text"),
    [
        ("application/json", True),
        ("text/plain; charset=utf-8", True),
        ("application/xml", True),
        ("application/x-www-form-urlencoded", False),
        ("application/octet-stream", False),
        ("", False),
    ],
)
def test_a_body_is_text_only_for_the_types_api_gateway_knows(
    content_type: str, is_text: bool
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    with site(echo) as served:
        event = served.send("POST", "/rooms/1/words", body="글=1".encode(), headers=headers).json
    assert event["isBase64Encoded"] is not is_text
    text = event["body"] if is_text else base64.b64decode(event["body"]).decode()
    assert text == "글=1"


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("GET", "/rooms/mine", "GET /rooms/mine"),
        ("GET", "/rooms/yours", "GET /rooms/{id}"),
        ("DELETE", "/files/a/b/c", "ANY /files/{path+}"),
        ("GET", "/", "GET /"),
    ],
)
def test_the_most_specific_route_answers(method: str, path: str, key: str) -> None:
    match = find_route(ROUTES, method=method, path=path)
    assert match is not None
    assert match.route.key == key


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/rooms/1"),
        ("GET", "/rooms/"),
        ("GET", "/rooms/1/"),
        ("GET", "/rooms/1/words/2"),
        ("GET", "/files/"),
        ("GET", "/nowhere"),
    ],
)
def test_what_no_route_fits_is_not_found(method: str, path: str) -> None:
    with site(echo) as served:
        answer = served.send(method, path)
    assert (answer.status, answer.json) == (404, {"message": "Not Found"})


def test_a_default_route_takes_the_rest() -> None:
    routes = (*ROUTES, Route("ANY", "$default", "Talk"))
    with site(echo, routes=routes) as served:
        assert served.send("PUT", "/any/where").json["routeKey"] == "$default"
        assert served.send("GET", "/rooms/1").json["routeKey"] == "GET /rooms/{id}"


@given(st.text(), st.sampled_from(["GET", "POST", "OPTIONS"]))
def test_any_path_finds_a_route_or_none(path: str, method: str) -> None:
    match = find_route(ROUTES, method=method, path="/" + path)
    assert match is None or match.route in ROUTES


@given(st.binary(max_size=200), st.text(max_size=50))
def test_any_request_makes_an_event_that_is_json(body: bytes, target: str) -> None:
    match = find_route([Route("ANY", "$default", "Talk")], method="GET", path="/")
    assert match is not None
    request = Request("GET", "/" + target, {"content-type": "application/json"}, body, "::1")
    event = event_of(request, match, request_id="r", now=NOW)
    assert json.loads(json.dumps(event)) == event


def test_an_answer_is_sent_as_the_function_gave_it() -> None:
    def handler(event: Any, context: Any) -> Any:
        return {
            "statusCode": 201,
            "headers": {"Content-Type": "application/json", "X-Count": 3, "Content-Length": "999"},
            "cookies": ["a=1; HttpOnly"],
            "body": '{"text": "안녕"}',
        }

    with site(handler) as served:
        answer = served.send("GET", "/")
    assert answer.status == 201
    assert answer.json == {"text": "안녕"}
    assert answer.headers["x-count"] == "3"
    assert answer.headers["set-cookie"] == "a=1; HttpOnly"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert len(answer.headers["apigw-requestid"]) == 36


def test_an_answer_in_base64_is_sent_as_bytes() -> None:
    picture = bytes(range(256))

    def handler(event: Any, context: Any) -> Any:
        return {
            "statusCode": 200,
            "headers": {"content-type": "image/png"},
            "body": base64.b64encode(picture).decode(),
            "isBase64Encoded": True,
        }

    with site(handler) as served:
        assert served.send("GET", "/").body == picture


def test_an_answer_without_a_status_is_json() -> None:
    with site(lambda event, context: {"good": True}) as served:
        answer = served.send("GET", "/")
    assert (answer.status, answer.json) == (200, {"good": True})
    assert answer.headers["content-type"] == "application/json"


def test_an_answer_without_a_content_type_is_plain_text() -> None:
    with site(lambda event, context: {"statusCode": 200, "body": "hi"}) as served:
        assert served.send("GET", "/").headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "answer",
    [
        {"statusCode": "many"},
        {"statusCode": 42},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "body": "%%%", "isBase64Encoded": True},
        {"statusCode": 200, "headers": ["x"]},
        {"statusCode": 200, "headers": {"x": "a\r\nset-cookie: b"}},
        {"statusCode": 200, "headers": {"x": "안녕"}},
    ],
)
def test_an_answer_that_cannot_be_sent_is_refused(answer: Any) -> None:
    with pytest.raises(BadAnswerError):
        response_of(answer)
    with site(lambda event, context: answer) as served:
        sent = served.send("GET", "/")
        assert (sent.status, sent.json) == (500, {"message": "Internal Server Error"})
        assert "cannot be sent" in served.log[0]


def test_a_handler_that_raises_is_a_500_and_leaves_its_traceback_in_the_log() -> None:
    def handler(event: Any, context: Any) -> Any:
        raise ValueError("something private")

    with site(handler) as served:
        answer = served.send("GET", "/rooms/1")
        assert (answer.status, answer.json) == (500, {"message": "Internal Server Error"})
        (told,) = served.log
        assert told.startswith("GET /rooms/1 (Talk): ValueError: something private")
        assert "Traceback" in told
        assert served.send("GET", "/rooms/1").status == 500  # the connection lives on


def test_an_answer_that_is_no_json_is_a_500() -> None:
    with site(lambda event, context: {"statusCode": 200, "body": b"bytes"}) as served:
        assert served.send("GET", "/").status == 500


def test_a_function_is_told_of_its_invocation() -> None:
    def handler(event: Any, context: Any) -> Any:
        assert 0 < context.get_remaining_time_in_millis() <= 30_000
        return [
            context.function_name,
            context.memory_limit_in_mb,
            context.invoked_function_arn,
            len(context.aws_request_id),
        ]

    with site(handler) as served:
        arn = "arn:aws:lambda:ap-northeast-2:123456789012:function:talk"
        assert served.send("GET", "/").json == ["talk", 512, arn, 36]


def test_one_connection_carries_many_requests() -> None:
    with site(echo) as served:
        served.send("GET", "/")
        first = served.connection.sock
        for number in range(5):
            assert served.send("GET", f"/rooms/{number}").status == 200
        assert served.connection.sock is first


def test_requests_are_answered_side_by_side() -> None:
    both_here = threading.Barrier(2, timeout=20)

    def handler(event: Any, context: Any) -> Any:
        both_here.wait()  # breaks if the second request has to wait for the first
        return {"statusCode": 200}

    with site(handler) as served:
        other = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=20)
        statuses: list[int] = []

        def ask() -> None:
            other.request("GET", "/")
            statuses.append(other.getresponse().status)

        thread = threading.Thread(target=ask)
        thread.start()
        statuses.append(served.send("GET", "/").status)
        thread.join()
        other.close()
    assert statuses == [200, 200]


def test_a_body_over_ten_megabytes_is_refused() -> None:
    with site(echo) as served:
        answer = served.send("POST", "/rooms/1/words", body=b"x" * (MAX_BODY + 1))
        assert (answer.status, answer.json) == (413, {"message": "Request Entity Too Large"})
        assert served.send("GET", "/").status == 200


def test_a_chunked_body_is_put_together() -> None:
    with site(echo) as served:
        served.connection.request(
            "POST",
            "/rooms/1/words",
            body=iter([b'{"te', b'xt": 1}']),
            headers={"content-type": "application/json"},
            encode_chunked=True,
        )
        assert json.loads(json.load(served.connection.getresponse())["body"]) == {"text": 1}


@pytest.mark.parametrize("length", ["-1", "ten", "1e3", "1,1"])
def test_a_length_that_is_no_number_is_a_bad_request(length: str) -> None:
    with site(echo) as served:
        answer = served.send("POST", "/rooms/1/words", headers={"content-length": length})
    assert answer.status == 400


def test_a_client_that_goes_away_harms_nobody() -> None:
    with site(echo) as served:
        netloc = urlsplit(served.url)
        with socket.create_connection((netloc.hostname, netloc.port), timeout=20) as raw:
            raw.sendall(b"POST /rooms/1/words HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
        assert served.send("GET", "/").status == 200
        assert served.log == []


def test_a_preflight_of_an_allowed_origin_is_told_what_is_allowed() -> None:
    asked = {"origin": "https://shop.example", "access-control-request-method": "POST"}
    with site(echo, cors=CORS) as served:
        answer = served.send("OPTIONS", "/rooms/1/words", headers=asked)
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"
    assert answer.headers["access-control-allow-methods"] == "GET,POST"
    assert answer.headers["access-control-allow-headers"] == "authorization"
    assert answer.headers["access-control-max-age"] == "600"


def test_a_preflight_of_another_origin_is_told_nothing() -> None:
    asked = {"origin": "https://other.example", "access-control-request-method": "POST"}
    with site(echo, cors=CORS) as served:
        answer = served.send("OPTIONS", "/rooms/1/words", headers=asked)
    assert answer.status == 204
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_without_cors_a_preflight_is_just_a_request_nobody_answers() -> None:
    asked = {"origin": "https://shop.example", "access-control-request-method": "POST"}
    with site(echo) as served:
        assert served.send("OPTIONS", "/rooms/1/words", headers=asked).status == 404


def test_an_answer_carries_the_apis_cors_headers_and_not_the_functions() -> None:
    def handler(event: Any, context: Any) -> Any:
        return {"statusCode": 200, "headers": {"access-control-allow-origin": "*"}}

    with site(handler, cors=CORS) as served:
        allowed = served.send("GET", "/", headers={"origin": "https://shop.example"})
        other = served.send("GET", "/", headers={"origin": "https://other.example"})
        missing = served.send("GET", "/nowhere", headers={"origin": "https://shop.example"})
    assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
    assert allowed.headers["access-control-expose-headers"] == "retry-after"
    assert "https://other.example" not in other.headers.values()
    assert missing.headers["access-control-allow-origin"] == "https://shop.example"


def test_every_origin_may_be_allowed() -> None:
    with site(echo, cors=replace(CORS, origins=("*",))) as served:
        answer = served.send("GET", "/", headers={"origin": "https://other.example"})
    assert answer.headers["access-control-allow-origin"] == "*"


def lambda_client(served: Site) -> Any:
    session = Session("local", "local", region_name="ap-northeast-2")
    return session.client("lambda", endpoint_url=served.url)


def test_a_function_is_invoked_through_boto3_by_name_or_arn() -> None:
    with site(lambda event, context: {"heard": event["text"]}) as served:
        client = lambda_client(served)
        for name in ("talk", "talk:$LATEST", FUNCTION.arn):
            answer = client.invoke(FunctionName=name, Payload='{"text": "안녕"}'.encode())
            assert answer["StatusCode"] == 200
            assert "FunctionError" not in answer
            assert json.loads(answer["Payload"].read()) == {"heard": "안녕"}


def test_a_function_that_fails_says_so_to_boto3() -> None:
    def handler(event: Any, context: Any) -> Any:
        raise KeyError("text")

    with site(handler) as served:
        answer = lambda_client(served).invoke(FunctionName="talk", Payload=b"{}")
        told = json.loads(answer["Payload"].read())
    assert answer["FunctionError"] == "Unhandled"
    assert (told["errorType"], told["errorMessage"]) == ("KeyError", "'text'")


def test_an_unknown_function_is_not_found() -> None:
    with site(echo) as served:
        client = lambda_client(served)
        with pytest.raises(client.exceptions.ResourceNotFoundException, match="walk"):
            client.invoke(FunctionName="walk")


def test_an_invocation_nobody_waits_for_still_runs() -> None:
    ran = threading.Event()
    with site(lambda event, context: ran.set()) as served:
        answer = lambda_client(served).invoke(FunctionName="talk", InvocationType="Event")
        assert answer["StatusCode"] == 202
        assert ran.wait(timeout=20)


def test_an_answer_too_large_for_lambda_is_an_error() -> None:
    with site(lambda event, context: "x" * (MAX_PAYLOAD + 1)) as served:
        answer = lambda_client(served).invoke(FunctionName="talk", Payload=b"{}")
        assert json.loads(answer["Payload"].read())["errorType"] == "Function.ResponseSizeTooLarge"
        assert served.send("GET", "/").status == 500


def test_a_page_in_a_browser_may_not_invoke_functions() -> None:
    with site(echo) as served:
        path = "/2015-03-31/functions/talk/invocations"
        answer = served.send("POST", path, body=b"{}", headers={"origin": "https://bad.example"})
    assert answer.status == 404


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str], OwnProcess]:
    """Make a function that runs in a process of its own from the body of its handler."""

    def make(body: str, *, timeout: int = 30) -> OwnProcess:
        folder = tmp_path / "apart"
        folder.mkdir()
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        source = f"import os, sys, time\ndef handler(event, context):\n{lines}"
        (folder / "app.py").write_text(source, "utf-8")
        function = replace(FUNCTION, folder=Path("apart"), timeout=timeout)
        environment = {"PYTHONPATH": str(tmp_path), "COLOUR": "blue"}
        return OwnProcess(function, environment=environment, log=tmp_path / "log")

    return make


def test_a_function_in_its_own_process_has_its_own_settings(
    own: Callable[[str], OwnProcess], tmp_path: Path
) -> None:
    run = own('print("to the log")\nreturn [os.environ["COLOUR"], event, context.function_name]')
    assert run({"text": "안녕"}) == ["blue", {"text": "안녕"}, "talk"]
    assert (tmp_path / "log").read_text("utf-8") == "to the log\n"


def test_a_failure_in_its_own_process_is_told(own: Callable[[str], OwnProcess]) -> None:
    with pytest.raises(FunctionFailedError, match="ValueError: too blue") as failed:
        own('raise ValueError("too blue")')({})
    assert any("app.py" in line for line in failed.value.trace)


def test_a_process_that_dies_is_told(own: Callable[[str], OwnProcess]) -> None:
    with pytest.raises(FunctionFailedError, match="Runtime exited with error: exit status 7"):
        own("os._exit(7)")({})


def test_a_process_that_takes_too_long_is_ended(own: Callable[..., OwnProcess]) -> None:
    run = own("time.sleep(600)", timeout=1)
    with pytest.raises(FunctionFailedError, match=r"Task timed out after 1\.00 seconds"):
        run({})


def test_a_process_at_work_is_ended_with_the_service(
    own: Callable[[str], OwnProcess],
) -> None:
    run = own("time.sleep(600)")
    failures: list[FunctionFailedError] = []

    def invoke() -> None:
        try:
            run({})
        except FunctionFailedError as error:
            failures.append(error)

    thread = threading.Thread(target=invoke)
    thread.start()
    while thread.is_alive():
        run.close()
        thread.join(timeout=0.01)
    assert failures[0].kind == "Runtime.ExitError"


def test_a_function_that_cannot_be_imported_is_named() -> None:
    with pytest.raises(FunctionFailedError, match=r"Unable to import nowhere.app.handler"):
        import_handler(replace(FUNCTION, folder=Path("nowhere")))
