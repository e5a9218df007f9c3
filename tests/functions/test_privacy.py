"""What customers write, and what opens their sessions, is in no log line."""

from __future__ import annotations

import json

import pytest

from tests.functions.edge import BOT, Edge

SAID = "주민번호 900101-1234567 그리고 비밀번호 qwerty"


def test_no_log_line_holds_words_tokens_or_names(
    capsys: pytest.CaptureFixture[str], edge: Edge
) -> None:
    capsys.readouterr()
    talk = edge.open()
    talk.say(f"{SAID} 배송비 얼마예요")
    talk.say(SAID)
    talk.say(SAID + " " * 2000)
    talk.press("/qwerty")
    talk.press('/order_status{"order_number": "qwerty"}')
    talk.post(f'{{"text": "{SAID}'.encode())
    talk.post({"message_id": "qwerty", "qwerty": SAID})
    talk.post({"message_id": "m-last", "text": SAID}, query="?debug=1&bot=qwerty")
    talk.history("?after=qwerty")
    talk.rate(comment=SAID, intent="qwerty")
    edge.send("GET", talk.turns_path, token="qwerty")
    edge.send("GET", "/qwerty")
    edge.send("POST", "/v1/sessions", {"bot": "qwerty"})
    webhook = "/webhooks/rest/webhook"
    edge.send("POST", webhook, {"sender": "qwerty", "message": SAID})
    edge.send("POST", f"{webhook}?bot=qwerty", {"sender": "qwerty", "message": SAID})
    talk.delete()
    captured = capsys.readouterr()
    assert captured.err == ""
    assert len(captured.out.splitlines()) >= 16
    output = captured.out.encode("ascii", "backslashreplace").decode() + captured.out
    for secret in ("qwerty", "900101", "주민번호", "\\uc8fc", talk.token, talk.session_id):
        assert secret not in output


def test_every_request_is_logged_by_its_route(
    capsys: pytest.CaptureFixture[str], memory: Edge
) -> None:
    capsys.readouterr()
    talk = memory.open()
    talk.say("배송비 얼마예요")
    memory.send("GET", "/nowhere")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    requests = [line for line in lines if line.get("message") == "request"]
    assert [(line["route"], line["status"]) for line in requests] == [
        ("POST /v1/sessions", 201),
        ("POST /v1/sessions/{id}/turns", 200),
        ("$default", 404),
    ]
    assert all(line["request_id"].startswith("r-") for line in requests)


def test_a_client_cannot_make_up_metrics(capsys: pytest.CaptureFixture[str], memory: Edge) -> None:
    """Every new value of a dimension is a metric of its own, and costs money."""
    talk = memory.open()
    for number in range(5):
        body = {"message_id": f"m{number}", "text": "배송비 얼마예요"}
        talk.post(body, query=f"?bot=made-up-{number}")
    memory.send("POST", "/webhooks/rest/webhook", {"sender": "a", "message": "고마워요"})
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["bot"] for line in lines if "Turns" in line} <= {"all", BOT}
