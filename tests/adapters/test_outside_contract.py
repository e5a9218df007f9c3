"""Adapters of the port ``Outside``: whatever is at the far end, an answer or an OutsideError."""

from __future__ import annotations

import io
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.response import StreamingBody
from moto import mock_aws

from infra.examples.receiver import SECONDS as OLD
from infra.examples.receiver import Receiver
from sangdam.backoffice.outgoing import signed
from sangdam.ports import OutsideAnswer, OutsideError
from sangdam_adapters import stores
from sangdam_adapters.http_outside import LIMIT, HttpOutside
from sangdam_adapters.lambda_outside import LambdaOutside, lambda_client
from sangdam_adapters.outside import AnyOutside
from sangdam_adapters.settings import Address
from sangdam_adapters.sns_outside import SnsOutside, sns_client
from scripts.local.intrinsics import REGION
from tests.adapters.wire import answered, cut_off, refusal, unreachable

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_sns.client import SNSClient

SECRET = "change-me"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BODY = json.dumps({"action": "crm.lookup", "reference": "X1122-7F3K2"}).encode()


# HTTP: against the example that infra/own-systems.md tells teams to begin with


class Work:
    """The team's system: counts what it has done."""

    def __init__(self) -> None:
        self.done: list[dict[str, Any]] = []
        self.lasts = 0.0

    def __call__(self, request: dict[str, Any]) -> dict[str, Any]:
        time.sleep(self.lasts)
        self.done.append(request)
        return {"outcome": "accepted", "fields": {"number": str(len(self.done))}}


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def url(work: Work) -> Iterator[str]:
    with Receiver(("127.0.0.1", 0), secret=SECRET, work=work, clock=NOW.timestamp) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/hooks?bot=shop"
        finally:
            server.shutdown()
            thread.join()


def send(url: str, *, seconds: float = 5, body: bytes = BODY, **changes: Any) -> OutsideAnswer:
    values = {"secret": SECRET, "at": NOW, "key": "k1", **changes}
    return HttpOutside().call(url, body, headers=signed(body, **values), seconds=seconds)


def test_a_genuine_request_is_answered(url: str, work: Work) -> None:
    answer = send(url)
    assert answer.status == 200
    assert json.loads(answer.body) == {"outcome": "accepted", "fields": {"number": "1"}}
    assert work.done == [json.loads(BODY)]


def test_a_repeated_key_is_answered_alike_and_nothing_done_twice(url: str, work: Work) -> None:
    assert send(url) == send(url)
    assert len(work.done) == 1
    assert send(url, key="k2") != send(url)
    assert len(work.done) == 2


def test_a_key_that_comes_twice_at_once_is_done_once(url: str, work: Work) -> None:
    work.lasts = 0.05
    answers: list[OutsideAnswer] = []
    threads = [threading.Thread(target=lambda: answers.append(send(url))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(work.done) == 1
    assert len(set(answers)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": "another"},
        {"at": datetime.fromtimestamp(NOW.timestamp() - OLD - 1, UTC)},
        {"at": datetime.fromtimestamp(NOW.timestamp() + OLD + 1, UTC)},
    ],
)
def test_a_forged_or_old_request_is_refused(url: str, work: Work, changes: dict[str, Any]) -> None:
    assert send(url, **changes).status == 401
    assert work.done == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sangdam-Timestamp": "1795338000"},
        {"Sangdam-Timestamp": "1795338000", "Sangdam-Signature": "v1=é"},
        {"Sangdam-Timestamp": "²", "Sangdam-Signature": "v1="},
        {"Sangdam-Timestamp": "9" * 400, "Sangdam-Signature": "v1="},
        {"Sangdam-Timestamp": "1795338000", "Sangdam-Signature": "0" * 64},
    ],
)
def test_a_request_without_a_proof_is_refused(
    url: str, work: Work, headers: dict[str, str]
) -> None:
    assert HttpOutside().call(url, BODY, headers=headers, seconds=5).status == 401
    assert work.done == []


def test_a_request_without_a_key_is_refused(url: str, work: Work) -> None:
    assert send(url, key="").status == 400
    assert work.done == []


@pytest.mark.parametrize("length", ["x", "-1", "999999999", "65537", "1e3"])
def test_a_length_that_cannot_be_is_refused_at_once(url: str, work: Work, length: str) -> None:
    host, port = url.removeprefix("http://").partition("/")[0].split(":")
    with closing(socket.create_connection((host, int(port)), timeout=5)) as line:
        line.sendall(f"POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
        assert line.recv(65536).split()[1] == b"413"
    assert send(url).status == 200


def test_headers_may_come_in_any_case(url: str, work: Work) -> None:
    headers = signed(BODY, secret=SECRET, at=NOW, key="k1")
    small = {name.lower(): value for name, value in headers.items()}
    assert HttpOutside().call(url, BODY, headers=small, seconds=5).status == 200


def test_a_genuine_request_that_is_no_json_is_refused(url: str, work: Work) -> None:
    assert send(url, body=b"{").status == 400
    assert work.done == []


def test_work_that_fails_is_told_and_may_be_tried_again(url: str, work: Work) -> None:
    troubles: list[Exception] = [RuntimeError("the database is away")]

    def sometimes(request: dict[str, Any]) -> dict[str, Any]:
        if troubles:
            raise troubles.pop()
        return work(request)

    genuine = signed(BODY, secret=SECRET, at=NOW, key="k")
    with Receiver(("127.0.0.1", 0), secret=SECRET, work=sometimes, clock=NOW.timestamp) as server:
        assert server.answer(BODY, genuine)[0] == 503
        assert server.answer(BODY, genuine)[0] == 200
    assert len(work.done) == 1


def test_an_answer_that_takes_too_long_is_none(url: str, work: Work) -> None:
    work.lasts = 0.4
    with pytest.raises(OutsideError, match=r"no answer in 0\.1 seconds"):
        send(url, seconds=0.1)


def test_nobody_there_is_told_without_the_query(url: str) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(OutsideError) as told:
        send(f"http://127.0.0.1:{port}/x?token=secret")
    assert f"127.0.0.1:{port}" in str(told.value)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "address",
    ["https://", "https://127.0.0.1:99999/", "https://127.0.0.1:x/", "http://가..나/", "http://["],
)
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(OutsideError):
        HttpOutside().call(address, b"", headers={}, seconds=0.2)


@contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that says whatever it likes to the first who calls."""
    with closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def serve() -> None:
            line, _ = server.accept()
            with closing(line):
                line.settimeout(5)
                line.recv(65536)
                try:
                    talk(line)
                except OSError:
                    return  # whoever called has hung up

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            thread.join()


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"hello\r\n\r\n",
        HEAD + b"Content-Length: 9\r\n\r\n{}",
        HEAD + b"Content-Length: 300000\r\n\r\n" + b"x" * 300_000,
        HEAD + b"\r\n" + b"x" * (LIMIT + 1),
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        HEAD + b"X: y\r\n" * 200 + b"\r\n",
    ],
)
def test_what_is_no_whole_answer_is_none(said: bytes) -> None:
    with raw_server(lambda line: line.sendall(said)) as address, pytest.raises(OutsideError):
        HttpOutside().call(address, b"{}", headers={}, seconds=2)


@pytest.mark.parametrize(
    "said",
    [
        HEAD + b"Content-Length: 2\r\n\r\n{}",
        HEAD + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
        HEAD + b"\r\n{}",
        b"HTTP/1.0 200 OK\r\n\r\n{}",
        b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + b"Content-Length: 2\r\n\r\n{}",
    ],
)
def test_every_way_to_send_an_answer_is_read(said: bytes) -> None:
    with raw_server(lambda line: line.sendall(said)) as address:
        answer = HttpOutside().call(address, b"{}", headers={}, seconds=2)
    assert answer == OutsideAnswer(200, b"{}")


def test_the_longest_answer_is_read() -> None:
    body = b"x" * LIMIT
    said = HEAD + f"Content-Length: {LIMIT}\r\n\r\n".encode() + body
    with raw_server(lambda line: line.sendall(said)) as address:
        assert HttpOutside().call(address, b"", headers={}, seconds=5).body == body


def test_a_redirect_is_not_followed() -> None:
    said = b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with raw_server(lambda line: line.sendall(said)) as address:
        assert HttpOutside().call(address, b"", headers={}, seconds=2).status == 307


def test_an_answer_that_drips_is_not_waited_for_longer_than_the_time_out() -> None:
    def drip(line: socket.socket) -> None:
        line.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
        for _ in range(40):
            line.sendall(b" ")
            time.sleep(0.05)

    begun = time.monotonic()
    with raw_server(drip) as address, pytest.raises(OutsideError, match="no answer"):
        HttpOutside().call(address, b"", headers={}, seconds=0.3)
    assert time.monotonic() - begun < 5


# Lambda


@pytest.fixture
def region(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with mock_aws():
        yield


@pytest.fixture
def function(region: None) -> LambdaClient:
    return lambda_client(seconds=1)


def payload(body: bytes, **more: Any) -> tuple[int, dict[str, Any]]:
    stream = StreamingBody(io.BytesIO(body), len(body))
    return 200, {"StatusCode": 200, "Payload": stream, **more}


def invoke(client: LambdaClient) -> OutsideAnswer:
    headers = signed(BODY, secret=SECRET, at=NOW, key="k1")
    return LambdaOutside(client).call("lambda:crm", BODY, headers=headers, seconds=1)


def test_a_function_is_given_headers_and_body_and_answers_itself(function: LambdaClient) -> None:
    with answered(function, "Invoke", payload(b'{"outcome": "none"}')) as calls:
        assert invoke(function) == OutsideAnswer(200, b'{"outcome": "none"}')
    event = json.loads(calls[0])
    assert event["body"] == BODY.decode()
    assert event["headers"]["Idempotency-Key"] == "k1"
    assert set(event) == {"headers", "body"}


def test_a_function_that_raises_answers_500(function: LambdaClient) -> None:
    raised = payload(b'{"errorMessage": "no"}', FunctionError="Unhandled")
    with answered(function, "Invoke", raised):
        assert invoke(function).status == 500


def test_a_function_that_answers_too_much_answers_nothing(function: LambdaClient) -> None:
    with (
        answered(function, "Invoke", payload(b"x" * (LIMIT + 1))),
        pytest.raises(OutsideError, match="more than"),
    ):
        invoke(function)


@pytest.mark.parametrize(
    "trouble",
    [refusal("ResourceNotFoundException", status=404), refusal("AccessDeniedException"),
     refusal("TooManyRequestsException", status=429), cut_off(), unreachable()],
)  # fmt: skip
def test_a_function_out_of_reach_is_told_and_called_once(
    function: LambdaClient, trouble: object
) -> None:
    with (
        answered(function, "Invoke", trouble, payload(b"{}")) as calls,
        pytest.raises(OutsideError, match="lambda:crm"),
    ):
        invoke(function)
    assert len(calls) == 1


# SNS


@pytest.fixture
def topic(region: None) -> tuple[SNSClient, str, Callable[[], list[dict[str, Any]]]]:
    """A client, the address of a topic, and what its subscriber has been sent."""
    client = sns_client(seconds=1)
    arn = client.create_topic(Name="operators")["TopicArn"]
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName="mailbox")["QueueUrl"]
    name = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    client.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=name["Attributes"]["QueueArn"])

    def mailbox() -> list[dict[str, Any]]:
        got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        return [json.loads(one["Body"]) for one in got.get("Messages", [])]

    return client, f"sns:{arn}", mailbox


def a_notice(**changes: Any) -> bytes:
    notice = {
        "team": "ko", "urgent": False, "kind": "handoff", "bot": "shop", "open": "0a1b",
        "summary": "반품: 사유 단순 변심", "language": "ko",
        "at": "2026-11-22T09:00:00+00:00", "time_zone": "Asia/Seoul",
    }  # fmt: skip
    return json.dumps({**notice, **changes}).encode()


def test_a_notice_is_published_with_an_ascii_subject(topic: Any) -> None:
    client, address, mailbox = topic
    answer = SnsOutside(client).call(address, a_notice(), headers={}, seconds=1)
    assert answer.status == 200
    (mail,) = mailbox()
    assert mail["Subject"] == "[shop] A customer waits for a person"
    assert "내용: 반품: 사유 단순 변심" in mail["Message"]
    assert "2026-11-22 18:00" in mail["Message"]


def test_a_topic_that_is_no_more_is_told(topic: Any) -> None:
    client, address, _ = topic
    with pytest.raises(OutsideError, match="operators-gone"):
        SnsOutside(client).call(address + "-gone", a_notice(), headers={}, seconds=1)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", a_notice(at="soon"), a_notice(kind="party"), b"\xff"]
)
def test_what_is_no_notice_is_told_and_published_to_nobody(topic: Any, body: bytes) -> None:
    client, address, mailbox = topic
    with pytest.raises(OutsideError, match="cannot be told"):
        SnsOutside(client).call(address, body, headers={}, seconds=1)
    assert mailbox() == []


@pytest.mark.parametrize("trouble", [refusal("AuthorizationError", status=403), cut_off()])
def test_a_topic_out_of_reach_is_told_and_tried_once(topic: Any, trouble: object) -> None:
    client, address, _ = topic
    with (
        answered(client, "Publish", trouble) as calls,
        pytest.raises(OutsideError, match="operators"),
    ):
        SnsOutside(client).call(address, a_notice(), headers={}, seconds=1)
    assert len(calls) == 1


# All of them


def test_the_address_tells_which_adapter_calls(url: str, topic: Any, work: Work) -> None:
    _, address, mailbox = topic
    outside = AnyOutside()
    headers = signed(BODY, secret=SECRET, at=NOW, key="k1")
    assert outside.call(url, BODY, headers=headers, seconds=5).status == 200
    assert outside.call(address, a_notice(), headers={}, seconds=5).status == 200
    assert len(work.done) == len(mailbox()) == 1
    with pytest.raises(OutsideError, match="nothing here calls 'ftp:' addresses"):
        outside.call("ftp://example.com", b"", headers={}, seconds=5)


def test_a_partner_is_made_once_and_only_when_it_is_needed() -> None:
    make = stores.open_partner("secret", lambda text: None)
    assert make() is make()
    assert make().secret == "secret"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (Address("none", "", ""), None),
        (Address("sns", "arn:aws:sns:r:1:t", ""), "sns:arn:aws:sns:r:1:t"),
    ],
)
def test_the_setting_tells_who_is_told(address: Address, expected: str | None) -> None:
    assert stores.open_notify(address) == expected
    assert expected is None or re.match("sns:arn:", expected)
