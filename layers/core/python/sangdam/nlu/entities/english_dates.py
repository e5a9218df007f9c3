"""English expressions of days: ``tomorrow``, ``next Tuesday``, ``Nov 30``, ``in two weeks``."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sangdam.nlu.entities import calendar
from sangdam.nlu.entities.calendar import Choice, month_after
from sangdam.nlu.entities.day import Day, Shift, on_weekday, one
from sangdam.nlu.entities.expression import DIGIT_START, Match, compiled, nothing, rule
from sangdam.nlu.entities.korean_dates import ON_WEEKDAY, DayRule
from sangdam.nlu.entities.korean_dates import weekday_in as korean_weekday_in
from sangdam.nlu.entities.spoken_numbers import ENGLISH, ORDINAL, number
from sangdam.text.korean import has_hangul

NAMES_A_MONTH = "jan feb mar apr may jun jul aug sep oct nov dec"
"""Each pattern with a month in it is tried only where one of these letters stands."""

MONTHS = NAMES_A_MONTH.split()
_WEEKDAYS = "mon tue wed thu fri sat sun".split()

MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_LONG_WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SHORT_WEEKDAY = r"(?:mon|tues?|wed|thur?s?|fri|sat|sun)\b\.?"
_WEEKDAY = f"(?:{_LONG_WEEKDAY}\\b|{_SHORT_WEEKDAY})"
_ON_WEEKDAY = rf"(?:\b(?P<on>{_WEEKDAY}),? (?:the )?)?"
_COUNT = rf"(?:\d{{1,3}}|{ENGLISH}|an?|a couple of|a few)"
LENGTH = rf"(?P<n>{_COUNT}) (?P<unit>day|week|fortnight|month|year)s?"
_YEAR = r"(?:,? (?:of )?(?P<year>(?:19|20)\d\d)(?![\d:-]))?"
_DAY = rf"(?P<day>{ORDINAL}|\d{{1,4}})(?![\d:%a-z]|[./-]\d)"
_WORDS = {"today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "yesterday": -1}
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": 0}
_NOT_A_DAY = (
    r"(?! (?:option|one|item|floor|time|person|choice|place|party|edition|grade|street|avenue"
    r"|year|quarter|row|button|order|product|link)\b)"
)


def weekday_in(text: str | None) -> int | None:
    """Return the number of a weekday's name, long or short."""
    return _WEEKDAYS.index(text[:3]) if text else None


def month_in(text: str) -> int:
    """Return the number of a month's name, long or short."""
    return MONTHS.index(text[:3]) + 1


def _word(match: Match, today: date) -> Day:
    return Day(one(calendar.plus_days(today, _WORDS.get(match[0], 0))))


def _weekday(match: Match, today: date) -> Day:
    weekday = weekday_in(match["weekday"])
    assert weekday is not None
    which = match.groupdict().get("which") or ""
    if "next" in which:
        return Day(calendar.next_weekday(today, weekday, 1), weekday=weekday)
    if "last" in which:
        return Day(calendar.next_weekday(today, weekday, -1), weekday=weekday)
    if which:
        return Day(one(calendar.coming(today, weekday)), weekday=weekday)
    return Day(calendar.bare_weekday(today, weekday), "weekday", weekday=weekday)


def _weekday_of_week(match: Match, today: date) -> Day:
    weekday = weekday_in(match["weekday"])
    assert weekday is not None
    weeks = {"next": 1, "this": 0, "last": -1}[match["which"]]
    choices = calendar.in_week(today, weekday, weeks)
    if today.weekday() == weekday == 6 or today.weekday() != 6 or weeks == 0:
        return Day(choices, weekday=weekday)
    # On a Sunday the next week begins tomorrow, or a week from today.
    day = choices[0][0]
    return Day(((day, 0.6), (calendar.plus_days(day, 7), 0.4)), weekday=weekday)


def _month_day(match: Match, today: date) -> Day | None:
    month, day = month_in(match["month"]), number(match["day"]) or 0
    if match["year"]:
        year = int(match["year"])
        meant = Day(one(calendar.day_of(year, month, day)), day=day, month_of=(year, month))
    else:
        choices = calendar.yearless(today, month, day)
        meant = Day(choices, "month_day", month=month, day=day)
    return on_weekday(meant, weekday_in(match["on"]))


def _slashed(match: Match, today: date) -> Day | None:
    """Read 11/30 or 30/11: both orders are in use, unless the rest of the text is Korean."""
    first, second = int(match["month"]), int(match["day"])
    weekday = korean_weekday_in(match["on"])
    if (weekday is None and _is_fraction(match)) or (first, second) == (24, 7):
        return None
    orders = [(first, second)]
    if first != second and not has_hangul(match.string):
        orders.append((second, first))
    if match["year"]:
        days = [calendar.day_of(int(match["year"]), month, day) for month, day in orders]
        return Day(_likelier_first([one(day) for day in days]))
    meant = [(calendar.yearless(today, *order), order) for order in orders]
    real = [pair for pair in meant if pair[0]]
    if len(real) > 1:
        return Day(_likelier_first([choices[:1] for choices, _ in real]), "either")
    for choices, (month, day) in real:
        return on_weekday(Day(choices, "month_day", month=month, day=day), weekday)
    return None


def _is_fraction(match: Match) -> bool:
    """Tell whether 2/3 is as likely a part of a whole: more is said, and it is no weekday."""
    small = (int(match["month"]), int(match["day"])) in {(1, 2), (1, 3), (2, 3), (1, 4), (3, 4)}
    rest = match.string[: match.start()] + match.string[match.end() :]
    return small and compiled(r"\W*(?:이?[요에]|이에요|예요|입니다|on)?\W*").fullmatch(rest) is None


def _likelier_first(orders: list[tuple[Choice, ...]]) -> tuple[Choice, ...]:
    real = [choices[0][0] for choices in orders if choices]
    if len(real) < 2:
        return tuple((day, 1.0) for day in real)
    return tuple(zip(real, (0.6, 0.4), strict=False))


def _bare_day(match: Match, today: date) -> Day | None:
    day = number(match["day"]) or 0
    meant = Day(calendar.bare_day(today, day), "day", day=day)
    return on_weekday(meant, weekday_in(match["on"]))


def _ordinal_alone(match: Match, today: date) -> Day:
    return Day(kind="day", day=number(match[0]) or 0)


def _shift(match: Match) -> Shift | None:
    count = {"a": 1, "an": 1, "a couple of": 2, "a few": 0}.get(match["n"], number(match["n"]))
    if not count:
        return None
    unit = match["unit"]
    if unit in ("month", "year"):
        return Shift(months=count * (12 if unit == "year" else 1))
    return Shift(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])


def _away(match: Match, today: date) -> Day | None:
    shift = _shift(match)
    if shift is None:
        return None
    if match.groupdict().get("ago"):
        shift = Shift(-shift.days, -shift.months)
    return Day(one(shift.of(today)))


def _prefix(match: Match, today: date) -> Day | None:
    shift = _shift(match) if match["n"] else Shift(days=1)
    if shift is None:
        return None
    sign = -1 if match["side"] == "before" else 1
    return Day(shift=Shift(sign * shift.days, sign * shift.months, is_prefix=True))


def _month_of(match: Match, today: date) -> tuple[int, int]:
    if match["month"]:
        month = month_in(match["month"])
        return int(match["year"] or today.year + (month < today.month)), month
    months = {"next": 1, "last": -1}.get((match["which"] or "").strip(), 0)
    return month_after((today.year, today.month), months)


def _month_end(match: Match, today: date) -> Day:
    month = _month_of(match, today)
    exact = "day" in match["what"]
    return Day(one(calendar.last_of(*month), 1.0 if exact else 0.7), month_of=month)


def _nth_weekday(match: Match, today: date) -> Day | None:
    weekday = weekday_in(match["weekday"])
    assert weekday is not None
    day = calendar.nth_weekday(*_month_of(match, today), _NTH[match["nth"]], weekday)
    return Day(one(day))


@lru_cache(maxsize=1)
def rules() -> tuple[DayRule, ...]:
    """Return the patterns and what each makes of its match on a day."""
    of_month = (
        rf"(?:of|in) (?:(?P<month>{MONTH})(?: (?P<year>20\d\d))?"
        r"|(?:the|this) month|(?:the )?(?P<which>next|last) month|(?:the )?month)\b"
    )
    month_day = rf"(?:(?P<month>{MONTH}) ?(?:the )?{_DAY}{_YEAR}{_NOT_A_DAY})"
    day_month = (
        rf"(?:\bthe )?{DIGIT_START}(?P<day>(?<![a-z]){ORDINAL}|\d{{1,4}})(?: of)? "
        rf"(?P<month>{MONTH}){_YEAR}(?![a-z])"
    )
    return (
        rule(
            "today tonight tomorrow tm yesterday",
            r"\b(?:today|tonight|tomorrow|tmrw?|yesterday)\b",
            _word,
        ),
        rule(
            "this",
            r"\bthis (?=(?:morning|afternoon|evening)\b)(?:morning|afternoon|evening)",
            _word,
        ),
        rule(
            "coming this next last",
            rf"\b(?P<which>this coming|coming|this|next|last) (?P<weekday>{_WEEKDAY})(?!s)",
            _weekday,
        ),
        rule("day", rf"\b(?P<weekday>{_LONG_WEEKDAY})\b", _weekday),
        rule("mon tue thu fri", r"\b(?P<weekday>mon|tues?|thur?s?|fri)\b\.?(?!-)", _weekday),
        rule("on ", r"(?<=\bon )(?P<weekday>wed|sat|sun)\b\.?", _weekday),
        rule(
            "week",
            rf"\b(?P<weekday>{_WEEKDAY}),? (?:of )?(?P<which>next|this|last) week\b",
            _weekday_of_week,
        ),
        rule(
            NAMES_A_MONTH,
            rf"{_ON_WEEKDAY}\b{month_day}",
            _month_day,
        ),
        rule(
            NAMES_A_MONTH,
            rf"{_ON_WEEKDAY}{day_month}",
            _month_day,
        ),
        rule(
            "/",
            r"(?<![\da-z])(?<!\d[.,:/-])(?P<month>\d{1,4})/(?P<day>\d{1,4})"
            rf"(?:/(?P<year>(?:19|20)\d\d))?(?!\d|[/.:-]\d){ON_WEEKDAY}",
            _slashed,
        ),
        rule(
            "the ",
            rf"{_ON_WEEKDAY}\bthe (?P<day>\d{{1,4}}(?:st|nd|rd|th))\b{_NOT_A_DAY}",
            _bare_day,
        ),
        rule("st nd rd th", rf"\b\d{{1,2}}(?:st|nd|rd|th)\b{_NOT_A_DAY}", _ordinal_alone),
        rule("in ", rf"\bin {LENGTH}\b(?! or| to)", _away),
        rule("ago from later", rf"\b{LENGTH} (?:(?P<ago>ago)|from (?:now|today)|later)\b", _away),
        rule(
            "before after from",
            rf"\b{LENGTH} (?P<side>before|after|from)\b(?! (?:now|today)\b)",
            _prefix,
        ),
        rule("before after", r"\b(?P<n>)(?:the )?day (?P<side>before|after)\b", _prefix),
        rule("end last", rf"\b(?:the )?(?P<what>end|last day) {of_month}", _month_end),
        # Two days of a month are a range, and neither of them is all that was said.
        rule(
            NAMES_A_MONTH,
            rf"\b{MONTH} \d{{1,2}}(?:st|nd|rd|th)? ?(?:to|through|until|[~–-]) ?"
            r"\d{1,2}(?:st|nd|rd|th)?\b(?! [a-z]{3,9} ?\d)",
            nothing,
        ),
        rule(
            NAMES_A_MONTH,
            r"\b\d{1,2}(?:st|nd|rd|th)? ?(?:to|through|until|[~–-]|or|and) ?"
            rf"(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}(?! \d{{1,2}}\b)",
            nothing,
        ),
        rule(
            "of in",
            rf"\b(?:the )?(?P<nth>{'|'.join(_NTH)}) (?P<weekday>{_LONG_WEEKDAY}) {of_month}",
            _nth_weekday,
        ),
        rule("day", rf"\b(?:the )?(?:{'|'.join(_NTH)}) {_LONG_WEEKDAY}\b", nothing),
    )
