"""Agreement and refusal: every row shows what is found in it, and as what."""

from __future__ import annotations

import re

import pytest

from sangdam.nlu.entities import yes_no
from sangdam.text.normalise import normalise

YES = """
[네 = yes]
[네 = yes]!
[네네 = yes]
[넵 = yes]
[넹 = yes]~
[예 = yes]
[예 = yes].
[응 = yes]
[웅 = yes] ㅎㅎ
[어 그래 = yes]
[어 = yes]
아 [네 = yes]
음 [네 = yes]
[네 네 = yes]
[네, 맞아요 = yes]
[맞아요 = yes]
[맞습니다 = yes]
[네 그렇습니다 = yes]
[좋아요 = yes]
[좋습니다 = yes]!
너무 [좋아요 = yes]
[그렇게 해주세요 = yes]
[그렇게 해 주세요 = yes]
[그렇게해주세요 = yes]
[그대로 진행해 주세요 = yes]
[진행해 주세요 = yes]
[진행해주세요 = yes]
[네 진행해 주세요 = yes]
[네 부탁드려요 = yes]
[부탁드립니다 = yes]
[네 = yes] 감사합니다
[네 알겠습니다 = yes]
[해주세요 = yes]
[할게요 = yes]
[ㅇㅇ = yes]
[ㅇㅋ = yes]
[ㄱㄱ = yes]
[오케이 = yes]
[오키 = yes]
[콜 = yes]
[당연하죠 = yes]
[물론이죠 = yes]
[그럼요 = yes]
[그래요 = yes]
[동의합니다 = yes]
[있어요 = yes]
[네 = yes], 근데 시간 바꿀 수 있어요?
[네 = yes] 내일 3시로 해주세요
[네 = yes] 주문번호는 20261118-0001이요
[yes = yes]
[yeah = yes]
[yep = yes]!
[yes please = yes]
[yes, that's right = yes]
[yes, go ahead = yes]
[sure = yes]
[sure, go ahead = yes]
[sure thing = yes]
[go ahead = yes]
[please do = yes]
[please go ahead = yes]
[correct = yes]
[that's correct = yes]
[that is right = yes]
[ok = yes]
[okay = yes] thanks
[of course = yes]
[absolutely = yes]
[sounds good = yes]
[no problem = yes]
[yes, no problem = yes]
[i don't mind = yes]
[not bad = yes]
[why not = yes]
[why not = yes]?
[i think so = yes]
[do it = yes]
[let's do it = yes]
[uh-huh = yes]
[yes = yes] but can i change the time?
"""

NO = """
[아니요 = no]
[아니오 = no]
[아뇨 = no]
[아니 = no]
[아니야 = no]
[아니에요 = no]
[아닙니다 = no]
[아닌데요 = no]
[ㄴㄴ = no]
[노노 = no]
[싫어요 = no]
저는 [싫어요 = no]
[아니요, 싫어요 = no]
[안 할래요 = no]
[안할래요 = no]
그냥 [안 할게요 = no]
[예약 안 할래요 = no]
[하지 마세요 = no]
[하지마세요 = no]
[하지 말아 주세요 = no]
[필요 없어요 = no]
[필요없습니다 = no]
[틀려요 = no]
[없어요 = no]
[아니요 없어요 = no]
[안 돼요 = no]
[별로예요 = no]
[안 좋아요 = no]
[좋지 않아요 = no]
[안 맞아요 = no]
[아닌 것 같아요 = no]
[동의하지 않아요 = no]
[아니요 괜찮아요 = no]
[아뇨 됐어요 = no]
[아니요 = no] 감사합니다
[아니요 = no], 파랑으로 바꿀게요
[나중에 할게요 = no]
[no = no]
[nope = no]
[nah = no]
[no thanks = no]
[no thank you = no]
[no, not really = no]
[not really = no]
[don't = no]
[please don't = no]
[don't do it = no]
[never mind = no]
[nevermind = no]
[of course not = no]
[absolutely not = no]
[not now = no]
[i don't think so = no]
[that's not right = no]
[that's wrong = no]
[not correct = no]
[incorrect = no]
[no way = no]
[i'd rather not = no]
[no i don't = no]
[no = no], the blue one
"""

AMBIGUOUS = """
[괜찮아요 = no ? yes]
[괜찮습니다 = no ? yes]
[됐어요 = no ? yes]
[됐습니다 = no ? yes]
[네 괜찮아요 = yes ? no]
[네 됐어요 = yes ? no]
[상관없어요 = yes ? no]
[i'm good = no ? yes]
[i'm fine = no ? yes]
[it's ok = yes ? no]
[not at all = no ? yes]
[no worries = yes ? no]
"""

NOTHING = """
네 아니요
네? 아니요
아니요 네
아니요, 그렇게 해주세요
네 안 할래요
예 아니 맞아요
네?
네??
예?
응?
맞아요?
좋아요?
괜찮아요?
아니에요?
맞나요
네 명이요
네 개
네시요
네 시 반
네이버로 로그인
예약이요
예약 취소해 주세요
응답이 없어요
콜라 주세요
콜센터 연결
어떻게 해요
어디예요
그래서 언제 와요
그럼 내일은요
아니 왜 이렇게 늦어요
아니 그게 아니라
글쎄요
잘 모르겠어요
네 아마도요
네 생각해 볼게요
잠깐만요
취소해 주세요
배송 언제 와요
좋아하는 색
있어요?
그건 좋은데 비싸요
ㅋㅋ
yes?
sure?
ok?
yes no
no yes
no, go ahead
yes, don't do it
not sure
i'm not sure
yes maybe
maybe
i don't know
no 20261118
no. 5
order no 1234
i have no order number
there is no sugar
no one answered
nothing
note
knowledge
yesterday
surely you jest
okra
correction needed
right now
good morning
are you sure
is it correct
i like it
can you do it
hold on
yeah right
"""

SURE, DOUBTFUL = 0.8, 0.6


def shown(text: str) -> str:
    for one in reversed(yes_no.find(text)):
        values = " ? ".join(reading.value for reading in one.readings)
        text = f"{text[: one.start]}[{text[one.start : one.end]} = {values}]{text[one.end :]}"
    return text


@pytest.mark.parametrize("row", (YES + NO + AMBIGUOUS + NOTHING).strip().splitlines())
def test_an_answer_is_found_in_its_place_and_nothing_else_is(row: str) -> None:
    text = re.sub(r"\[([^]]*?) = [^]]*\]", r"\1", row)
    assert normalise(text) == text, "a row is written as parsers are given it"
    assert shown(text) == row


@pytest.mark.parametrize("text", ["네", "네 맞아요", "네 감사합니다", "yes please", "no", "아니요"])
def test_nothing_but_an_answer_is_sure(text: str) -> None:
    assert yes_no.find(text)[0].readings[0].confidence >= SURE


@pytest.mark.parametrize(
    "text",
    [
        "네, 근데 시간 바꿀 수 있어요?",
        "네 내일 3시로 해주세요",
        "yes but can i change the time?",
        "no, the blue one",
        "어",
        "괜찮아요",
    ],
)
def test_an_answer_with_more_to_say_or_two_meanings_is_doubtful(text: str) -> None:
    assert yes_no.find(text)[0].readings[0].confidence <= DOUBTFUL
