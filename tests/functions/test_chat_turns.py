"""One message in, one reply out, exactly once."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.functions.contract import Answer
from tests.functions.edge import Edge, Talk


def test_a_message_is_answered(talk: Talk) -> None:
    answer = talk.say("배송비 얼마예요")
    assert answer.status == 200
    turn = answer.json
    assert turn["turn"] == 1
    assert turn["reply"]["messages"][0]["text"] == "배송비는 3,000원이에요."
    assert turn["understanding"]["intent"] == "delivery_fee"
    assert turn["understanding"]["decision"] == "answer"
    assert 0.8 <= turn["understanding"]["confidence"] <= 1
    assert turn["owner"] == "bot"
    assert turn["release"] == talk.opened.json["release"]
    assert "trace" not in turn


def test_the_reply_is_in_the_language_of_the_message(talk: Talk) -> None:
    answer = talk.say("shipping price")
    assert answer.json["reply"]["messages"][0]["text"] == "Delivery is 3,000 won."


def test_a_button_is_pressed_and_a_form_filled(talk: Talk) -> None:
    asked = talk.press("/order_status")
    assert asked.json["reply"]["messages"][0]["key"] == "form/order_status/order_number/ask"
    found = talk.say("20261118-0001이요")
    assert "머플러" in found.json["reply"]["messages"][0]["text"]


def test_a_button_may_carry_its_value(talk: Talk) -> None:
    answer = talk.press('/order_status{"order_number": "20261118-0001"}')
    assert "머플러" in answer.json["reply"]["messages"][0]["text"]


def test_a_person_is_asked_for_and_left_again(talk: Talk) -> None:
    assert talk.say("상담원 바꿔주세요").json["owner"] == "human"
    silent = talk.say("안녕하세요").json
    assert silent["reply"]["messages"] == []
    assert silent["reply"]["quick_replies"] == [
        {"label": "챗봇과 계속하기", "value": "/back_to_bot"}
    ]
    assert talk.press("/back_to_bot").json["owner"] == "bot"


def test_an_author_is_told_why(talk: Talk) -> None:
    answer = talk.post({"message_id": "m1", "text": "배송비 얼마예요"}, query="?debug=1")
    trace = answer.json["trace"]
    assert trace["source"] == "model"
    assert any("delivery_fee" in reason for reason in trace["understanding"])
    assert trace["alternatives"][0]["intent"] == "delivery_fee"
    assert trace["dialogue"] == ["answers delivery_fee"]
    assert "trace" not in talk.post({"message_id": "m1", "text": "?"}, query="?debug=2").json


def test_the_same_message_id_gets_the_same_bytes(talk: Talk) -> None:
    body = {"message_id": "first", "text": "배송비 얼마예요"}
    answers = [talk.post(body)]
    talk.say("고마워요")
    talk.edge.clock.forward(hours=7)
    answers += [talk.post(body), talk.post({**body, "text": "고마워요"})]
    answers.append(talk.post({"message_id": "first", "quick_reply": "/no_such_button"}))
    assert {answer.text for answer in answers} == {answers[0].text}
    assert {answer.status for answer in answers} == {200}
    assert len(talk.history().json["turns"]) == 3


def test_a_trace_is_the_same_when_asked_for_again(talk: Talk) -> None:
    body = {"message_id": "first", "text": "배송비 배송비 얼마예요 환불"}
    assert talk.post(body, query="?debug=1").text == talk.post(body, query="?debug=1").text


def test_twenty_sendings_of_one_message_are_one_turn(talk: Talk) -> None:
    body = {"message_id": "once", "text": "배송비 얼마예요"}
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: talk.post(body), range(20)))
    assert {answer.text for answer in answers} == {talk.post(body).text}
    assert [turn["turn"] for turn in talk.history().json["turns"]] == [0, 1]


def test_twenty_messages_at_once_are_twenty_turns(talk: Talk) -> None:
    """A client that meets others is told when to send again, with the same message id."""

    def send(number: int) -> Answer:
        body = {"message_id": f"m{number}", "text": "배송비 얼마예요"}
        for _ in range(100):
            answer = talk.post(body)
            if answer.status == 200:
                return answer
            assert (answer.status, answer.kind) == (409, "busy")
            assert answer.headers["retry-after"] == "1"
        raise AssertionError("never came through")

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(send, range(20)))
    assert sorted(answer.json["turn"] for answer in answers) == list(range(1, 21))
    turns = talk.history().json["turns"]
    assert [turn["turn"] for turn in turns] == list(range(21))
    assert {turn["message"]["message_id"] for turn in turns[1:]} == {f"m{n}" for n in range(20)}


TEXTS = [
    "배송비 😀 얼마예요 👩‍👩‍👧‍👦",
    "\0배송비\0 얼마예요",
    "배송비 \ud800 얼마예요",
    "\udfff\ud800",
    "ㅂㅐㅅㅗㅇㅂㅣ",
    "배송비".encode().decode(),
    "\u200b\u200b",
    "‮배송비",
    "<script>alert(1)</script> {order_number} {0} %s \\n",
    "' OR 1=1 --",
    "가" * 2000,
    "😀" * 2000,
    "\x01" * 1999 + "a",
]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text)[:24])
def test_any_text_is_answered_and_kept(edge: Edge, text: str) -> None:
    talk = edge.open()
    answer = talk.say(text)
    assert answer.status == 200
    kept = talk.history().json["turns"][1]["message"]["text"]
    assert kept == "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text)
    assert talk.post({"message_id": "m1", "text": text}).text == answer.text


@pytest.mark.parametrize("value", ["/cancel", "/none", "/back_to_bot", " /order_status "])
def test_the_buttons_of_the_system_are_known(memory: Edge, value: str) -> None:
    assert memory.open().press(value).status == 200


@pytest.mark.parametrize(
    "value",
    [
        "order_status", "/", "/no_such", "/ORDER_STATUS", "/order_status{", "/order_status[]",
        '/order_status{"order_number": null}', '/order_status{"order_number": ["x"]}',
        '/order_status{"order_number": "\\ud800"}', "/order_status" + "{" * 500,
        '/order_status{"a":' + "[" * 400 + "]" * 400 + "}", "//cancel", "/cancel extra", "😀",
    ],
)  # fmt: skip
def test_an_unknown_button_is_refused_and_nothing_is_stored(talk: Talk, value: str) -> None:
    answer = talk.press(value)
    assert (answer.status, answer.kind) == (400, "unknown-quick-reply")
    assert len(talk.history().json["turns"]) == 1


def test_a_form_cannot_be_asked_for_an_endless_number(talk: Talk) -> None:
    for value in (
        '/order_status{"order_number": "%s"}' % ("가" * 900),
        '/order_status{"order_number": 7}',
    ):
        assert talk.press(value).status in (200, 400)
    assert talk.say("20261118-0001").status == 200


BODIES: list[tuple[object, set[str]]] = [
    ({}, {"message_id", "text"}),
    ({"message_id": "m1"}, {"text"}),
    ({"message_id": "m1", "text": "a", "quick_reply": "/cancel"}, {"text"}),
    ({"message_id": "m1", "text": None}, {"text"}),
    ({"message_id": "m1", "quick_reply": None}, {"text"}),
    ({"message_id": "m1", "text": 1}, {"text"}),
    ({"message_id": "m1", "text": ["안녕"]}, {"text"}),
    ({"message_id": "m1", "text": ""}, {"text"}),
    ({"message_id": "m1", "text": " \n\t\u3000"}, {"text"}),
    ({"message_id": "m1", "quick_reply": ""}, {"quick_reply"}),
    ({"message_id": "m1", "quick_reply": {}}, {"quick_reply"}),
    ({"message_id": "m1", "quick_reply": "/" + "a" * 1024}, {"quick_reply"}),
    ({"text": "안녕"}, {"message_id"}),
    ({"message_id": None, "text": "안녕"}, {"message_id"}),
    ({"message_id": 1, "text": "안녕"}, {"message_id"}),
    ({"message_id": "", "text": "안녕"}, {"message_id"}),
    ({"message_id": "m 1", "text": "안녕"}, {"message_id"}),
    ({"message_id": "m#1", "text": "안녕"}, {"message_id"}),
    ({"message_id": "m1\n", "text": "안녕"}, {"message_id"}),
    ({"message_id": "안녕", "text": "안녕"}, {"message_id"}),
    ({"message_id": "m" * 129, "text": "안녕"}, {"message_id"}),
    ({"message_id": "m1", "text": "안녕", "debug": 1}, {"debug"}),
    ({"message_id": "m1", "text": "안녕", "\ud800": 1}, {"\ufffd"}),
    ({"mesage_id": "m1", "txet": "안녕"}, {"mesage_id", "txet", "message_id", "text"}),
]


@pytest.mark.parametrize(("body", "wrong"), BODIES, ids=lambda value: ascii(value)[:40])
def test_every_wrong_field_of_a_message_is_named(
    memory: Edge, body: object, wrong: set[str]
) -> None:
    talk = memory.open()
    answer = talk.post(body)
    assert (answer.status, answer.kind) == (400, "invalid-fields")
    assert {error["field"] for error in answer.json["errors"]} == wrong
    assert len(talk.history().json["turns"]) == 1


def test_a_text_over_the_limit_is_told_the_limit(memory: Edge) -> None:
    talk = memory.open()
    korean = talk.say("가" * 2431, accept_language="ko")
    assert korean.json["errors"] == [
        {"field": "text", "problem": "2,000자까지 보낼 수 있습니다 (지금 2,431자)."}
    ]
    english = talk.say("가" * 2431, accept_language="en")
    assert english.json["errors"] == [
        {"field": "text", "problem": "may have at most 2,000 characters (it has 2,431)"}
    ]
    assert len(talk.history().json["turns"]) == 1


def test_a_refused_message_id_may_be_used_again(talk: Talk) -> None:
    assert talk.post({"message_id": "m1", "text": ""}).status == 400
    assert talk.post({"message_id": "m1", "text": "배송비 얼마예요"}).status == 200


def test_a_body_in_base64_is_read_too(memory: Edge) -> None:
    """API Gateway encodes what it does not take for text."""
    talk = memory.open()
    body = '{"message_id": "m1", "text": "배송비 얼마예요"}'.encode()
    event_kind = "application/vnd.shop+json"
    answer = talk.post(body, content_type=event_kind)
    assert answer.status == 200
    assert base64.b64encode(body)
