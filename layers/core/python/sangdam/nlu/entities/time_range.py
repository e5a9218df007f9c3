"""Ranges of times of a day: ``내일 2시에서 4시 사이``, ``금요일 저녁``; ``tomorrow 2-4pm``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from sangdam.nlu.entities.calendar import plus_days
from sangdam.nlu.entities.clock import DAY, KOREAN_PART, Clock, clock
from sangdam.nlu.entities.date_range import FROM, TO, UP_TO, Range
from sangdam.nlu.entities.day import Day, Placed
from sangdam.nlu.entities.day_part import ENGLISH, KOREAN, SPANS
from sangdam.nlu.entities.expression import DIGIT_START, Match, Rule, compiled, rule, sweep
from sangdam.nlu.entities.moment import DAY_THEN_TIME, TIME_THEN_DAY, Point, joined, moments
from sangdam.nlu.entities.reading import Setting
from sangdam.nlu.entities.spoken_numbers import ENGLISH as SPOKEN
from sangdam.nlu.entities.spoken_numbers import NATIVE, number
from sangdam.nlu.entities.time import decided

TimeRange = tuple[datetime, datetime, float]

_CUSTOMARY = 0.7
_PART_AFTER = (
    f" ?(?P<part>{'|'.join(KOREAN)})(?! ?[0-9]|밥|새|식사|메뉴|뷔페| ?(?:밥|식사|메뉴|뷔페|특선))"
    rf"| (?P<english>{'|'.join(ENGLISH)})\b"
)
_LENGTH_AFTER = (
    rf"부터 ?(?P<n>[0-9]{{1,2}}|{NATIVE}) ?시간(?: ?(?P<half>반))?(?! ?[뒤후전0-9])"
    rf"| for (?P<english>[0-9]{{1,2}}|{SPOKEN}|an) hours?\b(?! and)"
)
_PART_WITHIN = r"this (?P<part>morning|afternoon|evening)|(?P<tonight>tonight)"


@dataclass(frozen=True, slots=True)
class _Hours:
    """From one time of a day to another, where they stand in the text."""

    start: int
    end: int
    first: Clock
    last: Clock


def time_ranges(text: str, setting: Setting, placed: Sequence[Placed]) -> Iterator[Range]:
    """Yield what looks like a range of times; those that mean nothing have no choices."""
    points = list(joined(text, setting, placed))
    last: Point | None = None
    for point in points:
        with suppress(OverflowError):
            yield from _around(text, last, point, setting)
        last = point
    with suppress(OverflowError):
        yield from _compact(text, placed, setting)


def _around(text: str, last: Point | None, point: Point, setting: Setting) -> Iterator[Range]:
    """Yield the ranges that a time makes with what follows it or with the time before it."""
    if point.day is not None and point.clock is None:
        part = _part(text, point)
        if part is not None:
            yield part
    if point.day is not None and point.clock is not None:
        length = compiled(_LENGTH_AFTER).match(text, point.end)
        if length is not None:
            choices = _for_hours(point.day, point.clock, length, setting)
            yield Range(point.start, length.end(), choices)
    pair = None if last is None else _pair(text, last, point, setting)
    if pair is not None:
        yield pair


def _pair(text: str, first: Point, last: Point, setting: Setting) -> Range | None:
    gap = text[first.end : last.start] if last.start - first.end <= 16 else "far"
    if not compiled(TO).fullmatch(gap) or first.clock is None or last.clock is None:
        return None
    lead, up_to = (
        compiled(FROM).search(text[max(0, first.start - 16) : first.start]),
        _up_to(text, last.end),
    )
    if not compiled("[~–—-]|to|until|till|thr|부터|에서").search(gap) and not (
        "and" in gap and (lead or "between" in text[first.start : first.end])
    ):
        return None
    start = first.start - (len(lead[0]) if lead else 0)
    end = up_to if up_to is not None else last.end
    day, until = first.day, last.day
    if day is None and until is not None:
        if not text[last.start].isascii():
            return Range(start, end)
        day, until = until, None
    return Range(start, end, hours(day, first.clock, until, last.clock, setting))


def hours(
    day: Day | None, first: Clock, until: Day | None, last: Clock, setting: Setting
) -> tuple[TimeRange, ...]:
    """Return the ranges from a time of a day to another, of the same day unless one is said."""
    choices: list[TimeRange] = []
    for meant, sure in day.choices if day is not None else _today_or_tomorrow(first, setting):
        for begin, end, likely in _minutes(first, last, setting, meant, apart=until is not None):
            for other, share in until.choices if until is not None else ((meant, 1.0),):
                try:
                    span = _at(meant, begin), _at(other, end)
                except OverflowError:
                    continue
                if span[0] < span[1]:
                    choices.append((*span, sure * likely * share))
    return tuple(choices)


def _for_hours(day: Day, first: Clock, length: Match, setting: Setting) -> tuple[TimeRange, ...]:
    """Return the ranges of so many hours from a time on: ``내일 10시부터 3시간``."""
    said = length["n"] or length["english"]
    minutes = 60 * (1 if said == "an" else number(said) or 0) + (30 if length["half"] else 0)
    if minutes < 60:
        return ()
    return tuple(
        (start, start + timedelta(minutes=minutes), sure)
        for start, sure in moments(day, first, setting)
    )


def _today_or_tomorrow(first: Clock, setting: Setting) -> tuple[tuple[date, float], ...]:
    now, today = setting.now, setting.now.date()
    latest = max((minute for minute, _ in first.choices), default=0)
    is_ahead = latest >= 60 * now.hour + now.minute
    tomorrow = plus_days(today, 1)
    return ((today, 0.6), (tomorrow, 0.4)) if is_ahead else ((tomorrow, 0.6), (today, 0.4))


def _minutes(
    first: Clock, last: Clock, setting: Setting, day: date, *, apart: bool
) -> list[tuple[int, int, float]]:
    """Return (from, to, likelihood) in minutes of the day; the end may lie in the next one."""
    begins, ends = decided(first, setting, day.weekday()), last.choices
    if apart:
        return [(a, b, p * q) for a, p in begins for b, q in decided(last, setting, None)]
    if first.is_bare and not last.is_bare and len(ends) == 1:
        # 2시부터 오후 4시: the two o'clock before it.
        before = [(minute, sure) for minute, sure in begins if minute < ends[0][0]]
        begins = ((max(before)[0], 1.0),) if before else begins
    pairs = []
    for begin, sure in begins:
        after = sorted(minute for minute, _ in ends if minute > begin)
        if after:
            pairs.append((begin, after[0], sure))
        elif ends and begin >= 17 * 60 and min(ends)[0] <= 12 * 60:
            pairs.append((begin, min(ends)[0] + DAY, sure))
    return pairs


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def _up_to(text: str, end: int) -> int | None:
    match = compiled(UP_TO).match(text, end)
    return match.end() if match else None


def _part(text: str, point: Point) -> Range | None:
    assert point.day is not None
    end = point.end
    within = compiled(_PART_WITHIN).fullmatch(text, point.start, point.end)
    after = compiled(_PART_AFTER).match(text, point.end)
    if within is not None:
        name = within["part"] or "tonight"
    elif after is not None:
        name, end = after["part"] or after["english"], after.end()
    else:
        return None
    first, last = SPANS[name]
    try:
        choices = tuple(
            (_at(day, 60 * first), _at(day, 60 * last), _CUSTOMARY * sure)
            for day, sure in point.day.choices
        )
    except OverflowError:
        choices = ()
    return Range(point.start, end, choices)


def _compact(text: str, placed: Sequence[Placed], setting: Setting) -> Iterator[Range]:
    """Yield ``오후 2~4시`` and ``2-4pm`` with the day before or after."""
    index = 0
    for match, (first, last) in sweep(text, _rules()):
        start, end = match.start(), _up_to(text, match.end()) or match.end()
        while index < len(placed) and placed[index].end <= start:
            index += 1
        day: Day | None = None
        if index and compiled(DAY_THEN_TIME).fullmatch(text, placed[index - 1].end, start):
            start, day = placed[index - 1].start, placed[index - 1].day
        else:
            after = next((one for one in placed[index : index + 2] if one.start >= end), None)
            if after is not None and compiled(TIME_THEN_DAY).fullmatch(text, end, after.start):
                end, day = after.end, after.day
        yield Range(start, end, hours(day, first, None, last, setting))


def _korean(match: Match) -> tuple[Clock, Clock] | None:
    part = KOREAN.get(match["part"] or "")
    first = clock(int(match["first"]), 0, part)
    last = clock(int(match["last"]), 30 if match["half"] else 0, None)
    return (first, last) if first is not None and last is not None else None


def _english(match: Match) -> tuple[Clock, Clock] | None:
    part = "am" if match["half_day"] == "a" else "pm"
    hour = int(match["last"])
    if part == "am" and hour == 12:
        return None
    last = clock(hour, int(match["last_minute"] or "0"), "am" if part == "am" else "pm")
    first = clock(int(match["first"]), int(match["first_minute"] or "0"), None)
    return (first, last) if first is not None and last is not None else None


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule[[], tuple[Clock, Clock]], ...]:
    first, last = (
        rf"(?P<{name}>\d{{1,2}})(?::(?P<{name}_minute>\d\d))?" for name in ("first", "last")
    )
    return (
        rule(
            "시",
            rf"(?:{KOREAN_PART}에? ?)?{DIGIT_START}(?P<first>\d{{1,2}}) ?[~–-] ?"
            r"(?P<last>\d{1,2}) ?시(?![간작점험대리즌])(?P<half> ?반)?",
            _korean,
        ),
        rule(
            "am pm a.m p.m",
            rf"(?:\b(?:from|between) )?{DIGIT_START}{first}"
            rf" ?(?:[~–-]|\b(?:to|and|until|till)\b) ?{last} ?(?P<half_day>[ap])\.?m\b\.?",
            _english,
        ),
    )
