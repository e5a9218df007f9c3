"""Personal names: every row shows what is found in it, and as what."""

from __future__ import annotations

import re

import pytest

from sangdam.nlu.entities import name
from sangdam.nlu.entities.expression import LIMIT
from sangdam.text.normalise import normalise

KOREAN = """
저는 [김민수 = 김민수]입니다
저는 [김민수 = 김민수]라고 합니다
저는 [이지은 = 이지은]이에요
저는 [이지은 = 이지은]이라고 합니다
전 [박서준 = 박서준]이에요
저는 [최유진 = 최유진]이고요 예약하려고요
저는 [한가인 = 한가인]이고 두 명이에요
저는 [정해인 = 정해인]인데요
저는 [김민지 = 김민지]예요
저는[김민지 = 김민지]에요
저 [김민지 = 김민지]예요
제 이름은 [홍길동 = 홍길동]입니다
제 이름은 [홍길동 = 홍길동]
제이름은[홍길동 = 홍길동]이에요
이름은 [홍길동 = 홍길동]이고 전화번호는 010-1234-5678이에요
이름: [홍길동 = 홍길동]
이름 [홍길동 = 홍길동]
성함은 [홍길동 = 홍길동] 연락처는 010-1234-5678
예약자는 [홍길동 = 홍길동]이에요
예약자명은 [홍길동 = 홍길동]이요
예약자 이름은 [홍길동 = 홍길동]으로 해주세요
예약자는 [김민수 = 김민수]님이에요
수령인은 [박서준 = 박서준]입니다
받는 사람은 [이지은 = 이지은]이요
주문자는 [이지은 = 이지은]인데요
이름은 [홍 길동 = 홍길동]입니다
이름은 [홍 길 동 = 홍길동]입니다
저는 [남궁민수 = 남궁민수]입니다
저는 [황보라 = 황보라]예요
저는 [제갈량 = 제갈량]이에요
저는 [선우은숙 = 선우은숙]이라고 해요
제 이름은 [남궁 민 = 남궁민]입니다
이름은 [허준 = 허준]입니다
저는 [허준 = 허준]입니다
이름은 [김민 = 김민 ? 김민이]이에요
[홍길동 = 홍길동]이라고 합니다
[김민수 = 김민수]라고 하는데요
안녕하세요 [김민수 = 김민수]라고 합니다
[홍길동 = 홍길동] 이름으로 예약했어요
김민수 아니고 [김민서 = 김민서]예요
이름은 김민수가 아니라 [김민서 = 김민서]입니다
안녕하세요 [김민수 = 김민수]입니다
저는 [홍길동 = 홍길동] 입니다
제 이름은요 [홍길동 = 홍길동]이에요
저는 [이민지 = 이민지]입니다
저는 [유지은 = 유지은]이에요
저는 [정하나 = 정하나]예요
예약자는 [김민수 = 김민수]입니다. 받는 사람은 [이지은 = 이지은]이에요
"""

ENGLISH = """
my name is [john smith = John Smith]
my name is [john = John]
my name's [mary ann jones = Mary Ann Jones] and i need help
hello, my name is [minsu kim = Minsu Kim].
the name is [o'brien = O'Brien]
name: [anne-marie smith = Anne-Marie Smith]
this is [john smith = John Smith]
this is [john = John] speaking
this is [sarah = Sarah] from seoul
i'm [john smith = John Smith]
i'm [john = John], i have a question
i am [emily = Emily] and i lost my order
im [david lee = David Lee]
it's under the name of [john smith = John Smith]
under the name [garcia = Garcia]
booked under [john smith = John Smith]
i'm [kim minsu = Kim Minsu]
i'm [john wentworth = John Wentworth].
my name is [john doe = John Doe] and my number is
there is a reservation under the name [david kramer = David Kramer] for seven
"""

NOTHING = """
저는 학생입니다
저는 예약 취소요
저는 주부입니다
저는 고객입니다
저는 임산부예요
저는 신입생입니다
저는 고등학생이에요
저는 여자예요
저는 남자입니다
저는 강사예요
저는 한국인입니다
저는 구매자입니다
저는 주문자예요
저는 성인입니다
저는 장애인입니다
저는 공무원이에요
저는 회원이에요
저는 한 명이요
저는 한명이에요
저는 이 제품이요
저는 이 정도요
저는 이거요
저는 오늘이요
저는 주문이요
저는 배송이요
저는 노랑이요
저는 주황이요
저는 강남이요
저는 성수동이에요
저는 강원도예요
저는 안 할래요
어떻게 저장하나요
이름이 제이로 시작해요
제 이름은 이하의 내용과 같아요
저는 나가서 먹어요
안녕하세요 주문이요
안녕하세요 문의드립니다
저는 조금요
저는 정말 좋아요
저는 전화요
저는 아니에요
저는 김치요
저는 이상한데요
저는 서울이에요
이름은 뭐예요
이름은 변경이 되나요
제 이름은 아니에요
이름 변경이요
이름은 비밀이요
예약자는 저예요
예약자는 엄마예요
예약자는 본인이에요
예약자는 두 명이에요
예약자는 변경할 수 있나요
저는 김민수가 아니에요
예약자는 김민수 아니에요
예약자는 김민수가 아닙니다
이게 정상이라고 합니다
고장이라고 해요
김민수
홍길동이요
김입니다
저는 김이에요
i'm angry
i'm looking for a bag
i'm here
i'm will
i'm late
i'm a student
i'm not john
i'm sorry
i am happy with it
i'm from boston
i'm mark's friend
this is urgent
this is great
this is the best
this is wrong
this is not john
it's john's order
my name is wrong
my first name is john
my last name is smith
name is required
i'm ryan's mom
my name is not on the list
my name is misspelled
my name is on the card
what is my name
is this john
name
"""

ALONE = """
[홍길동 = 홍길동]
[김민수 = 김민수]요
[김민수 = 김민수]입니다
[이지은 = 이지은]이요
[이지은 = 이지은]이에요~
네 [김민수 = 김민수]예요
네, [박서준 = 박서준]입니다.
[홍 길동 = 홍길동]
[홍 길 동 = 홍길동]이요
[남궁민수 = 남궁민수]
[허준 = 허준]
[허준 = 허준 ? 허준이]이요
[김민수 = 김민수]님
[김민수 = 김민수]로 해주세요
[홍길동 = 홍길동]이라고 합니다
저는 [홍길동 = 홍길동]입니다
[john smith = John Smith]
[john = John]
it's [john smith = John Smith]
[김민수 = 김민수] 010-1234-5678
[john smith = John Smith] please
[minsu kim = Minsu Kim]
[kim minsu = Kim Minsu]
"""

NOT_ALONE = """
이거요
취소요
주문이요
예약이요
오늘이요
안해요
고마워요
전화번호요
강남구요
정말요
하나요
여기요
김치
이유가 뭐예요
배송은
전화해요
나오나요
변경하고 싶어요
김민수요?
네
track order
cancel it
no thanks
will
good morning
angry john?
"""


def shown(text: str, *, alone: bool = False) -> str:
    for one in reversed(name.find(text, alone=alone)):
        values = " ? ".join(reading.value for reading in one.readings)
        text = f"{text[: one.start]}[{text[one.start : one.end]} = {values}]{text[one.end :]}"
    return text


@pytest.mark.parametrize("row", (KOREAN + ENGLISH + NOTHING).strip().splitlines())
def test_a_name_is_found_in_its_place_and_nothing_else_is(row: str) -> None:
    text = re.sub(r"\[([^]]*?) = [^]]*\]", r"\1", row)
    assert normalise(text) == text, "a row is written as parsers are given it"
    assert shown(text) == row


@pytest.mark.parametrize("row", (ALONE + NOT_ALONE).strip().splitlines())
def test_a_name_that_was_asked_for_may_stand_alone(row: str) -> None:
    assert shown(re.sub(r"\[([^]]*?) = [^]]*\]", r"\1", row), alone=True) == row


def test_a_name_of_two_syllables_is_less_sure_than_one_of_three() -> None:
    (two,), (three,) = name.find("저는 허준입니다"), name.find("저는 김민수입니다")
    assert two.readings[0].confidence < three.readings[0].confidence


def test_no_more_than_the_limit_is_taken_from_a_list() -> None:
    assert len(name.find("이름은 홍길동. " * 50)) == LIMIT
