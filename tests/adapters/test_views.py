"""What clients see of a turn."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given

from sangdam.dialogue.turn import Message
from sangdam_adapters import records
from sangdam_adapters.http import to_json
from sangdam_adapters.views import history_view, reply_view, trace_view, turn_view
from tests.adapters import samples
from tests.adapters.samples import a_greeting, a_turn


def test_an_answer_has_just_the_fields_of_the_contract() -> None:
    assert turn_view(a_turn()) == {
        "turn": 1,
        "reply": {
            "messages": [{"text": "내일 도착해요.", "key": "intent/delivery"}],
            "quick_replies": [],
        },
        "understanding": {"intent": "delivery", "confidence": 0.912345, "decision": "answer"},
        "owner": "bot",
        "release": "20261122-033000-1a2b3c4d",
    }


def test_an_opening_has_no_message_and_no_understanding() -> None:
    view = history_view(a_greeting())
    assert view["message"] is None
    assert view["understanding"] is None
    assert view["reply"]["quick_replies"] == [{"label": "배송", "value": "/delivery"}]
    assert trace_view(a_greeting()) == {
        "understanding": [], "source": None, "alternatives": [], "dialogue": [],
    }  # fmt: skip


def test_a_history_shows_what_was_typed_or_pressed() -> None:
    assert history_view(a_turn())["message"] == {"message_id": "m1", "text": "배송 언제 와요?"}
    pressed = replace(a_turn(), message=Message("m1", quick_reply="/delivery", label="배송"))
    assert history_view(pressed)["message"] == {
        "message_id": "m1", "quick_reply": "/delivery", "label": "배송",
    }  # fmt: skip


def test_a_trace_says_why() -> None:
    assert trace_view(a_turn()) == {
        "understanding": [],
        "source": "model",
        "alternatives": [
            {"intent": "delivery", "confidence": 0.912345},
            {"intent": "refund", "confidence": 0.05},
        ],
        "dialogue": ["answers delivery"],
    }


@given(samples.turns)
def test_a_stored_turn_gives_the_same_bytes(turn: Any) -> None:
    """So that a client that sends a message again gets the very same answer."""
    stored = records.read_turn(records.write(turn))
    for view in (turn_view, history_view, trace_view):
        assert to_json(view(stored)) == to_json(view(turn))


@given(samples.replies)
def test_a_reply_keeps_its_order(reply: Any) -> None:
    view = json.loads(to_json(reply_view(reply)))
    assert [one["text"] for one in view["messages"]] == [one.text for one in reply.messages]
    assert [one["value"] for one in view["quick_replies"]] == [
        one.value for one in reply.quick_replies
    ]
