"""How many of what, in Korean and English."""

from __future__ import annotations

import pytest

from sangdam.nlu.entities.count import find
from tests.core.marked_values import Marked, check, marked, values_of

KOREAN = marked("""
[두 명]이요 = 2 person
[두명]이요 = 2 person
[세 사람] 갈게요 = 3 person
[열두 개] 주세요 = 12 item
[2인] 예약이요 = 2 person
성인 [2명], 아이 [1명]입니다 = 2 person; 1 person
[어른 둘] [아이 하나] = 2 person; 1 person
[성인 2], [소아 1]이요 = 2 person; 1 person
[우리 넷]이요 = 4 person
[애 둘]이요 = 2 person
저랑 남편 [둘]이요 = 2 person
저랑 남편 이렇게 [둘]이요 = 2 person
남편이랑 [둘]이요 = 2 person
친구랑 [2명]이요 = 2 person
제 아내랑 [둘이서] 가요 = 2 person
엄마 아빠 저 [셋]이요 = 3 person
친구랑 저 [둘]입니다 = 2 person
저까지 [넷]이요 = 4 person
저 포함 [셋]이요 = 3 person
저랑 남편, 아이까지 [셋]이요 = 3 person
[아이 둘]이랑 저요 = 3 person
부모님 [두 분]이랑 저요 = 3 person
[친구 셋]이랑 저요 = 4 person
저랑 남편이랑 딸 [하나]요 = 3 person
저희 부부랑 [아이 하나]요 = 3 person
[저랑 남편]이요 = 2 person
[남편이랑 저]요 = 2 person
[저랑 남편, 아이]요 = 3 person
저녁에 [둘이서] 갈게요 = 2 person
[셋이서]요 = 3 person
[혼자]요 = 1 person
저 [혼자] 갈 거예요 = 1 person
신발 [한 켤레] 샀어요 = 1 pair
표 [세 장] 예매할게요 = 3 ticket
티켓 [2매] 부탁드려요 = 2 ticket
입장권 [네 장] = 4 ticket
[방 두 개] 필요해요 = 2 room
[방 하나] 주세요 = 1 room
[두 분]이세요? = 2 person
[다섯 분]이서 가요 = 5 person
[열 명]이에요 = 10 person
[스무 명] 단체예요 = 20 person
[스물다섯 명] 예약 = 25 person
[이십 명]이요 = 20 person
[십이 명] = 12 person
[백 명] 정도요 = 100 person
[백스무 개] 주문할게요 = 120 item
[삼십오 명] = 35 person
[2박] 3일로 갈게요 = 2 night
[이박] 삼일이요 = 2 night
[두 병]만 주세요 = 2 bottle
아메리카노 [세 잔] = 3 cup
[한 잔]이요 = 1 cup
귤 [두 박스] = 2 box
[세 상자] 보내주세요 = 3 box
[세트 두 개] 주세요 = 2 set
[두 세트]요 = 2 set
책 [열 권] 주문했어요 = 10 copy
[3페이지] 인쇄해 주세요 = 3 page
[세 번] 전화했어요 = 3 time
[5회] 이용권 = 5 time
[두 자리] 있어요? = 2 seat
[좌석 세 개] 부탁해요 = 3 seat
[어른둘][아이하나] = 2 person; 1 person
성인[2명]아이[1명] = 2 person; 1 person
[둘이] 갈게요 = 2 person
[세 식구]예요 = 3 person
내일[두명]예약할게요 = 2 person
[10개]씩 주세요 = 10 item
[1,200개] 주문 가능한가요 = 1200 item
[3만 명]이 왔어요 = 30000 person
어른 2명 말고 =
""")

KOREAN_AMBIGUOUS = marked("""
[한두 명] 더 올 수도 있어요 = 1 person | 2 person
[두세 명]이요 = 2 person | 3 person
[서너 개] 주세요 = 3 item | 4 item
[2~3명] 정도요 = 2 person | 3 person
[2-3명]이요 = 2 person | 3 person
[두 명이나 세 명]이요 = 2 person | 3 person
[이삼십 명]쯤 = 20 person | 30 person
[세 장] 주세요 = 3 ticket | 3 item | 3 page
[2명~3명]이요 = 2 person | 3 person
[2명에서 4명] 정도 = 2 person | 4 person
[5~10명] = 5 person | 10 person
저랑 [아이 둘]이요 = 2 person | 3 person
저랑 친구 [2명]이요 = 2 person | 3 person
저하고 [친구 셋]이요 = 4 person | 3 person
남편이랑 [아이 둘]이요 = 3 person | 4 person | 2 person
2명 말고 [3명]이요 = 3 person
두 개 아니고 [세 개]요 = 3 item
""")

KOREAN_NOTHING = marked("""
라떼랑 케이크 둘이요 =
저 둘이요 =
남편이랑 아이요 =
부모님이랑 저랑 둘이요 =
저랑 남편이 갔을 때요 =
세 개월 할부로 해주세요 =
3개월 무이자 되나요 =
두 번째 거 주세요 =
30분 걸려요 =
세 시간 뒤에 갈게요 =
이번 주에 갈게요 =
한국에서 왔어요 =
두부 주세요 =
네이버에서 봤어요 =
네, 방 있어요? =
네 방 주세요 =
열심히 할게요 =
세일 언제 해요 =
사장님 계세요? =
사인해 주세요 =
사회 초년생이에요 =
사과 주세요 =
이 방 얼마예요 =
이 책 있나요 =
몇 명까지 되나요 =
여러 명이 가요 =
수십 명이 와요 =
10여 명이 가요 =
10명 이상 단체예요 =
최대 5명까지요 =
2인실 있나요 =
1회용 컵이에요 =
한 병원에서 왔어요 =
한번 확인해 주세요 =
다시 한번 말해 주세요 =
두 장소 중에 골라요 =
세 분기 동안 =
하나도 없어요 =
천천히 하세요 =
만두 먹고 싶어요 =
구두 사고 싶어요 =
어린이 3세 이하는 무료인가요 =
일명 명품이래요 =
이명이 들려요 =
3층에 있어요 =
모두 명단에 있어요 =
3.5명 =
2026-11-22명 =
""")

ENGLISH = marked("""
[both of us] = 2 person
[me and my husband] = 2 person
[my wife and i] will come = 2 person
[2 adults] and [1 infant] = 2 person; 1 person
[two adults], [one kid] and [a baby] = 2 person; 1 person; 1 person
[3 seniors] please = 3 person
a table for [two people] = 2 person
[party of four], please = 4 person
we are a [party of 6] = 6 person
[a couple of tickets] = 2 ticket
[3 pcs] please = 3 item
[two tickets] and [one room] = 2 ticket; 1 room
[2 adults] and [1 child] = 2 person; 1 person
[table for four] tonight = 4 person
[three nights] at the hotel = 3 night
[twenty-five guests] = 25 person
[a dozen bottles] = 12 bottle
[two dozen cups] = 24 cup
[a hundred copies] = 100 copy
[two hundred and five seats] = 205 seat
[2 more tickets] please = 2 ticket
[the four of us] = 4 person
there are [five of us] = 5 person
[just me] = 1 person
i called [three times] = 3 time
called you [twice] already = 2 time
[5 boxes], [2 sets] = 5 box; 2 set
[2 adult tickets] = 2 ticket
[3pcs] = 3 item
[two pairs] of shoes = 2 pair
[12 pages] long = 12 page
""")

ENGLISH_AMBIGUOUS = marked("""
[2 or 3 people] = 2 person | 3 person
[two to four tickets] = 2 ticket | 4 ticket
between [5 and 6 guests] = 5 person | 6 person
[2-3 items] = 2 item | 3 item
""")

ENGLISH_NOTHING = marked("""
can i bring a baby =
me and my mom and dad =
a few tickets =
dozens of people =
at least five people =
more than 10 guests =
no one is here =
room 12 please =
seat 14 is broken =
often people ask =
a two-person room =
one moment please =
in two weeks =
page 2 =
someone else =
book a room =
10 people max =
10+ people =
""")


@pytest.mark.parametrize(
    "row",
    [
        *KOREAN,
        *KOREAN_AMBIGUOUS,
        *KOREAN_NOTHING,
        *ENGLISH,
        *ENGLISH_AMBIGUOUS,
        *ENGLISH_NOTHING,
    ],
    ids=str,
)
def test_a_count_is_found_with_its_unit_or_not_at_all(row: Marked) -> None:
    check(find, row)


def test_only_the_units_asked_for_are_found() -> None:
    assert values_of(find("표 두 장이랑 방 하나요", units={"room"})) == ((8, 12, ("1 room",)),)


def test_the_units_asked_for_settle_an_ambiguous_one() -> None:
    (found,) = find("세 장이요", units={"ticket"})
    assert [one.value for one in found.readings] == ["3 ticket"]


def test_about_is_less_sure_than_exactly() -> None:
    (about,), (exact,) = find("10명 정도요"), find("10명이요")
    assert about.readings[0].confidence < exact.readings[0].confidence


def test_twenty_times_and_number_twenty_are_not_told_apart_for_sure() -> None:
    (found,) = find("20번 눌렀어요")
    assert (found.readings[0].value, found.readings[0].confidence) == ("20 time", 0.5)
