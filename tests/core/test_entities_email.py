"""Mail addresses: every row shows what is found in it, and as what."""

from __future__ import annotations

import re

import pytest

from sangdam.nlu.entities import email
from sangdam.nlu.entities.expression import LIMIT
from sangdam.text.normalise import normalise

KOREAN = """
[hong@naver.com = hong@naver.com]
[hong@naver.com = hong@naver.com]이요
[hong@naver.com = hong@naver.com]으로 보내 주세요
제 메일은 [gildong.hong@daum.net = gildong.hong@daum.net]입니다
이메일은[hong@naver.com = hong@naver.com]이에요
메일주소:[hong@naver.com = hong@naver.com]
[hong @ naver.com = hong@naver.com]
[hong@naver . com = hong@naver.com]
[hong 골뱅이 naver 닷컴 = hong@naver.com]
[hong골뱅이naver닷컴 = hong@naver.com]이요
[hong 골뱅이 네이버 닷컴 = hong@naver.com]입니다
[hong123골뱅이지메일닷컴 = hong123@gmail.com]
[hong@네이버 닷컴 = hong@naver.com]
[hong 골뱅이 naver.com = hong@naver.com]
[hong 골뱅이 naver 점 com = hong@naver.com]
[hong 골뱅이 naver 쩜 컴 = hong@naver.com]
[hong 골뱅이 다음 닷넷 = hong@daum.net]
[hong 골뱅이 한메일 닷넷 = hong@hanmail.net]
[hong 골뱅이 yahoo 점 co 점 kr = hong@yahoo.co.kr]
[hong 골뱅이 지메일 = hong@gmail.com]이요
[hong 골뱅이 네이버 = hong@naver.com]로요
[gildong 점 hong 골뱅이 지메일 닷컴 = gildong.hong@gmail.com]
[gildong 언더바 hong 골뱅이 지메일 닷컴 = gildong_hong@gmail.com]
[01012345678@naver.com = 01012345678@naver.com]
[a@naver.com = a@naver.com], [b@naver.com = b@naver.com]
a@naver.com 말고 [b@naver.com = b@naver.com]이요
[hong@naver.con = hong@naver.com ? hong@naver.con]
[hong@gmial.com = hong@gmail.com ? hong@gmial.com]
[hong@naver.co = hong@naver.com ? hong@naver.co]
"""

ENGLISH = """
[john.smith+shop@gmail.com = john.smith+shop@gmail.com]
my email is [john_smith@mail.example.co.uk = john_smith@mail.example.co.uk].
(<[j-s@example.org = j-s@example.org]>)
mailto:[john@example.com = john@example.com]
[john at gmail dot com = john@gmail.com]
it's [john dot smith at gmail dot com = john.smith@gmail.com]
my email is [john at example dot co dot uk = john@example.co.uk]
[o'neil@example.com = o'neil@example.com]
not a@example.com but [b@example.com = b@example.com]
[john@mail.com = john@mail.com]
..[john@example.com = john@example.com]!
"""

NOTHING = """
hong@naver
hong@
@naver.com
hong naver.com
naver.com
골뱅이 무침 있어요?
골뱅이 닷컴
홍길동 골뱅이 naver 닷컴
홍길동123@naver.com
a..b@naver.com
hong.@naver.com
hong@naver..com
hong@-naver.com
hong@naver-.com
hong@naver.c
hong@naver.123
hong@naver.com@daum.net
hong@@naver.com
h o n g@naver.com
josé@example.com
hong@exämple.com
hong@naver,com
hong 골뱅이 그 닷컴
hong 골뱅이 다음 주
@hong 님
email me at gmail dot com
meet me at naver dot com
i saw it at naver dot com
we met at the dot com party
hong@naver.com 아니에요
5@3
a@b.c
"""


def shown(text: str) -> str:
    for one in reversed(email.find(text)):
        values = " ? ".join(reading.value for reading in one.readings)
        text = f"{text[: one.start]}[{text[one.start : one.end]} = {values}]{text[one.end :]}"
    return text


@pytest.mark.parametrize("row", (KOREAN + ENGLISH + NOTHING).strip().splitlines())
def test_an_address_is_found_in_its_place_and_nothing_else_is(row: str) -> None:
    text = re.sub(r"\[([^]]*?) = [^]]*\]", r"\1", row)
    assert normalise(text) == text, "a row is written as parsers are given it"
    assert shown(text) == row


def test_an_address_that_was_spoken_is_less_sure_than_one_that_was_typed() -> None:
    (typed,), (spoken,) = email.find("hong@naver.com"), email.find("hong 골뱅이 naver 닷컴")
    assert spoken.readings[0].confidence < typed.readings[0].confidence


def test_no_more_than_the_limit_is_taken_from_a_list() -> None:
    assert len(email.find("hong@naver.com " * 50)) == LIMIT
