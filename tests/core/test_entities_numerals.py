"""Cardinal numerals, and what only looks like one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sangdam.nlu.entities.numerals import Numeral, numerals, spelled
from tests.core.marked_values import Marked, marked

TABLE = marked("""
[삼백이십만] = 3200000
[12만 5천] = 125000
[1억 2천만] = 120000000
[1억2천] = 120000000 | 100002000
[2만5] = 25000 | 20005
[이삼만] 원 = 20000 | 30000
[이 만] 원 = 20000 | 10000
[영] = 0
[공] = 0
[하나] = 1
[아흔아홉] = 99
[스물] [스무] 개 = 20; 20
[한] 개, [두] 개, [세] 개, [네] 개 = 1; 2; 3; 4
[열 두] 개 = 12
[한두] 개 = 1 | 2
[대여섯] 명 = 5 | 6
[백하나] = 101
[백스물다섯] 개 = 125
[천구백구십구] = 1999
[만 오천] = 15000
[이십 오만] = 250000
[오 만] 원 = 50000
[3천] = 3000
[1.5만] = 15000
[20천]원 = 20000
[3만 500]원 = 30500
[1,200.50] = 1200.50
[1.5 million] = 1500000
[two hundred and five] = 205
[three thousand five hundred] = 3500
[a hundred and twenty thousand] = 120000
[one hundred] and [two hundred] = 100; 200
[twenty-one] = 21
[twenty] and [thirty] = 20; 30
[two and a half] = 2.5
[three point one four] = 3.14
[a dozen], [two dozen], [half a dozen] = 12; 24; 6
[a couple] = 2
[zero] = 0
가격이 [만]원 = 10000
총[이십]명 = 20
우리[둘]이 = 2
이사 사이 오이 구이 =
공사 중에 =
오늘 일이 이거 사과 =
천천히 만만하게 =
수천 만원, 몇백 개, 수십 명 =
공일공 일이삼사 =
다섯다섯 =
12345678901234567890 =
1,2,3 =
1.2.3 =
12:30 =
1/2, 1⁄2, 2×3 =
a4 b2b v2 =
007 =
often someone phone =
five five five =
nineteen ninety =
백만백만 =
""")


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_numeral_is_read_or_left_alone(row: Marked) -> None:
    read = tuple(
        (one.start, one.end, tuple(value.normalize() for value in one.values))
        for one in numerals(row.text)
    )
    assert read == tuple(
        (start, end, tuple(Decimal(value).normalize() for value in values))
        for start, end, values in row.values
    )


def only(text: str) -> Numeral:
    (numeral,) = numerals(text)
    return numeral


def test_a_numeral_knows_whether_it_needs_a_unit() -> None:
    assert [only(text).needs_unit for text in ("두", "둘", "스무", "열둘", "열두")] == [
        True, False, True, False, True,
    ]  # fmt: skip


def test_numerals_tied_by_a_dash_are_linked() -> None:
    low, high = numerals("20-30만원")
    assert (low.is_linked_after, high.is_linked_before) == (True, True)
    assert (low.is_linked_before, high.is_linked_after) == (False, False)


def test_a_numeral_knows_its_last_magnitude() -> None:
    assert [only(text).scale for text in ("3만", "3만 5천", "35", "20 thousand")] == [
        10_000, 1000, 1, 1000,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [("12.50", "12.5"), ("-3", "-3"), ("1E+3", "1000"), ("0.0", "0"), ("-0", "0"), ("100", "100")],
)
def test_a_number_is_written_in_one_way(value: str, text: str) -> None:
    assert spelled(Decimal(value)) == text
