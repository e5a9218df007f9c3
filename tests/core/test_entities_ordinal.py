"""Which of an offered list, in Korean and English."""

from __future__ import annotations

from functools import partial

import pytest

from sangdam.nlu.entities.ordinal import find
from tests.core.marked_values import Marked, check, marked

KOREAN = marked("""
[첫 번째]요 = 1
[첫번째 거] 주세요 = 1
[두번째 거] = 2
[두 번째]로 할게요 = 2
[2번]이요 = 2
[2번]으로 할게요 = 2
[2번 거]로요 = 2
[셋째]요 = 3
[둘째 것] 주세요 = 2
[마지막 거] = -1
[마지막]이요 = -1
[맨 마지막 걸]로 주세요 = -1
[맨 위] = 1
[맨 위에 거]요 = 1
[맨 아래] 거기요 = -1
[제일 아래 거]요 = -1
[위에서 두 번째] = 2
[3번째]요 = 3
[열두 번째] = 12
[일번]이요 = 1
[삼 번]이요 = 3
[2] = 2
[3]요 = 3
[첫째]로 해주세요 = 1
[아래에서 첫 번째] = -1
[후자]로 할게요 = 2
[전자]요 = 1
[1번]이랑 [3번] = 1; 3
2번 말고 [3번]이요 = 3
두 번째 말고 [세 번째]요 = 3
[-1] = -1
[열 번째 거] = 10
[다섯 번째]요 = 5
[처음 거]요 = 1
""")

ENGLISH = marked("""
[the second one] = 2
[second one] please = 2
[the third] = 3
[#3] = 3
[option 2] = 2
[number two] please = 2
[the last one] = -1
[last one] = -1
[the former] = 1
[the latter] please = 2
[the first option] looks good = 1
[2nd one] = 2
[the 2nd] please = 2
[no. 4] = 4
[the top one] = 1
[the bottom one] = -1
[choice three] = 3
i'll take [the fifth one] = 5
""")

WITH_SIZE = marked("""
[두 번째 거] = 2 {2}
다섯 번째 거 = {3}
7번이요 = {5}
the tenth one = {3}
[아래에서 두 번째]요 = 3 {4}
[second to last] = 2 {3}
[second from the bottom] = 2 {3}
후자로 할게요 = {3}
the latter = {4}
[마지막 거] = -1 {3}
[위에 거]요 = 1 {2}
[아래 거]요 = -1 {2}
위에 거요 = {3}
[가운데 거]요 = 2 {3}
[the middle one] = 2 {3}
가운데 거요 = {4}
0번이요 = {4}
""")

NOTHING = marked("""
이번에 주문한 거요 =
이번 주 화요일 =
셋째 주 화요일 =
둘째 아이가 =
첫 방문이에요 =
11번가에서 샀어요 =
1번 출구에서 봐요 =
2번 버스 타요 =
2번이나 전화했어요 =
2번 더 해볼게요 =
두 번 주문했어요 =
벌써 두 번째예요 =
두 번째로 싼 거 =
몇 번째예요? =
아래에서 두 번째요 =
마지막으로 하나만 더요 =
마지막 날이 언제예요 =
삼성전자 =
전자제품 =
전자레인지 돼요? =
사번이 뭐예요 =
일번지에 살아요 =
010-1234-5678번 =
첫째 날에 갈게요 =
100번이요 =
위에 거요 =
wait a second =
at first i thought =
first of all =
first name =
last week =
last time =
my last order =
november 2nd =
the first of may =
on the 2nd floor =
the second time =
not the second one =
number 12345 =
오른쪽에서 두 번째 =
전자 제품 =
option 1 or 2 =
the first or second one =
1 or 2번 =
2 3 =
""")


@pytest.mark.parametrize("row", [*KOREAN, *ENGLISH, *NOTHING], ids=str)
def test_a_place_in_a_list_is_found_or_nothing_is(row: Marked) -> None:
    check(find, row)


@pytest.mark.parametrize("row", WITH_SIZE, ids=str)
def test_a_place_that_the_list_does_not_have_is_not_found(row: Marked) -> None:
    check(partial(find, size=int(row.argument or "0")), row)
