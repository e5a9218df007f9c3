"""Numbers alone, in Korean and English."""

from __future__ import annotations

import pytest

from sangdam.nlu.entities.number import find
from tests.core.marked_values import Marked, check, marked

KOREAN = marked("""
[12.5] = 12.5
[-3] = -3
[1,200.50] = 1200.5
[3]이요 = 3
[삼백이십만] = 3200000
[스물다섯]이요 = 25
[다섯] = 5
[하나]요 = 1
[하나]만 주세요 = 1
[둘]이요 = 2
[두] 개요 = 2
[열두] 개 주세요 = 12
[3]개요 = 3
수량은 [10]입니다 = 10
[이십오] = 25
[백이십]입니다 = 120
[오천삼백] = 5300
[삼]이요 = 3
[오] = 5
[0] = 0
[영] = 0
[12만 5천] = 125000
[1억 2천만] = 120000000
[마이너스 3] = -3
영하 아니고 [마이너스 십오] = -15
[1000000]이에요 = 1000000
[아흔아홉] = 99
[백하나] = 101
""")

KOREAN_AMBIGUOUS = marked("""
[이십이]요 = 20 | 22
[십이]에요 = 10 | 12
[두세] 개 = 2 | 3
[삼백이] 맞아요 = 300 | 302
백이 예뻐요 =
""")

KOREAN_NOTHING = marked("""
오늘 갈게요 =
사과 주세요 =
이거 주세요 =
일주일 걸려요 =
삼성 제품이에요 =
구두 있어요? =
만나요 =
천천히 하세요 =
백화점이에요 =
조금만요 =
만약에요 =
한국이에요 =
두부 주세요 =
세일 중이에요? =
네이버로 결제할게요 =
열심히 할게요 =
열이 나요 =
네 =
일이 많아요 =
사이즈 알려주세요 =
이사 가요 =
오이 있어요? =
구이 주세요 =
공사 중이에요 =
영구 정지 =
천사예요 =
만일의 경우 =
조사해 주세요 =
억울해요 =
이천에 살아요 =
하나은행이요 =
하나 은행이요 =
하나도 몰라요 =
둘 다 주세요 =
공일공 일이삼사 오육칠팔 =
010-1234-5678 =
2026-11-22 =
20261118-0001 =
3:30 =
3시에 =
3 시간 =
다섯 시 =
1.2.3 =
1,2,3 =
1/2 =
1⁄2 =
3분의 1 =
a4 용지 =
b2b 문의 =
10% =
3만원 =
+82 =
3+1 행사 =
#3 =
12345678901234567890 =
.5 =
세 번째 =
5 이상이요 =
최대 5 =
세 개 이상 =
두 개 말고 =
₩3 =
""")

ENGLISH = marked("""
[two hundred and five] = 205
[twenty-five] please = 25
[twenty five] = 25
[a dozen] = 12
[half a dozen] = 6
[a couple] = 2
[one] = 1
just [one] please = 1
[two] please = 2
[three thousand five hundred] = 3500
[1.5 million] = 1500000
[two point five] = 2.5
[minus three] = -3
[zero] = 0
[a hundred] = 100
[two] tickets = 2
i'd like [one] please = 1
i need [12] = 12
""")

ENGLISH_NOTHING = marked("""
this one =
no one =
the second one =
often =
someone =
one moment =
five minutes =
3 kg =
3kg =
five five five =
nineteen ninety =
dozens =
hundreds =
half past six =
ten percent =
five dollars =
two-person =
v2 =
iphone15 =
9am =
9 am =
windows 3.1.1 =
at 5 =
at least five =
$5 =
""")


@pytest.mark.parametrize(
    "row",
    [*KOREAN, *KOREAN_AMBIGUOUS, *KOREAN_NOTHING, *ENGLISH, *ENGLISH_NOTHING],
    ids=str,
)
def test_a_number_is_found_or_nothing_is(row: Marked) -> None:
    check(find, row)


def test_a_syllable_that_is_a_word_too_is_less_sure() -> None:
    (five,), (three,) = find("오"), find("삼이요")
    assert five.readings[0].confidence < three.readings[0].confidence
