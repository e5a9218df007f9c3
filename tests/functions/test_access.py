"""Nobody reads or continues another's session, or learns who has one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from tests.functions.contract import Answer
from tests.functions.edge import BOT, Edge, Talk

Call = Callable[[Edge, str, str | None], Answer]

CALLS: dict[str, Call] = {
    "turn": lambda edge, session, token: edge.send(
        "POST", f"/v1/sessions/{session}/turns", {"message_id": "m9", "text": "안녕"}, token=token
    ),
    "history": lambda edge, session, token: edge.send(
        "GET", f"/v1/sessions/{session}/turns", token=token
    ),
    "delete": lambda edge, session, token: edge.send(
        "DELETE", f"/v1/sessions/{session}", token=token
    ),
    "feedback": lambda edge, session, token: edge.send(
        "POST", "/v1/feedback", {"session_id": session, "turn": 1, "rating": 1}, token=token
    ),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_token_is_needed(edge: Edge, call: Call) -> None:
    talk = edge.open()
    talk.say("배송비 얼마예요")
    answer = call(edge, talk.session_id, None)
    assert (answer.status, answer.kind) == (401, "missing-token")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert talk.history().status == 200


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_the_token_of_another_session_does_not_fit(edge: Edge, call: Call) -> None:
    talk, other = edge.open(), edge.open()
    talk.say("배송비 얼마예요")
    answer = call(edge, talk.session_id, other.token)
    assert (answer.status, answer.kind) == (401, "wrong-token")
    assert len(talk.history().json["turns"]) == 2


@pytest.mark.parametrize("token", ["x", "0" * 64, "안녕", "a b", "\ud800", "x" * 9000])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_made_up_token_does_not_fit(memory: Edge, call: Call, token: str) -> None:
    talk = memory.open()
    answer = call(memory, talk.session_id, token)
    assert (answer.status, answer.kind) == (401, "wrong-token")


def test_the_stored_hash_is_no_token(memory: Edge) -> None:
    talk = memory.open()
    stolen = hashlib.sha256(talk.token.encode()).hexdigest()
    assert CALLS["history"](memory, talk.session_id, stolen).status == 401


@pytest.mark.parametrize(
    "header", ["{token}", "Basic {token}", "Bearer", "Bearer{token}", "Token {token}"]
)
def test_a_token_comes_as_bearer(memory: Edge, header: str) -> None:
    talk = memory.open()
    answer = memory.send("GET", talk.turns_path, authorization=header.format(token=talk.token))
    assert (answer.status, answer.kind) == (401, "missing-token")


def test_the_word_bearer_may_be_written_in_any_case(memory: Edge) -> None:
    talk = memory.open()
    for word in ("bearer", "BEARER"):
        answer = memory.send("GET", talk.turns_path, authorization=f"{word} {talk.token}")
        assert answer.status == 200


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_senders_conversation_cannot_be_found_out_over_v1(edge: Edge, call: Call) -> None:
    """Its id is the digest of a name that may be guessed: whoever guesses must learn nothing."""
    edge.send("POST", "/webhooks/rest/webhook", {"sender": "kim@shop.example", "message": "안녕"})

    def id_of(sender: str) -> str:
        return "w" + hashlib.sha256(f"{BOT}\0{sender}".encode()).hexdigest()[:40]

    known = call(edge, id_of("kim@shop.example"), "guess")
    unknown = call(edge, id_of("lee@shop.example"), "guess")
    assert (known.status, known.text) == (unknown.status, unknown.text)
    assert known.kind == "unknown-session"


def test_what_a_wrong_field_held_is_not_sent_back(talk: Talk) -> None:
    answer = talk.post({"message_id": "m1", "text": 1, "password": "비밀"})
    assert "비밀" not in answer.text
