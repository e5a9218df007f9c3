"""Ranges of whole days: ``이번 주말``, ``12월 3일~5일``, ``추석 연휴``; ``Dec 3-5``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from sangdam.nlu.entities import calendar
from sangdam.nlu.entities.calendar import month_after, plus_days
from sangdam.nlu.entities.day import Day, Placed, one
from sangdam.nlu.entities.english_dates import MONTH, NAMES_A_MONTH, month_in
from sangdam.nlu.entities.expression import DIGIT_START, Match, Rule, compiled, rule, sweep
from sangdam.nlu.entities.holidays import LONG_HOLIDAY, long_holiday
from sangdam.nlu.entities.korean_dates import DAY_COUNTS, WHICH, YEAR, weeks_in, year_in
from sangdam.nlu.entities.reading import Setting
from sangdam.nlu.entities.spoken_numbers import ENGLISH, NATIVE, SINO, number

DayRange = tuple[date, date, float]


@dataclass(frozen=True, slots=True)
class Range:
    """Where a range stands in a text, and what it can mean; without choices, nothing."""

    start: int
    end: int
    choices: tuple[tuple[date | datetime, date | datetime, float], ...] = ()


TO = r"(?:날)?(?:부터|에서)?,? ?(?:[~–—-]|\b(?:to|until|till|through|thru|and)\b)?(?: on| the)? ?"
FROM = r"\b(?:from|between) (?:the )?$"
UP_TO = r"(?:에서)? ?(?:까지|사이)"
_MOST = timedelta(days=366)

_NO_LENGTH = r"(?! ?(?:걸|소요|이내|안에|정도|뒤|후|전(?![가-힣])|만에))"
_STAY = (
    r"(?:부터|에서)? ?(?:(?:for )?(?P<nights>\d{1,2}|" + SINO + "|" + NATIVE + r")(?: ?박"
    r"(?: ?(?P<days>\d{1,2}|" + SINO + r") ?일)?| nights?\b)"
    r"|(?<=터)(?P<space> )?(?:(?P<word>"
    + "|".join(DAY_COUNTS)
    + r")|(?P<n>\d{1,2}) ?일(?= ?간| ?동안)"
    r"|(?P<weeks>일|\d|두) ?주일?(?!일))(?: ?동안|간)?(?![가-힣]*(?:뒤|후)| ?[뒤후전])"
    r"|(?<= )for (?P<count>\d{1,2}|" + ENGLISH + r"|a) (?P<unit>day|week)s?\b)"
)
_NIGHTS_FROM = (
    r"\b(?P<nights>\d{1,2}|" + ENGLISH + r") nights?,? (?:from|starting(?: from| on)?) (?:the )?$"
)
_END_OF_WORD = "(?![가-힣])|(?=에|의|은|는|쯤|중|으?로|이?요|이[에예]요|날)"


def day_ranges(text: str, setting: Setting, placed: Sequence[Placed]) -> Iterator[Range]:
    """Yield what looks like a range of days; those that mean nothing have no choices."""
    today = setting.now.date()
    for match, choices in sweep(text, _rules(), today):
        yield Range(match.start(), match.end(), choices)
    last: Placed | None = None
    for here in placed:
        with suppress(OverflowError):
            yield from _around(text, last, here)
        last = here


def _around(text: str, last: Placed | None, here: Placed) -> Iterator[Range]:
    """Yield the ranges that a day makes with the length around it or with the day before it."""
    stay = compiled(_STAY).match(text, here.end)
    if stay is not None:
        yield Range(here.start, stay.end(), _stay(here.day, stay))
    nights = compiled(_NIGHTS_FROM).search(text, max(0, here.start - 40), here.start)
    if nights is not None:
        yield Range(nights.start(), here.end, _stay(here.day, nights))
    pair = None if last is None else _pair(text, last, here)
    if pair is not None:
        yield pair


def between(first: Day, last: Day, *, is_up_to: bool = True) -> tuple[DayRange, ...]:
    """Return the ranges from one day to another; what the last one leaves out follows the first."""
    choices: list[DayRange] = []
    if first.kind == last.kind == "either":  # 12/3~12/5: both in the same order
        pairs = zip(first.choices, last.choices, strict=False)
        return tuple((a, b, sure) for (a, sure), (b, _) in pairs if a <= b)
    is_dated = first.kind in ("day", "month_day") or first.month_of is not None
    is_length = not (is_up_to or is_dated) and last.kind == "day" and last.day is not None
    for start, sure in first.choices:
        for end, likely in _ends(start, first, last):
            if timedelta() <= end - start <= _MOST:
                share = 0.4 if is_length else 1.0
                choices.append((start, end, sure * likely * share))
        if is_length and last.day:
            # 내일부터 3일: for three days, rather than until the third.
            choices.append((start, plus_days(start, last.day - 1), 0.6 * sure))
    return tuple(choices)


def _ends(start: date, first: Day, last: Day) -> tuple[tuple[date, float], ...]:
    if last.kind == "weekday" and last.weekday is not None:
        end = calendar.coming(start, last.weekday)
        return one(end if end > start else plus_days(end, 7))
    if last.kind == "day" and last.day is not None:
        months = [(start.year, start.month)]
        if first.kind == "day" or (first.kind == "full" and first.month_of is None):
            months.append(month_after(months[0], 1))
        ends = [calendar.day_of(*month, last.day) for month in months]
        return one(next((end for end in ends if end is not None and end > start), None))
    if last.kind == "month_day" and last.month and last.day:
        ends = [calendar.day_of(start.year + later, last.month, last.day) for later in (0, 1)]
        return one(next((end for end in ends if end is not None and end > start), None))
    return last.choices


def _pair(text: str, first: Placed, last: Placed) -> Range | None:
    gap = text[first.end : last.start] if last.start - first.end <= 16 else "far"
    if not compiled(TO).fullmatch(gap):
        return None
    lead, up_to = (
        compiled(FROM).search(text[max(0, first.start - 16) : first.start]),
        compiled(UP_TO).match(text, last.end),
    )
    said_from, said_to = "부터" in gap or "에서" in gap, up_to is not None
    if not (said_from or said_to or compiled("[~–—-]|to|until|till|thr").search(gap)) and not (
        lead and "and" in gap
    ):
        return None
    if "and" in gap and not lead:
        return None
    start = first.start - (len(lead[0]) if lead else 0)
    end = up_to.end() if up_to else last.end
    is_up_to = said_to or "부터" not in gap
    return Range(start, end, between(first.day, last.day, is_up_to=is_up_to))


def _stay(day: Day, stay: Match) -> tuple[DayRange, ...]:
    if stay["nights"]:
        nights = number(stay["nights"]) or 0
        days_said = stay.groupdict().get("days")
        if not nights or (days_said and number(days_said) != nights + 1):
            return ()
        count = nights + 1
    elif stay["word"]:
        count = DAY_COUNTS[stay["word"]]
    elif stay["count"]:
        count = 1 if stay["count"] == "a" else number(stay["count"]) or 0
        count *= 7 if stay["unit"] == "week" else 1
    else:
        count = number(stay["n"] or "0") or 7 * (number(stay["weeks"] or "0") or 0)
    if not count:
        return ()
    return tuple((start, plus_days(start, count - 1), sure) for start, sure in day.choices)


def _week(today: date, weeks: int, *, from_sunday: float = 0.0) -> tuple[DayRange, ...]:
    monday = calendar.monday_of(today, weeks)
    choices = [(monday, plus_days(monday, 6), 1 - from_sunday)]
    if from_sunday:
        choices.append((plus_days(monday, 6), plus_days(monday, 12), from_sunday))
    return tuple(choices)


def _korean_week(match: Match, today: date) -> tuple[DayRange, ...]:
    weeks = weeks_in(match["week"])
    return _week(today, weeks, from_sunday=0.4 if weeks == 0 and today.weekday() == 6 else 0.0)


def _english_week(match: Match, today: date) -> tuple[DayRange, ...]:
    weeks = {"this": 0, "next": 1, "last": -1}[match["which"]]
    return _week(today, weeks, from_sunday=0.4 if weeks >= 0 and today.weekday() == 6 else 0.0)


def _weekend(match: Match, today: date) -> tuple[DayRange, ...]:
    groups = match.groupdict()
    which = groups.get("which") or ""
    english = {"this": 0, "the": 0, "next": 1, "last": -1}
    weeks = english[which] if which in english else weeks_in(which) if which else 0
    meant = [weeks]
    if (today.weekday() == 6 and weeks == 0) or (which == "next" and today.weekday() != 6):
        meant = [1, 0]
    elif today.weekday() == 6 and weeks > 0 and not groups.get("week"):
        meant = [weeks, weeks + 1]
    saturdays = [plus_days(calendar.monday_of(today, one), 5) for one in meant]
    shares = (1.0,) if len(meant) == 1 else (0.6, 0.4)
    return tuple(
        (day, plus_days(day, 1), share) for day, share in zip(saturdays, shares, strict=True)
    )


def _months(month: tuple[int, int], first: int = 1, last: int = 31) -> tuple[date, date] | None:
    start, end = calendar.day_of(*month, first), calendar.last_of(*month)
    if start is None or end is None:
        return None
    return start, min(end, start + timedelta(days=last - first))


def _month(match: Match, today: date) -> tuple[DayRange, ...]:
    groups = match.groupdict()
    first, last = {"상순": (1, 10), "초순": (1, 10), "중순": (11, 20), "하순": (21, 31)}.get(
        groups.get("third") or "", (1, 31)
    )
    this = (today.year, today.month)
    which = groups.get("which") or groups.get("this")
    if which:
        english = {"this": 0, "next": 1, "last": -1}
        months = english[which] if which in english else weeks_in(which)
        choices = [(month_after(this, months), 1.0)]
    else:
        number_ = month_in(match["name"]) if groups.get("name") else int(match["month"])
        year = year_in(match, today)
        if year is not None:
            choices = [((year, number_), 1.0)]
        elif (today.year, number_) >= this:
            choices = [((today.year, number_), 1.0)]
        elif month_after((today.year, number_), 1) == this:
            choices = [((today.year + 1, number_), 0.6), ((today.year, number_), 0.4)]
        else:
            choices = [((today.year + 1, number_), 1.0)]
    spans = [(_months(month, first, last), sure) for month, sure in choices]
    return tuple((*span, sure) for span, sure in spans if span is not None)


def _long_holiday(match: Match, today: date) -> tuple[DayRange, ...]:
    spans = long_holiday(match["h0"], today, year=year_in(match, today))
    shares = (1.0,) if len(spans) == 1 else (0.6, 0.4)
    return tuple((*span, sure) for span, sure in zip(spans, shares, strict=False))


def _compact(match: Match, today: date) -> tuple[DayRange, ...]:
    """Read ``12월 3~5일``, ``3~5일``, ``Dec 3-5``: two days of one month."""
    groups = match.groupdict()
    first, last = number(match["first"]) or 0, number(match["last"]) or 0
    if groups.get("which"):
        month = month_after((today.year, today.month), weeks_in(match["which"]))
        begin = Day(one(calendar.day_of(*month, first)), month_of=month)
        return between(begin, Day((), "day", day=last))
    if not (groups.get("month") or groups.get("name")):
        begin = Day(calendar.bare_day(today, first), "day", day=first)
        if first >= last:
            return ()
        return tuple((a, b, 0.7 * sure) for a, b, sure in between(begin, Day((), "day", day=last)))
    month_number = month_in(match["name"]) if groups.get("name") else int(match["month"])
    year = year_in(match, today)
    if year is None:
        choices = calendar.yearless(today, month_number, first)
        begin = Day(choices, "month_day", month=month_number, day=first)
    else:
        begin = Day(one(calendar.day_of(year, month_number, first)), month_of=(year, month_number))
    return between(begin, Day((), "day", day=last))


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule[[date], tuple[DayRange, ...]], ...]:
    day = r"(?:\d{1,2})(?:st|nd|rd|th)?"
    year = r"(?:,? (?P<year>20\d\d)(?!\d))?"
    return (
        rule(
            "주",
            f"(?P<week>(?:{WHICH} ?주|(?<![가-힣])(?:차주|내주)))"
            "(?! ?(?:주?말|초|중순|후반|중반|[월화수목금토일](?:요일|욜)|[월화수목금토](?![가-힣])"
            "|[월화수목금토일]{2,}))"
            f"(?:{_END_OF_WORD})",
            _korean_week,
        ),
        rule("주말", f"(?P<which>{WHICH}) ?(?P<week>주 ?)주말(?!고|마다)", _weekend),
        rule("말", f"(?P<which>{WHICH}) ?주 ?말(?!고|마다)", _weekend),
        rule("주말", f"(?<!그)(?<!그 )(?<!매)(?<!매 )(?<![가-힣])주말(?:{_END_OF_WORD})", _weekend),
        rule(
            "달",
            f"(?:(?P<which>{WHICH}) ?달|(?<![가-힣])(?P<this>내달|이달))"
            f"(?! ?(?:[0-9]|말|초(?!순)|마지막|첫|둘|셋|넷|{SINO} ?일))"
            f"(?: ?(?P<third>상순|초순|중순|하순))?(?:{_END_OF_WORD})",
            _month,
        ),
        rule(
            "월",
            f"{YEAR}?{DIGIT_START}(?P<month>\\d{{1,2}})월"
            f"(?! ?(?:[0-9]|말|초(?!순)|마지막|첫|둘|셋|넷|{SINO} ?일))"
            f"(?: ?(?P<third>상순|초순|중순|하순))?(?:{_END_OF_WORD})",
            _month,
        ),
        rule("연휴", f"{YEAR}?{LONG_HOLIDAY} ?연휴(?! ?(?:전|후|끝|다음))", _long_holiday),
        rule("holiday", r"\b(?P<h0>chuseok|seollal|lunar new year) holidays?\b", _long_holiday),
        rule(
            "일",
            rf"(?:{YEAR}?{DIGIT_START}(?P<month>\d{{1,2}})월 ?|(?P<which>{WHICH}) ?달 ?)?"
            rf"{DIGIT_START}(?P<first>\d{{1,2}}) ?[~–-] ?(?P<last>\d{{1,2}}) ?일"
            rf"(?! ?(?:간|동안)){_NO_LENGTH}(?: ?까지)?",
            _compact,
        ),
        rule(
            "~",
            rf"{DIGIT_START}(?:(?P<year>20\d\d)[./-] ?)?(?P<month>\d{{1,2}})[./-] ?"
            r"(?P<first>\d{1,2}) ?~ ?(?P<last>\d{1,2})(?![\d년월일시./:-])",
            _compact,
        ),
        rule(
            NAMES_A_MONTH,
            rf"\b(?:(?:from|between) )?(?P<name>{MONTH}) (?P<first>{day}) ?"
            rf"(?:[~–-]|to|through|until|and) ?(?P<last>{day}){year}(?![\d:])",
            _compact,
        ),
        rule(
            NAMES_A_MONTH,
            rf"{DIGIT_START}(?P<first>{day}) ?(?:[~–-]|to|through|until) ?(?P<last>{day})"
            rf"(?: of)? (?P<name>{MONTH}){year}",
            _compact,
        ),
        rule("week", r"\b(?P<which>this|next|last) week\b(?! ?end)", _english_week),
        rule("weekend", r"\b(?P<which>this|next|last|the) weekend\b", _weekend),
        rule("month", r"(?<!of )(?<!of the )\b(?P<which>this|next|last) month\b", _month),
        rule(
            NAMES_A_MONTH,
            rf"(?<=\bin )(?P<name>{MONTH}){year}(?! ?\d)",
            _month,
        ),
        rule(
            NAMES_A_MONTH,
            rf"(?<!\d )(?<!of )\b(?P<name>{MONTH}) (?P<year>20\d\d)\b",
            _month,
        ),
    )
