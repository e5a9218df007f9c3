"""What a message means while a form waits: its answer, a question of its own, or an emergency."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sangdam.bots.definition import Bot, EntityType, Intent, IntentKind, Language, Slot
from sangdam.nlu.understand import understand
from sangdam.nlu.understanding import Thresholds, Understanding
from tests.core import every_kind
from tests.core.counter import NOON
from tests.core.words import WordModel

KINDS: dict[str, IntentKind] = {
    "parking": "answer", "opening": "answer", "emergency": "urgent", "hello": "smalltalk",
    "agent": "handoff",
}  # fmt: skip
OWNERS = {
    "주차": "parking", "parking": "parking", "영업": "opening", "open": "opening",
    "숨이": "emergency", "안녕": "hello", "예약": "visit", "가격": "price", "남색": "price",
}  # fmt: skip


def _bot() -> Bot:
    bot = every_kind.pack().bot
    korean = replace(
        bot.scripts["ko"],
        guards={"emergency": ("가슴.{0,8}(아프|통증)", "숨.{0,6}못 쉬")},
        phrases={
            "cancel": ("그만", "취소"),
            "intent/agent": ("상담원",),
            "intent/opening": ("오늘 하나요",),
        },
    )
    english = replace(
        bot.scripts["en"],
        guards={"emergency": ("chest pain", "can.?t breathe")},
        phrases={"cancel": ("stop",), "intent/agent": ("human",)},
    )
    visit = bot.forms["visit"]
    return replace(
        bot,
        intents={**bot.intents, **{name: Intent(name, kind) for name, kind in KINDS.items()}},
        entities={**bot.entities, "wish": EntityType("wish", "text")},
        forms={**bot.forms, "visit": replace(visit, slots=(*visit.slots, Slot("wish", "wish")))},
        scripts={"ko": korean, "en": english},
    )


BOT = _bot()
MODEL = WordModel(tuple(BOT.intents), OWNERS)


def meaning(
    text: str,
    expected: str | None = None,
    *,
    language: Language = "ko",
    model: WordModel = MODEL,
    form: str | None = None,
) -> Understanding:
    return understand(
        BOT, model, text, language=language, now=NOON, expected=expected, form=form
    )  # fmt: skip


def given(found: Understanding, name: str) -> list[str]:
    return [one.value for one in found.entities if one.name == name and one.is_given]


# Questions


@pytest.mark.parametrize(
    ("text", "expected", "intent"),
    [
        ("내일도 영업하나요?", "day", "opening"),
        ("내일 영업하시는지요", "day", "opening"),
        ("오늘 주차 되나요", "day", "parking"),
        ("are you open tomorrow", "day", "opening"),
        ("is there parking tomorrow?", "day", "parking"),
        ("두 명이면 주차 공짜예요?", "people", "parking"),
    ],
)
def test_a_question_with_a_value_in_it_is_no_answer(text: str, expected: str, intent: str) -> None:
    found = meaning(text, expected)
    assert (found.intent, found.decision, found.source) == (intent, "answer", "model")
    assert given(found, expected) == []
    assert [one.questioned for one in found.entities if one.name == expected] == [True]
    assert found.why[-1] == f"a question beside what the open form asked for ({expected})"


@pytest.mark.parametrize(
    ("text", "expected", "value"),
    [
        ("내일 3시는 어때요?", "hour", "15:00"),
        ("내일도 되나요?", "day", "2026-11-21"),
        ("내일 예약 되나요?", "day", "2026-11-21"),
        ("혹시 두 명도 되나요", "people", "2 person"),
        ("how about 4 pm?", "hour", "16:00"),
        ("is tomorrow ok", "day", "2026-11-21"),
        ("내일이요?", "day", "2026-11-21"),
        ("내일은요?", "day", "2026-11-21"),
        ("why not tomorrow?", "day", "2026-11-21"),
    ],
)
def test_a_proposal_is_an_answer(text: str, expected: str, value: str) -> None:
    found = meaning(text, expected)
    assert (found.intent, found.source) == (None, "entity")
    assert given(found, expected) == [value]


def test_a_question_that_nothing_answers_surely_leaves_the_value() -> None:
    for text in ("내일 달이 뜨나요?", "내일 주차랑 영업 하나요?"):
        found = meaning(text, "day")
        assert (found.source, given(found, "day")) == ("entity", ["2026-11-21"]), text


def test_words_that_ask_nothing_leave_the_value() -> None:
    assert meaning("내일이요 주차할게요", "day").source == "entity"


def test_a_value_and_a_question_beside_it_are_both_there() -> None:
    for text in ("내일이요. 근데 주차 되나요?", "내일로 해 주세요 근데 주차 되나요"):
        found = meaning(text, "day")
        assert (found.intent, given(found, "day")) == ("parking", ["2026-11-21"]), text


def test_a_question_about_the_open_form_is_an_answer() -> None:
    found = meaning("내일 오후 3시에 두 명 예약할 자리가 남았을까요?", "moment", form="visit")
    assert found.source == "entity"
    assert meaning("내일 3시 방문 예약 받으시나요?", "moment").source == "entity"


def test_a_question_that_another_form_answers_takes_its_values_along() -> None:
    found = meaning("내일 가격 조회되나요?", "day", form="stay")
    assert (found.intent, given(found, "day")) == ("price", ["2026-11-21"])


def test_a_phrase_that_asks_needs_no_model() -> None:
    found = meaning("오늘 하나요?", "day")
    assert (found.intent, found.source, given(found, "day")) == ("opening", "phrase", [])


def test_small_talk_around_a_value_is_no_question() -> None:
    found = meaning("안녕하세요 내일 아이랑 갈 수 있을까요?", "day")
    assert (found.source, given(found, "day")) == ("entity", ["2026-11-21"])


# What is refused


def test_what_is_refused_answers_nothing() -> None:
    found = meaning("내일 말고요", "day")
    assert (found.source, given(found, "day")) == ("model", [])
    assert "entity day = 2026-11-21 (refused)" in found.why


def test_of_two_values_the_one_that_is_wanted_answers() -> None:
    found = meaning("내일 말고 모레요", "day")
    assert (found.source, given(found, "day")) == ("entity", ["2026-11-22"])


# Free text


def test_free_text_takes_the_message_as_typed() -> None:
    found = meaning("  문 앞에  놓아 주세요 ", "wish")
    assert (found.source, given(found, "wish")) == ("entity", ["문 앞에 놓아 주세요"])


@pytest.mark.parametrize(
    ("text", "intent"), [("그만!", "cancel"), ("stop", "cancel"), ("상담원", "agent")]
)
def test_a_phrase_wins_over_free_text(text: str, intent: str) -> None:
    found = meaning(text, "wish")
    assert (found.intent, found.source) == (intent, "phrase")


def test_a_phrase_wins_over_a_name() -> None:
    assert meaning("그만", "who").intent == "cancel"


def test_a_question_that_is_surely_answered_wins_over_free_text() -> None:
    found = meaning("주차는 어디에 해요?", "wish")
    assert (found.intent, given(found, "wish")) == ("parking", [])
    assert meaning("조용한 자리 있어요?", "wish").source == "entity"
    assert meaning("주차하기 쉬운 자리로 주세요", "wish").source == "entity"


def test_free_text_shows_no_language() -> None:
    assert meaning("서울시 강남구 1번지", "wish", language="en").language == "en"
    assert meaning("Hilton Seoul, room 12", "wish", language="ko").language == "ko"
    assert meaning("stop", "wish", language="ko").language == "en"


# Emergencies


@pytest.mark.parametrize("expected", [None, "day", "wish", "who", "agreed"])
@pytest.mark.parametrize(
    "text",
    [
        "가슴이 너무 아프고 땀이 나요",
        "내일 가려 했는데 지금 가슴에 통증이 있어요",
        "I have CHEST PAIN",
        "rktmadl dkvmrh tnadl ckdy",
    ],
)
def test_a_guard_comes_before_everything(text: str, expected: str | None) -> None:
    found = meaning(text, expected)
    assert (found.intent, found.source, found.decision, found.confidence) == (
        "emergency", "guard", "answer", 1.0,
    )  # fmt: skip
    assert found.why[-1] == "guard of emergency"


def test_a_guard_is_looked_for_in_every_language() -> None:
    assert meaning("도와줘요 chest pain", language="ko").intent == "emergency"
    assert meaning("가슴이 아프다", language="en").intent == "emergency"


def test_a_guard_keeps_the_values_of_the_message() -> None:
    found = meaning("가슴이 아프고 010-1234-5678이에요")
    assert given(found, "mobile") == ["+821012345678"]


def test_what_is_urgent_is_answered_where_others_are_asked_about() -> None:
    unsure = Thresholds(answer=0.9, clarify=0.3, in_scope=1.0, clarify_in_scope=0.5)
    model = replace(MODEL, thresholds=unsure)
    doubtful = meaning("숨이 숨이 주차", model=model)
    assert (doubtful.intent, doubtful.decision) == ("emergency", "answer")
    assert "urgent: answered where others are asked about" in doubtful.why
    assert meaning("주차 주차 숨이", model=model).decision == "clarify"


def test_what_is_urgent_is_not_answered_below_the_threshold_for_asking() -> None:
    high = Thresholds(answer=0.9, clarify=0.8, in_scope=1.0, clarify_in_scope=1.0)
    assert meaning("숨이 주차", model=replace(MODEL, thresholds=high)).decision != "answer"
    out = Thresholds(answer=0.1, clarify=0.1, in_scope=9.0, clarify_in_scope=9.0)
    assert meaning("숨이 차요", model=replace(MODEL, thresholds=out)).decision == "fallback"


def test_what_is_urgent_wins_over_a_value_that_was_asked_for() -> None:
    assert meaning("내일 갈게요 근데 지금 숨이 차요", "day").intent == "emergency"
    assert meaning("숨이 차서 왔어요", "wish").intent == "emergency"
    assert meaning("내일 갈게요", "day").source == "entity"


# Languages


@pytest.mark.parametrize(
    ("text", "language", "spoken"),
    [
        ("어 wait, actually can we do English please", "ko", "en"),
        ("ㅋㅋㅋ sorry, is there a parking lot?", "ko", "en"),
        ("아 iPhone 15 Pro Max 케이스요", "ko", "ko"),
        ("네 LG gram pro 있어요?", "ko", "ko"),
        ("음 ok", "ko", "ko"),
        ("wait, actually can we do English please", "ko", "en"),
        ("한국어로 해 주세요", "en", "ko"),
        ("tomorrow please", "ko", "en"),
        ("내일이요", "en", "ko"),
    ],
)
def test_the_language_is_that_of_the_message(
    text: str, language: Language, spoken: Language
) -> None:
    assert meaning(text, "day", language=language).language == spoken


# Where a form is open and its question is not answered


def test_a_question_is_marked_where_a_form_shows_its_values() -> None:
    asked = meaning("내일도 영업하나요?", "system/confirm")
    assert (asked.intent, asked.asks, given(asked, "day")) == ("opening", True, [])
    changed = meaning("내일 영업은 되나요? 모레로 바꿔 주세요", "system/confirm")
    assert given(changed, "day") == ["2026-11-22"]


def test_a_proposal_and_a_statement_are_not_marked() -> None:
    for text in ("3시는 어때요?", "3시로 바꿔 주세요", "is 3 pm ok?"):
        found = meaning(text, "system/confirm")
        assert (found.asks, given(found, "hour")) == (False, ["15:00"]), text


def test_a_question_is_marked_outside_of_forms_too() -> None:
    found = meaning("내일도 영업하나요?")
    assert (found.intent, found.asks, given(found, "day")) == ("opening", True, [])
    assert not meaning("내일 예약할게요").asks


def test_the_values_of_a_question_that_a_form_answers_are_for_that_form() -> None:
    found = meaning("내일 두 명 예약 받으시나요?")
    assert (found.intent, given(found, "day")) == ("visit", ["2026-11-21"])
