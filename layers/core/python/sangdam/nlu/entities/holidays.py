"""Days with names: fixed ones, and those of the Korean lunar calendar from 2020 to 2050."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from sangdam.nlu.entities.calendar import Choice, day_of, plus_days, with_recent

_RECENT = timedelta(days=31)

_FIXED: dict[str, tuple[int, int]] = {
    "신정": (1, 1),
    "새해 첫 ?날": (1, 1),
    "(?:발|밸)렌타인 ?데이": (2, 14),
    r"삼일절|3[.·]?1절": (3, 1),
    "화이트 ?데이": (3, 14),
    "만우절": (4, 1),
    "식목일": (4, 5),
    "근로자의 ?날|노동절": (5, 1),
    "어린이 ?날": (5, 5),
    "어버이 ?날": (5, 8),
    "스승의 ?날": (5, 15),
    "현충일": (6, 6),
    "제헌절": (7, 17),
    "광복절": (8, 15),
    "개천절": (10, 3),
    "한글날": (10, 9),
    "할로윈(?: ?데이)?|핼러윈(?: ?데이)?": (10, 31),
    "빼빼로 ?데이": (11, 11),
    "(?:크리스마스|성탄절) ?(?:이브|전야)": (12, 24),
    "크리스마스|성탄절|기독탄신일": (12, 25),
    r"\bnew years? ?eve\b|\bnew year's eve\b": (12, 31),
    r"\bnew years? day\b|\bnew year's day\b": (1, 1),
    r"\bvalentine(?:'?s)?(?: day)\b": (2, 14),
    r"\bapril fools?'? day\b|\bapril fool's day\b": (4, 1),
    r"\bchildren'?s day\b": (5, 5),
    r"\bliberation day\b": (8, 15),
    r"\bhang[eu]+l day\b": (10, 9),
    r"\bhalloween\b": (10, 31),
    r"\b(?:christmas|xmas) eve\b": (12, 24),
    r"\b(?:christmas|xmas)(?: day)?\b": (12, 25),
}
_LUNAR = {
    "설날|구정|설(?= ?(?:연휴|전날|당일|다음 ?날))": 0,
    r"\b(?:lunar new year|korean new year|seollal)(?:'s day)?\b": 0,
    "부처님 ?오신 ?날|석가 ?탄신일|초파일": 1,
    r"\bbuddha'?s birthday\b": 1,
    "추석|한가위": 2,
    r"\bchuseok\b": 2,
}

# Seollal, Buddha's birthday and Chuseok (1/1, 4/8 and 8/15 of the lunar calendar of the Korea
# Astronomy and Space Science Institute); each agrees with the new moon in Korean time.
_LUNAR_DAYS = """
2020 1-25 4-30 10-1  2021 2-12 5-19 9-21  2022 2-1  5-8  9-10  2023 1-22 5-27 9-29
2024 2-10 5-15 9-17  2025 1-29 5-5  10-6  2026 2-17 5-24 9-25  2027 2-7  5-13 9-15
2028 1-27 5-2  10-3  2029 2-13 5-20 9-22  2030 2-3  5-9  9-12  2031 1-23 5-28 10-1
2032 2-11 5-16 9-19  2033 1-31 5-6  9-8   2034 2-19 5-25 9-27  2035 2-8  5-15 9-16
2036 1-28 5-3  10-4  2037 2-15 5-22 9-24  2038 2-4  5-11 9-13  2039 1-24 4-30 10-2
2040 2-12 5-18 9-21  2041 2-1  5-7  9-10  2042 1-22 5-26 9-28  2043 2-10 5-16 9-17
2044 1-30 5-5  10-5  2045 2-17 5-24 9-25  2046 2-6  5-13 9-15  2047 1-26 5-2  10-4
2048 2-14 5-20 9-22  2049 2-2  5-9  9-11  2050 1-23 5-28 9-30
"""

_PATTERNS = (*_FIXED, *_LUNAR)
HOLIDAY = "(?:" + "|".join(f"(?P<h{index}>{one})" for index, one in enumerate(_PATTERNS)) + ")"
"""Pattern of any name; the group that matched says which holiday it is."""

HOLIDAY_WORDS = (
    "신정 새해 렌타인 절 화이트 식목일 어린이 어버이 스승 현충일 근로자 한글날 로윈 러윈 빼빼로 "
    "크리스마스 성탄 탄신 구정 설 부처님 초파일 추석 한가위 year valentine fool children "
    "liberation hang halloween christmas xmas seollal buddha chuseok"
)
"""Words of which one stands in every name."""

LONG_HOLIDAY = "(?P<h0>설날?|구정|추석|한가위)"
"""Names of the holidays of three days."""


@lru_cache(maxsize=1)
def lunar_days() -> dict[int, tuple[date, date, date]]:
    """Return Seollal, Buddha's birthday and Chuseok by year."""
    words = _LUNAR_DAYS.split()
    days = {}
    for year, *rest in zip(*[iter(words)] * 4, strict=True):
        seollal, buddha, chuseok = (date(int(year), *map(int, day.split("-"))) for day in rest)
        days[int(year)] = (seollal, buddha, chuseok)
    return days


def holiday(index: int, today: date, *, year: int | None = None) -> tuple[Choice, ...]:
    """Return what the name of group ``h<index>`` means; nothing where the table ends."""
    pattern = _PATTERNS[index]
    years = range(today.year - 1, today.year + 2) if year is None else (year,)
    if pattern in _FIXED:
        days = [day_of(one, *_FIXED[pattern]) for one in years]
    else:
        table, which = lunar_days(), _LUNAR[pattern]
        days = [table[one][which] if one in table else None for one in years]
    if year is None:
        return with_recent(today, days, _RECENT)
    return tuple((day, 1.0) for day in days if day is not None)


def long_holiday(name: str, today: date, *, year: int | None = None) -> list[tuple[date, date]]:
    """Return the days of ``추석 연휴`` or ``설 연휴``, the likeliest first.

    The day before, the day and the day after; where one of them falls on a Sunday or on 3 October
    the law adds a weekday (since 2014), which not everybody counts.
    """
    which = 2 if name in ("추석", "한가위", "chuseok") else 0
    table = lunar_days()
    years = (today.year, today.year + 1) if year is None else (year,)
    for one in years:
        if one not in table:
            return []
        first, last = plus_days(table[one][which], -1), plus_days(table[one][which], 1)
        if year is None and last < today:
            continue
        whole = last
        for day in (first, plus_days(first, 1), last):
            if day.weekday() == 6 or (day.month, day.day) == (10, 3):
                whole = _next_workday(whole)
        if whole != last:
            return [(first, whole), (first, last)]
        return [(first, last)]
    return []


def _next_workday(day: date) -> date:
    day = plus_days(day, 1)
    return plus_days(day, 7 - day.weekday()) if day.weekday() >= 5 else day
