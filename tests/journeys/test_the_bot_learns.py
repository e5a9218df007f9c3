"""Customers correct the bot, the night learns it, and new conversations know it."""

from datetime import timedelta

import boto3
import pytest

from sangdam.services import shelf
from sangdam_adapters import stores
from sangdam_adapters.lambda_encoder import invoke_json, lambda_client
from sangdam_adapters.settings import Settings
from scripts.local.service import Service
from tests.journeys.conftest import Client

PHRASE = "다온이 멍멍이 산책 특공대 불러줘"


def test_agreeing_customers_teach_the_bot_and_a_rollback_takes_it_back(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "LOOK_AGAIN", timedelta(0))
    settings = Settings(service.environment)
    registry = stores.open_registry(settings.releases)
    before = registry.current("shop")
    assert before is not None
    running = client.open()
    for _ in range(3):
        talk = client.open()
        turn = talk.say(PHRASE)["turn"]
        body = {
            "session_id": talk.session_id,
            "turn": turn,
            "rating": -1,
            "intent": "gift_wrapping",
        }
        answer = client.send("POST", "/v1/feedback", body, token=talk.token)
        assert answer.status == 202
        repeated = client.send("POST", "/v1/feedback", body, token=talk.token)
        assert repeated.json == {"status": "known"}

    night = invoke_json(lambda_client(600), function="RetrainFunction", event={"bots": ["shop"]})

    report = night["reports"][0]
    assert report["result"] == "published"
    assert report["labels"] == 1
    assert report["champion"] == before.release
    fresh = client.open()
    assert fresh.opened["release"] == report["release"]
    learnt = fresh.say(PHRASE)
    assert learnt["understanding"]["intent"] == "gift_wrapping"
    assert running.say("안녕하세요")["release"] == before.release

    again = invoke_json(lambda_client(600), function="RetrainFunction", event={"bots": ["shop"]})
    assert again["reports"][0]["result"] == "unchanged"
    moved = registry.current("shop")
    registry.move("shop", to=before.release, expected=moved)
    assert client.open().opened["release"] == before.release


def test_labels_and_feedback_stand_in_the_feedback_table(service: Service) -> None:
    settings = Settings(service.environment)
    table = settings.feedback.place
    description = boto3.client("dynamodb").describe_table(TableName=table)
    assert description["Table"]["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
