"""The functions as they are deployed: built by sam, run by Lambda's client, in their layers alone.

``scripts/test --nightly`` builds them first (``scripts/build --runtime-client``).
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from scripts.commands.build import BUILD
from scripts.local.paths import ROOT
from scripts.local.template import Template
from scripts.stack.built import BuiltFunction, NotBuiltError, find_faults, read_built
from scripts.stack.layers import bytecode_python
from scripts.stack.runtime_client import FOLDER
from scripts.stack.sandbox import Sandbox

pytestmark = pytest.mark.nightly

# Where nothing answers: what the functions do when AWS cannot be reached.
NOWHERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
IN_MEMORY = {
    "SANGDAM_CONVERSATIONS": "memory://here",
    "SANGDAM_FEEDBACK": "memory://here",
    "SANGDAM_BACKOFFICE": "memory://here",
    "SANGDAM_NOTIFY": "none://",
    "SANGDAM_RELEASES": "memory://here",
}
Run = Callable[..., AbstractContextManager[Sandbox]]


@pytest.fixture(scope="module")
def built() -> dict[str, BuiltFunction]:
    """What stands in .aws-sam/build, by name."""
    try:
        return {function.name: function for function in read_built(ROOT / BUILD)}
    except NotBuiltError as error:
        pytest.skip(str(error))


@pytest.fixture
def run(built: dict[str, BuiltFunction], template: Template, tmp_path: Path) -> Run:
    """Start a built function with the template's settings, and others instead of some."""
    python = bytecode_python(ROOT)
    if not python:
        pytest.skip("there is no Python 3.13 here, which Lambda runs these functions with")
    if not (ROOT / FOLDER / "installed").exists():
        pytest.skip("Lambda's runtime client is missing; scripts/build --runtime-client fetches it")

    def start(function: str, **settings: str) -> Sandbox:
        environment = {**template.function(function).environment, **NOWHERE, **settings}
        return Sandbox(
            built[function],
            python=python,
            client=ROOT / FOLDER,
            environment=environment,
            log=tmp_path / f"{function}.log",
        )

    return start


def request(
    method: str,
    path: str,
    body: Any = None,
    *,
    route: str | None = None,
    token: str | None = None,
    **parameters: str,
) -> dict[str, Any]:
    """Return an API Gateway event, payload 2.0."""
    headers = {"content-type": "application/json", "accept-language": "ko"}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    return {
        "version": "2.0",
        "routeKey": route or f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "pathParameters": parameters,
        "requestContext": {"http": {"method": method, "path": path}, "requestId": "r"},
        "body": None if body is None else json.dumps(body, ensure_ascii=False),
        "isBase64Encoded": False,
    }


def test_lambda_takes_every_function_and_can_load_every_library(
    built: dict[str, BuiltFunction],
) -> None:
    assert len(built) == 5
    assert find_faults(tuple(built.values())) == []


def test_serving_and_training_share_no_more_than_they_need(built: dict[str, BuiltFunction]) -> None:
    def has(function: str, package: str) -> bool:
        return any((part.folder / "python" / package).is_dir() for part in built[function].layers)

    assert not has("ChatFunction", "sklearn")
    assert not has("ChatFunction", "sangdam_training")
    assert has("RetrainFunction", "sklearn")
    assert not any((layer.folder / "encoder").exists() for layer in built["RetrainFunction"].layers)


def test_no_layer_covers_a_file_of_another(built: dict[str, BuiltFunction]) -> None:
    for function in built.values():
        seen: dict[Path, str] = {}
        for layer in function.layers:
            for path in layer.folder.rglob("*"):
                if path.is_file():
                    name = path.relative_to(layer.folder)
                    assert name not in seen, (function.name, name, seen.get(name), layer.name)
                    seen[name] = layer.name


def test_layers_for_serving_have_bytecode_that_is_never_checked(
    built: dict[str, BuiltFunction],
) -> None:
    if not bytecode_python(ROOT):
        pytest.skip("there is no Python 3.13 here to make bytecode with")
    for layer in built["ChatFunction"].layers:
        for source in (layer.folder / "python").rglob("*.py"):
            cached = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
            assert cached.exists(), source
            # PEP 552: flags 0b01 means that the file holds a hash which nobody checks.
            assert struct.unpack("<I", cached.read_bytes()[4:8]) == (1,), source


def test_the_baseline_answers_when_aws_cannot_be_reached(run: Run) -> None:
    with run("ChatFunction") as chat:
        outcome = chat.invoke(request("GET", "/v1/health"))
    assert outcome.error_type is None, outcome.error_message
    assert outcome.answer["statusCode"] == 200
    health = json.loads(outcome.answer["body"])
    assert health["status"] == "ok"
    packs = {path.parent.name for path in (ROOT / "layers/content/bots").glob("*/bot.yaml")}
    assert {bot["name"] for bot in health["bots"]} == packs


def conversation(chat: Sandbox, texts: list[str]) -> Iterator[dict[str, Any]]:
    """Open a session with the shop, send texts, and yield the answers."""
    opened = chat.invoke(request("POST", "/v1/sessions", {"bot": "shop", "language": "ko"})).answer
    assert opened["statusCode"] == 201, opened
    session = json.loads(opened["body"])
    for number, text in enumerate(texts):
        event = request(
            "POST",
            f"/v1/sessions/{session['session_id']}/turns",
            {"message_id": f"m-{number}", "text": text},
            route="POST /v1/sessions/{id}/turns",
            token=session["token"],
            id=session["session_id"],
        )
        answer = chat.invoke(event).answer
        assert answer["statusCode"] == 200, answer
        again = chat.invoke(event).answer
        assert again["body"] == answer["body"]
        yield json.loads(answer["body"])


def test_chat_understands_korean_with_its_layers_alone(run: Run) -> None:
    with run("ChatFunction", **IN_MEMORY) as chat:
        delivery, thanks = conversation(chat, ["배송은 얼마나 걸리나요?", "고마워요"])
    assert delivery["understanding"]["decision"] == "answer"
    assert delivery["reply"]["messages"]
    assert thanks["understanding"]["intent"] == "thanks"


def test_feedback_starts_and_refuses_who_has_no_token(run: Run) -> None:
    with run("FeedbackFunction", **IN_MEMORY) as feedback:
        outcome = feedback.invoke(request("POST", "/v1/feedback", {"turn": 1}))
    assert outcome.answer["statusCode"] == 401
    assert json.loads(outcome.answer["body"])["type"] == "urn:sangdam:problem:missing-token"


def test_encode_returns_vectors_of_length_one(run: Run) -> None:
    with run("EncodeFunction") as encode:
        answer = encode.invoke({"texts": ["배송 조회", "where is my parcel"]}).answer
    data = base64.b64decode(answer["vectors"])
    rows = list(struct.iter_unpack(f"<{answer['dimensions']}f", data))
    assert len(rows) == 2
    for row in rows:
        vector = row[: answer["parts"][0]]
        assert sum(value * value for value in vector) == pytest.approx(1, abs=1e-4)


def test_web_serves_its_page(run: Run) -> None:
    with run("WebFunction") as web:
        answer = web.invoke(request("GET", "/")).answer
    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"].startswith("text/html")


def test_a_night_passes_with_the_training_layers_alone(run: Run, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    with run(
        "RetrainFunction",
        **{
            **IN_MEMORY,
            "SANGDAM_RELEASES": f"file://{releases}",
            "SANGDAM_ENCODER": "none://",
            "SANGDAM_TRAINING_SECONDS": "60",
        },
    ) as retrain:
        outcome = retrain.invoke({"bots": ["shop"]}, timeout=600)
    # On lexical features alone the gate may refuse, and says so; nothing else may go wrong.
    if outcome.error_type is not None:
        assert outcome.error_type == "NightFailedError", outcome.error_message
        assert "shop: refused:" in outcome.error_message
    else:
        [report] = outcome.answer["reports"]
        assert (report["bot"], report["result"]) == ("shop", "published")
        assert (releases / "shop" / report["release"] / "manifest.json").exists()
