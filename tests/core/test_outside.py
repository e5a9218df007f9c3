"""Actions of the team's own system: what is asked, and what becomes of every kind of answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sangdam.backoffice.outgoing import signature
from sangdam.ports import OutsideAnswer
from sangdam.services.outside import SECONDS, TRIES
from tests.core import own_systems
from tests.core.counter import Counter, Customer, buttons, keys, texts
from tests.core.own_systems import GRADE, HOOK, SECRET, FarEnd, Line, answers, found, timed_out


@pytest.fixture
def counter() -> Counter:
    return Counter(pack=own_systems.pack())


@pytest.fixture
def line(counter: Counter) -> Line:
    line = Line(counter.clock)
    counter.desk = replace(counter.desk, partner=lambda: line.partner)
    return line


@pytest.fixture
def outside(line: Line) -> FarEnd:
    return line.outside


@pytest.fixture
def guest(counter: Counter) -> Customer:
    return counter.customer("ko")


def asks(guest: Customer, phone: str = "010-2222-3333") -> list[str]:
    guest.says("회원등급 알려주세요")
    return keys(guest.says(phone))


UNAVAILABLE = ["system/unavailable"]


def test_an_answer_ends_the_form_with_what_it_says(guest: Customer, outside: FarEnd) -> None:
    outside.always = found("GOLD")
    guest.says("회원등급 알려주세요")
    turn = guest.says("010-2222-3333")
    assert keys(turn) == [f"{GRADE}/outcome/found"]
    assert "GOLD" in texts(turn)


def test_what_is_sent_is_signed_and_has_canonical_values(guest: Customer, outside: FarEnd) -> None:
    outside.always = found()
    asks(guest)
    (call,) = outside.calls
    assert (call.address, call.seconds) == (HOOK, SECONDS)
    assert call.document["action"] == "crm.lookup"
    assert call.document["values"] == {"phone": "+821022223333"}
    assert call.document["language"] == "ko"
    expected = signature(call.body, secret=SECRET, timestamp=call.headers["Sangdam-Timestamp"])
    assert call.headers["Sangdam-Signature"] == f"v1={expected}"


def test_it_is_called_once_and_only_when_the_form_is_whole(
    guest: Customer, outside: FarEnd
) -> None:
    outside.always = found()
    guest.says("회원등급 알려주세요")
    assert outside.calls == []
    guest.says("010-2222-3333")
    assert len(outside.calls) == 1
    guest.says("고마워요")
    assert len(outside.calls) == 1


def test_a_try_that_times_out_is_followed_by_one_with_the_same_key(
    guest: Customer, outside: FarEnd, line: Line
) -> None:
    outside.reactions = [timed_out(), found()]
    assert asks(guest) == [f"{GRADE}/outcome/found"]
    first, second = outside.calls
    assert first.key == second.key
    assert first.body == second.body
    (pause,) = line.pauses
    assert 0.1 <= pause <= 0.3
    assert line.warnings == []


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425, 429])
def test_what_may_work_later_is_tried_again(guest: Customer, outside: FarEnd, status: int) -> None:
    outside.reactions = [answers(status), found()]
    assert asks(guest) == [f"{GRADE}/outcome/found"]


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 422])
def test_what_is_refused_is_not_tried_again(
    guest: Customer, outside: FarEnd, line: Line, status: int
) -> None:
    outside.always = answers(status, error="홍길동")
    assert asks(guest) == UNAVAILABLE
    assert len(outside.calls) == 1
    (warning,) = line.warnings
    assert f"answered {status}" in warning
    assert "홍길동" not in warning


def test_a_system_that_never_answers_is_unavailable(
    guest: Customer, outside: FarEnd, line: Line
) -> None:
    outside.always = timed_out()
    assert asks(guest) == UNAVAILABLE
    assert len(outside.calls) == TRIES
    assert "no answer in 3 seconds" in line.warnings[0]
    assert buttons(guest.says("고마워요"))  # and the talk goes on


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'"found"',
        b"{}",
        b'{"outcome": null}',
        b'{"outcome": ["found"]}',
        b'{"outcome": "bought", "fields": {"grade": "VIP"}}',
        b'{"outcome": "found"}',
        b'{"outcome": "found", "fields": {}}',
        b'{"outcome": "found", "fields": {"grade": 1}}',
        b'{"outcome": "found", "fields": ["grade"]}',
        b'{"outcome": "found", "fields": {"grade": "\\ud800"}}',
        b'{"outcome": "found", "fields": {"grade": "' + b"VIP" * 400 + b'"}}',
        b'{"outcome": "found", "fields": {"grade": "VIP"}, "choices": {}}',
        b'{"outcome": "found", "fields": {"grade": "VIP"}, "choices": ["x"]}',
        b'{"outcome": "found", "fields": {"grade": "VIP"}, "choices": [{"role": "phone"}]}',
        b'{"outcome": "found", "fields": {"grade": "VIP"}, "remembered": {"phone": null}}',
    ],
)
def test_an_answer_that_means_nothing_is_none_and_is_not_quoted(
    guest: Customer, outside: FarEnd, line: Line, body: bytes
) -> None:
    outside.always = OutsideAnswer(200, body)
    assert asks(guest) == UNAVAILABLE
    (warning,) = line.warnings
    assert "crm.lookup" in warning
    assert "VIP" not in warning


def test_an_answer_may_be_as_deep_as_it_likes(guest: Customer, outside: FarEnd) -> None:
    outside.always = OutsideAnswer(200, b"[" * 200_000)
    assert asks(guest) == UNAVAILABLE


def test_fields_may_hold_braces_and_more_than_was_asked_for(
    guest: Customer, outside: FarEnd
) -> None:
    outside.always = answers(outcome="found", fields={"grade": "{phone} {0}", "more": "x"}, extra=1)
    guest.says("회원등급 알려주세요")
    assert "{phone} {0}" in texts(guest.says("010-2222-3333"))


def test_a_field_that_was_not_asked_for_takes_the_place_of_no_slot(
    guest: Customer, outside: FarEnd
) -> None:
    outside.always = answers(outcome="none", fields={"phone": "119"})
    guest.says("회원등급 알려주세요")
    assert "119" not in texts(guest.says("010-2222-3333"))


def test_an_outcome_may_ask_for_a_value_again_with_choices(
    guest: Customer, outside: FarEnd
) -> None:
    choice = {"role": "phone", "value": "+821099998888", "label": "010-9999-8888"}
    outside.reactions = [answers(outcome="none", choices=[choice]), found()]
    guest.says("회원등급 알려주세요")
    turn = guest.says("010-2222-3333")
    assert keys(turn) == [f"{GRADE}/outcome/none"]
    (button, *_) = buttons(turn)
    assert "+821099998888" in button
    assert keys(guest.presses(button)) == [f"{GRADE}/outcome/found"]
    assert outside.calls[1].document["values"] == {"phone": "+821099998888"}
    assert outside.calls[0].key != outside.calls[1].key


def test_without_a_partner_there_is_no_answer(counter: Counter, guest: Customer) -> None:
    counter.desk = replace(counter.desk, partner=None)
    assert asks(guest) == UNAVAILABLE


def test_nothing_is_sent_that_could_not_be_told_from_a_forgery(
    guest: Customer, outside: FarEnd, line: Line
) -> None:
    line.partner.secret = ""
    assert asks(guest) == UNAVAILABLE
    assert outside.calls == []
    assert "OutsideSecret" in line.warnings[0]


def test_who_fails_again_and_again_is_left_alone_for_a_while(
    counter: Counter, guest: Customer, outside: FarEnd, line: Line
) -> None:
    outside.always = answers(503)
    for _ in range(4):
        assert asks(guest) == UNAVAILABLE
    assert len(outside.calls) == 5  # 2 + 2 + 1, and then nobody was called
    assert "again and again" in line.warnings[-1]
    outside.always = found()
    assert asks(guest) == UNAVAILABLE
    counter.clock.pass_by(timedelta(seconds=31))
    assert asks(guest) == [f"{GRADE}/outcome/found"]
    assert asks(guest) == [f"{GRADE}/outcome/found"]


def test_a_refusal_proves_that_somebody_is_there(guest: Customer, outside: FarEnd) -> None:
    outside.always = answers(404)
    for _ in range(7):
        asks(guest)
    assert len(outside.calls) == 7


def test_the_same_message_sent_again_calls_nobody_again(guest: Customer, outside: FarEnd) -> None:
    outside.always = found()
    guest.says("회원등급 알려주세요")
    turn = guest.says("010-2222-3333")
    assert turn.message is not None
    assert guest.sends(turn.message) == turn
    assert len(outside.calls) == 1
