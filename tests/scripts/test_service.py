"""The whole local service: functions, stores and gateway, started and stopped as one."""

from __future__ import annotations

import http.client
import json
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from boto3.session import Session

from scripts.local.running import Running, announced, find_running
from scripts.local.service import Service, ServiceError, serve

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Speaker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: speaking
      Handler: app.handler
      Timeout: 20
      Environment:
        Variables: { NOTES: !Ref Notes, VOICE: file:///opt/encoder }
      Events:
        Health: { Type: HttpApi, Properties: { Method: GET, Path: /v1/health } }
        Say: { Type: HttpApi, Properties: { Method: POST, Path: /notes } }
  Nightly:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: nights
      Handler: app.handler
      Timeout: 60
      Environment:
        Variables: { NOTES: !Ref Notes, VOICE: !Sub "lambda://${Speaker}" }
      Events:
        Night: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day) } }
  Notes:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }]
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
"""
SPEAKING = """
import os

from boto3.session import Session

def handler(event, context):
    if "requestContext" not in event:
        return {"spoken": event["text"].upper()}
    if event["rawPath"] == "/v1/health":
        return {"statusCode": 200, "body": "well"}
    item = {"pk": {"S": event["body"]}}
    Session().client("dynamodb").put_item(TableName=os.environ["NOTES"], Item=item)
    return {"statusCode": 201, "body": os.environ["VOICE"]}
"""
NIGHTS = """
import json, os

from boto3.session import Session

def handler(event, context):
    session = Session()
    name = os.environ["VOICE"].removeprefix("lambda://")
    notes = session.client("dynamodb").scan(TableName=os.environ["NOTES"])["Items"]
    text = json.dumps({"text": notes[0]["pk"]["S"]}).encode()
    answer = session.client("lambda").invoke(FunctionName=name, Payload=text)
    return {**json.loads(answer["Payload"].read()), "process": os.getpid()}
"""

Serving = Callable[..., AbstractContextManager[Service]]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of two functions."""
    (tmp_path / "template.yaml").write_text(TEMPLATE, "utf-8")
    for folder, source in (("speaking", SPEAKING), ("nights", NIGHTS)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "app.py").write_text(source, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for module in ("speaking", "speaking.app"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


@pytest.fixture
def serving(tree: Path) -> Serving:
    def start(**options: Any) -> AbstractContextManager[Service]:
        usual: dict[str, Any] = {"fill": lambda service: None, "log": lambda line: None}
        return serve(tree, **usual | options)

    return start


def ask(service: Service, method: str, path: str, body: str | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=20)
    connection.request(method, path, body=body, headers={"content-type": "text/plain"})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_functions_work_together_as_in_aws(serving: Serving, tree: Path) -> None:
    seen: list[str] = []
    with serving(access_log=seen.append, function_log=tree / "log") as service:
        assert ask(service, "POST", "/notes", "hi") == (201, f"file://{tree}/.cache/encoder")
        answer = (
            Session()
            .client("lambda", endpoint_url=service.url)
            .invoke(FunctionName="Nightly", Payload=b"{}")
        )
        night = json.loads(answer["Payload"].read())
    assert night["spoken"] == "HI"
    assert night["process"] != os.getpid()
    assert "201 POST /notes" in seen


def test_the_stores_are_filled_before_the_first_request(serving: Serving) -> None:
    def fill(service: Service) -> None:
        table, item = service.environment["NOTES"], {"pk": {"S": "filled"}}
        Session().client("dynamodb").put_item(TableName=table, Item=item)

    with serving(fill=fill) as service:
        notes = Session().client("dynamodb").scan(TableName=service.environment["NOTES"])["Items"]
    assert notes == [{"pk": {"S": "filled"}}]


def test_a_service_starts_empty_and_leaves_the_environment_as_it_was(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "of-mine")
    before = dict(os.environ)
    for _ in range(2):
        with serving() as service:
            assert "AWS_PROFILE" not in os.environ
            dynamodb = Session().client("dynamodb")
            assert dynamodb.scan(TableName=service.environment["NOTES"])["Count"] == 0
            ask(service, "POST", "/notes", "hi")
        assert dict(os.environ) == before


def test_a_port_that_is_taken_is_said_so(serving: Serving) -> None:
    with serving() as service:
        port = urlsplit(service.url).port
        with pytest.raises(ServiceError, match=rf"^Port {port} cannot be used .*--port"):
            serving(port=port).__enter__()


def test_a_port_that_is_none_is_said_so(serving: Serving) -> None:
    with pytest.raises(ServiceError, match=r"^Port 99999 cannot be used"):
        serving(port=99999).__enter__()


def test_a_function_that_cannot_start_is_named_with_its_traceback(
    serving: Serving, tree: Path
) -> None:
    (tree / "speaking/app.py").write_text("import no_such_thing\n", "utf-8")
    with pytest.raises(ServiceError, match=r"Speaker cannot start: .*no_such_thing[^$]*Traceback"):
        serving().__enter__()


def test_bad_health_is_told_with_what_was_answered(serving: Serving, tree: Path) -> None:
    source = "def handler(event, context):\n    return {'statusCode': 503, 'body': 'no bots'}\n"
    (tree / "speaking/app.py").write_text(source, "utf-8")
    with pytest.raises(ServiceError, match=r"does not report good health: 503 no bots"):
        serving().__enter__()


def running(pid: int) -> Running:
    return Running("http://127.0.0.1:1", "http://127.0.0.1:2", pid, {"NOTES": "notes"})


def test_a_running_service_is_found_until_it_stops(tmp_path: Path) -> None:
    here = running(os.getpid())
    assert find_running(tmp_path) is None
    with suppress(KeyboardInterrupt), announced(here, folder=tmp_path / ".cache"):
        assert find_running(tmp_path) == here
        raise KeyboardInterrupt
    assert find_running(tmp_path) is None


def test_a_service_that_died_is_not_found(tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    died = {"url": "a", "endpoint_url": "b", "pid": 2**22 + 1, "environment": {}}
    for text in (json.dumps(died), "{broken", "[]"):
        (tmp_path / ".cache/run.json").write_text(text, "utf-8")
        assert find_running(tmp_path) is None


def test_a_service_does_not_take_away_the_announcement_of_a_later_one(tmp_path: Path) -> None:
    later = running(os.getpid())
    with ExitStack() as stack:
        with announced(running(1), folder=tmp_path / ".cache"):
            stack.enter_context(announced(later, folder=tmp_path / ".cache"))
        assert find_running(tmp_path) == later
