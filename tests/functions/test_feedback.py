"""Rating a turn, or saying what was meant: kept once, words taken from our own record."""

from __future__ import annotations

from typing import Any

import pytest

from sangdam.learning.feedback import Feedback
from tests.functions.edge import BOT, Edge, Talk


def kept(edge: Edge) -> list[Feedback]:
    return list(edge.feedback.pending(BOT, limit=100))


@pytest.fixture
def rated(talk: Talk) -> Talk:
    """A session with one answered message."""
    talk.say("배송비 얼마예요")
    return talk


def test_a_verdict_is_kept_once(rated: Talk) -> None:
    first = rated.rate(rating=1)
    assert (first.status, first.json) == (202, {"status": "stored"})
    assert rated.rate(rating=1).json == {"status": "known"}
    assert len(kept(rated.edge)) == 1


def test_the_words_come_from_our_own_record(rated: Talk) -> None:
    rated.rate(rating=-1, intent="refund_when", comment="환불 얘기예요")
    (feedback,) = kept(rated.edge)
    assert feedback.text == "배송비 얼마예요"
    assert feedback.predicted == "delivery_fee"
    assert feedback.release == rated.opened.json["release"]
    assert (feedback.session_id, feedback.turn, feedback.bot) == (rated.session_id, 1, BOT)
    assert (feedback.rating, feedback.intent) == (-1, "refund_when")
    assert feedback.comment == "환불 얘기예요"
    assert feedback.at == rated.edge.clock()


def test_a_changed_mind_replaces_the_verdict(rated: Talk) -> None:
    rated.rate(rating=1)
    assert rated.rate(rating=-1).json == {"status": "stored"}
    assert [feedback.rating for feedback in kept(rated.edge)] == [-1]


@pytest.mark.parametrize(
    ("fields", "folded"),
    [
        ({"rating": 1}, 1),
        ({"rating": -1}, -1),
        ({"rating": 2}, -1),
        ({"rating": 3}, 0),
        ({"rating": 4}, 1),
        ({"rating": 5}, 1),
        ({"rating": 1, "scale": "thumbs"}, 1),
        ({"rating": 1, "scale": "stars"}, -1),
        ({"rating": 2, "scale": "stars"}, -1),
        ({"rating": 3, "scale": "stars"}, 0),
        ({"rating": 5, "scale": "stars"}, 1),
    ],
)
def test_thumbs_and_stars_are_folded(memory: Edge, fields: dict[str, Any], folded: int) -> None:
    talk = memory.open()
    talk.say("배송비 얼마예요")
    assert talk.rate(**fields).status == 202
    assert [feedback.rating for feedback in kept(memory)] == [folded]


@pytest.mark.parametrize("turn", [0, 2, 10**9])
def test_only_an_answered_message_can_be_rated(rated: Talk, turn: int) -> None:
    answer = rated.rate(turn=turn)
    assert (answer.status, answer.kind) == (404, "unknown-turn")
    assert kept(rated.edge) == []


def test_a_pressed_button_is_rated_without_words(talk: Talk) -> None:
    talk.press("/order_status")
    assert talk.rate(rating=1).status == 202
    assert [feedback.text for feedback in kept(talk.edge)] == [""]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"rating": 0}, {"rating"}),
        ({"rating": 6}, {"rating"}),
        ({"rating": -2}, {"rating"}),
        ({"rating": 1.0}, {"rating"}),
        ({"rating": "1"}, {"rating"}),
        ({"rating": True}, {"rating"}),
        ({"rating": None}, {"rating"}),
        ({"rating": -1, "scale": "stars"}, {"rating"}),
        ({"rating": 4, "scale": "thumbs"}, {"rating"}),
        ({"turn": -1}, {"turn"}),
        ({"turn": "1"}, {"turn"}),
        ({"turn": 10**30}, {"turn"}),
        ({"session_id": ""}, {"session_id"}),
        ({"session_id": 1}, {"session_id"}),
        ({"session_id": "a b"}, {"session_id"}),
        ({"scale": "hearts"}, {"scale"}),
        ({"intent": "Refund When"}, {"intent"}),
        ({"intent": ""}, {"intent"}),
        ({"intent": "a" * 65}, {"intent"}),
        ({"comment": " "}, {"comment"}),
        ({"comment": "a" * 2001}, {"comment"}),
        ({"text": "내 말은 이거였어요"}, {"text"}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_every_wrong_field_is_named(memory: Edge, fields: dict[str, Any], wrong: set[str]) -> None:
    talk = memory.open()
    talk.say("배송비 얼마예요")
    answer = talk.rate(**fields)
    assert (answer.status, answer.kind) == (400, "invalid-fields")
    assert {error["field"] for error in answer.json["errors"]} == wrong
    assert kept(memory) == []


def test_a_comment_with_half_a_character_is_kept_whole(rated: Talk) -> None:
    assert rated.rate(comment="좋아요 \ud83d").status == 202
    assert [feedback.comment for feedback in kept(rated.edge)] == ["좋아요 \ufffd"]


def test_a_deleted_session_cannot_be_rated(rated: Talk) -> None:
    rated.delete()
    assert rated.rate().kind == "unknown-session"
    assert kept(rated.edge) == []
