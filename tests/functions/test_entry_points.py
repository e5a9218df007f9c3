"""Each function's app.py: nothing at import, everything set up at the first request."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from functions.chat import app as chat
from functions.encode import app as encode
from functions.feedback import app as feedback
from sangdam_adapters.settings import SettingsError
from tests.adapters.aws import ROOT
from tests.adapters.samples import START

WATCH = """
import os, sys

root = sys.argv[2]
violations = []
WATCHED = {
    "open", "os.listdir", "os.scandir", "subprocess.Popen", "socket.connect", "socket.getaddrinfo",
}

def ours(frame):
    # The first frame outside the import machinery: did our own code do this, not an import of it?
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib"):
            return None
        if name.startswith(root) and "/.venv/" not in name:
            return f"{name}:{frame.f_lineno}"
        frame = frame.f_back
    return None

def watch(event, arguments):
    if event in WATCHED and (place := ours(sys._getframe(1))):
        violations.append(f"{event} {arguments[:1]} at {place}")

class Environment(dict):
    def __getitem__(self, name):
        self.note(name)
        return super().__getitem__(name)
    def get(self, name, default=None):
        self.note(name)
        return super().get(name, default)
    def __contains__(self, name):
        self.note(name)
        return super().__contains__(name)
    def note(self, name):
        if place := ours(sys._getframe(2)):
            violations.append(f"environment {name} at {place}")

sys.path.insert(0, root)
os.environ = Environment(os.environ)
sys.addaudithook(watch)
__import__(sys.argv[1])
print("\\n".join(violations))
"""


def has(module: str) -> bool:
    """Tell whether a module of the project is there yet."""
    return (ROOT / Path(*module.split("."))).with_suffix(".py").exists()


@pytest.mark.parametrize("name", ["chat", "feedback", "encode", "retrain", "web"])
def test_importing_a_function_touches_nothing(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCH, f"functions.{name}.app", str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
        env={},
        cwd="/",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    ("name", "heavy"),
    [
        ("chat", {"boto3", "onnxruntime", "sklearn", "yaml"}),
        ("feedback", {"boto3", "onnxruntime", "numpy", "sklearn", "yaml"}),
    ],
)
def test_importing_a_function_costs_little(name: str, heavy: set[str]) -> None:
    code = f"import sys, functions.{name}.app; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert heavy & set(done.stdout.split()) == set()


def an_event(route: str, body: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": route,
        "headers": {"content-type": "application/json"},
        "requestContext": {"requestId": "r-1"},
        "isBase64Encoded": False,
        **({} if body is None else {"body": json.dumps(body)}),
        **more,
    }


def test_every_route_of_the_functions_is_in_the_template() -> None:
    from scripts.local.template import load_template

    template = load_template(ROOT / "template.yaml")
    routed: dict[str, set[str]] = {}
    for route in template.routes:
        routed.setdefault(route.function, set()).add(route.key)
    assert set(chat.ENDPOINTS.routes) == routed["ChatFunction"]
    assert set(feedback.ENDPOINTS.routes) == routed["FeedbackFunction"]


def test_the_feedback_function_answers_from_its_settings(settings: pytest.MonkeyPatch) -> None:
    feedback.desk.cache_clear()
    body = {"session_id": "0" * 32, "turn": 1, "rating": 1}
    event = an_event("POST /v1/feedback", body)
    event["headers"]["authorization"] = "Bearer x"
    answer = feedback.handler(event, None)
    assert answer["statusCode"] == 404
    assert json.loads(answer["body"])["type"] == "urn:sangdam:problem:unknown-session"
    feedback.desk.cache_clear()


@pytest.mark.parametrize("name", ["SANGDAM_CONVERSATIONS", "SANGDAM_FEEDBACK"])
def test_a_missing_setting_is_a_500_for_clients_and_named_in_the_log(
    settings: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    settings.delenv(name)
    feedback.desk.cache_clear()
    event = an_event("POST /v1/feedback", {"session_id": "0" * 32, "turn": 1, "rating": 1})
    event["headers"]["authorization"] = "Bearer x"
    answer = feedback.handler(event, None)
    assert answer["statusCode"] == 500
    assert name not in answer["body"]
    (line,) = [vars(record) for record in caplog.records if record.levelname == "ERROR"]
    assert line["error"][0].startswith(f"SettingsError: {name} is not set")


def test_the_encode_function_needs_an_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANGDAM_ENCODER", "none://")
    encode.encoders.cache_clear()
    with pytest.raises(SettingsError, match="encode function needs file://"):
        encode.handler({"texts": []}, None)


def test_no_setting_of_this_process_reaches_a_test() -> None:
    assert not any(name.startswith("SANGDAM_") for name in os.environ)
    assert START.tzinfo is not None


COLD = """
import json, sys
from functions.chat import app

app.desk()
event = {
    "version": "2.0", "routeKey": "GET /v1/health", "headers": {},
    "requestContext": {"requestId": "r-1"}, "isBase64Encoded": False,
}
assert app.handler(event, None)["statusCode"] == 200
print(*sys.modules)
"""


def test_a_chat_function_that_calls_nobody_imports_nothing_for_it() -> None:
    settings = {
        f"SANGDAM_{name}": "memory://cold"
        for name in ("CONVERSATIONS", "FEEDBACK", "BACKOFFICE", "RELEASES", "BASELINE")
    }
    topic = "sns://arn:aws:sns:ap-northeast-2:123456789012:operators"
    more = {
        "SANGDAM_ENCODER": "none://",
        "SANGDAM_NOTIFY": topic,
        "SANGDAM_OUTSIDE_SECRET": "secret",
        "POWERTOOLS_SERVICE_NAME": "chat",
    }
    path = os.pathsep.join(one for one in sys.path if one)
    done = subprocess.run(
        [sys.executable, "-c", COLD],
        env={**settings, **more, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    imported = set(done.stdout.splitlines()[-1].split())
    late = {
        "sangdam.services.outside",
        "sangdam.services.outbox",
        "sangdam.services.notices",
        "sangdam.services.handoffs",
        "sangdam.text.secrets",
        "sangdam_adapters.outside",
        "sangdam_adapters.http_outside",
        "sangdam_adapters.lambda_outside",
        "sangdam_adapters.sns_outside",
        "sangdam_adapters.dynamodb_feedback",
        "boto3",
    }
    assert "sangdam.services.handle_turn" in imported
    assert late & imported == set()
