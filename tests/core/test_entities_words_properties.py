"""What holds of every parser of contacts, choices, names and answers, whatever the text."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangdam.nlu.entities import choice, email, name, phone, yes_no
from sangdam.nlu.entities.reading import Found
from sangdam.text.normalise import normalise

if TYPE_CHECKING:
    from _typeshed import TraceFunction

Find = Callable[[str], tuple[Found, ...]]

OPTIONS = {
    "red": ("빨강", "레드"),
    "deep_blue": ("딥 블루", "deep blue"),
    "blue": ("블루", "blue"),
    "small": ("소", "s"),
    "10": ("10번",),
}
PARSERS: dict[str, Find] = {
    "phone": phone.find,
    "email": email.find,
    "choice": lambda text: choice.find(text, OPTIONS),
    "name": name.find,
    "name alone": lambda text: name.find(text, alone=True),
    "yes_no": yes_no.find,
}
LIMITS = {"yes_no": yes_no.LIMIT}

pieces = st.sampled_from(
    (
        "010-1234-5678 1588 1234 +82 +1 공일공 일이삼사 오육칠팔이에요 에 다시 double seven oh "
        "zero ( ) - . , @ 골뱅이 닷컴 naver .com at dot hong 네이버 빨강 블루 딥 deep blue "
        "blakc 말고 아니고 not the or no 소 s 1 10번 저는 제 이름은 예약자는 김민수 남궁 이지은 "
        "이에요 입니다 라고 합니다 님 my name is i'm john smith o'neil 네 아니요 괜찮아요 "
        "됐어요 안 할래요 yes sure don't mind why not ? ! ~ 근데 but 개 시 이 요 ㅋㅋ ㅇㅇ 😊"
    ).split()
)
sentences = st.lists(pieces, max_size=14).flatmap(
    lambda words: st.sampled_from((" ".join(words), "".join(words)))
)
texts = st.one_of(st.text(max_size=60), sentences, sentences.map(normalise))

HOSTILE = (
    "0", "010", "010-", "010 1234 5678 ", "1 ", "+", "+1 ", "(", "공", "공일공", "이", "one ",
    "double ", "@", "a@", "a.", "a@b.", "a@b.c", "hong@naver.com", "골뱅이", "닷", " dot a",
    "a at b dot ", "-", ".", "빨강", "빨", "블루 ", "딥 ", "deep ", "blakc ", "딮", "s ", "소 ",
    "말고 ", "not ", "not the ", "빨강이나 ", "blue or ", "김", "이 ", "김민수", "저는 ",
    "저는 김민수", "이름은 ", "이름", "예약자는 홍길동 ", "라고 ", "김민수라고", "my name is ",
    "my name is john ", "i'm ", "john ", "a'", "o'", "네", "네 ", "아니요 ", "안 ", "괜찮아요",
    "yes ", "no ", "no", "um", "ㅋ", "?", "네?", "don't ", " ", "\n", "😊", "\u3164", "\ud800",
    "가", "힣 ",
)  # fmt: skip


def parsed(parser: str, text: str) -> tuple[Found, ...]:
    """Return what a parser finds, checked for all that holds of any result."""
    results = PARSERS[parser](text)
    assert len(results) <= LIMITS.get(parser, 20)
    last = 0
    for one in results:
        assert last <= one.start < one.end <= len(text), "in order, apart, and inside the text"
        last = one.end
        values = [reading.value for reading in one.readings]
        sure = [reading.confidence for reading in one.readings]
        assert values
        assert all(values)
        assert len(set(values)) == len(values)
        assert sure == sorted(sure, reverse=True)
        assert all(0.0 < one <= 1.0 for one in sure)
    return results


@pytest.mark.parametrize("parser", PARSERS)
@settings(deadline=None)
@given(text=texts)
def test_any_text_has_results_inside_it_in_order_and_the_surest_reading_first(
    parser: str, text: str
) -> None:
    parsed(parser, text)


@given(text=texts)
def test_the_same_text_has_the_same_results(text: str) -> None:
    for parser, find in PARSERS.items():
        assert find(text) == parsed(parser, text)


@given(text=texts)
def test_the_readings_of_an_answer_are_yes_and_no(text: str) -> None:
    for one in parsed("yes_no", text):
        assert {reading.value for reading in one.readings} <= {"yes", "no"}


@given(text=texts)
def test_the_readings_of_a_choice_are_options(text: str) -> None:
    for one in parsed("choice", text):
        assert {reading.value for reading in one.readings} <= set(OPTIONS)


@given(st.from_regex(r"\+8210[0-9]{8}|\+822[1-9][0-9]{6,7}|15[0-9]{6}", fullmatch=True))
def test_a_number_in_its_canonical_form_is_read_as_itself(number: str) -> None:
    (one,) = parsed("phone", number)
    assert (one.start, one.end, one.readings[0].value) == (0, len(number), number)


@given(st.from_regex("010[0-9]{8}", fullmatch=True), st.sampled_from(["-", " ", ".", ""]))
def test_a_number_means_the_same_in_every_spelling(digits: str, sign: str) -> None:
    spelt = sign.join((digits[:3], digits[3:7], digits[7:]))
    spoken = " ".join("공일이삼사오육칠팔구"[int(digit)] for digit in digits)
    for said in (spelt, spelt + "이에요", f"번호는 {spelt}입니다", spoken):
        (one,) = parsed("phone", said)
        assert [reading.value for reading in one.readings] == ["+82" + digits[1:]]


@given(st.from_regex("[1-9][0-9]{11,30}|[0-9]{15,30}", fullmatch=True))
def test_no_number_is_taken_out_of_a_longer_run_of_digits(digits: str) -> None:
    assert parsed("phone", digits) == ()


@given(
    st.from_regex(r"[a-z0-9]{2,12}([._][a-z0-9]{1,8})?", fullmatch=True),
    st.sampled_from(["naver.com", "example.co.kr", "mail.example.org"]),
)
def test_an_address_in_its_canonical_form_is_read_as_itself(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    for said in (address, f"메일은 {address}이에요", f"my email is {address}."):
        (one,) = parsed("email", said)
        assert said[one.start : one.end] == one.readings[0].value == address


@given(
    st.sampled_from("김이박최정강조윤장임한오서신권황안송류홍전"),
    st.sampled_from("민서지현수준하도예유은승재태"),
    st.sampled_from("수준민우현진영호연아빈린"),
)
def test_a_common_name_is_read_after_every_ending(family: str, first: str, second: str) -> None:
    korean = family + first + second
    closed = (ord(second) - 0xAC00) % 28 > 0
    said = [f"제 이름은 {korean}입니다", f"저는 {korean}{'이에요' if closed else '예요'}"]
    said += [f"예약자는 {korean}{'이라고' if closed else '라고'} 합니다", f"이름은 {korean}"]
    for text in said:
        if parsed("name", text):  # some are nouns, and rather not understood than wrong
            (one,) = parsed("name", text)
            assert one.readings[0].value == korean
            assert text[one.start : one.end] == korean


@given(st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=12), max_size=3), max_size=5))
def test_options_may_be_any_text_and_are_found_in_their_own_words(
    options: dict[str, list[str]],
) -> None:
    for text in (word for words in options.values() for word in words):
        for one in choice.find(normalise(text), options):
            assert {reading.value for reading in one.readings} <= set(options)


@pytest.mark.parametrize("key", OPTIONS)
def test_the_key_of_an_option_is_read_as_itself(key: str) -> None:
    (one,) = choice.find(key.replace("_", " "), OPTIONS)
    assert one.readings[0].value == key


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_canonical_answer_is_read_as_itself(answer: str) -> None:
    (one,) = yes_no.find(answer)
    assert [reading.value for reading in one.readings] == [answer]


def steps(find: Find, text: str) -> int:
    """Return how many lines of our own code run while a text is parsed."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        find(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("parser", PARSERS)
def test_the_work_grows_no_faster_than_the_text(parser: str) -> None:
    for unit in HOSTILE:
        small, large = (steps(PARSERS[parser], unit * (size // len(unit))) for size in (400, 1600))
        assert large <= 5 * small + 2000, unit


@pytest.mark.parametrize("parser", PARSERS)
def test_a_hostile_text_of_100_kb_is_parsed(parser: str) -> None:
    for unit in HOSTILE:
        parsed(parser, unit * (100_000 // len(unit.encode("utf-8", "surrogatepass"))))
