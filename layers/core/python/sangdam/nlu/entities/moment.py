"""Date-times: ``내일 오후 3시 반``, ``11월 30일 두 시``, ``3시간 뒤``; ``next Tuesday at 10``.

A value is the local time ``YYYY-MM-DDTHH:MM``. Both a day and a time must be said, or a length of
time from now. A part of a day without an hour (``모레 아침``) is no date-time: ``interval`` reads
it as a range. The opening hours of the day in question decide about a bare hour; of today, only
what is still to come is meant if anything is. Midnight may be counted to the day before: ``내일
자정`` has two readings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from sangdam.nlu.entities.clock import DAY, Clock, clock
from sangdam.nlu.entities.date import days
from sangdam.nlu.entities.day import Day, Placed
from sangdam.nlu.entities.day_part import WORDS, Part
from sangdam.nlu.entities.expression import (
    DIGIT_START,
    LIMIT,
    Match,
    Rule,
    compiled,
    found,
    is_join,
    is_open,
    rule,
    sweep,
)
from sangdam.nlu.entities.reading import Found, Setting
from sangdam.nlu.entities.spoken_numbers import ENGLISH, NATIVE, SINO, number
from sangdam.nlu.entities.time import clocks, decided

DAY_THEN_TIME = r"(?:날)?(?:에|의|은|는|이?요)?,? ?(?:(?:at|@|around|by|from|between) )?"
TIME_THEN_DAY = r",? (?:on )?"
_PART = rf"this (?P<part>{'|'.join(WORDS)})|(?P<tonight>tonight)"
_AWAY = (
    r"(?:뒤(?![늦쪽])|후(?![가-힣])|후(?=에|로|까지|부터|쯤|의|이|요|면)|있다가?(?![가-힣])"
    r"|(?P<earlier>전(?![가-힣])|전(?=에|까지|부터|쯤|[이인입의]|주문|구매)))"
)
_KOREAN = (
    rf"(?:(?:{DIGIT_START}(?P<hours>\d{{1,3}})|(?<![가-힣])(?P<spoken>{NATIVE})) ?시간"
    rf"(?: ?(?P<half>반)| ?(?P<minutes>\d{{1,3}}|{SINO}) ?분)?"
    rf"|(?:{DIGIT_START}(?P<only>\d{{1,4}})|(?<![가-힣])(?P<sino>{SINO})) ?분)"
    rf" ?(?:정도 ?|쯤 ?)?{_AWAY}"
)
_COUNT = rf"(?:\d{{1,4}}|{ENGLISH}|an?)"
_ENGLISH = (
    rf"(?:(?P<half>half an hour)|(?P<n>{_COUNT}) (?P<unit>hour|minute|hr|min)s?"
    rf"(?: and (?P<and_half>a half)|(?:,? and|,)? (?P<minutes>{_COUNT}) min(?:ute)?s?)?)"
)


@dataclass(frozen=True, slots=True)
class Point:
    """A day with or without a time, or a time alone, where they stand in the text.

    ``moments`` are set if both are there (or a length of time from now).
    """

    start: int
    end: int
    day: Day | None = None
    clock: Clock | None = None
    moments: tuple[tuple[datetime, float], ...] = ()


def find(text: str, setting: Setting) -> tuple[Found, ...]:
    """Return the date-times in a text, at most ``LIMIT``, in order of place."""
    results: list[Found] = []
    for point in points(text, setting):
        if not point.moments or is_open(text, point.start, point.end):
            continue
        one = found(point.start, point.end, ((written(at), sure) for at, sure in point.moments))
        if one is not None:
            results.append(one)
        if len(results) >= LIMIT:
            break
    return tuple(results)


def written(moment: datetime) -> str:
    """Return a moment as ``YYYY-MM-DDTHH:MM``."""
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")


def points(text: str, setting: Setting) -> Iterator[Point]:
    """Yield days joined with their times, and those that stand alone, in order of place.

    A time that goes on with a moment is of the same day: ``내일 오후 3시나 4시``.
    """
    before: Point | None = None
    joint = list(joined(text, setting, days(text, setting)))
    for point, after in zip(joint, [*joint[1:], None], strict=False):
        here = point
        if (
            here.day is None
            and here.clock is not None
            and before is not None
            and before.day is not None
            and before.clock is not None
            and is_join(text[before.end : here.start])
        ):
            here = replace(here, day=before.day)
        elif here.day is None and here.clock is not None and _comes_later(text, here, after):
            here = replace(here, day=after.day if after else None)
        if here.day is not None and here.clock is not None:
            here = replace(here, moments=moments(here.day, here.clock, setting))
        yield here
        before = here


def _comes_later(text: str, point: Point, after: Point | None) -> bool:
    """Tell whether the day of a time is said after the next time: ``2pm or 4pm tomorrow``."""
    return (
        after is not None
        and after.day is not None
        and after.clock is not None
        and after.clock.start == after.start
        and text[after.start].isascii()
        and is_join(text[point.end : after.start])
    )


def moments(day: Day, at: Clock, setting: Setting) -> tuple[tuple[datetime, float], ...]:
    """Return when a time of a day is, with all the readings of both."""
    now = setting.now.replace(tzinfo=None)
    both: list[tuple[datetime, float]] = []
    for meant, sure in day.choices:
        for minute, likely in decided(at, setting, meant.weekday()):
            for later, share in _nights(at):
                moment = _at(meant, minute + later * DAY)
                if moment is not None:
                    both.append((moment, sure * likely * share))
    ahead = [one for one in both if one[0].date() != now.date() or one[0] >= now]
    return tuple(ahead if any(moment >= now for moment, _ in ahead) else both)


def _nights(at: Clock) -> tuple[tuple[int, float], ...]:
    return ((1, 0.6), (0, 0.4)) if at.is_late else ((0, 1.0),)


def _at(day: date, minute: int) -> datetime | None:
    try:
        return datetime.combine(day, time()) + timedelta(minutes=minute)
    except OverflowError:
        return None


def _parts(text: str, setting: Setting, placed: Iterable[Placed]) -> list[Point]:
    """Return days, times and lengths from now in order; a longer one wins where they overlap."""
    away = [
        Point(match.start(), match.end(), moments=((moment, 1.0),))
        for match, moment in sweep(text, _rules(), setting)
    ]
    parts = [
        *away,
        *(Point(one.start, one.end, day=one.day) for one in placed),
        *(Point(clock.start, clock.end, clock=clock) for clock in clocks(text)),
    ]
    parts.sort(key=lambda part: (part.start, -part.end))
    kept: list[Point] = []
    for part in parts:
        if not kept or part.start >= kept[-1].end:
            kept.append(part)
        elif part.clock is not None and kept[-1].day is not None:
            # ``this evening at 7``: the part of the day belongs to both.
            kept[-1] = replace(kept[-1], end=part.end, clock=part.clock)
        elif part.day is not None and kept[-1].clock is not None and kept[-1].day is None:
            kept[-1] = replace(kept[-1], day=part.day)
    return kept


def joined(text: str, setting: Setting, placed: Iterable[Placed]) -> Iterator[Point]:
    """Yield days with the time beside them, days alone and times alone, in order of place."""
    last: Point | None = None
    for part in _parts(text, setting, placed):
        if last is not None:
            both = _both(text, last, part)
            if both is not None:
                last = both
                continue
            yield last
        last = part
    if last is not None:
        yield last


def _both(text: str, first: Point, second: Point) -> Point | None:
    if second.start - first.end > 12:
        return None
    gap = text[first.end : second.start]
    day, at = first.day or second.day, first.clock or second.clock
    if day is None or at is None or (first.day and first.clock) or (second.day and second.clock):
        return None
    order = DAY_THEN_TIME if first.day else TIME_THEN_DAY
    if not compiled(order).fullmatch(gap) or (second.day and not text[second.start].isascii()):
        return None
    said = compiled(_PART).search(text[first.start : second.end])
    if said is not None and at.is_bare and at.hour is not None:
        part: Part = WORDS[said["part"] or "tonight"]
        at = _in_part(at, part)
    return Point(first.start, second.end, day=day, clock=at)


def _in_part(at: Clock, part: Part) -> Clock:
    minute = at.choices[0][0] % 60
    narrowed = clock(at.hour or 0, minute, part)
    return at if narrowed is None else replace(narrowed, start=at.start, end=at.end)


def _from_now(setting: Setting, minutes: int) -> datetime | None:
    now = setting.now
    if not minutes:
        return None
    if now.tzinfo is None:
        return now + timedelta(minutes=minutes)
    instant = now.astimezone(UTC) + timedelta(minutes=minutes)
    return instant.astimezone(now.tzinfo)


def _korean(match: Match, setting: Setting) -> datetime | None:
    if match["only"] or match["sino"]:
        minutes = number(match["only"] or match["sino"]) or 0
    else:
        hours = number(match["hours"] or match["spoken"]) or 0
        minutes = 60 * hours + (30 if match["half"] else number(match["minutes"] or "0") or 0)
    return _from_now(setting, -minutes if match["earlier"] else minutes)


def _english(match: Match, setting: Setting) -> datetime | None:
    if match["half"]:
        minutes = 30
    else:
        minutes = _count(match["n"]) * (60 if match["unit"][0] == "h" else 1)
        if match["and_half"]:
            minutes += 30
        elif match["minutes"]:
            minutes += _count(match["minutes"])
    return _from_now(setting, -minutes if match.groupdict().get("ago") else minutes)


def _count(text: str) -> int:
    return 1 if text in ("a", "an") else number(text) or 0


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule[[Setting], datetime], ...]:
    return (
        rule("시간 분", _KOREAN, _korean),
        rule("hour hr min", rf"\bin {_ENGLISH}\b(?! or| to)", _english),
        rule("hour hr min", rf"\b{_ENGLISH} (?:(?P<ago>ago)|from now|later)\b", _english),
    )
