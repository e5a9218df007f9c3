"""From the customer who asks for a person to the mail, the terminal, and back to the bot."""

from __future__ import annotations

import json

import boto3
import pytest

from sangdam_adapters.settings import Settings
from scripts.commands import handoff
from scripts.local.service import Service
from scripts.local.target import Target
from tests.journeys.conftest import Client


@pytest.fixture
def target(service: Service, monkeypatch: pytest.MonkeyPatch) -> Target:
    target = Target(Settings(service.environment), "RetrainFunction")
    monkeypatch.setattr(handoff, "find_target", lambda stack: target)
    return target


def test_a_customer_is_answered_by_a_person_or_called_back_at_night(
    client: Client, target: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    topic = target.settings.notify.place
    sqs = boto3.client("sqs")
    mailbox = sqs.create_queue(QueueName="mailbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=mailbox, AttributeNames=["QueueArn"])
    boto3.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"]
    )
    talk = client.open("ko")
    handed = talk.say("상담원 연결해 주세요")
    if handed["owner"] == "bot":  # it is night at the shop, or Sunday: a call-back is taken
        for text in ("교환 신청이 안 돼요", "아무 때나요", "홍길동", "010-1234-5678", "네"):
            handed = talk.say(text)
    (mail,) = sqs.receive_message(QueueUrl=mailbox)["Messages"]
    notice = json.loads(mail["Body"])
    waits = handed["owner"] == "human"
    wanted = "A customer waits for a person" if waits else "A customer asks to be called back"
    assert notice["Subject"] == f"[shop] {wanted}"
    (line,) = [one for one in notice["Message"].splitlines() if "scripts/handoff" in one]
    _, _, command = line.partition("scripts/handoff ")
    assert handoff.main(command.split()) == 0
    shown = capsys.readouterr().out
    if not waits:
        assert "교환 신청이 안 돼요" in shown
        assert handoff.main(["done", command.split()[1], "--bot", "shop"]) == 0
        assert handoff.main(["list", "--bot", "shop"]) == 0
        assert "교환 신청이 안 돼요" not in capsys.readouterr().out
        return
    assert "customer: 상담원 연결해 주세요" in shown
    session = command.split()[1]
    assert handoff.main(["say", session, "안녕하세요, 상담원입니다.", "--bot", "shop"]) == 0
    page = client.send(
        "GET", f"/v1/sessions/{session}/turns?after={handed['turn']}", token=talk.token
    ).json
    assert [one["text"] for turn in page["turns"] for one in turn["reply"]["messages"]] == [
        "안녕하세요, 상담원입니다."
    ]
    assert handoff.main(["release", session, "--bot", "shop"]) == 0
    assert talk.say("배송비 얼마예요?")["owner"] == "bot"
