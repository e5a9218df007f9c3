"""A whole talk at a front desk: people change their minds, ask in between, and come back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sangdam.bots.parse import parse_pack
from sangdam.dialogue.turn import Turn
from tests.core import front_desk
from tests.core.counter import Counter, Customer, buttons, keys, texts
from tests.core.front_desk import BOOK, CALLBACK, CANCEL, CHANGE

ON_MONDAY = ("예약하고 싶어요", "아무나요", "월요일", "오전 10시", "홍길동이요", "01022223333")


@pytest.fixture
def desk() -> Counter:
    return Counter(pack=front_desk.pack())


@pytest.fixture
def guest(desk: Counter) -> Customer:
    return desk.customer("ko")


def shown(guest: Customer) -> Turn:
    """Let somebody ask for Monday at ten; return the turn that shows it all."""
    return [guest.says(text) for text in ON_MONDAY][-1]


def booked(guest: Customer) -> str:
    """Let somebody book Monday at ten; return the number."""
    shown(guest)
    assert keys(guest.says("네")) == [f"{BOOK}/outcome/booked"]
    assert guest.session.finished_form is not None
    return guest.session.finished_form.remembered["number"]


def seats(desk: Counter, resource: str, day: str) -> dict[str, int]:
    found = desk.backoffice.counts(f"{front_desk.NAME}#seats#{resource}#{day}")
    return {at: count for at, count in found.items() if count}


# Filling


def test_several_values_of_one_sentence_are_taken(guest: Customer) -> None:
    turn = guest.says("월요일 오전 10시에 김원장님 예약할게요")
    assert keys(turn) == [f"{BOOK}/name/ask"]
    assert guest.session.open_form is not None
    values = {"doctor": "kim", "date": "2026-11-23", "time": "10:00"}
    assert guest.session.open_form.values == values


def test_what_is_free_is_offered_as_buttons(guest: Customer) -> None:
    guest.says("김원장님 예약할게요")
    offered = buttons(guest.says("월요일이요"))
    assert '/book{"time": "09:00"}' in offered
    assert '/book{"time": "13:00"}' not in offered  # the doctor is there in the morning


def test_a_slot_may_be_left_out_by_its_button_or_in_words(guest: Customer) -> None:
    for answer in ("/skip_value", "상관없어요", "아무나 괜찮아요", "건너뛸게요"):
        guest.says("예약하고 싶어요")
        turn = guest.presses(answer) if answer[0] == "/" else guest.says(answer)
        assert keys(turn) == [f"{BOOK}/date/ask"], answer
        guest.presses("/cancel")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("어제", "past"),
        ("내일", "closed"),
        ("내년 3월 2일", "too_far"),
    ],
)
def test_a_date_that_will_not_do_is_refused_with_the_reason(
    guest: Customer, said: str, outcome: str
) -> None:
    turn = guest.says(f"{said} 예약할게요")
    assert keys(turn) == [f"{BOOK}/outcome/{outcome}"]
    assert guest.session.open_form is not None
    assert guest.session.open_form.asking == "date"


def test_a_public_holiday_is_named(desk: Counter, guest: Customer) -> None:
    desk.holidays.off[date(2026, 11, 23)] = "임시공휴일"
    turn = guest.says("월요일 예약할게요")
    assert keys(turn) == [f"{BOOK}/outcome/closed"]
    assert "임시공휴일" in texts(turn)


def test_a_time_outside_of_hours_is_refused(guest: Customer) -> None:
    turn = guest.says("월요일 오후 8시에 김원장님 예약할게요")
    assert keys(turn) == [f"{BOOK}/outcome/outside_hours"]


def test_after_so_many_misses_a_person_is_offered(guest: Customer) -> None:
    guest.says("김원장님 예약할게요")
    assert keys(guest.says("글쎄요")) == [f"{BOOK}/date/ask_again"]
    assert keys(guest.says("글쎄요 흠")) == [f"{BOOK}/date/ask_again"]
    assert keys(guest.says("잘 몰라서요")) == ["system/offer_human"]
    assert guest.session.open_form is None


# Confirming


def test_nothing_is_done_without_a_yes(desk: Counter, guest: Customer) -> None:
    turn = shown(guest)
    assert keys(turn) == [f"{BOOK}/confirm"]
    assert "홍길동" in texts(turn)
    assert "010-2222-3333" in texts(turn)
    guest.presses("/cancel")
    assert seats(desk, "kim", "2026-11-23") == {}


def test_a_yes_to_earlier_values_is_none(guest: Customer) -> None:
    turn = shown(guest)
    old = buttons(turn)[0]
    again = guest.says("아니 10시 말고 11시로요")
    assert keys(again) == [f"{BOOK}/confirm"]
    assert "11시" in texts(again)
    assert keys(guest.presses(old)) == [f"{BOOK}/confirm"]
    assert keys(guest.presses(buttons(again)[0])) == [f"{BOOK}/outcome/booked"]


def test_a_no_asks_what_to_change(guest: Customer) -> None:
    shown(guest)
    asked = guest.says("아니요")
    assert keys(asked) == ["system/change_what"]
    assert '/change_value{"slot": "time"}' in buttons(asked)
    assert keys(guest.says("시간이요")) == [f"{BOOK}/time/ask"]
    assert keys(guest.says("10시 반")) == [f"{BOOK}/confirm"]


def test_a_question_before_the_yes_is_answered_first(guest: Customer) -> None:
    shown(guest)
    turn = guest.says("주차 되나요?")
    assert keys(turn) == ["intent/parking", "system/resume", f"{BOOK}/confirm"]
    assert keys(guest.says("네 좋아요")) == [f"{BOOK}/outcome/booked"]


def test_what_is_shown_is_held_and_let_go(desk: Counter, guest: Customer) -> None:
    shown(guest)
    assert seats(desk, "kim", "2026-11-23") == {"10:00": 1}
    guest.says("그만")
    assert seats(desk, "kim", "2026-11-23") == {}


def test_a_hold_lasts_only_so_long(desk: Counter, guest: Customer) -> None:
    shown(guest)
    other = desk.customer("ko")
    desk.clock.pass_by(timedelta(minutes=1))
    for text in ("김원장님 예약할게요", "월요일"):
        other.says(text)
    assert keys(other.says("10시")) == [f"{BOOK}/outcome/full"]
    desk.clock.pass_by(timedelta(minutes=6))
    assert keys(other.says("10시")) == [f"{BOOK}/name/ask"]


# Correcting what is done


def test_a_correction_after_the_end_changes_and_does_not_book_twice(
    desk: Counter, guest: Customer
) -> None:
    booked(guest)
    turn = guest.says("아니 11시로 바꿔줘")
    assert keys(turn) == [f"{CHANGE}/confirm"]
    assert keys(guest.says("네")) == [f"{CHANGE}/outcome/changed"]
    assert seats(desk, "kim", "2026-11-23") == {"11:00": 1}


def test_what_was_just_booked_is_cancelled_without_its_number(
    desk: Counter, guest: Customer
) -> None:
    booked(guest)
    assert keys(guest.says("예약취소 해주세요")) == [f"{CANCEL}/confirm"]
    assert keys(guest.says("네")) == [f"{CANCEL}/outcome/cancelled"]
    assert seats(desk, "kim", "2026-11-23") == {}


def test_a_number_of_somebody_else_is_not_found(desk: Counter, guest: Customer) -> None:
    number = booked(guest)
    other = desk.customer("ko")
    other.says("예약취소 해주세요")
    other.says(number)
    assert keys(other.says("01044445555")) == [f"{CANCEL}/outcome/not_found"]
    assert seats(desk, "kim", "2026-11-23") == {"10:00": 1}


# Stepping aside


def test_another_form_steps_in_and_the_first_comes_back(guest: Customer) -> None:
    guest.says("예약하고 싶어요")
    assert keys(guest.says("예약내역 보여주세요")) == ["form/appointments/phone/ask"]
    turn = guest.says("01022223333")
    assert keys(turn) == ["form/appointments/outcome/none", "system/resume", f"{BOOK}/doctor/ask"]


def test_giving_up_the_form_that_stepped_in_goes_back_to_the_first(guest: Customer) -> None:
    guest.says("김원장님 예약할게요")
    guest.says("예약내역 보여주세요")
    assert keys(guest.says("그만")) == ["system/cancelled", "system/resume", f"{BOOK}/date/ask"]


def test_what_was_said_in_between_is_not_asked_for_again(guest: Customer) -> None:
    for text in ("김원장님 예약할게요", "월요일", "10시", "예약내역 보여주세요", "01022223333"):
        guest.says(text)
    assert keys(guest.says("홍길동이요")) == [f"{BOOK}/confirm"]


def test_a_value_for_what_is_shown_is_no_wish_for_another_form(guest: Customer) -> None:
    shown(guest)
    assert keys(guest.says("11시로 변경해주세요")) == [f"{BOOK}/confirm"]


def test_a_form_that_comes_back_only_to_end_ends_once(desk: Counter, guest: Customer) -> None:
    number = booked(guest)
    desk.clock.pass_by(timedelta(days=4))  # what was booked is over
    other = desk.customer("ko")
    for text in ("변경해주세요", number, "예약취소 해주세요", number):
        other.says(text)
    turn = other.says("01022223333")
    assert keys(turn) == [
        f"{CANCEL}/outcome/too_late",
        "system/resume",
        f"{CHANGE}/outcome/too_late",
    ]
    assert (other.session.open_form, other.session.parked) == (None, None)


def test_thanks_do_not_derail_a_form(guest: Customer) -> None:
    guest.says("김원장님 예약할게요")
    assert keys(guest.says("감사합니다")) == [
        "intent/thanks",
        "system/resume",
        f"{BOOK}/date/ask",
    ]


def test_a_question_with_a_date_in_it_fills_no_date(guest: Customer) -> None:
    guest.says("김원장님 예약할게요")
    turn = guest.says("월요일에 몇시까지 영업하나요?")
    assert keys(turn) == ["intent/opening_hours", "system/resume", f"{BOOK}/date/ask"]
    assert keys(guest.says("월요일 되나요?")) == [f"{BOOK}/time/ask"]


def test_one_form_leads_on_to_another_with_what_it_knows() -> None:
    files = front_desk.files()
    files["bot.yaml"]["forms"]["appointments"]["then"] = {"none": "appointment"}
    guest = Counter(pack=parse_pack(front_desk.NAME, files)).customer("ko")
    guest.says("예약내역 보여주세요")
    turn = guest.says("01022223333")
    assert keys(turn) == ["form/appointments/outcome/none", f"{BOOK}/doctor/ask"]
    assert guest.session.open_form is not None
    assert guest.session.open_form.values == {"phone": "+821022223333"}


def test_a_slot_is_asked_for_only_where_its_condition_holds() -> None:
    files = front_desk.files()
    slots = files["bot.yaml"]["forms"]["appointment"]["slots"]
    slots["phone"]["when"] = {"doctor": ["lee"]}
    desk = Counter(pack=parse_pack(front_desk.NAME, files))
    for doctor, time, asked in (("김원장님", "10시", "confirm"), ("이원장님", "3시", "phone/ask")):
        guest = desk.customer("ko")
        for text in (f"{doctor} 예약할게요", "월요일", time):
            guest.says(text)
        assert keys(guest.says("홍길동이요")) == [f"{BOOK}/{asked}"]


def test_a_default_is_used_until_something_else_is_said() -> None:
    files = front_desk.files()
    files["bot.yaml"]["forms"]["appointment"]["slots"]["time"]["default"] = "10:00"
    guest = Counter(pack=parse_pack(front_desk.NAME, files)).customer("ko")
    for text in ("김원장님 예약할게요", "월요일", "홍길동이요"):
        guest.says(text)
    first = guest.says("01022223333")
    assert keys(first) == [f"{BOOK}/confirm"]
    assert "오전 10시" in texts(first)
    assert "오전 11시" in texts(guest.says("11시로 해주세요"))


def test_a_slot_of_the_same_name_but_another_kind_is_asked_for_anew() -> None:
    files = front_desk.files()
    forms = files["bot.yaml"]["forms"]
    # The call-back form's "time" is free words, no time of the clock.
    forms["callback"]["slots"]["time"] = {"entity": "topic", "carry": True}
    forms["appointment"]["slots"]["time"]["carry"] = True
    for language in ("ko", "en"):
        words = files[f"{language}.yaml"]["forms"]["callback"]["slots"]
        words["time"] = dict(words["topic"])
    desk = Counter(pack=parse_pack(front_desk.NAME, files))
    desk.clock.pass_by(timedelta(hours=10))  # ten in the evening: a call-back is taken
    guest = desk.customer("ko")
    for text in ("상담원", "홍길동", "01022223333", "영수증이 필요해요"):
        guest.says(text)
    assert keys(guest.says("아무 때나 괜찮아요")) == [f"{CALLBACK}/outcome/filed"]
    assert guest.session.known["time"] == "아무 때나 괜찮아요"
    guest.says("김원장님 예약할게요")
    assert keys(guest.says("월요일")) == [f"{BOOK}/time/ask"]
    assert guest.session.open_form is not None
    assert guest.session.open_form.values["phone"] == "+821022223333"


# What was said before


def test_a_value_alone_asks_the_last_question_again(guest: Customer) -> None:
    guest.says("빈시간 있나요")
    monday = guest.says("월요일")
    tuesday = guest.says("그럼 화요일은요?")
    assert keys(monday) == keys(tuesday) == ["form/free_times/outcome/free"]
    assert texts(monday) != texts(tuesday)


def test_a_few_words_more_are_about_the_same(guest: Customer) -> None:
    guest.says("주차 되나요")
    assert keys(guest.says("그럼 주말은요?")) == ["system/again", "intent/parking"]


def test_who_asks_the_same_again_and_again_is_offered_a_person(guest: Customer) -> None:
    assert "/human_agent" in [*map(buttons, [guest.says("주차 되나요") for _ in range(3)])][-1]


def test_an_angry_customer_is_offered_a_person_at_once(guest: Customer) -> None:
    first = guest.says("짜증나네요")
    assert keys(first) == ["intent/complaint"]
    assert "/human_agent" in buttons(first)
    assert keys(guest.says("엉망이에요")) == ["system/upset"]


# People


def test_what_cannot_wait_comes_before_everything(desk: Counter, guest: Customer) -> None:
    shown(guest)
    turn = guest.says("아이가 숨을 못 쉬어요")
    assert keys(turn) == ["intent/emergency"]
    assert turn.owner == "human"
    (waiting,) = desk.backoffice.under(f"{front_desk.NAME}#queue")
    assert '"urgent":true' in waiting.record.replace(" ", "")


def test_within_hours_a_person_is_called(guest: Customer) -> None:
    turn = guest.says("상담원")
    assert keys(turn) == ["system/handoff"]
    assert guest.says("여보세요").reply.messages == ()


def test_outside_of_hours_a_call_back_is_taken(desk: Counter, guest: Customer) -> None:
    desk.clock.pass_by(timedelta(hours=10))  # ten in the evening
    turn = guest.says("상담원")
    assert keys(turn) == ["system/handoff_closed", f"{CALLBACK}/name/ask"]
    guest.says("홍길동")
    guest.says("01022223333")
    assert keys(guest.says("영수증이 필요해요")) == [f"{CALLBACK}/outcome/filed"]
    assert turn.owner == "bot"
    (waiting,) = desk.backoffice.under(f"{front_desk.NAME}#queue")
    assert "영수증이 필요해요" in waiting.record


def test_what_a_call_back_is_about_may_sound_like_any_wish(desk: Counter, guest: Customer) -> None:
    desk.clock.pass_by(timedelta(hours=10))
    guest.says("상담원")
    guest.says("홍길동")
    guest.says("01022223333")
    assert keys(guest.says("예약취소 신청이 안 돼요")) == [f"{CALLBACK}/outcome/filed"]


def test_on_a_public_holiday_nobody_is_there(desk: Counter, guest: Customer) -> None:
    desk.holidays.off[date(2026, 11, 20)] = "임시공휴일"
    assert keys(guest.says("상담원"))[0] == "system/handoff_closed"


# Secrets


def test_a_secret_is_refused_and_stored_by_nobody(desk: Counter, guest: Customer) -> None:
    guest.says("김원장님 예약할게요")
    turn = guest.says("제 카드번호는 4111 1111 1111 1111이에요")
    assert keys(turn) == ["system/secret", f"{BOOK}/date/ask"]
    stored = desk.conversations.turns(guest.session_id, after=-1, limit=50)
    assert not any("4111 1111" in (one.message.text or "") for one in stored if one.message)


def test_every_reply_leaves_something_to_do(guest: Customer) -> None:
    for text in ("고마워요", "주차 되나요", "ㅁㄴㅇㄹ", "예약내역 보여주세요", "01099999999"):
        assert buttons(guest.says(text)), text
