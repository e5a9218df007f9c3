"""Somebody asks for a person: the queue, the people who answer it, and the way back to the bot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from sangdam.backoffice.queue import Handoff, handoff_key, read_handoff
from sangdam.backoffice.requests import Request
from sangdam.dialogue.turn import Turn
from sangdam.services.delete_session import delete_session
from sangdam.services.errors import UnknownSessionError
from sangdam.services.queue import (
    HUMAN,
    NotWaitingError,
    People,
    TakenError,
    release,
    say,
    settle,
    take,
    waiting,
)
from sangdam.services.read_history import read_history
from tests.core import front_desk
from tests.core.counter import Counter, Customer, buttons, keys, texts

BOT = front_desk.NAME


@pytest.fixture
def desk() -> Counter:
    return Counter(pack=front_desk.pack())


@pytest.fixture
def guest(desk: Counter) -> Customer:
    return desk.customer("ko")


@pytest.fixture
def people(desk: Counter) -> People:
    return People(desk.conversations, desk.backoffice, desk.clock)


def queue(desk: Counter) -> list[Handoff | Request]:
    return list(waiting(BOT, store=desk.backoffice))


def handoff(desk: Counter, guest: Customer) -> Handoff:
    found = desk.backoffice.get(handoff_key(BOT, guest.session_id))
    assert found is not None
    return read_handoff(found.record)


def stored(desk: Counter, guest: Customer) -> list[Turn]:
    return list(desk.conversations.turns(guest.session_id, after=-1, limit=100))


# What people read


def test_the_queue_says_what_the_customer_wants(desk: Counter, guest: Customer) -> None:
    guest.says("월요일 오전 10시에 김원장님 예약할게요")
    guest.says("홍길동이요")
    guest.says("상담원 바꿔주세요")
    (one,) = queue(desk)
    assert isinstance(one, Handoff)
    assert one.session_id == guest.session_id
    assert one.summary.startswith("예약하기: 선생님 김원장님, 날짜 11월 23일")
    assert one.values["이름"] == "홍길동"
    assert (one.language, one.urgent, one.status, one.form) == (
        "ko",
        False,
        "waiting",
        "appointment",
    )
    assert [quoted.number for quoted in one.turns] == [0, 1, 2, 3]
    assert one.turns[1].customer == "월요일 오전 10시에 김원장님 예약할게요"
    assert one.turns[3].said == ("상담원을 연결해 드릴게요.",)


def test_without_a_form_the_last_question_is_what_it_is_about(
    desk: Counter, guest: Customer
) -> None:
    guest.says("주차 되나요")
    guest.says("상담원")
    assert handoff(desk, guest).summary == "주차"


def test_who_has_said_nothing_yet_wants_a_person(desk: Counter, guest: Customer) -> None:
    guest.says("상담원")
    assert handoff(desk, guest).summary == "상담원 연결"


def test_at_most_six_turns_before_are_quoted(desk: Counter, guest: Customer) -> None:
    for _ in range(9):
        guest.says("주차 되나요")
    guest.says("상담원")
    assert [one.number for one in handoff(desk, guest).turns] == [4, 5, 6, 7, 8, 9, 10]


def test_secrets_are_masked_even_those_the_bot_does_not_refuse(
    desk: Counter, guest: Customer
) -> None:
    guest.says("주차 되나요 비밀번호는 hunter2예요")  # this bot refuses no passwords
    guest.says("상담원")
    quoted = handoff(desk, guest).turns[1].customer
    assert quoted is not None
    assert "hunter2" not in quoted
    assert "주차" in quoted


def test_the_language_is_that_of_the_last_message(desk: Counter, guest: Customer) -> None:
    guest.says("agent please")
    assert handoff(desk, guest).language == "en"


def test_what_is_urgent_comes_first_and_then_the_oldest(desk: Counter) -> None:
    names = []
    for text in ("상담원", "상담원", "아이가 숨을 못 쉬어요"):
        desk.clock.pass_by(timedelta(minutes=1))
        customer = desk.customer("ko")
        customer.says(text)
        names.append(customer.session_id)
    found = [one.session_id for one in queue(desk) if isinstance(one, Handoff)]
    assert found == [names[2], names[0], names[1]]


def test_who_waits_and_says_what_cannot_wait_goes_before_the_others(
    desk: Counter, guest: Customer
) -> None:
    guest.says("상담원")
    turn = guest.says("아이가 숨을 못 쉬어요")
    assert turn.reply.messages == ()  # a person owns it
    assert handoff(desk, guest).urgent


# Who goes back


def test_who_calls_the_bot_back_waits_no_more(desk: Counter, guest: Customer) -> None:
    guest.says("상담원")
    assert keys(guest.presses("/back_to_bot")) == ["system/resumed"]
    assert queue(desk) == []
    assert keys(guest.says("주차 되나요")) == ["intent/parking"]


def test_who_is_taken_may_still_call_the_bot_back(
    desk: Counter, guest: Customer, people: People
) -> None:
    guest.says("상담원")
    take(BOT, guest.session_id, by="kim", people=people)
    guest.presses("/back_to_bot")
    assert queue(desk) == []
    with pytest.raises(NotWaitingError):
        say(desk.pack.bot, guest.session_id, "여보세요", by="kim", people=people)


def test_who_asks_for_a_person_again_waits_again(desk: Counter, guest: Customer) -> None:
    guest.says("상담원")
    guest.presses("/back_to_bot")
    guest.says("상담원")
    assert len(queue(desk)) == 1


def test_a_deleted_conversation_leaves_the_queue(desk: Counter, guest: Customer) -> None:
    guest.says("상담원")
    delete_session(
        guest.session_id, token=guest.opened.token,
        conversations=desk.conversations, backoffice=desk.backoffice,
    )  # fmt: skip
    assert queue(desk) == []


# Who answers


def test_a_conversation_is_taken_once(desk: Counter, guest: Customer, people: People) -> None:
    guest.says("상담원")
    assert take(BOT, guest.session_id, by="kim", people=people).by == "kim"
    assert take(BOT, guest.session_id, by="kim", people=people).status == "taken"
    with pytest.raises(TakenError, match="kim"):
        take(BOT, guest.session_id, by="lee", people=people)
    assert handoff(desk, guest).by == "kim"


def test_what_a_person_says_is_a_turn_of_the_conversation(
    desk: Counter, guest: Customer, people: People
) -> None:
    guest.says("상담원")
    turn = say(
        desk.pack.bot, guest.session_id, "안녕하세요, 김상담입니다.", by="kim", people=people
    )
    assert (turn.number, turn.owner, turn.message) == (2, "human", None)
    assert keys(turn) == [HUMAN]
    assert buttons(turn) == ["/back_to_bot"]
    page = read_history(
        guest.session_id, token=guest.opened.token, after=1, limit=10,
        conversations=desk.conversations,
    )  # fmt: skip
    assert [texts(one) for one in page.turns] == ["안녕하세요, 김상담입니다."]
    assert handoff(desk, guest).by == "kim"  # who answers has taken it
    assert guest.says("네 안녕하세요").number == 3


def test_two_colleagues_may_answer_one_customer(
    desk: Counter, guest: Customer, people: People
) -> None:
    guest.says("상담원")
    take(BOT, guest.session_id, by="kim", people=people)
    say(desk.pack.bot, guest.session_id, "제가 대신 답할게요.", by="lee", people=people)
    assert handoff(desk, guest).by == "kim"


def test_the_bot_answers_again_after_the_release(
    desk: Counter, guest: Customer, people: People
) -> None:
    guest.says("상담원")
    say(desk.pack.bot, guest.session_id, "처리했습니다.", by="kim", people=people)
    turn = release(
        desk.pack.bot, guest.session_id, by="kim", words="좋은 하루 되세요.", people=people
    )
    assert keys(turn) == [HUMAN, "system/resumed"]
    assert turn.owner == "bot"
    assert buttons(turn)
    assert queue(desk) == []
    assert keys(guest.says("주차 되나요")) == ["intent/parking"]


def test_last_words_may_be_left_out(desk: Counter, guest: Customer, people: People) -> None:
    guest.says("상담원")
    turn = release(desk.pack.bot, guest.session_id, by="kim", people=people)
    assert keys(turn) == ["system/resumed"]


def test_a_button_that_a_person_said_something_with_can_be_pressed(
    desk: Counter, guest: Customer, people: People
) -> None:
    guest.says("상담원")
    turn = say(desk.pack.bot, guest.session_id, "끝났어요?", by="kim", people=people)
    pressed = guest.presses(buttons(turn)[0])
    assert pressed.message is not None
    assert pressed.message.label == "챗봇과 계속하기"
    assert pressed.owner == "bot"


@pytest.mark.parametrize("text", ["", "  \n", "가" * 2001])
def test_what_is_empty_or_very_long_is_not_said(
    desk: Counter, guest: Customer, people: People, text: str
) -> None:
    guest.says("상담원")
    with pytest.raises(ValueError, match="1 to 2000 letters"):
        say(desk.pack.bot, guest.session_id, text, by="kim", people=people)


def test_nobody_talks_into_a_conversation_of_the_bot(
    desk: Counter, guest: Customer, people: People
) -> None:
    guest.says("주차 되나요")
    for answer in (say, release):
        call: Callable[..., object] = answer
        words = ("안녕하세요",) if answer is say else ()
        with pytest.raises(NotWaitingError, match="belongs to the bot"):
            call(desk.pack.bot, guest.session_id, *words, by="kim", people=people)
    with pytest.raises(NotWaitingError, match="does not wait"):
        take(BOT, guest.session_id, by="kim", people=people)
    assert len(stored(desk, guest)) == 2


def test_nobody_answers_the_customers_of_another_bot(
    desk: Counter, guest: Customer, people: People
) -> None:
    guest.says("상담원")
    other = replace(desk.pack.bot, name="other")
    with pytest.raises(UnknownSessionError):
        say(other, guest.session_id, "안녕하세요", by="kim", people=people)
    with pytest.raises(NotWaitingError):
        take("other", guest.session_id, by="kim", people=people)


def test_a_conversation_that_nobody_answered_for_a_month_leaves_the_queue(
    desk: Counter, guest: Customer, people: People
) -> None:
    guest.says("상담원")
    desk.clock.pass_by(timedelta(days=31))
    with pytest.raises(UnknownSessionError):
        take(BOT, guest.session_id, by="kim", people=people)
    assert queue(desk) == []


# Who is called back


def test_a_request_to_be_called_back_stands_in_the_same_queue(desk: Counter) -> None:
    desk.clock.pass_by(timedelta(hours=10))  # ten in the evening
    guest = desk.customer("ko")
    for text in ("상담원", "홍길동", "01022223333", "영수증이 필요해요"):
        guest.says(text)
    (request,) = queue(desk)
    assert isinstance(request, Request)
    assert request.values["name"] == "홍길동"
    assert settle(BOT, request.number, store=desk.backoffice).status == "done"
    assert queue(desk) == []
    (kept,) = desk.backoffice.under(f"{BOT}#requests")
    assert '"status":"done"' in kept.record
    with pytest.raises(NotWaitingError):
        settle(BOT, request.number, store=desk.backoffice)
