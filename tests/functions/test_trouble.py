"""When storage or the program itself is in trouble: an honest answer, and a line in the log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from sangdam.backoffice.writes import Write
from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Turn
from sangdam.ports import StorageUnavailableError, StoredSession, VersionConflictError
from sangdam_adapters.memory import MemoryConversations
from tests.adapters.aws import Aws
from tests.adapters.samples import HandClock
from tests.adapters.wire import answered, cancellation, cut_off, refusal
from tests.functions.contract import Answer
from tests.functions.edge import Edge, Talk, memory_edge

SECRET = "제 카드 번호는 4321-8765"


class Stubborn(MemoryConversations):
    """Conversations that fail in a given way, wherever they are asked."""

    error: Exception | None = None

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error

    def open(self, session: Session, first: Turn) -> None:
        self._fail()
        super().open(session, first)

    def load(self, session_id: str) -> StoredSession | None:
        self._fail()
        return super().load(session_id)

    def turns(self, session_id: str, *, after: int, limit: int) -> Sequence[Turn]:
        self._fail()
        return super().turns(session_id, after=after, limit=limit)


class Contested(MemoryConversations):
    """Conversations in which somebody else always comes first."""

    def commit(
        self, session: Session, turn: Turn, *, expected_version: int, writes: Sequence[Write] = ()
    ) -> None:
        raise VersionConflictError("changed meanwhile")


@pytest.fixture
def stubborn(clock: HandClock) -> Talk:
    """A session with one turn, whose store has just become unreachable."""
    store = Stubborn(clock=clock)
    talk = memory_edge(clock, store).open()
    talk.say("배송비 얼마예요")
    store.error = StorageUnavailableError("dynamodb://conversations: no answer")
    talk.edge = memory_edge(clock, store)
    return talk


def every_route(talk: Talk) -> dict[str, Answer]:
    return {
        "open": talk.edge.send("POST", "/v1/sessions", {"bot": "corner"}),
        "turn": talk.say(SECRET),
        "history": talk.history(),
        "delete": talk.delete(),
        "feedback": talk.rate(comment=SECRET),
        "webhook": talk.edge.send(
            "POST", "/webhooks/rest/webhook", {"sender": "a", "message": SECRET}
        ),
    }


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_storage_out_of_reach_is_told_with_when_to_come_again(
    capsys: pytest.CaptureFixture[str], stubborn: Talk
) -> None:
    capsys.readouterr()
    for name, answer in every_route(stubborn).items():
        assert (name, answer.status, answer.kind) == (name, 503, "unavailable")
        assert answer.headers["retry-after"] == "2"
        assert "dynamodb" not in answer.text
    errors = [line for line in logged(capsys) if line.get("level") == "ERROR"]
    assert len(errors) == 6
    assert all("dynamodb://conversations: no answer" in line["error"][0] for line in errors)


def test_the_unexpected_is_told_without_its_insides_and_logged(
    capsys: pytest.CaptureFixture[str], stubborn: Talk
) -> None:
    store = stubborn.edge.conversations
    assert isinstance(store, Stubborn)
    store.error = KeyError(SECRET)
    capsys.readouterr()
    for name, answer in every_route(stubborn).items():
        assert (name, answer.status, answer.kind) == (name, 500, "internal")
        assert "KeyError" not in answer.text
        assert "Traceback" not in answer.text
    output = capsys.readouterr().out
    assert "4321" not in output
    errors = [line for line in map(json.loads, output.splitlines()) if line["level"] == "ERROR"]
    assert len(errors) == 6
    assert all(line["error"] == ["KeyError"] for line in errors)
    assert all("_fail" in "".join(line["raised_at"][0]) for line in errors)


def test_after_the_trouble_the_same_message_comes_through(stubborn: Talk) -> None:
    body = {"message_id": "again", "text": "고마워요"}
    assert stubborn.post(body).status == 503
    store = stubborn.edge.conversations
    assert isinstance(store, Stubborn)
    store.error = None
    assert stubborn.post(body).json["turn"] == 2


def test_a_session_full_of_others_is_busy(clock: HandClock) -> None:
    talk = memory_edge(clock, Contested(clock=clock)).open()
    answer = talk.say("안녕")
    assert (answer.status, answer.kind) == (409, "busy")
    assert answer.headers["retry-after"] == "1"
    assert len(talk.history().json["turns"]) == 1


@pytest.mark.parametrize("edge", ["dynamodb"], indirect=True)
@pytest.mark.parametrize(
    "trouble",
    [cut_off(), refusal("ThrottlingException"), cancellation("ThrottlingError", "None", "None")],
)
def test_a_write_that_failed_stored_nothing_and_can_be_repeated(
    edge: Edge, aws: Aws, trouble: Any
) -> None:
    talk = edge.open()
    body = {"message_id": "m1", "text": "배송비 얼마예요"}
    with answered(aws.dynamodb, "TransactWriteItems", trouble):
        assert talk.post(body).status == 503
    assert len(talk.history().json["turns"]) == 1
    assert talk.post(body).json["turn"] == 1


@pytest.mark.parametrize("edge", ["dynamodb"], indirect=True)
def test_a_write_whose_answer_was_lost_is_not_repeated(edge: Edge, aws: Aws) -> None:
    talk = edge.open()
    body = {"message_id": "m1", "text": "배송비 얼마예요"}

    def lose(**_: object) -> None:
        raise cut_off()

    lost = "after-call.dynamodb.TransactWriteItems"
    aws.dynamodb.meta.events.register(lost, lose)
    try:
        assert talk.post(body).status == 503
    finally:
        aws.dynamodb.meta.events.unregister(lost, lose)
    assert talk.post(body).json["turn"] == 1
    assert [turn["turn"] for turn in talk.history().json["turns"]] == [0, 1]


@pytest.mark.parametrize("edge", ["dynamodb"], indirect=True)
def test_a_transaction_that_meets_another_is_no_error(edge: Edge, aws: Aws) -> None:
    """DynamoDB cancels one of two transactions on one session that meet on their way."""
    talk = edge.open()
    meeting = cancellation("TransactionConflict", "None", "None")
    with answered(aws.dynamodb, "TransactWriteItems", meeting, meeting) as calls:
        assert talk.say("배송비 얼마예요").json["turn"] == 1
    assert len(calls) == 3
