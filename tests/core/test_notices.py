"""People are told that somebody waits for them, and nothing of who it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from sangdam.backoffice.outgoing import outbox_pk, read_outgoing
from sangdam.services.outbox import send_waiting
from sangdam_adapters.notice_words import subject_and_message
from tests.core import front_desk
from tests.core.counter import Counter, Customer
from tests.core.own_systems import TOPIC, Line, answers, timed_out

BOT = front_desk.NAME


@pytest.fixture
def desk() -> Counter:
    return Counter(pack=front_desk.pack())


@pytest.fixture
def line(desk: Counter) -> Line:
    """The line to the topic; nobody needs a secret to tell one's own people."""
    line = Line(desk.clock, secret="")
    desk.desk = replace(desk.desk, partner=lambda: line.partner, notify=TOPIC)
    return line


@pytest.fixture
def guest(desk: Counter) -> Customer:
    return desk.customer("ko")


def mails(line: Line) -> Sequence[tuple[str, str]]:
    return [subject_and_message(call.document) for call in line.outside.calls]


def test_a_handoff_is_told_with_the_turn(desk: Counter, guest: Customer, line: Line) -> None:
    guest.says("월요일 오전 10시에 김원장님 예약할게요")
    guest.says("홍길동이요")
    guest.says("010-2222-3333")
    guest.says("상담원 바꿔주세요")
    (call,) = line.outside.calls
    assert call.address == TOPIC
    ((subject, message),) = mails(line)
    assert subject == "[desk] A customer waits for a person"
    assert "예약하기: 선생님 김원장님, 날짜 11월 23일(월), 시간 오전 10시" in message
    assert f"scripts/handoff show {guest.session_id} --bot desk" in message
    assert "2026-11-20 12:00" in message  # noon where the business is
    assert "한국어" in message


@pytest.mark.parametrize("secret", ["홍길동", "2222", "3333", "01022223333", "+82"])
def test_no_name_and_no_number_leaves_the_account(
    desk: Counter, guest: Customer, line: Line, secret: str
) -> None:
    for text in ("예약하고 싶어요", "아무나요", "월요일", "오전 10시", "홍길동이요", "01022223333"):
        guest.says(text)
    guest.says("상담원 바꿔주세요")
    desk.clock.pass_by(timedelta(hours=10))
    later = desk.customer("ko")
    for text in ("상담원", "홍길동", "01022223333", "홍길동 2222 3333 영수증"):
        later.says(text)
    assert len(line.outside.calls) == 2
    for call in line.outside.calls:
        assert secret not in call.body.decode()
    for mail in mails(line):
        assert secret not in "".join(mail)


def test_what_is_urgent_says_so(guest: Customer, line: Line) -> None:
    guest.says("아이가 숨을 못 쉬어요")
    ((subject, message),) = mails(line)
    assert "URGENT" in subject
    assert message.startswith("긴급:")
    assert "응급" in message


def test_who_waits_and_says_what_cannot_wait_is_told_of_again(guest: Customer, line: Line) -> None:
    guest.says("상담원")
    guest.says("아이가 숨을 못 쉬어요")
    guest.says("숨을 못 쉬어요")
    assert [call.document["urgent"] for call in line.outside.calls] == [False, True]
    first, second = line.outside.calls
    assert first.key != second.key


def test_a_request_to_be_called_back_is_told(desk: Counter, line: Line) -> None:
    desk.clock.pass_by(timedelta(hours=10))
    guest = desk.customer("ko")
    for text in ("상담원", "홍길동", "01022223333"):
        guest.says(text)
    assert line.outside.calls == []
    guest.says("영수증이 필요해요")
    ((subject, message),) = mails(line)
    assert subject == "[desk] A customer asks to be called back"
    assert "전화를 요청" in message
    (request,) = desk.backoffice.under(f"{BOT}#queue")
    number = json.loads(request.record)["number"]
    assert f"show {number}" in message


def test_who_goes_back_to_the_bot_is_not_told_of(guest: Customer, line: Line) -> None:
    guest.says("상담원")
    guest.presses("/back_to_bot")
    guest.says("주차 되나요")
    assert len(line.outside.calls) == 1


def test_a_topic_that_is_down_keeps_no_customer_waiting_for_ever(
    desk: Counter, guest: Customer, line: Line
) -> None:
    line.outside.reactions = [timed_out()]
    assert guest.says("상담원").owner == "human"
    (waiting,) = desk.backoffice.under(outbox_pk(BOT), prefix="pending#")
    assert read_outgoing(waiting.record).attempts == 1
    line.outside.always = answers()
    desk.clock.pass_by(timedelta(minutes=1))
    other = desk.customer("ko")
    for _ in range(8):
        other.says("주차 되나요")
    assert len(line.outside.calls) == 2


def test_who_is_not_to_be_told_is_told_nothing(desk: Counter, guest: Customer) -> None:
    guest.says("상담원")
    assert desk.backoffice.under(outbox_pk(BOT)) == ()


def test_a_process_that_dies_right_after_the_handoff_leaves_the_notice_to_another(
    desk: Counter, guest: Customer, line: Line
) -> None:
    desk.desk = replace(desk.desk, partner=None)  # it dies before it comes to that
    guest.says("상담원")
    assert line.outside.calls == []
    assert send_waiting(BOT, store=desk.backoffice, partner=line.partner) == 1
    assert len(mails(line)) == 1


def test_an_english_team_is_told_in_english() -> None:
    notice = {
        "team": "en", "urgent": False, "kind": "handoff", "bot": "bank", "open": "0a",
        "summary": "", "language": "ko", "at": "2026-11-20T03:00:00+00:00",
        "time_zone": "Asia/Seoul",
    }  # fmt: skip
    subject, message = subject_and_message(notice)
    assert subject.isascii()
    assert message.splitlines()[:3] == ["A customer of bank waits for a person.", "",
                                        "Language: Korean"]  # fmt: skip
