"""Lengths of time: ``한 시간 반``, ``3박 4일``, ``열흘``; ``90 minutes``, ``two and a half hours``.

A value is an ISO 8601 duration: ``PT1H30M``, an hour and a half however said, or days, weeks,
months and years. ``3박 4일`` is ``P4D``: the nights are one fewer than the days; where that is
not so (``3박 5일``) both counts are readings. What leads to a moment (``3시간 뒤``, ``two days
ago``), a date (``12월 3일``), a time (``3시 30분``), a rate (``일주일에 두 번``) or a vague word
(``반나절``, ``a minute``) is no duration. ``두 분`` are people; ``삼십 분`` are minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sangdam.nlu.entities.expression import (
    DIGIT_START,
    LIMIT,
    Match,
    Rule,
    compiled,
    found,
    nothing,
    rule,
    sweep,
)
from sangdam.nlu.entities.korean_dates import DAY_COUNTS
from sangdam.nlu.entities.reading import Found, Setting
from sangdam.nlu.entities.spoken_numbers import ENGLISH, NATIVE, SINO, number

Choices = tuple[tuple[str, float], ...]

_AFTER = (
    r" ?반(?![가-힣])"
    r"|(?: ?(?:정도|쯤))? ?(?:뒤(?![늦쪽])|후(?![가-힣])|후(?=에|로|까지|부터|쯤|의|이|요|면)"
    r"|있다가?(?![가-힣])"
    r"|전(?![가-힣])|전(?=에|까지|부터|쯤|[이인입의]|주문|구매)|이후|이전)"
    r"|에 ?(?:\d|한|두|세|네|몇|여러|[일이삼사오])"
    r"| or (?:two|three|\d{1,2})\b(?! ?(?:hour|min|day|week|month|night))| old\b"
    r"|,? (?:ago|later|from|before|after|per|each|an? (?:hour|day|week|month|year))\b"
)
_BEFORE = (
    r"\b(?:in|once|twice|times?|hours?|days?|per|every|each|next|this|last|wait|just|hold on) $"
    r"|(?:매|몇) ?$"
)
_GAP = r" ?|,? and |, "
_ISO = (
    r"P(?:(?P<Y>\d+)Y)?(?:(?P<N>\d+)M)?(?:(?P<W>\d+)W)?(?:(?P<D>\d+)D)?"
    r"(?:T(?:(?P<H>\d+)H)?(?:(?P<M>\d+)M)?(?:(?P<S>\d+)S)?)?"
)
_COUNT = rf"(?:{DIGIT_START}\d{{1,3}}|(?<![가-힣])(?:{NATIVE}|{SINO}))"
_ENGLISH_COUNT = (
    rf"(?:{DIGIT_START}\d{{1,3}}(?:\.\d)?|\b(?:{ENGLISH}|an?|half an?|a half|a couple of))"
)
_UNITS = {
    "hour": "H", "hr": "H", "h": "H", "minute": "M", "min": "M", "m": "M", "second": "S",
    "sec": "S", "day": "D", "week": "W", "fortnight": "F", "month": "N", "year": "Y",
}  # fmt: skip
_SECONDS = {"H": 3600, "M": 60, "S": 1}
_LONG = "(?P<unit>hour|hr|minute|min|second|sec|day|week|fortnight|month|year)"


def find(text: str, setting: Setting) -> tuple[Found, ...]:
    """Return the lengths of time in a text, at most ``LIMIT``, in order of place."""
    results: list[Found] = []
    for start, end, choices in _added(text):
        before = text[max(0, start - 16) : start]
        if compiled(_AFTER).match(text, end, end + 16) or compiled(_BEFORE).search(before):
            continue
        one = found(start, end, choices)
        if one is not None:
            results.append(one)
        if len(results) >= LIMIT:
            break
    return tuple(results)


def _added(text: str) -> Iterator[tuple[int, int, Choices]]:
    """Yield lengths, those that follow each other as one: ``1년 2개월``, ``2 weeks and 3 days``."""
    last: tuple[int, int, Choices] | None = None
    for match, choices in sweep(text, _rules()):
        start, end = match.span()
        if last is not None and compiled(_GAP).fullmatch(text, last[1], start):
            last = (last[0], end, _sum(last[2], choices))
            continue
        if last is not None:
            yield last
        last = (start, end, choices)
    if last is not None:
        yield last


def _sum(first: Choices, second: Choices) -> Choices:
    """Return one length for two, the larger unit first; nothing if they do not add up."""
    if len(first) != 1 or len(second) != 1:
        return ()
    parts = [compiled(_ISO).fullmatch(choices[0][0]) for choices in (first, second)]
    if parts[0] is None or parts[1] is None:
        return ()
    larger, smaller = parts[0].groupdict(), parts[1].groupdict()
    units = [unit for part in (larger, smaller) for unit in "YNWDHMS" if part[unit]]
    if units != sorted(set(units), key="YNWDHMS".index):
        return ()
    count = {unit: larger[unit] or smaller[unit] for unit in larger}
    if count["W"]:  # a week has seven days, and no unit beside it in ISO 8601
        if set(units) != {"W", "D"}:
            return ()
        count = {**count, "W": None, "D": str(7 * int(count["W"]) + int(count["D"]))}
    date = "".join(f"{count[unit]}{unit}" for unit in "YND" if count[unit]).replace("N", "M")
    clock = "".join(f"{count[unit]}{unit}" for unit in "HMS" if count[unit])
    return ((f"P{date}{'T' + clock if clock else ''}", min(first[0][1], second[0][1])),)


def written(seconds: int) -> str:
    """Return a length of at least a second as hours, minutes and seconds.

    >>> written(5400)
    'PT1H30M'
    """
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + "".join(f"{count}{unit}" for count, unit in parts if count)


def _clocked(seconds: float) -> Choices | None:
    return ((written(round(seconds)), 1.0),) if seconds >= 1 else None


def _dated(count: float, unit: str, confidence: float = 1.0) -> Choices | None:
    if count < 1 or count != int(count):
        return None
    if unit == "F":
        count, unit = 2 * count, "W"
    return ((f"P{int(count)}{'M' if unit == 'N' else unit}", confidence),)


def _hours(match: Match) -> Choices | None:
    if match["decimal"]:
        return _clocked(3600 * float(match["decimal"]))
    hours = number(match["hours"])
    minutes = 30 if match["half"] else number(match["minutes"] or "0")
    if not hours or minutes is None or minutes > 59:
        return None
    return _clocked(3600 * hours + 60 * minutes)


def _half_hour(match: Match) -> Choices | None:
    return _clocked(1800)


def _minutes(match: Match) -> Choices | None:
    return _clocked(60 * (number(match["n"]) or 0))


def _seconds(match: Match) -> Choices | None:
    return _clocked(number(match["n"]) or 0)


def _days(match: Match) -> Choices | None:
    if match["word"]:
        return _dated(DAY_COUNTS[match["word"]], "D")
    return _dated(number(match["n"]) or 0, "D", 0.8)


def _weeks(match: Match) -> Choices | None:
    return _dated(number(match["n"]) or 0, "W")


def _months(match: Match) -> Choices | None:
    months = number(match["n"]) or 0
    if match["half"]:
        return ((f"P{months}M15D", 0.8),) if months else None
    return _dated(months, "N")


def _years(match: Match) -> Choices | None:
    years = number(match["n"]) or 0
    if match["half"]:
        return ((f"P{years}Y6M", 1.0),) if years else None
    return _dated(years, "Y")


def _nights(match: Match) -> Choices | None:
    nights, days = number(match["nights"]) or 0, number(match["days"] or "")
    if not nights:
        return None
    if days is None:
        return ((f"P{nights + 1}D", 0.9),)
    if days == nights + 1:
        return ((f"P{days}D", 1.0),)
    if days == nights + 2:  # a night on the way
        return ((f"P{days}D", 0.6), (f"P{nights + 1}D", 0.4))
    return None


def _english_count(text: str) -> tuple[float, float]:
    """Return a count and how sure it is."""
    if text in ("a", "an"):
        return 1, 1.0
    if text in ("half a", "half an", "a half"):
        return 0.5, 1.0
    if text == "a couple of":
        return 2, 0.8
    return (float(text), 1.0) if "." in text else (number(text) or 0, 1.0)


def _english(match: Match) -> Choices | None:
    count, sure = _english_count(match["n"])
    unit = _UNITS[match["unit"]]
    if match["half"] or match["half_after"]:
        count += 0.5
    if unit in _SECONDS:
        if match["n"] == "a" and unit in "MS":
            return None  # wait a minute
        seconds = count * _SECONDS[unit]
        if match["minutes"]:
            seconds += 60 * _english_count(match["minutes"])[0]
        return ((written(round(seconds)), sure),) if seconds >= 1 else None
    if unit == "Y" and count == int(count) + 0.5 and count > 1:
        return ((f"P{int(count)}Y6M", sure),)
    return _dated(count, unit, sure)


def _either(match: Match) -> Choices | None:
    unit = _UNITS[match["unit"]]
    both: list[tuple[str, float]] = []
    for name in ("n", "n2"):
        count, _ = _english_count(match[name])
        one = _clocked(count * _SECONDS[unit]) if unit in _SECONDS else _dated(count, unit)
        if one is None:
            return None
        both.append((one[0][0], 0.5))
    return tuple(both)


def _short(match: Match) -> Choices | None:
    return _clocked(3600 * int(match["hours"]) + 60 * int(match["minutes"] or "0"))


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule[[], Choices], ...]:
    not_a_day = (
        r"(?<!월)(?<!월 )(?<!달)(?<!달 )(?<!일~)(?<!일 ~ )(?<!일에서 )"
        rf"(?P<n>{DIGIT_START}\d{{1,3}}"
        r"|(?<![가-힣])(?:[이삼사오육칠팔구]|[이삼]?십[일이삼사오육칠팔구]?)) ?일"
        r"(?! ?\(| ?(?:새벽|아침|오전|낮|점심|오후|저녁|밤|\d{1,2} ?시(?!간))"
        r"| ?[월화수목금토일]요일|에(?! 걸)|날|자|까지|부터|[~-]"
        r"|[가-힣](?<![간동이안내만치정걸소간요은로]))"
    )
    return (
        rule(
            "시간",
            rf"(?:{DIGIT_START}(?P<decimal>\d{{1,2}}\.\d)|(?P<hours>{_COUNT})) ?시간"
            rf"(?: ?(?P<half>반)(?!찬|납)| ?(?P<minutes>\d{{1,3}}|{SINO}) ?분)?",
            _hours,
        ),
        rule("시간", "(?<![가-힣])반 ?시간", _half_hour),
        rule(
            "분",
            rf"(?<!시)(?<!시 )(?P<n>{DIGIT_START}\d{{1,3}}|(?<![가-힣]){SINO}) ?분"
            "(?:(?![가-힣])|(?=동안|간|이요|요|정도|쯤|이면|만|걸|은|짜리|이[에예나]|뒤|후|전))",
            _minutes,
        ),
        # The minutes of a clock and the days of a month take their place and are no length.
        rule("시", rf"(?:\d{{1,3}}|{NATIVE}) ?시 ?(?:\d{{1,3}}|{SINO}) ?분", nothing),
        rule("초", rf"(?P<n>{DIGIT_START}\d{{1,3}}|(?<![가-힣]){SINO}) ?초(?![가-힣])", _seconds),
        rule(
            "하루 이틀 흘 새 이레 레 보름",
            f"(?<![가-힣])(?P<n>)(?P<word>{'|'.join(DAY_COUNTS)})(?![빨걸])",
            _days,
        ),
        rule("일", f"(?P<word>){not_a_day}", _days),
        rule("일간", rf"(?P<word>)(?P<n>{DIGIT_START}\d{{1,3}}|(?<![가-힣]){SINO}) ?일간", _days),
        rule(
            "주",
            rf"(?P<n>{DIGIT_START}\d{{1,2}}|(?<![가-힣]){NATIVE}) ?주"
            "(?:일간?|간)?(?![년차의문])",
            _weeks,
        ),
        rule("주", "(?<![가-힣])(?P<n>[일이삼사]) ?주(?:일간?|간)(?!년)", _weeks),
        rule(
            "달 개월",
            rf"(?P<n>{_COUNT}) ?(?:달|개월)(?:간|(?P<half> ?반(?![찬납])))?(?![러팽력])",
            _months,
        ),
        rule(
            "년",
            rf"(?P<n>{DIGIT_START}\d{{1,2}}|(?<![가-힣])[일삼사오육칠팔구십]) ?년"
            r"(?:간|(?P<half> ?반(?![찬납])))?(?![도생식형]| ?\d+월)",
            _years,
        ),
        rule(
            "박",
            rf"(?P<nights>{_COUNT}) ?박(?![람스수싱]|사(?! ?일))"
            rf"(?: ?(?P<days>\d{{1,2}}|{SINO}) ?일)?",
            _nights,
        ),
        rule(
            "hour hr min sec day week fortnight month year",
            rf"(?P<n>{_ENGLISH_COUNT})(?P<half> and a half)? {_LONG}s?"
            r"(?P<half_after> and a half)?"
            rf"(?:,? (?:and )?(?P<minutes>\d{{1,2}}|{ENGLISH}) min(?:ute)?s?)?\b(?!-)",
            _english,
        ),
        rule(
            "or to",
            rf"(?P<n>{_ENGLISH_COUNT}) (?:or|to) (?P<n2>{_ENGLISH_COUNT}) {_LONG}s?\b",
            _either,
        ),
        rule(
            "h",
            rf"{DIGIT_START}(?P<hours>\d{{1,2}})h ?(?:(?P<minutes>\d{{1,2}})m(?:in)?)?\b",
            _short,
        ),
        rule(
            "night",
            rf"(?P<nights>{DIGIT_START}\d{{1,2}}|\b{ENGLISH}) nights?"
            rf"(?:,?(?: and)? (?P<days>\d{{1,2}}|{ENGLISH}) days?)?\b",
            _nights,
        ),
    )
