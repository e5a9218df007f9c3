"""Every type of entity, from the pack that declares it to the form that is filled with it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangdam.bots.canonical import is_canonical
from sangdam.bots.compiled import CompiledBotError, compile_bot, read_bot
from sangdam.bots.definition import COUNT_UNITS, ENTITY_KINDS, Language
from sangdam.bots.parse import parse_pack
from sangdam.bots.quick_reply import LABEL_LIMIT
from sangdam.bots.reading import PackError
from sangdam.nlu.entities import count
from sangdam.nlu.understand import understand, understand_button, words_of
from sangdam.nlu.understanding import Entity, Understanding
from sangdam.ports import OutsideAnswer
from sangdam.services.outside import Partner
from sangdam.text.values import spoken_values
from tests.core import every_kind
from tests.core.counter import NOON, Counter, Customer, buttons, keys
from tests.core.entity_tables import table
from tests.core.every_kind import NAME, Files, files
from tests.core.words import WordModel

BOT = every_kind.pack().bot
MODEL = WordModel(tuple(BOT.intents), {})
GONE = object()
README = Path(__file__).parents[2] / "layers" / "content" / "README.md"


def meaning(
    text: str, *, expected: str | None = None, now: datetime = NOON, language: Language = "ko"
) -> Understanding:
    return understand(BOT, MODEL, text, language=language, now=now, expected=expected)


def found(text: str, name: str, **said: Any) -> Entity:
    return next(one for one in meaning(text, **said).entities if one.name == name)


class Taking:
    """Port ``Outside``: a system that takes whatever it is given."""

    def call(
        self, address: str, body: bytes, *, headers: Mapping[str, str], seconds: float
    ) -> OutsideAnswer:
        return OutsideAnswer(200, b'{"outcome": "taken"}')


@pytest.fixture
def customer() -> Customer:
    """Somebody at the counter of the shop that asks for everything; it is noon on a Friday."""
    counter = Counter(pack=every_kind.pack())
    partner = Partner(
        Taking(), "secret", counter.clock, pause=lambda _: None, warn=counter.warnings.append
    )
    counter.desk = replace(counter.desk, partner=lambda: partner)
    return counter.customer("ko")


# From the pack to the bot and back


def test_the_pack_declares_every_type() -> None:
    assert {entity.type for entity in BOT.entities.values()} == set(ENTITY_KINDS)


def test_a_bot_with_every_type_comes_back_the_same() -> None:
    again = read_bot(compile_bot(BOT))
    assert again == BOT
    assert compile_bot(again) == compile_bot(BOT)


def test_bots_compiled_before_there_were_types_and_hours_still_read() -> None:
    document = json.loads(compile_bot(BOT))
    del document["hours"]
    document["entities"] = {
        "order_number": {"type": "pattern", "patterns": [r"\d{4}-\d{2}"], "value": "{0}"}
    }
    old = read_bot(json.dumps(document).encode())
    assert old.hours == {}
    assert old.entities["order_number"].patterns == (r"\d{4}-\d{2}",)


def test_a_type_of_a_newer_version_is_refused_with_the_way_out() -> None:
    document = json.loads(compile_bot(BOT))
    document["entities"]["day"]["type"] = "moon_phase"
    with pytest.raises(CompiledBotError, match="'day' is of type 'moon_phase', which this version"):
        read_bot(json.dumps(document).encode())


def test_hours_are_read_by_weekday_and_closed_days_are_missing() -> None:
    weekday = ((time(10), time(13)), (time(14), time(20)))
    assert BOT.hours == {**dict.fromkeys(range(5), weekday), 5: ((time(10), time(15)),)}


@pytest.mark.parametrize(
    ("hours", "read"),
    [
        ({"mon": "18:00-02:00"}, {0: ((time(18), time(2)),)}),
        ({"sun-mon": "00:00-24:00"}, {0: ((time(0), time(0)),), 6: ((time(0), time(0)),)}),
        ({"tue, thu": "9-12"}, dict.fromkeys((1, 3), ((time(9), time(12)),))),
        ({"wed": ["14-18", "9:30-12"]}, {2: ((time(9, 30), time(12)), (time(14), time(18)))}),
    ],
)
def test_hours_can_be_written_in_several_ways(hours: object, read: object) -> None:
    assert parse_pack(NAME, _with("bot.yaml/hours", hours)).bot.hours == read


def test_the_units_of_a_pack_are_those_that_are_counted() -> None:
    assert list(COUNT_UNITS) == count.UNITS


# From a sentence to values


@pytest.mark.parametrize(
    ("name", "korean", "english", "value"),
    [
        ("order_number", "20261118-0001이요", "order 20261118-0001", "20261118-0001"),
        ("day", "내일이요", "tomorrow", "2026-11-21"),
        ("hour", "오후 3시 반", "at 3:30 pm", "15:30"),
        ("moment", "다음 주 화요일 오후 2시에", "on 24 November at 2 pm", "2026-11-24T14:00"),
        ("days", "12월 3일부터 5일까지", "December 3 to 5", "2026-12-03/2026-12-05"),
        (
            "span",
            "내일 오후 2시에서 4시 사이",
            "tomorrow from 2 pm to 4 pm",
            "2026-11-21T14:00/2026-11-21T16:00",
        ),
        ("length", "한 시간 반", "an hour and a half", "PT1H30M"),
        ("amount", "스물다섯이요", "twenty-five", "25"),
        ("people", "어른 두 명이요", "two people", "2 person"),
        ("budget", "3만 5천원", "35,000 won", "35000 KRW"),
        ("discount", "10프로", "ten percent", "10"),
        ("mobile", "010-1234-5678이에요", "it's 010-1234-5678", "+821012345678"),
        ("mail", "kim@example.com입니다", "it is kim@example.com", "kim@example.com"),
        ("colour", "남색으로요", "the dark blue one", "navy"),
        ("who", "저는 김민수입니다", "my name is John Smith", None),
        ("agreed", "네 그렇게 해 주세요", "yes please", "yes"),
        ("place", "두 번째 거요", "the second one", "2"),
    ],
)
def test_values_of_every_type_are_found_in_both_languages(
    name: str, korean: str, english: str, value: str | None
) -> None:
    values = [found(text, name, expected=name).value for text in (korean, english)]
    assert values == ([value, value] if value else ["김민수", "John Smith"])
    assert all(found(text, name, expected=name).readings == () for text in (korean, english))
    assert all(is_canonical(BOT.entities[name], one) for one in values if name != "order_number")


def _documented() -> list[tuple[str, str, str]]:
    rows = re.findall(
        r"^\| `(\w+)` \| (.*?) ?\| (.*?) ?\| `(.+)` \|$", README.read_text("utf-8"), re.MULTILINE
    )
    return [
        (kind, text, value)
        for kind, *texts, value in rows
        if kind in ENTITY_KINDS
        for text in texts
        if text
    ]


@pytest.mark.parametrize(("kind", "text", "value"), _documented())
def test_the_readme_says_what_is_found(kind: str, text: str, value: str) -> None:
    name = next(name for name, entity in BOT.entities.items() if entity.type == kind)
    assert (found(text, name, expected=name).value, found(text, name, expected=name).readings) == (
        value,
        (),
    )


def test_the_readme_has_every_type_but_patterns() -> None:
    assert {kind for kind, _, _ in _documented()} == {*ENTITY_KINDS} - {"pattern"}


def test_opening_hours_decide_which_three_o_clock() -> None:
    assert found("월요일 3시", "moment").readings == ()
    assert found("월요일 3시", "moment").value == "2026-11-23T15:00"
    # On Saturdays the shop closes at three, on Sundays it is closed: nobody can tell.
    for day in ("토요일", "일요일"):
        assert [one[-5:] for one in found(f"{day} 3시", "moment").readings] == ["15:00", "03:00"]


def test_a_day_is_counted_from_today_where_the_bot_is() -> None:
    late = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # an hour past midnight in Seoul
    assert found("내일", "day", now=late).value == "2026-11-22"
    overseas = replace(BOT, time_zone="America/Los_Angeles")
    (day,) = understand(overseas, MODEL, "내일", language="ko", now=late).entities
    assert day.value == "2026-11-21"


def test_an_ambiguous_value_has_all_its_readings() -> None:
    colour = found("푸른색이요", "colour")
    assert (colour.value, colour.readings, colour.is_ambiguous) == (
        "blue", ("blue", "navy"), True,
    )  # fmt: skip
    assert colour.confidence < 1


def test_a_number_says_how_many_only_where_that_was_asked() -> None:
    assert found("둘이요", "people", expected="people").value == "2 person"
    assert "people" not in {one.name for one in meaning("둘이요").entities}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        *(("어른 둘 아이 하나요", 3), ("성인 2명, 아이 1명입니다", 3), ("어른둘아이하나", 3)),
        *(("성인 두 명이랑 아이 하나요", 3), ("성인 2, 소아 1이요", 3), ("남자 셋 여자 둘이요", 5)),
        *(("성인 두 명이요. 아이도 한 명 있어요", 3), ("어른 두 분 아이 한 명, 아기 한 명", 4)),
        *(("2 adults and 1 child", 3), ("two adults, one kid and a baby", 4)),
        # What may as well be a correction is not added up, nor what is refused.
        *(("두 명, 세 명이요", 2), ("4명인데 아이 하나 있어요", 4), ("어른 둘, 아이 하나 말고", 2)),
        # Asked how many, a number may stand beside words for all.
        *(("다 해서 넷이요", 4), ("총 셋입니다", 3), ("three in total", 3), ("모두 다섯이요", 5)),
    ],
)
def test_people_counted_sort_by_sort_are_added_up(text: str, people: int) -> None:
    assert found(text, "people", expected="people").value == f"{people} person"


@pytest.mark.parametrize("text", ["4명, 아이 1명이요", "4 people, 1 child", "네 명이요. 아이 하나"])
def test_a_part_of_the_party_or_one_more_is_asked_about(text: str) -> None:
    people = found(text, "people", expected="people")
    assert people.readings == ("4 person", "5 person")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "총 4명, 아이 1명이요",
            "네 명이고 아이 하나 포함이에요",
            "어른 아이 해서 4명, 아이 한 명",
        ),
        *("4 people including 1 child", "a total of 4 people, 1 child", "4명인데 그중 아이 하나요"),
        *("4 guests, 1 child included", "성인 4명, 5명은 아니고요"),
    ],
)
def test_who_is_counted_already_is_not_counted_twice(text: str) -> None:
    assert found(text, "people", expected="people").value == "4 person"
    assert not found(text, "people", expected="people").is_ambiguous


def test_counts_are_told_apart_where_a_form_asks_for_several() -> None:
    visit = BOT.forms["visit"]
    (adults,) = (slot for slot in visit.slots if slot.entity == "people")
    both = replace(visit, slots=(*visit.slots, replace(adults, name="children")))
    bot = replace(BOT, forms={**BOT.forms, "visit": both})
    meant = understand(bot, MODEL, "어른 둘 아이 하나요", language="ko", now=NOON)
    assert [one.value for one in meant.entities if one.name == "people"] == ["2 person", "1 person"]


def test_yes_and_the_second_one_are_answers_only_to_a_question() -> None:
    for text, name in (("네", "agreed"), ("두 번째 거요", "place")):
        assert name in {one.name for one in meaning(text, expected=name).entities}
        assert name not in {one.name for one in meaning(text).entities}


def test_a_yes_that_opens_another_question_is_no_answer() -> None:
    understood = meaning("네, 근데 시간 바꿀 수 있어요?", expected="agreed")
    assert understood.source == "model"


def test_a_phrase_of_refusal_is_no_name() -> None:
    for text in ("취소", "상담원", "그만할래요", "배송비"):
        assert meaning(text, expected="who").source == "model", text


def test_the_model_is_given_what_no_type_took() -> None:
    assert words_of(BOT, "내일 오후 3시에 두 명 방문 예약할게요") == "에 방문 예약할게요"
    assert words_of(BOT, "book a visit tomorrow at 3 pm for two people") == "book a visit for"


# What is taught is what is served


@settings(deadline=None)
@given(
    st.sampled_from(
        (
            "내일 오후 3시에 방문 예약", "11월 30일 두 시 반", "이번 주말 가격 문의",
            "30일에 갈게요", "2월 29일에 예약", "다음 주 화요일 3시", "3시간 뒤에 전화",
            "추석 연휴에 여나요", "next tuesday at 10 please", "this weekend",
            "on the 31st at noon", "in two weeks",
            "monday 3", "dec 3-5 for two", "tonight at 8", "내일 2시에서 4시 사이", "어제 산 거",
        )
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2036, 12, 31), timezones=st.just(UTC)),
)  # fmt: skip
def test_what_is_masked_does_not_hang_on_the_day(text: str, now: datetime) -> None:
    heard: list[str] = []

    class Listening(WordModel):
        def score(self, text: str) -> Any:
            heard.append(" ".join(text.split()))
            return super().score(text)

    understand(BOT, Listening(tuple(BOT.intents), {}), text, language="ko", now=now)
    assert heard in ([words_of(BOT, text)], [])


# Buttons


@pytest.mark.parametrize(
    ("button", "slots"),
    [
        ('/visit{"moment": "2026-11-24T14:00"}', {"moment": "2026-11-24T14:00"}),
        ('/visit{"moment": "내일 오후 2시"}', {"moment": "2026-11-21T14:00"}),
        ('/visit{"people": "2 person", "agreed": "네"}', {"people": "2 person", "agreed": "yes"}),
        ('/person{"colour": "navy"}', {"colour": "navy"}),
        ('/price{"budget": "..50 USD"}', {"budget": "..50 USD"}),
    ],
)
def test_a_button_carries_canonical_values_or_words(button: str, slots: object) -> None:
    pressed = understand_button(BOT, button, language="ko", now=NOON)
    assert pressed is not None
    assert pressed.slots == slots


@pytest.mark.parametrize(
    "button",
    [
        '/visit{"moment": "2026-13-24T14:00"}',
        '/visit{"moment": "soon"}',
        '/visit{"people": "2 room"}',
        '/person{"colour": "green"}',
        '/stay{"days": "2026-12-05/2026-12-03"}',
    ],
)
def test_a_button_with_a_value_of_no_such_type_is_none(button: str) -> None:
    assert understand_button(BOT, button, language="ko", now=NOON) is None


# Forms


def test_a_form_is_filled_with_what_one_sentence_says(customer: Customer) -> None:
    customer.says("월요일 3시에 두 명 방문 예약할게요")
    form = customer.session.open_form
    assert form is not None
    assert form.values == {"moment": "2026-11-23T15:00", "people": "2 person"}
    assert form.asking == "agreed"


def test_an_ambiguous_answer_is_asked_about_and_a_button_fills_the_slot(
    customer: Customer,
) -> None:
    customer.says("방문 예약할게요")
    asked = customer.says("내일 3시요")
    assert keys(asked) == ["system/which"]
    assert [one.label for one in asked.reply.quick_replies] == [
        "11월 21일(토) 오후 3시", "11월 21일(토) 오전 3시", "그만하기",
    ]  # fmt: skip
    form = customer.session.open_form
    assert form is not None
    assert form.values == {}
    answered = customer.presses(buttons(asked)[0])
    assert keys(answered) == ["form/visit/people/ask"]
    form = customer.session.open_form
    assert form is not None
    assert form.values == {"moment": "2026-11-21T15:00"}


def test_an_ambiguous_value_of_the_opening_sentence_is_asked_about_first(
    customer: Customer,
) -> None:
    asked = customer.says("내일 3시에 두 명 방문 예약할게요")
    assert keys(asked) == ["system/which"]
    form = customer.session.open_form
    assert form is not None
    assert (form.values, form.asking) == ({"people": "2 person"}, "moment")
    assert keys(customer.presses(buttons(asked)[1])) == ["form/visit/agreed/ask"]


def test_the_buttons_speak_english_to_who_does(customer: Customer) -> None:
    customer.says("book a visit")
    asked = customer.says("tomorrow at 3 please")
    assert [one.label for one in asked.reply.quick_replies] == [
        "Sat, 21 Nov, 3 pm", "Sat, 21 Nov, 3 am", "Stop",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("오후요", "2026-11-21T15:00"),
        ("오전 3시요", "2026-11-21T03:00"),
        ("두 번째요", "2026-11-21T03:00"),
        ("11월 21일(토) 오후 3시", "2026-11-21T15:00"),
        ("내일 오전 3시입니다", "2026-11-21T03:00"),
    ],
)
def test_which_is_meant_may_be_typed(customer: Customer, said: str, moment: str) -> None:
    customer.says("방문 예약할게요")
    customer.says("내일 3시요")
    assert keys(customer.says(said)) == ["form/visit/people/ask"]
    form = customer.session.open_form
    assert form is not None
    assert form.values == {"moment": moment}


def test_which_is_meant_may_be_typed_in_english(customer: Customer) -> None:
    customer.says("book a visit")
    customer.says("tomorrow at 3 please")
    assert keys(customer.says("pm")) == ["form/visit/people/ask"]


@pytest.mark.parametrize("said", ["3시요", "오전이나 오후요", "글쎄요", "다섯 번째", "토요일"])
def test_what_tells_no_reading_from_another_is_a_miss(customer: Customer, said: str) -> None:
    customer.says("방문 예약할게요")
    customer.says("내일 3시요")
    assert keys(customer.says(said)) == ["form/visit/moment/ask_again"]


def test_which_is_meant_can_be_answered_only_right_after_the_question(customer: Customer) -> None:
    customer.says("방문 예약할게요")
    customer.says("내일 3시요")
    customer.says("안녕하세요")
    assert keys(customer.says("오후요")) == ["form/visit/moment/ask_again"]


def test_options_are_offered_by_their_labels(customer: Customer) -> None:
    customer.says("주문서 작성")
    customer.says("김민수")
    customer.says("010-1234-5678")
    customer.says("kim@example.com")
    asked = customer.says("푸른색이요")
    assert [one.label for one in asked.reply.quick_replies] == ["파랑", "남색", "그만하기"]


def test_a_maybe_is_no_yes(customer: Customer) -> None:
    customer.says("월요일 3시에 두 명 방문 예약할게요")
    asked = customer.says("괜찮아요")
    assert keys(asked) == ["system/which"]
    assert {one.label for one in asked.reply.quick_replies} >= {"네", "아니요"}


def test_who_stays_ambiguous_is_offered_a_person(customer: Customer) -> None:
    customer.says("방문 예약할게요")
    said = [keys(customer.says("내일 3시요")) for _ in range(3)]
    assert said == [["system/which"], ["system/which"], ["system/offer_human"]]
    assert customer.session.open_form is None


def test_the_slot_that_is_asked_for_takes_its_own_kind_from_overlapping_ones(
    customer: Customer,
) -> None:
    customer.says("숙박 예약이요")
    customer.says("12월 3일부터 5일까지")
    customer.says("내일 오후 2시에서 4시 사이요")
    form = customer.session.open_form
    assert form is not None
    assert form.values == {
        "days": "2026-12-03/2026-12-05",
        "span": "2026-11-21T14:00/2026-11-21T16:00",
    }
    assert form.asking == "day"


def test_an_unsure_value_fills_only_the_slot_that_was_asked_for(customer: Customer) -> None:
    customer.says("가격 문의")
    customer.says("10")  # a number; it could be a percentage as well
    form = customer.session.open_form
    assert form is not None
    assert form.values == {"amount": "10"}


def test_an_ambiguous_correction_is_asked_about_too(customer: Customer) -> None:
    customer.says("월요일 3시에 두 명 방문 예약할게요")
    customer.says("네")
    assert keys(customer.says("20261118-0001")) == ["form/visit/outcome/taken"]
    asked = customer.says("아니 일요일 3시로요")
    assert keys(asked) == ["system/which"]
    assert keys(customer.says("오후요")) == ["form/visit/outcome/taken"]
    finished = customer.session.finished_form
    assert finished is not None
    assert finished.values["moment"] == "2026-11-22T15:00"


def test_a_date_in_any_talk_opens_no_form_but_an_order_number_does(customer: Customer) -> None:
    assert keys(customer.says("내일 비 올까")) == ["system/fallback"]
    assert keys(customer.says("내일")) == ["system/offer_human"]
    assert customer.session.open_form is None
    assert keys(customer.says("20261118-0001")) == ["form/visit/moment/ask"]


# Labels


@pytest.mark.parametrize(
    ("kind", "values", "korean", "english"),
    [
        ("date", ["2026-11-21"], ["11월 21일(토)"], ["Sat, 21 Nov"]),
        (
            "date",
            ["2027-01-03", "2026-01-03"],
            ["2027년 1월 3일(일)", "2026년 1월 3일(토)"],
            ["Sun, 3 Jan 2027", "Sat, 3 Jan 2026"],
        ),
        (
            "time",
            ["00:00", "12:00", "09:05", "12:30"],
            ["자정", "낮 12시", "오전 9시 5분", "오후 12시 30분"],
            ["midnight", "noon", "9:05 am", "12:30 pm"],
        ),
        (
            "date_range",
            ["2026-11-28/2026-11-29", "2026-11-28/2026-11-28"],
            ["11월 28일(토)~11월 29일(일)", "11월 28일(토)"],
            ["Sat, 28 Nov – Sun, 29 Nov", "Sat, 28 Nov"],
        ),
        (
            "datetime_range",
            ["2026-11-21T14:00/2026-11-21T16:00", "2026-11-21T23:00/2026-11-22T01:00"],
            ["11월 21일(토) 오후 2시~오후 4시", "11월 21일(토) 오후 11시~11월 22일 오전 1시"],
            ["Sat, 21 Nov, 2 pm – 4 pm", "Sat, 21 Nov, 11 pm – 22 Nov, 1 am"],
        ),
        (
            "duration",
            ["PT1H30M", "P4D", "P1Y6M"],
            ["1시간 30분", "4일", "1년 6개월"],
            ["1 hour 30 minutes", "4 days", "1 year 6 months"],
        ),
        ("count", ["2 person", "1 room"], ["2명", "방 1개"], ["2 people", "1 room"]),
        (
            "money",
            ["35000 KRW", "1200.50 USD", "..50 USD", "20000.. KRW", "2..3 USD", "10 GBP"],
            ["35,000원", "1,200.50달러", "50달러 이하", "20,000원 이상", "2~3달러", "10 GBP"],
            ["35,000 won", "$1,200.50", "up to $50", "from 20,000 won", "$2–$3", "10 GBP"],
        ),
        ("percent", ["12.5"], ["12.5%"], ["12.5%"]),
        (
            "phone",
            ["+821012345678", "15881234"],
            ["010-1234-5678", "15881234"],
            ["010-1234-5678", "15881234"],
        ),
        ("yes_no", ["yes", "no"], ["네", "아니요"], ["Yes", "No"]),
        (
            "ordinal",
            ["1", "2", "11", "23", "-1"],
            ["1번째", "2번째", "11번째", "23번째", "마지막"],
            ["1st", "2nd", "11th", "23rd", "the last"],
        ),
        ("name", ["김민수"], ["김민수"], ["김민수"]),
    ],
)
def test_values_are_written_as_people_read_them(
    kind: str, values: list[str], korean: list[str], english: list[str]
) -> None:
    assert list(spoken_values(kind, values, "ko")) == korean
    assert list(spoken_values(kind, values, "en")) == english


# Mistakes


def _with(path: str, value: object) -> Files:
    spoilt = files()
    *folders, last = path.split("/")
    place: Any = spoilt
    for key in folders:
        place = place[key]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return spoilt


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("bot.yaml/entities/day/type", "day", "bot.yaml: entities.day.type: is 'day'; it must be"),
        (
            "bot.yaml/entities/day/patterns",
            "x",
            "bot.yaml: entities.day.patterns: belongs to type pattern, not to date; take it out",
        ),
        (
            "bot.yaml/entities/people/options",
            ["a", "b"],
            "bot.yaml: entities.people.options: belongs to type choice, not to count; take it out",
        ),
        (
            "bot.yaml/entities/day/language",
            "ko",
            "bot.yaml: entities.day.language: is not known here; known: type",
        ),
        (
            "bot.yaml/entities/people/units",
            ["person", "horse"],
            "bot.yaml: entities.people.units: is 'horse'; it must be one of person, item",
        ),
        (
            "bot.yaml/entities/colour/options",
            ["red"],
            "bot.yaml: entities.colour.options: has 1 options; a choice has 2 to 100",
        ),
        (
            "bot.yaml/entities/colour/options",
            ["red", "blue", "navy", "Dark Blue"],
            "entities.colour.options: 'Dark Blue' must be lower-case letters, digits and _",
        ),
        (
            "bot.yaml/entities/colour/options",
            GONE,
            "bot.yaml: entities.colour.options: is missing; list what there is to choose from",
        ),
        (
            "bot.yaml/entities/colour/options",
            ["red", "blue", "navy", "red"],
            "bot.yaml: entities.colour.options: 'red' stands there twice",
        ),
        (
            "en.yaml/entities/colour/navy",
            GONE,
            "en.yaml: entities.colour.navy: is missing; list its words, the first is what buttons",
        ),
        (
            "ko.yaml/entities",
            GONE,
            "ko.yaml: entities.colour.red: is missing; list its words, the first is what buttons",
        ),
        (
            "ko.yaml/entities/colour/green",
            ["초록"],
            "ko.yaml: entities.colour.green: is no option of 'colour' in bot.yaml (red, blue, navy",
        ),
        (
            "ko.yaml/entities/size",
            {"s": ["작은 거"]},
            "ko.yaml: entities.size: entity 'size' is not defined (choices of bot.yaml: colour)",
        ),
        (
            "ko.yaml/entities/day",
            {"s": ["작은 거"]},
            "ko.yaml: entities.day: 'day' is a date; only a choice has words",
        ),
        (
            "ko.yaml/entities/colour/navy",
            ["파랑"],
            "ko.yaml: entities.colour.navy: '파랑' is also what buttons show for 'blue'; tell them",
        ),
        (
            "ko.yaml/entities/colour/navy",
            ["남색", "!!"],
            "ko.yaml: entities.colour.navy: '!!' has neither letters nor digits",
        ),
        (
            "ko.yaml/entities/colour/navy",
            ["남" * 41],
            "ko.yaml: entities.colour.navy: '" + "남" * 41 + "' has 41 characters; the limit is 40",
        ),
        (
            "ko.yaml/system/which",
            GONE,
            "ko.yaml: system.which: is missing (asked where a date can mean several things)",
        ),
        (
            "bot.yaml/time_zone",
            "Asia/Soul",
            "bot.yaml: time_zone: 'Asia/Soul' is no known time zone; did you mean Asia/Seoul?",
        ),
        ("bot.yaml/time_zone", "../etc", "bot.yaml: time_zone: '../etc' is no known time zone;"),
        ("bot.yaml/time_zone", "Asia", "bot.yaml: time_zone: 'Asia' is no known time zone;"),
        (
            "bot.yaml/hours",
            "10-19",
            "bot.yaml: hours: must be a mapping (key: value), not a text",
        ),
        (
            "bot.yaml/hours",
            {"mon-fry": "10-19"},
            "bot.yaml: hours.mon-fry: 'mon-fry' is no day of the week; write mon, tue",
        ),
        (
            "bot.yaml/hours",
            {"mon": "10-25"},
            "bot.yaml: hours.mon: '10-25' is no span of time; write 10:00-19:00, a list of such",
        ),
        (
            "bot.yaml/hours",
            {"mon": "10-10"},
            "bot.yaml: hours.mon: '10-10' is empty; write 00:00-24:00 for a whole day",
        ),
        (
            "bot.yaml/hours",
            {"mon": "10-19", "mon-wed": "9-12"},
            "bot.yaml: hours.mon-wed: 'mon' has hours already; name each day once",
        ),
        (
            "bot.yaml/hours",
            {"mon": ["10-15", "14-19"]},
            "bot.yaml: hours: two spans of 'mon' lie in each other; join them",
        ),
        (
            "bot.yaml/hours",
            {"mon": "20-03", "tue": "02-10"},
            "bot.yaml: hours: two spans of 'tue' lie in each other; join them",
        ),
        (
            "bot.yaml/hours",
            {"mon-sun": "closed"},
            "bot.yaml: hours: is closed on every day; leave it out if the hours are not known",
        ),
        (
            "bot.yaml/hours",
            {"mon": "10-19", "sun": False},
            "bot.yaml: hours.sun: must be a text, not true/false",
        ),
    ],
)
def test_each_mistake_is_named_with_file_key_and_way_out(
    path: str, value: object, expected: str
) -> None:
    with pytest.raises(PackError) as refused:
        parse_pack(NAME, _with(path, value))
    assert any(expected in str(one) for one in refused.value.mistakes), refused.value


def test_a_marked_option_must_be_one_of_the_choice() -> None:
    spoilt = files()
    spoilt["examples.ko.yaml"]["nlu"][0]["examples"] = "- [초록색](colour) 있어요\n"
    with pytest.raises(PackError, match=r"line 1 \(greeting\): '초록색' does not look like a "):
        parse_pack(NAME, spoilt)


def test_a_bot_of_patterns_alone_need_not_say_which_is_meant() -> None:
    spoilt = files()
    spoilt["bot.yaml"]["entities"] = {
        name: {"type": "pattern", "patterns": ["x"]} for name in every_kind.ENTITIES
    }
    for language in ("ko", "en"):
        del spoilt[f"{language}.yaml"]["entities"]
        del spoilt[f"{language}.yaml"]["system"]["which"]
        nlu = spoilt[f"examples.{language}.yaml"]["nlu"]
        for block in nlu:
            block["examples"] = block["examples"].replace("[", "").split("]")[0] + "\n"
    assert "system/which" not in parse_pack(NAME, spoilt).bot.scripts["ko"].replies


# What it costs


def test_a_bot_that_declares_no_such_type_imports_no_parser() -> None:
    program = """
import sys
from datetime import UTC, datetime
from sangdam.bots.compiled import bot_of_intents
from sangdam.bots.definition import EntityType
from sangdam.nlu.understand import find_entities, words_of
from dataclasses import replace
bot = bot_of_intents("plain", ["a", "b"], ["ko"])
bot = replace(bot, entities={"order": EntityType("order", "pattern", ("[0-9]+",), "{0}")})
words_of(bot, "내일 3시 주문 123")
known = ("bare", "kinds", "pattern", "reading")
print([name for name in sys.modules if name.startswith("sangdam.nlu.entities.")
    and name.rsplit(".")[-1] not in known], "zoneinfo" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "[] False", run.stderr


# Properties


TABLES = {
    "date": ("date",),
    "time": ("time",),
    "moment": ("datetime",),
    "duration": ("duration",),
    "interval": ("date_range", "datetime_range"),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_value_of_the_tables_is_canonical_and_can_be_read_out(name: str) -> None:
    for row in table.rows(name):
        for _, _, values in row.expected:
            kind = next(
                one
                for one in BOT.entities.values()
                if one.type in TABLES[name] and is_canonical(one, values[0])
            )
            assert all(is_canonical(kind, value) for value in values), row
            for language in ("ko", "en"):
                labels = spoken_values(kind.type, values, language)
                assert len(set(labels)) == len(values), (row, labels)
                assert max(map(len, labels[:3])) <= LABEL_LIMIT, labels


HOSTILE = st.one_of(
    st.text(max_size=120),
    st.lists(
        st.sampled_from(
            "내일 모레 오후 3시 반 두 명 2~4시 3만원 10% 네 아니요 빨강 말고 파랑 두번째 "
            "hong@naver.com 010-1234-5678 next tuesday at 10 for two people $5 -1 0 99999999999 "
            "2월 30일 31일 부터 까지 12월 / . , ~ - : 시 분 년 9999년 0년 ㅋㅋ \ud800 거 "
            "김민수 입니다 \U0001f600".split()
        ),
        max_size=14,
    ).map(" ".join),
    st.text(alphabet="0123456789시분일월년원명~-:./ @%$", max_size=60),
    st.lists(
        st.sampled_from(
            sorted(
                {word for name in TABLES for row in table.rows(name) for word in row.text.split()}
            )
        ),
        max_size=8,
    ).map(" ".join),
)


@settings(deadline=None, max_examples=300)
@given(
    text=HOSTILE,
    language=st.sampled_from(["ko", "en"]),
    expected=st.sampled_from([None, *BOT.entities]),
    days=st.integers(-400, 40000),
)
def test_no_text_is_too_hostile_for_any_type(
    text: str, language: Language, expected: str | None, days: int
) -> None:
    now = NOON + timedelta(days=days)
    understood = meaning(text, language=language, expected=expected, now=now)
    for one in understood.entities:
        entity = BOT.entities[one.name]
        assert 0 <= one.start < one.end
        assert 0 < one.confidence <= 1
        assert one.readings == () or (len(one.readings) > 1 and one.readings[0] == one.value)
        for value in (one.value, *one.readings):
            assert entity.type == "pattern" or is_canonical(entity, value), (entity.type, value)
        for spoken in ("ko", "en"):
            if entity.type not in ("pattern", "choice"):
                labels = spoken_values(entity.type, one.readings or (one.value,), spoken)
                assert len(set(labels)) == len(labels), (one, labels)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(every_kind.FORMS)),
    st.sampled_from(sorted(BOT.entities)),
    st.one_of(HOSTILE, st.sampled_from(["P", "T", "..", "2026-02-30", "/", "+", "1e9", "nan"])),
)
def test_no_button_is_too_hostile_to_be_refused(form: str, slot: str, value: str) -> None:
    pressed = understand_button(BOT, f"/{form}{json.dumps({slot: value})}", language="ko", now=NOON)
    assert pressed is None or pressed.decision == "answer"
