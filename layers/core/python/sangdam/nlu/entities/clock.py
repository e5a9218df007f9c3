"""Korean and English expressions of a time of day, before opening hours decide about them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sangdam.nlu.entities.day_part import ENGLISH as ENGLISH_PARTS
from sangdam.nlu.entities.day_part import KOREAN as KOREAN_PARTS
from sangdam.nlu.entities.day_part import WORDS, Hours, Part, bare_hours, hours_in
from sangdam.nlu.entities.expression import DIGIT_START, Match, Rule, nothing, rule
from sangdam.nlu.entities.spoken_numbers import ENGLISH, SINO, number

DAY = 24 * 60
"""Minutes of a day."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day: minutes since midnight that are meant, and how likely.

    ``is_bare``: only the hour of a twelve-hour clock was said. ``is_late``: a time after midnight
    that may be counted to the night of the day before, as ``밤 12시`` and ``자정`` are.
    """

    choices: tuple[tuple[int, float], ...]
    is_bare: bool = False
    is_late: bool = False
    part: Part | None = None
    hour: int | None = None
    start: int = 0
    end: int = 0


KOREAN_PART = f"(?P<part>{'|'.join(KOREAN_PARTS)})"
_ENGLISH_PART = f"(?:{'|'.join(ENGLISH_PARTS)})"

# A spoken hour begins a word, or follows a day that is written together with it.
_WORD_START = (
    r"(?:(?<![가-힣])|(?<=요일)|(?<=욜)|(?<=오늘)|(?<=내일)|(?<=모레)|(?<=글피)|(?<=\d일)|(?<=부터)|(?<=에서)"
    r"|(?<=오전)|(?<=오후)|(?<=새벽)|(?<=아침)|(?<=점심)|(?<=저녁)|(?<=낮)|(?<=밤))"
)
# 시 begins many a word of its own: 시간, 시즌, 시리즈, 시작, 시점 ...
_SI = (
    "시(?![간작점험대민절세장켜킬킨키식비집중술공행내외설리즌스트럽계각급청기안신선력합금"
    "범판편음속야풍])"
)
_HOUR = (
    rf"(?:{DIGIT_START}(?P<hour>\d{{1,3}}) ?{_SI}"
    f"|{_WORD_START}(?P<spoken>열 ?(?:한|두)|한|두|세|네|다섯|여섯|일곱|여덟|여덜|아홉|열) ?{_SI}"
    "(?!도 |라도|적|름|라)"
    f"|{_WORD_START}(?P<sino>십[삼사오육칠팔구]|이십[일이삼]?|영) ?시(?![오요간작점]))"
)
_HALF = (
    "반(?:(?![가-힣])|(?=에|으로|쯤|경|까지|부터|이|정도|요|로|은|도|예약|과|인|입|만|넘|전|후))"
)
_BEFORE = r"(?P<before> ?전(?![가-힣])| ?전(?=[이인입요]|으로|쯤)| ?전(?P<bound>)(?=에|까지))"
_MINUTES = (
    rf"(?: ?(?:(?P<minute>\d{{1,3}}|{SINO}) ?분{_BEFORE}?"
    r"|(?P<digits>[0-5]\d)(?![\d가-힣a-z:.,-]| ?[명인개석잔])"
    rf"|(?P<half>{_HALF})))?"
)
_ENGLISH_HOUR = rf"(?:(?<![\da-z.,:/$-])\d{{1,2}}|\b{ENGLISH})"
_MERIDIEM = r"(?P<meridiem>[ap])(?:m\b|\.m\.?(?![a-z]))"
_IN_PART = (
    rf"(?: (?:in the (?P<in_part>morning|afternoon|evening)|at (?P<at_part>night)|{_MERIDIEM}))?"
)
_BEGIN_PART = rf"(?:\b(?P<lead>{_ENGLISH_PART}),? (?:at |around )?)?"
_AFTER_AT = (
    r"(?=$|[.!?;)]|,(?!\d)| ?[~–-] ?\d| (?:on|for|tomorrow|today|tonight|next|this|please|pls"
    r"|sharp|or|and|to|until|till|with|is|would|works|then|if|mon|tue|wed|thu|fri|sat|sun|thanks|ok)\b)"
)
_NOT_AN_AMOUNT = (
    r"(?! (?:dollars|people|persons|percent|won|of us|pieces|items"
    r"|nights?|days?|hours?|weeks?|months?|minutes?|min|hrs?)\b)"
)

ClockRule = Rule[[], Clock]


def clock(hour: int, minute: int, part: Part | None, *, exact: bool = False) -> Clock | None:
    """Return the time that an hour and minute mean in a part of the day, or without one.

    ``exact`` says that the hour is one of twenty-four. None if there is no such time.
    """
    if minute > 59 or hour > 23:
        return None
    is_bare = False
    hours: Hours
    if part is not None:
        hours = hours_in(part, hour)
    elif exact or hour == 0 or hour > 12:
        hours = ((hour, 1.0),)
    else:
        hours, is_bare = bare_hours(hour), True
    if not hours:
        return None
    return Clock(
        tuple((60 * meant + minute, sure) for meant, sure in hours),
        is_bare=is_bare,
        is_late=part in ("night", "tonight") and hours[0][0] < 5,
        part=part,
        hour=hour,
    )


def earlier(meant: Clock | None, minutes: int) -> Clock | None:
    """Return a time so many minutes before another one."""
    if meant is None or not 0 < minutes < 60:
        return None
    choices = tuple(((minute - minutes) % DAY, sure) for minute, sure in meant.choices)
    return Clock(choices, meant.is_bare, meant.is_late, meant.part)


def _korean(match: Match) -> Clock | None:
    hour = 0 if match["sino"] == "영" else number(match["hour"] or match["spoken"] or match["sino"])
    minute = 30 if match["half"] else number(match["minute"] or match["digits"] or "0")
    if hour is None or minute is None:
        return None
    part = KOREAN_PARTS.get(match["part"] or "")
    exact = (match["hour"] or "").startswith("0")
    if match["before"] is None or not match["minute"]:
        return clock(hour, minute, part, exact=exact)
    before = earlier(clock(hour, 0, part, exact=exact), minute)
    if before is None or (match["bound"] is None and minute in (5, 10, 15, 20)):
        return before
    # 3시 30분 전에: half an hour before three, or at some time before half past three.
    bound = clock(hour, minute, part, exact=exact)
    if bound is None:
        return None
    both = [(one, 0.6 * sure) for one, sure in before.choices]
    both += [(one, 0.4 * sure) for one, sure in bound.choices]
    return Clock(tuple(both), before.is_bare, part=part)


def _either(match: Match) -> Clock | None:
    hours = {"한두": (1, 2), "두세": (2, 3), "두서너": (2, 3), "서너": (3, 4), "네댓": (4, 5),
             "너댓": (4, 5), "대여섯": (5, 6), "예닐곱": (6, 7)}[match["pair"]]  # fmt: skip
    part = KOREAN_PARTS.get(match["part"] or "")
    both = [clock(hour, 30 if match["half"] else 0, part) for hour in hours]
    choices = [(one, sure / 2) for each in both if each is not None for one, sure in each.choices]
    choices.sort(key=lambda one: (-one[1], one[0]))
    return Clock(tuple(choices)) if choices and None not in both else None


def _colon(match: Match) -> Clock | None:
    hour, minute = int(match["hour"]), int(match["minute"])
    if (match["second"] or "00") != "00":
        return None
    if _part(match) is not None:
        return _half_day(match, hour, minute)
    return clock(hour, minute, None, exact=match["hour"].startswith("0"))


def _word(match: Match) -> Clock:
    if match[0] in ("정오", "noon", "midday"):
        return Clock(((DAY // 2, 1.0),))
    return Clock(((0, 1.0),), is_late=True)


def _part(match: Match) -> Part | None:
    groups = match.groupdict()
    if groups.get("meridiem"):
        return "am" if groups["meridiem"] == "a" else "pm"
    for name in ("part", "in_part", "at_part", "lead"):
        if groups.get(name):
            return WORDS[groups[name]]
    return None


def _english(match: Match) -> Clock | None:
    groups = match.groupdict()
    hour, minute = number(match["hour"]), number(groups.get("minute") or "0")
    if hour is None or minute is None:
        return None
    return _half_day(match, hour, minute)


def _half_day(match: Match, hour: int, minute: int) -> Clock | None:
    if match.groupdict().get("meridiem") == "a" and hour == 12:
        hour = 0  # unlike 오전 12시, 12am is never noon
    return clock(hour, minute, _part(match))


def _past(match: Match) -> Clock | None:
    hour = number(match["hour"])
    minute = {"half": 30, "quarter": 15}.get(match["minute"]) or number(match["minute"])
    if hour is None or not minute or hour > 12:
        return None
    if match["side"] in ("past", "after"):
        return clock(hour, minute, _part(match))
    if match["minute"].isdigit() and minute <= 12 and match["hour"].isdigit():
        return None  # 10 to 2: as likely from ten o'clock on
    return earlier(clock(hour, 0, _part(match)), minute)


def _and_meridiem(match: Match) -> Clock | None:
    """Read the 3 of ``3 or 4 pm``: in the same half of the day."""
    return clock(int(match["hour"]), 0, "pm" if match["then"] == "p" else "am")


@lru_cache(maxsize=1)
def rules() -> tuple[ClockRule, ...]:
    """Return the patterns and what each makes of its match."""
    minute_word = r"(?:(?:twenty|thirty|forty|fifty)(?:[- ]five)?|ten|fifteen)"
    past = (
        rf"(?:(?:a )?(?P<minute>half|quarter|\d{{1,2}}|{ENGLISH}(?= minutes?\b)"
        r"|five|ten|twenty(?:[- ]five)?)(?: minutes?)?)"
    )
    return (
        rule("시", f"(?:{KOREAN_PART}에? ?)?{_HOUR}{_MINUTES}", _korean),
        rule(
            "시",
            f"(?:{KOREAN_PART}에? ?)?(?<![가-힣])"
            "(?P<pair>한두|두세|두서너|서너|네댓|너댓|대여섯|예닐곱)"
            f" ?{_SI}(?P<half> ?{_HALF})?",
            _either,
        ),
        rule(
            "시",
            f"{KOREAN_PART} ?(?P<pair>한두|두세|두서너|서너|네댓|너댓|대여섯|예닐곱)"
            f" ?{_SI}(?P<half> ?{_HALF})?",
            _either,
        ),
        # Both ends of a range belong to it: ``2~4시`` is no time.
        rule("시", rf"{DIGIT_START}\d{{1,2}} ?[~–-] ?\d{{1,2}} ?{_SI}{_MINUTES}", nothing),
        rule(
            ":",
            rf"(?:{KOREAN_PART}에? ?|{_BEGIN_PART})(?<![\d.,:/a-z])(?<!\d-)"
            r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?![\d:/])(?!-\d{3})"
            rf"(?: ?{_MERIDIEM})?",
            _colon,
        ),
        rule("정오 자정 noon midday midnight", r"정오|자정|\b(?:noon|midday|midnight)\b", _word),
        rule(
            "am pm a.m p.m",
            rf"{_BEGIN_PART}(?<![\da-z.,:/$-])(?P<hour>\d{{1,3}})"
            rf"(?:\.(?P<minute>\d\d))? ?{_MERIDIEM}",
            _english,
        ),
        rule(
            "clock",
            rf"{_BEGIN_PART}(?P<hour>{_ENGLISH_HOUR}) ?o'? ?clock\b{_IN_PART}",
            _english,
        ),
        rule(
            "t f",
            rf"{_BEGIN_PART}\b(?P<hour>{ENGLISH})[ -](?P<minute>{minute_word})\b{_IN_PART}"
            + _NOT_AN_AMOUNT,
            _english,
        ),
        rule(
            "the night",
            rf"(?P<hour>{_ENGLISH_HOUR})"
            r" (?:in the (?P<in_part>morning|afternoon|evening)|at (?P<at_part>night))\b",
            _english,
        ),
        rule("am pm a.m p.m", rf"\b(?P<hour>{ENGLISH}) ?{_MERIDIEM}", _english),
        rule(
            "past after to before till",
            rf"\b{past} (?P<side>past|after|to|before|till) (?P<hour>{_ENGLISH_HOUR})"
            rf"(?: o'? ?clock)?\b(?!:| ?[-~]){_IN_PART}{_NOT_AN_AMOUNT}",
            _past,
        ),
        rule("at ", rf"(?<=\bat )(?P<hour>{_ENGLISH_HOUR})(?!\d){_AFTER_AT}", _english),
        rule(
            "at ",
            rf"\b(?P<lead>{_ENGLISH_PART}),? at (?P<hour>{_ENGLISH_HOUR})(?!\d){_AFTER_AT}",
            _english,
        ),
        rule(
            "or ",
            r"(?<![\da-z.,:/$-])(?P<hour>\d{1,2})"
            r"(?= or \d{1,2}(?::\d\d)? ?(?P<then>[ap])\.?m\b)",
            _and_meridiem,
        ),
    )
