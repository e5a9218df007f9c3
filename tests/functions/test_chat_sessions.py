"""Opening a session, reading it again, forgetting it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core import corner_shop
from tests.core.counter import publish, release_of
from tests.functions.edge import BOT, Edge, Talk


def test_a_session_is_opened_with_a_greeting(edge: Edge) -> None:
    answer = edge.send("POST", "/v1/sessions", {"bot": BOT, "language": "ko"})
    assert answer.status == 201
    assert answer.headers["cache-control"] == "no-store"
    opened = answer.json
    assert len(opened["session_id"]) == 32
    assert len(opened["token"]) == 64
    assert (opened["turn"], opened["language"]) == (0, "ko")
    assert opened["reply"]["messages"][0]["text"] == "안녕하세요, 모퉁이상점입니다."
    assert opened["reply"]["quick_replies"] == [{"label": "주문 조회", "value": "/order_status"}]


@pytest.mark.parametrize(("language", "spoken"), [("en", "en"), ("ko", "ko"), (None, "ko")])
def test_the_bot_begins_in_the_language_asked_for(
    memory: Edge, language: str | None, spoken: str
) -> None:
    assert memory.open(language).opened.json["language"] == spoken
    opened = memory.send("POST", "/v1/sessions", {"bot": BOT}, accept_language="en")
    assert opened.json["language"] == "ko"


def test_two_sessions_have_nothing_in_common(memory: Edge) -> None:
    one, two = memory.open(), memory.open()
    assert one.session_id != two.session_id
    assert one.token != two.token


@pytest.mark.parametrize(
    "bot",
    ["bank", "CORNER", "corner/", "./corner", "../corner", "corner/x", "봇", "corner\0", "%00"],
)
def test_an_unknown_bot_is_refused(memory: Edge, bot: str) -> None:
    answer = memory.send("POST", "/v1/sessions", {"bot": bot})
    assert (answer.status, answer.kind) == (404, "unknown-bot")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"bot"}),
        ({"bot": None}, {"bot"}),
        ({"bot": ""}, {"bot"}),
        ({"bot": 3}, {"bot"}),
        ({"bot": "b" * 65}, {"bot"}),
        ({"bot": BOT, "language": "jp"}, {"language"}),
        ({"bot": BOT, "language": ["ko"]}, {"language"}),
        ({"bot": BOT, "lang": "ko"}, {"lang"}),
        ({"bot": [], "language": 1, "token": "x"}, {"bot", "language", "token"}),
    ],
)
def test_every_wrong_field_is_named(memory: Edge, body: object, wrong: set[str]) -> None:
    answer = memory.send("POST", "/v1/sessions", body)
    assert (answer.status, answer.kind) == (400, "invalid-fields")
    assert {error["field"] for error in answer.json["errors"]} == wrong


def test_a_history_is_the_conversation_again(talk: Talk) -> None:
    said = talk.say("배송비 얼마예요")
    pressed = talk.press("/order_status")
    turns = talk.history().json["turns"]
    assert talk.history().json["next"] is None
    assert [turn["turn"] for turn in turns] == [0, 1, 2]
    assert turns[0]["message"] is None
    assert turns[0]["reply"] == talk.opened.json["reply"]
    assert turns[1]["message"] == {"message_id": "m1", "text": "배송비 얼마예요"}
    assert turns[2]["message"] == {
        "message_id": "m2", "quick_reply": "/order_status", "label": "주문 조회",
    }  # fmt: skip
    for turn, answer in zip(turns[1:], (said, pressed), strict=True):
        assert {name: turn[name] for name in answer.json} == answer.json


def test_a_history_comes_in_pages(talk: Talk) -> None:
    for _ in range(6):
        talk.say("배송비 얼마예요")
    first = talk.history("?limit=3").json
    assert [turn["turn"] for turn in first["turns"]] == [0, 1, 2]
    assert first["next"] == 2
    second = talk.history("?limit=3&after=2").json
    assert [turn["turn"] for turn in second["turns"]] == [3, 4, 5]
    assert second["next"] == 5
    last = talk.history("?limit=3&after=5").json
    assert [turn["turn"] for turn in last["turns"]] == [6]
    assert last["next"] is None
    assert talk.history("?after=6").json == {"turns": [], "next": None}


def test_a_page_is_fifty_turns_and_at_most_a_hundred(memory: Edge) -> None:
    talk = memory.open()
    for _ in range(105):
        talk.say("배송비 얼마예요")
    assert len(talk.history().json["turns"]) == 50
    assert len(talk.history("?limit=100").json["turns"]) == 100


@pytest.mark.parametrize(
    "query",
    [
        "?limit=0", "?limit=101", "?limit=-1", "?limit=", "?limit=x", "?limit=1.5", "?limit=1,2",
        "?limit=1&limit=2", "?limit=%C2%B2", "?limit=--5", "?limit=-", "?limit=1e3", "?limit=0x10",
        "?limit=%D9%A3", "?limit=" + "9" * 5000, "?after=-2", "?after=x", "?after=", "?after=1_000",
        "?after=99999999999", "?limit=%20",
    ],
)  # fmt: skip
def test_a_page_that_is_none_is_refused(memory: Edge, query: str) -> None:
    answer = memory.open().history(query)
    assert (answer.status, answer.kind) == (400, "invalid-fields")


def test_a_deleted_session_is_gone_everywhere(talk: Talk) -> None:
    talk.say("배송비 얼마예요")
    answer = talk.delete()
    assert (answer.status, answer.text) == (204, "")
    after = [talk.say("안녕"), talk.history(), talk.delete(), talk.rate(), talk.press("/cancel")]
    assert [answer.status for answer in after] == [404] * 5
    assert {answer.kind for answer in after} == {"unknown-session"}


def test_a_message_known_before_the_deletion_is_forgotten(talk: Talk) -> None:
    body = {"message_id": "m1", "text": "배송비 얼마예요"}
    talk.post(body)
    talk.delete()
    assert talk.post(body).status == 404


def test_an_expired_session_is_gone(talk: Talk) -> None:
    talk.say("배송비 얼마예요")
    talk.edge.clock.forward(days=30)
    assert talk.say("안녕").kind == "unknown-session"
    assert talk.history().kind == "unknown-session"


def test_health_lists_the_bots_there_are(edge: Edge) -> None:
    answer = edge.send("GET", "/v1/health")
    assert answer.status == 200
    (bot,) = answer.json["bots"]
    assert bot["name"] == BOT
    assert bot["titles"] == {"ko": "모퉁이상점", "en": "Corner Shop"}
    assert bot["languages"] == ["ko", "en"]
    assert bot["release"] == edge.open().opened.json["release"]
    assert answer.json["status"] == "ok"


def test_a_bot_that_cannot_answer_does_not_take_the_others_along(memory: Edge) -> None:
    pack = corner_shop.pack()
    second = release_of(replace(pack, bot=replace(pack.bot, name="second")))
    publish(memory.registry, second)
    memory.registry.damaged = frozenset({"second"})
    answer = memory.send("GET", "/v1/health")
    assert (answer.status, answer.json["status"]) == (200, "degraded")
    assert answer.json["silent"] == ["second"]
    assert [bot["name"] for bot in answer.json["bots"]] == [BOT]


def test_a_service_whose_bots_all_are_silent_is_not_healthy(memory: Edge) -> None:
    memory.registry.damaged = frozenset({BOT})
    answer = memory.send("GET", "/v1/health")
    assert answer.status == 503
