"""Korean expressions of days: ``내일``, ``다음 주 화요일``, ``11월 30일``, ``사흘 뒤``."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sangdam.nlu.entities import calendar
from sangdam.nlu.entities.calendar import month_after
from sangdam.nlu.entities.day import Day, Shift, on_weekday, one
from sangdam.nlu.entities.expression import DIGIT_START, Match, Rule, nothing, rule
from sangdam.nlu.entities.holidays import HOLIDAY, HOLIDAY_WORDS, holiday
from sangdam.nlu.entities.spoken_numbers import NATIVE, SINO, number

WEEKDAYS = "월화수목금토일"

DAY_COUNTS = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8,
    "아흐레": 9, "열흘": 10, "보름": 15,
}  # fmt: skip

_WORDS = {
    "오늘": 0, "금일": 0, "내일": 1, "명일": 1, "낼": 1, "모레": 2, "모래": 2, "글피": 3,
    "그글피": 4, "어제": -1, "어저께": -1, "그저께": -2, "그제": -2, "그끄저께": -3, "그끄제": -3,
}  # fmt: skip

_WORD = (
    "오늘(?!날|의 ?집)|금일|(?<![안국실사시교장])내일(?!정(?!오)|주(?:[^세]|$))|(?<![가-힣])명일"
    "|(?<![가-힣])낼(?= (?:새벽|아침|오전|점심|낮|오후|저녁|밤|[0-9])|[!?.]?$|까지)"
    "|(?<![아어])모레|(?<![가-힣])모래(?= ?(?:새벽|아침|오전|점심|낮|오후|저녁|밤|[0-9]{1,2} ?시))"
    "|(?<!그)글피|그글피|(?<![가-힣])(?:어제|어저께|그저께|그제|그끄저께|그끄제)"
)
_DAY_AFTER_TOMORROW = "(?<![안국실사시교장가-힣])(?:내일|낼) ?모레"

WEEKS = {
    "이번": 0, "요번": 0, "금": 0, "다음": 1, "담": 1, "오는": 1, "차": 1, "내": 1, "다다음": 2,
    "다음다음": 2, "다담": 2, "다다다음": 3, "지난": -1, "저번": -1, "지지난": -2, "저저번": -2,
    "이": 0,
}  # fmt: skip
"""How many weeks or months from this one a word before 주 or 달 is."""

WHICH = (
    "(?<![그다])(?<!그 )(?:다음 ?다음|다다다음|다다음|다음|이번|요번|지지난|저저번|지난|저번"
    "|(?<![가-힣])(?:다담|담))"
)
_WEEK = f"(?:{WHICH} ?주|(?<![가-힣])(?:금주|차주|내주))"
_MONTH = f"(?:{WHICH} ?달|(?<![가-힣])(?:내달|이달))"
_WEEKDAY = "(?:[월화수목금토일](?:요일|욜))"
ON_WEEKDAY = rf"(?P<on> ?\( ?[월화수목금토일](?:요일|욜)? ?\)| ?{_WEEKDAY})?"
YEAR = (
    rf"(?:{DIGIT_START}(?P<year>\d{{4}}|\d\d)년 ?|(?P<which_year>올해|내년|내후년|작년|재작년) ?)"
)
_YEARS = {"올해": 0, "내년": 1, "내후년": 2, "작년": -1, "재작년": -2}
_MONTH_NUMBER = (
    f"(?P<month>{DIGIT_START}\\d{{1,4}}|(?<![가-힣])(?:{SINO}|유|시)(?=월 ?(?:[0-9]|{SINO} ?일)))"
)

# What a number of days is followed by when it is a length of time and no day of a month.
_NOT_A_LENGTH = (
    "(?! ?(?:간|동안|이내|안에|안으로|내(?!일|년)|무료|만에|만 |치|분|정도|걸|소요|씩|당|연속|이상"
    "|이하|넘|지나|지났|밖에|내내|짜리|코스|패스|이용권|권|장|배송|체험|연장|숙박|이후|뒤|후|전|있다"
    "|[~-] ?[0-9]{1,2} ?일 ?(?:걸|소요|이내|안에|정도|간|동안))|째)"
)
_COUNT = f"(?P<count>{'|'.join(DAY_COUNTS)})"
_LENGTH = (
    f"(?:(?<![가-힣])(?:{_COUNT}"
    f"|(?P<days>{SINO}) ?일|(?P<weeks>일|이|삼|사|한|두|세|네|{NATIVE}) ?주일?"
    f"|(?P<months>{SINO}|{NATIVE}) ?(?:달|개월)|(?P<years>[일이삼사오]) ?년)"
    rf"|{DIGIT_START}(?:(?P<days2>\d{{1,3}}) ?일|(?P<weeks2>\d{{1,2}}) ?주일?"
    r"|(?P<months2>\d{1,2}) ?(?:달|개월)|(?P<years2>\d{1,2}) ?년))"
)
_AWAY = (
    "(?: ?(?:정도|쯤))? ?(?:(?P<later>뒤(?![늦쪽])|후(?![가-힣])"
    "|후(?=에|로|까지|부터|쯤|의|이|요|면)|있다가?(?![가-힣]))|(?P<earlier>전(?![가-힣])|전(?=에|까지|부터|쯤|이[에요었]|인|입|의|꺼|거|것"
    "|주문|구매)))"
)
_NTH = {
    "첫": 1, "첫째": 1, "첫번째": 1, "둘째": 2, "두번째": 2, "셋째": 3, "세번째": 3, "넷째": 4,
    "네번째": 4, "다섯째": 5, "마지막": 0, "1째": 1, "2째": 2, "3째": 3, "4째": 4, "5째": 5,
}  # fmt: skip
_NTH_WEEK = (
    f"(?:(?:{YEAR})?(?P<month>{DIGIT_START}\\d{{1,4}})월|(?P<which>{_MONTH}))? ?"
    "(?P<nth>첫 ?번째|두 ?번째|세 ?번째|네 ?번째|첫째|둘째|셋째|넷째|다섯째|마지막|첫"
    "|(?<!\\d)[1-5]째)"
    " ?주 ?(?P<weekday>[월화수목금토일])(?:요일|욜)"
)
_YMD = (
    r"(?<![\d.-])(?P<year>(?:19|20)\d\d)(?P<sep>[-./]) ?(?P<month>\d{1,4})(?P=sep) ?"
    r"(?P<day>\d{1,4})(?!\d|[-/.:]\d|-| ?~ ?\d{1,2}(?![\d년월./-]))\.?"
)
_SHORT_YMD = (
    r"(?<![\d.,:/-])(?P<year>\d\d)\. ?(?P<month>\d{1,2})\. ?(?P<day>\d{1,2})(?![\d:/-]|\.\d)\.?"
)
_DOTTED = r"(?<![\da-z])(?<!\d[.,:/-])(?P<month>\d{1,2})\. ?(?P<day>\d{1,2})\.? ?(?=\()"

DayRule = Rule[[date], Day]


def weekday_in(text: str | None) -> int | None:
    """Return the number of the first weekday in a text: ``(월)``, ``화요일``."""
    return next((WEEKDAYS.index(letter) for letter in text or "" if letter in WEEKDAYS), None)


def weeks_in(text: str) -> int:
    """Return how many weeks or months from now ``다음 주`` or ``지난달`` is."""
    return WEEKS[text.replace(" ", "").rstrip("주달")]


def year_in(match: Match, today: date) -> int | None:
    """Return the year that the groups of ``YEAR`` matched; two digits far ahead are long ago."""
    groups = match.groupdict()
    if groups.get("year"):
        year = int(groups["year"])
        if year > 99:
            return year
        century = today.year // 100 * 100
        return century + year if century + year <= today.year + 10 else century - 100 + year
    return today.year + _YEARS[groups["which_year"]] if groups.get("which_year") else None


def length(match: Match) -> Shift:
    """Return the length of time that the groups of ``_LENGTH`` matched."""
    if match["count"]:
        return Shift(days=DAY_COUNTS[match["count"]])
    counts = {
        unit: number(match[unit] or match[f"{unit}2"] or "") or 0
        for unit in ("days", "weeks", "months", "years")
    }
    return Shift(
        days=counts["days"] + 7 * counts["weeks"],
        months=counts["months"] + 12 * counts["years"],
    )


def _word(match: Match, today: date) -> Day:
    day = calendar.plus_days(today, _WORDS[match[0]])
    return Day(one(day, 0.8 if match[0] == "모래" else 1.0))


def _after_tomorrow(match: Match, today: date) -> Day:
    after, tomorrow = calendar.plus_days(today, 2), calendar.plus_days(today, 1)
    return Day(((after, 0.8), (tomorrow, 0.2)))


def _week_weekday(match: Match, today: date) -> Day:
    weekday, weeks = weekday_in(match["weekday"]), weeks_in(match["week"])
    assert weekday is not None
    choices = calendar.in_week(today, weekday, weeks)
    monday = calendar.plus_days(choices[0][0], -weekday)
    return Day(choices, weekday=weekday, week_of=monday)


def _which_weekday(match: Match, today: date) -> Day:
    weekday = weekday_in(match["weekday"])
    assert weekday is not None
    weeks = WEEKS[match["which"]]
    if match["which"] == "오는" or weeks == 0:
        return Day(one(calendar.coming(today, weekday)), weekday=weekday)
    return Day(calendar.next_weekday(today, weekday, weeks), weekday=weekday)


def _weekday(match: Match, today: date) -> Day:
    weekday = weekday_in(match[0])
    assert weekday is not None
    return Day(calendar.bare_weekday(today, weekday), "weekday", weekday=weekday)


def _weeks_later(match: Match, today: date) -> Day | None:
    weekday, weeks = weekday_in(match["weekday"]), number(match["n"]) or 0
    assert weekday is not None
    if match["earlier"]:
        weeks = -weeks
    return Day(calendar.in_week(today, weekday, weeks), weekday=weekday) if weeks else None


def _month_day(match: Match, today: date) -> Day | None:
    month = {"유": 6, "시": 10}.get(match["month"]) or number(match["month"])
    day = number(match["day"])
    if not month or not day:
        return None
    year = year_in(match, today)
    if year is None:
        choices = calendar.yearless(today, month, day)
        meant = Day(choices, "month_day", month=month, day=day)
    else:
        meant = Day(one(calendar.day_of(year, month, day)), day=day, month_of=(year, month))
    return on_weekday(meant, weekday_in(match["on"]))


def _which_month_day(match: Match, today: date) -> Day | None:
    month = month_after((today.year, today.month), weeks_in(match["which"]))
    day = calendar.day_of(*month, number(match["day"]) or 0)
    return on_weekday(Day(one(day), month_of=month), weekday_in(match["on"]))


def _bare_day(match: Match, today: date) -> Day | None:
    day = number(match["day"]) or 0
    meant = Day(calendar.bare_day(today, day), "day", day=day)
    return on_weekday(meant, weekday_in(match["on"]))


def _month_end(match: Match, today: date) -> Day | None:
    groups = match.groupdict()
    month = (today.year, today.month)
    if groups.get("which"):
        month = month_after(month, weeks_in(match["which"]))
    elif groups.get("month"):
        month = _coming_month(match, today)
    confidence = 1.0 if groups.get("exact") else 0.7
    return Day(one(calendar.last_of(*month), confidence), month_of=month)


def _coming_month(match: Match, today: date) -> tuple[int, int]:
    month = int(match["month"])
    return year_in(match, today) or today.year + (month < today.month), month


def _numeric(match: Match, today: date) -> Day | None:
    year = int(match["year"])
    if year < 100:
        year += today.year // 100 * 100
        if not today.year - 1 <= year <= today.year + 5:
            return None
    month = (year, int(match["month"]))
    meant = Day(one(calendar.day_of(*month, int(match["day"]))), month_of=month)
    return on_weekday(meant, weekday_in(match["on"]))


def _away(match: Match, today: date) -> Day | None:
    shift = length(match)
    if not shift.days and not shift.months:
        return None
    if match["earlier"]:
        shift = Shift(-shift.days, -shift.months)
    return Day(one(shift.of(today)), shift=shift)


def _neighbour(match: Match, today: date) -> Day:
    return Day(shift=Shift(days={"전날": -1, "당일": 0}.get(match[0], 1)))


def _holiday(match: Match, today: date) -> Day | None:
    index = next(
        int(name[1:]) for name, text in match.groupdict().items() if name[0] == "h" and text
    )
    return Day(holiday(index, today, year=year_in(match, today)))


def _nth_week(match: Match, today: date) -> Day | None:
    weekday, nth = weekday_in(match["weekday"]), _NTH[match["nth"].replace(" ", "")]
    assert weekday is not None
    if match["which"]:
        month = month_after((today.year, today.month), weeks_in(match["which"]))
    elif match["month"]:
        month = _coming_month(match, today)
    else:
        return None
    return Day(calendar.in_nth_week(*month, nth, weekday))


@lru_cache(maxsize=1)
def rules() -> tuple[DayRule, ...]:
    """Return the patterns and what each makes of its match on a day."""
    number_or_sino = rf"(?:\d{{1,4}}|{SINO})"
    day = rf"(?P<day>{number_or_sino}) ?일{ON_WEEKDAY}"
    return (
        rule("오늘 금일 일 낼 모레 모래 글피 어 그", _WORD, _word),
        rule("모레", _DAY_AFTER_TOMORROW, _after_tomorrow),
        rule("주", f"(?P<week>{_WEEK}) ?(?P<weekday>{_WEEKDAY})", _week_weekday),
        rule("주", f"(?P<week>{_WEEK}) ?(?P<weekday>[월화수목금토])(?![가-힣])", _week_weekday),
        rule(
            "다음 이번 오는 지난 저번",
            f"(?<!그)(?P<which>다음|이번|오는|지난|저번) ?(?P<weekday>{_WEEKDAY})",
            _which_weekday,
        ),
        rule("요일 욜", _WEEKDAY, _weekday),
        # The week after that, or the first week of an unsaid month: no telling which day.
        rule("그 다다다", f"(?:그 ?|다{{3,9}})다음 ?주 ?{_WEEKDAY}?", nothing),
        rule("엊", "엊그(?:저께|제)", nothing),
        rule(
            "뒤 후 전",
            rf"(?P<n>{DIGIT_START}\d{{1,2}}|(?<![가-힣])(?:{NATIVE}|{SINO})) ?주일? "
            f"?(?:뒤|후|(?P<earlier>전))에? ?(?P<weekday>{_WEEKDAY})",
            _weeks_later,
        ),
        rule("월", f"{YEAR}?{_MONTH_NUMBER}월 ?{day}", _month_day),
        rule("달", f"(?P<which>{_MONTH}) ?{day}", _which_month_day),
        rule(
            "일",
            rf"{DIGIT_START}(?<!월)(?<!월 )(?<!달 )(?<!달)(?<!박)(?<!박 )"
            rf"(?P<day>\d{{1,4}})일{ON_WEEKDAY}{_NOT_A_LENGTH}",
            _bare_day,
        ),
        rule(
            "일",
            f"(?<![가-힣])(?P<day>[이삼]?십[일이삼사오육칠팔구]?)일{ON_WEEKDAY}"
            f"(?:{_NOT_A_LENGTH}(?![가-힣])|(?=에|이요|이에요|로|까지|부터|이나|날))",
            _bare_day,
        ),
        rule(
            "말 마지막",
            f"(?:(?P<which>{_MONTH}) ?|{YEAR}?(?P<month>{DIGIT_START}\\d{{1,4}})월 ?)"
            "(?:(?P<exact>말일|마지막 ?날)|말(?![가-힣])|말(?=까지|쯤|에|경))",
            _month_end,
        ),
        rule("월말", "(?<![\\d가-힣])월말(?:(?![가-힣])|(?=까지|쯤|에|경|이))", _month_end),
        rule("말일", "(?<![가-힣])(?P<exact>말일)", _month_end),
        rule("#", _YMD + ON_WEEKDAY, _numeric),
        rule(".", _SHORT_YMD + ON_WEEKDAY, _numeric),
        rule("(", _DOTTED + ON_WEEKDAY, _month_day),
        rule("뒤 후 전 있다", _LENGTH + _AWAY, _away),
        rule("날 당일", "(?<![가-힣])(?:전날|다음 ?날|당일)", _neighbour),
        rule(
            HOLIDAY_WORDS,
            f"{YEAR}?{HOLIDAY}(?! ?(?:케이크|케익|선물|트리|카드|세일|에디션|이벤트|시즌|한정"
            "|장식|특집|기획|쿠폰|할인|메뉴|세트|파티|연휴|cake|gift|present|tree|card|sale|party"
            "|menu|special|edition|season|holidays?|shopping|dinner))",
            _holiday,
        ),
        rule("째 첫 마지막", _NTH_WEEK, _nth_week),
    )
