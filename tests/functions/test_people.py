"""People behind the API: what they say is read by whoever polls, and what is deleted is gone."""

from __future__ import annotations

from sangdam.services.queue import HUMAN, People, release, say, waiting
from tests.core import corner_shop
from tests.functions.edge import BOT, Edge, Talk

UNSURE = "배송비 환불"


def people(edge: Edge) -> People:
    return People(edge.conversations, edge.backoffice, edge.clock)


def test_what_a_person_says_is_read_by_whoever_polls(edge: Edge, talk: Talk) -> None:
    bot = corner_shop.pack().bot
    handed = talk.say("상담원 연결해주세요").json
    assert handed["owner"] == "human"
    assert talk.say("여보세요").json["reply"]["messages"] == []
    say(bot, talk.session_id, "안녕하세요, 상담원입니다.", by="kim", people=people(edge))
    release(bot, talk.session_id, by="kim", people=people(edge))
    page = talk.history(f"?after={handed['turn']}").json
    asked, answered, given_back = page["turns"]
    assert asked["message"]["text"] == "여보세요"
    assert answered["message"] is None
    assert answered["understanding"] is None
    assert answered["owner"] == "human"
    (message,) = answered["reply"]["messages"]
    assert message == {"text": "안녕하세요, 상담원입니다.", "key": HUMAN}
    assert given_back["owner"] == "bot"
    assert talk.say("배송비 얼마예요").json["reply"]["messages"]


def test_a_deleted_session_leaves_the_queue_and_takes_its_feedback_along(
    edge: Edge, talk: Talk
) -> None:
    talk.say("배송비 얼마예요")
    talk.rate(rating=-1, comment="아니에요")
    talk.say("상담원 연결해주세요")
    assert len(waiting(BOT, store=edge.backoffice)) == 1
    assert len(edge.feedback.pending(BOT, limit=9)) == 1
    assert talk.delete().status == 204
    assert waiting(BOT, store=edge.backoffice) == ()
    assert list(edge.feedback.pending(BOT, limit=9)) == []


def test_a_pick_is_kept_as_a_candidate_for_a_label(edge: Edge, talk: Talk) -> None:
    asked = talk.say(UNSURE).json
    assert asked["understanding"]["decision"] == "clarify"
    picked = asked["reply"]["quick_replies"][0]["value"]
    talk.press(picked)
    (feedback,) = edge.feedback.pending(BOT, limit=9)
    assert (feedback.text, feedback.turn) == (UNSURE, asked["turn"])
    assert (feedback.intent, feedback.source) == (picked.removeprefix("/"), "clarification")
