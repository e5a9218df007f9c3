"""Percentages, in Korean and English."""

from __future__ import annotations

import pytest

from sangdam.nlu.entities.percent import find
from tests.core.marked_values import Marked, check, marked

FOUND = marked("""
[10%] 할인되나요 = 10
[10 퍼센트]요 = 10
[십프로] 할인 = 10
[12.5%] = 12.5
[삼십 퍼센트]예요 = 30
[10프로]라고 했어요 = 10
[반값]에 주세요 = 50
[1할]이요 = 10
[2할 5푼] = 25
[삼할] = 30
[100%] 환불 = 100
[-5%] = -5
[0.5%] = 0.5
[20%] 쿠폰이랑 [5%] 적립 = 20; 5
[10~20%] 할인 = 10 | 20
[10%~20%] 할인 = 10 | 20
[10에서 20퍼센트] = 10 | 20
[백 퍼센트] = 100
[오 퍼센트] = 5
[ten percent] off = 10
[twenty-five percent] = 25
[10 percent] = 10
[15 per cent] = 15
[5 pct] = 5
[half price] = 50
[half off] today = 50
[12.5] = 12.5
""")

NOTHING = marked("""
아이폰 15 프로 있나요 =
아이폰 15프로 있나요 =
iphone 15 프로 =
10프로그램 =
프로그램이 안 돼요 =
이 프로 좋아요 =
일할 계산 해주세요 =
할인 얼마예요 =
몇 프로 할인이에요 =
몇십 퍼센트예요 =
10% 이상 할인되는 거 =
10%대 금리 =
10%p 올랐어요 =
백화점 =
percentage =
3 할게요 =
3할인 =
half an hour =
at least 10% =
1.2.3% =
a12% =
수십 프로 =
""")


@pytest.mark.parametrize("row", [*FOUND, *NOTHING], ids=str)
def test_a_percentage_is_found_or_nothing_is(row: Marked) -> None:
    check(find, row)
