"""Amounts of money, in Korean and English."""

from __future__ import annotations

import pytest

from sangdam.nlu.entities.money import find
from tests.core.marked_values import Marked, check, marked

KOREAN = marked("""
[12만 5천 원]이에요 = 125000 KRW
[3만원]짜리 있어요? = 30000 KRW
[3만5천원]이요 = 35000 KRW
[오만 원] 환불해 주세요 = 50000 KRW
[천원] = 1000 KRW
[만 원]만 깎아 주세요 = 10000 KRW
가격이 [만원]이에요 = 10000 KRW
[1억 2천만 원] = 120000000 KRW
[₩30,000] = 30000 KRW
[30,000원] 결제됐어요 = 30000 KRW
[삼백이십만 원] = 3200000 KRW
[이십오만원]이 빠졌어요 = 250000 KRW
[백만 원] = 1000000 KRW
[1.5만원] = 15000 KRW
[3만 500원] = 30500 KRW
[20만원대] 제품 = 200000..299999 KRW
[3만 원대]로 보여주세요 = 30000..39999 KRW
[25만원대] = 250000..259999 KRW
[만원대] 선물 = 10000..19999 KRW
[30만원 이하]로요 = ..300000 KRW
[30만원까지] 돼요 = ..300000 KRW
[최대 5만원] = ..50000 KRW
[30만원 미만] = ..299999 KRW
[3만원 이상] 무료배송 = 30000.. KRW
[최소 10만원]은 해야죠 = 100000.. KRW
[3만원 초과] = 30001.. KRW
[3만원부터] = 30000.. KRW
[20~30만원] = 200000..300000 KRW
[20만~30만원] 사이 = 200000..300000 KRW
[20만원에서 30만원] 사이요 = 200000..300000 KRW
[3만원부터 5만원까지] = 30000..50000 KRW
[5천~1만원] = 5000..10000 KRW
[3만원 이상 5만원 이하] = 30000..50000 KRW
[이삼만 원]쯤 = 20000..30000 KRW
약 [3만원] = 30000 KRW
한 [3만원] 정도요 = 30000 KRW
[100달러] = 100 USD
[백 유로]요 = 100 EUR
[1만엔] = 10000 JPY
[50불]이에요 = 50 USD
[5달러 50센트] = 5.50 USD
[300위안] = 300 CNY
[100 홍콩달러] = 100 HKD
예산은 [12만 5천]이에요 = 125000 KRW
[3만] 정도요 = 30000 KRW
[~30만원] = ..300000 KRW
[50만원 안 넘]게 = ..500000 KRW
[1~2만원대] = 10000..29999 KRW
[만원] 더 내고 [2만원] 환불 = 10000 KRW; 20000 KRW
""")

KOREAN_AMBIGUOUS = marked("""
[1억2천] = 120000000 KRW | 100002000 KRW
[이 만 원]이요 = 20000 KRW | 10000 KRW
[30만원~] = 300000 KRW | 300000.. KRW
[¥1,000] = 1000 JPY | 1000 CNY
""")

KOREAN_NOTHING = marked("""
이만 끊을게요 =
천만에요 =
두 개만 원해요 =
이것만 원합니다 =
병원 직원이에요 =
공원에 있어요 =
영원히 기억할게요 =
회원 가입 =
사원입니다 =
구원해 주세요 =
조원들이 왔어요 =
수천만원 =
수천 만원 =
몇만원이에요? =
10여만 원 =
3만 명이 왔어요 =
3만 포인트 =
3만 몇천원 =
2,30만원 =
만나요 =
만약에 =
천천히 =
백화점 =
삼성 오만 =
30~20만원 =
3~5000원 =
만원 버스 =
-3만원 =
3.5원 =
동원이에요 =
5천 걸음 =
3만원 조금 넘게 =
""")

ENGLISH = marked("""
[$1,200.50] = 1200.50 USD
[50 dollars] = 50 USD
[fifty dollars] please = 50 USD
[under $50] = ..50 USD
[up to 300 euros] = ..300 EUR
[at least $20] = 20.. USD
[over 100 dollars] = 100.. USD
[between 20 and 30 dollars] = 20..30 USD
[between $20 and $30] = 20..30 USD
[$20-$30] = 20..30 USD
[$20-30] = 20..30 USD
[20 to 30 dollars] = 20..30 USD
[between one hundred and two hundred dollars] = 100..200 USD
about [$40] = 40 USD
[30,000 won] = 30000 KRW
[30000krw] = 30000 KRW
[usd 50] = 50 USD
[5k won] = 5000 KRW
[$1.2m] = 1200000 USD
[1.5 million won] = 1500000 KRW
[five dollars and twenty cents] = 5.20 USD
[50 cents] = 0.50 USD
[€50] and [£20] = 50 EUR; 20 GBP
[us$99.99] = 99.99 USD
[ca$20] = 20 CAD
[20 canadian dollars] = 20 CAD
[from $20] = 20.. USD
[$50 or less] = ..50 USD
[50 bucks] = 50 USD
[two thousand yen] = 2000 JPY
[125000 krw] = 125000 KRW
[200000..299999 krw] = 200000..299999 KRW
[..300000 krw] = ..300000 KRW
[30000.. krw] = 30000.. KRW
""")

ENGLISH_NOTHING = marked("""
team 3 won the game =
a few dollars =
hundreds of dollars =
not under $50 =
$5.5.5 =
dollar store =
$ =
between 30 and 20 dollars =
x$5 =
3 won by a mile =
""")


@pytest.mark.parametrize(
    "row",
    [*KOREAN, *KOREAN_AMBIGUOUS, *KOREAN_NOTHING, *ENGLISH, *ENGLISH_NOTHING],
    ids=str,
)
def test_an_amount_is_found_with_its_currency_or_not_at_all(row: Marked) -> None:
    check(find, row)


@pytest.mark.parametrize("text", ["약 3만원", "한 3만원 정도", "3만원쯤요", "about $40"])
def test_about_is_less_sure_than_exactly(text: str) -> None:
    assert find(text)[0].readings[0].confidence == 0.7


def test_an_amount_without_its_won_is_less_sure() -> None:
    (bare,), (full,) = find("3만이요"), find("3만원이요")
    assert bare.readings[0].confidence < full.readings[0].confidence
