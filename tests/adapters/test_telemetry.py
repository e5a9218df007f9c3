"""What functions say of themselves: enough to find a fault, and never a customer's words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sangdam.ports import StorageUnavailableError
from sangdam_adapters.settings import SettingsError
from sangdam_adapters.telemetry import Telemetry
from tests.adapters.samples import a_greeting, a_turn


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.err == ""
    return [json.loads(line) for line in captured.out.splitlines()]


@pytest.fixture
def telemetry(request: pytest.FixtureRequest) -> Telemetry:
    return Telemetry(f"test-{request.node.name}")


def failure(error: Exception, *, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except Exception as raised:
        return raised


def test_a_request_is_one_line(telemetry: Telemetry, capsys: pytest.CaptureFixture[str]) -> None:
    with telemetry.request("POST /v1/sessions/{id}/turns", "r-1") as span:
        span.status = 200
    (line,) = lines(capsys)
    assert line["level"] == "INFO"
    assert line["message"] == "request"
    assert line["route"] == "POST /v1/sessions/{id}/turns"
    assert line["status"] == 200
    assert line["request_id"] == "r-1"
    assert line["took_ms"] >= 0


def test_a_turn_is_counted_by_what_became_of_it(
    telemetry: Telemetry, capsys: pytest.CaptureFixture[str]
) -> None:
    turn = a_turn()
    assert turn.understood is not None
    telemetry.turn("shop", turn)
    telemetry.turn("shop", replace(turn, understood=replace(turn.understood, decision="fallback")))
    telemetry.turn("shop", replace(turn, owner="human"))
    telemetry.turn("shop", a_greeting())
    counted = lines(capsys)
    assert [line["bot"] for line in counted] == ["shop"] * 4
    assert [line["Turns"] for line in counted] == [[1.0]] * 4
    assert [line.get("Fallbacks") for line in counted] == [[0.0], [1.0], [0.0], None]
    assert [line["TurnsWithHuman"] for line in counted] == [[0.0], [0.0], [1.0], [0.0]]


def test_a_turn_is_counted_without_its_words(
    telemetry: Telemetry, capsys: pytest.CaptureFixture[str]
) -> None:
    telemetry.turn("shop", a_turn(text="제 전화번호는 010-1234-5678"))
    assert "010-1234" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "error",
    [
        StorageUnavailableError("dynamodb://table: throttled"),
        SettingsError("SANGDAM_RELEASES is not set"),
        FileNotFoundError(2, "No such file", "/opt/encoder/manifest.json"),
        ImportError("No module named 'onnxruntime'"),
    ],
)
def test_errors_of_our_own_are_told_whole(
    telemetry: Telemetry, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    telemetry.failed("setting up", failure(error))
    (line,) = lines(capsys)
    assert line["level"] == "ERROR"
    assert line["message"] == "setting up"
    assert line["error"] == [f"{type(error).__name__}: {error}"]
    assert "in failure" in "".join(line["raised_at"][0])


def test_the_message_of_another_error_may_quote_a_customer(
    telemetry: Telemetry, capsys: pytest.CaptureFixture[str]
) -> None:
    telemetry.failed("unexpected", failure(ValueError("cannot read '제 카드 번호는 1234'")))
    captured = capsys.readouterr().out
    assert "카드" not in captured
    assert "\\uce74" not in captured
    (line,) = [json.loads(one) for one in captured.splitlines()]
    assert line["error"] == ["ValueError"]
    assert "test_telemetry.py" in "".join(line["raised_at"][0])


def test_what_led_to_an_error_is_told_with_it(
    telemetry: Telemetry, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = failure(KeyError("고객의 말"))
    telemetry.failed("storing", failure(StorageUnavailableError("dynamodb://t: no"), cause=inner))
    (line,) = lines(capsys)
    assert line["error"] == ["StorageUnavailableError: dynamodb://t: no", "KeyError"]
    assert len(line["raised_at"]) == 2


def test_facts_and_warnings_are_lines_too(
    telemetry: Telemetry, capsys: pytest.CaptureFixture[str]
) -> None:
    telemetry.info("retrain", bot="shop", reasons=("all is well",))
    telemetry.warn("registry cannot be read")
    telemetry.count("RetrainFailures", bot="shop")
    told, warned, counted = lines(capsys)
    assert (told["message"], told["bot"], told["reasons"]) == ("retrain", "shop", ["all is well"])
    assert warned["level"] == "WARNING"
    assert counted["RetrainFailures"] == [1.0]
