"""Requests for people: filed whole, found again in the order they came."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.backoffice.documents import DocumentError
from sangdam.backoffice.requests import Request, read_request, request_key, request_write
from tests.core.back_room import NOON, BackRoom
from tests.core.corner_shop import NAME

LOAN = {"name": "김민지", "phone": "+821012345678", "amount": "30000000 KRW"}
CALL = {"name": "김민지", "phone": "+821012345678", "time": "15:00", "topic": "환불"}


def test_a_request_is_filed_under_its_kind() -> None:
    room = BackRoom()
    result = room.does("requests.file", LOAN, settings={"kind": "loan"}, language="en")
    number = result.fields["number"]
    assert (result.outcome, number[:6]) == ("filed", "L1120-")
    assert result.remembered == {"number": number}
    (record,) = room.store.under(f"{NAME}#requests", prefix="loan#")
    assert record.key.sk == f"loan#2026-11-20T12:00:00+09:00#{number}"
    assert read_request(record.record) == Request("loan", number, LOAN, "en", "s1", NOON)
    document = json.loads(record.record)
    assert (document["status"], document["session_id"]) == ("waiting", "s1")


def test_a_request_to_be_called_back_stands_in_the_queue() -> None:
    room = BackRoom()
    number = room.does("requests.callback", CALL).fields["number"]
    (record,) = room.store.under(f"{NAME}#queue", prefix="callback#")
    assert record.key.sk == f"callback#2026-11-20T12:00:00+09:00#{number}"
    assert read_request(record.record).values == CALL
    assert room.store.under(f"{NAME}#requests") == ()


@pytest.mark.parametrize("action", ["requests.file", "requests.callback"])
@pytest.mark.parametrize("phase", ["check", "offer", "withdraw"])
def test_nothing_is_filed_before_the_end(action: str, phase: Any) -> None:
    done = BackRoom().asked(action, CALL, phase=phase, settings={"kind": "loan"})
    assert (done.result.outcome, done.writes) == ("ok", ())


def test_the_oldest_request_comes_first() -> None:
    room = BackRoom()
    numbers = []
    for _ in range(5):
        numbers.append(room.does("requests.callback", CALL).fields["number"])
        room.pass_by(hours=7)
    kept = room.store.under(f"{NAME}#queue")
    assert [read_request(one.record).number for one in kept] == numbers


def test_a_turn_told_again_files_the_same_request() -> None:
    first, second = (BackRoom().asked("requests.callback", CALL) for _ in range(2))
    assert first.writes == second.writes


requests = st.builds(
    Request,
    kind=st.sampled_from(["loan", "callback", "return"]),
    number=st.text("ABC0123456789-", min_size=1, max_size=12),
    values=st.dictionaries(st.text(max_size=9), st.text(max_size=20), max_size=4),
    language=st.sampled_from(["ko", "en"]),
    session_id=st.text(max_size=20),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    status=st.sampled_from(["waiting", "done"]),
    about=st.dictionaries(st.text(max_size=9), st.text(max_size=20), max_size=4),
)


@given(requests)
def test_any_request_is_read_back_as_it_was_written(request: Request) -> None:
    write = request_write("shop", request)
    assert write.key == request_key("shop", request)
    assert read_request(write.record) == request


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format":2}', '{"format":"1"}', "nonsense"])
def test_what_is_no_record_of_ours_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="stored request"):
        read_request(text)
