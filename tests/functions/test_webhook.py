"""The webhook in the shape that existing chat widgets speak."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.functions.contract import Answer
from tests.functions.edge import BOT, Edge

PATH = "/webhooks/rest/webhook"


def write(edge: Edge, message: str, *, sender: str = "visitor-1", **more: Any) -> Answer:
    return edge.send("POST", PATH, {"sender": sender, "message": message, **more})


def test_a_message_gets_messages_with_buttons_on_the_last(edge: Edge) -> None:
    answer = write(edge, "배송비 얼마예요")
    assert answer.status == 200
    assert answer.json == [
        {
            "recipient_id": "visitor-1",
            "text": "배송비는 3,000원이에요.",
            "buttons": [{"title": "주문 조회", "payload": "/order_status"}],
        }
    ]


def test_a_payload_sent_as_text_presses_the_button(edge: Edge) -> None:
    write(edge, "배송비 얼마예요")
    assert write(edge, "/order_status").json[0]["text"] == "주문번호를 알려 주세요."
    assert "머플러" in write(edge, "20261118-0001").json[0]["text"]


def test_a_button_may_be_the_first_message(edge: Edge) -> None:
    assert write(edge, "/order_status").json[0]["text"] == "주문번호를 알려 주세요."


@pytest.mark.parametrize("text", ["/greet", "/session_start", '/restart{"a": "b"}', "/a/b"])
def test_words_that_only_look_like_a_button_are_words(edge: Edge, text: str) -> None:
    """Many widgets begin with one; and a later one is no different."""
    first, second = write(edge, text), write(edge, text)
    assert (first.status, second.status) == (200, 200)
    assert first.json
    assert second.json


def test_senders_are_kept_apart(edge: Edge) -> None:
    write(edge, "/order_status", sender="one")
    assert "머플러" in write(edge, "20261118-0001", sender="one").json[0]["text"]
    other = write(edge, "고마워요", sender="two").json
    assert (other[0]["recipient_id"], other[0]["text"]) == ("two", "별말씀을요.")


def test_a_person_answers_by_other_means(edge: Edge) -> None:
    write(edge, "상담원 바꿔주세요")
    assert write(edge, "여보세요").json == []


def test_a_message_id_makes_it_exactly_once(edge: Edge) -> None:
    first = write(edge, "고마워요", message_id="m1")
    assert write(edge, "고마워요", message_id="m1").text == first.text
    assert write(edge, "고마워요", message_id="m2").text != first.text


def test_without_a_message_id_every_message_counts(edge: Edge) -> None:
    assert write(edge, "고마워요").text != write(edge, "고마워요").text


def test_first_messages_that_come_at_once_are_all_answered(edge: Edge) -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda number: write(edge, "고마워요"), range(4)))
    assert [answer.status for answer in answers] == [200] * 4


def test_a_sender_who_comes_back_after_months_is_answered(edge: Edge) -> None:
    write(edge, "/order_status")
    edge.clock.forward(days=40)
    assert write(edge, "고마워요").json[0]["text"] == "별말씀을요."
    assert write(edge, "고마워요").status == 200


def test_the_bot_may_be_chosen(memory: Edge) -> None:
    body = {"sender": "a", "message": "고마워요"}
    assert memory.send("POST", f"{PATH}?bot={BOT}", body).status == 200
    for bot in ("bank", "..%2Fcorner", "%00", "b" * 5000, "corner%2F"):
        answer = memory.send("POST", f"{PATH}?bot={bot}", body)
        assert (answer.status, answer.kind) == (404, "unknown-bot")


def test_the_first_bot_is_not_looked_for_each_time(memory: Edge) -> None:
    """Listing the bots asks S3 twice and more: that may not be part of every message."""
    for number in range(20):
        write(memory, "고마워요", sender=f"visitor-{number}")
    assert memory.registry.listed == 1
    memory.clock.forward(minutes=1)
    write(memory, "고마워요")
    assert memory.registry.listed == 2


def test_what_widgets_send_along_is_taken(memory: Edge) -> None:
    assert write(memory, "고마워요", metadata={"page": "/"}, input_channel="web").status == 200


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"sender", "message"}),
        ({"sender": "a"}, {"message"}),
        ({"sender": "", "message": "b"}, {"sender"}),
        ({"sender": 1, "message": 2}, {"sender", "message"}),
        ({"sender": "a" * 257, "message": "b" * 2001}, {"sender", "message"}),
        ({"sender": "a", "message": "b", "msg": 1}, {"msg"}),
        ({"sender": "a", "message": "b", "message_id": "m 1"}, {"message_id"}),
    ],
)
def test_every_wrong_field_is_named(memory: Edge, body: object, wrong: set[str]) -> None:
    answer = memory.send("POST", PATH, body)
    assert (answer.status, answer.kind) == (400, "invalid-fields")
    assert {error["field"] for error in answer.json["errors"]} == wrong


@pytest.mark.parametrize("sender", ["😀", "a\0b", "김 고객", "\ud800", "../x", "a" * 256])
def test_a_sender_may_have_any_name(edge: Edge, sender: str) -> None:
    assert write(edge, "고마워요", sender=sender).status == 200
