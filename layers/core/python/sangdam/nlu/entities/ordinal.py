"""Which of an offered list: ``두 번째 거``, ``2번``, ``the second one``; the last one is ``-1``.

``이번`` is this time, ``두 번`` is twice, ``둘째 아이`` is a child: none of them is a choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sangdam.nlu.entities.endings import ends_word, is_refused
from sangdam.nlu.entities.numerals import LIMIT, numerals
from sangdam.nlu.entities.reading import Found, Reading
from sangdam.text.lazy import lazy_pattern

MOST = 99
"""Longest list counted in."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A span and the place it names, counted from the first (1, 2 ...) or the last (-1, -2 ...)."""

    start: int
    end: int
    place: int
    confidence: float


_THING = lazy_pattern(" ?(?:거|것|꺼|걸)(?!리|기)|(?: ?(?:상품|옵션|메뉴|항목|선택지))(?![가-힣])")
_NTH = lazy_pattern(" ?번 ?째|째")
_NO = lazy_pattern(" ?번")
_NOT_CHOSEN = lazy_pattern(
    " ?(?:날|달|아이|애|딸|아들|언니|형|오빠|동생|문의|전화|시도|방문|연락|요청|구매|이용|생일"
    "|주(?:에|의|는|가|까지| |$)|해(?:에|는|가| |$))|로 ?(?![할해하주예선부갈진골요가])[가-힣]"
)
_NOT_A_CHOICE_BEFORE = lazy_pattern("(?:벌써|이번이|이게|몇|지금|[0-9](?:,| or|이나)?) ?$")
_TIMES = lazy_pattern(
    " ?(?:이나|씩|밖에|더|다(?![가-힣])|연속|정도|쯤|째|출구|버스|국도|게이트|창구|테이블|플랫폼|홈"
    "|지하철|노선|고속|주문했|시켰|눌렀|눌러|전화|신청했|구매했|결제했|결제됐|결제되|확인했|갔"
    "|왔|해봤)"
    "|가|만|도|에 "
)
_OTHER_WORD = lazy_pattern(" (?!할|주세|주실|주문할|선택|고를|골라|부탁|예약|해주|해 주|갈)[가-힣]")
_FROM = lazy_pattern(
    "(?:(?P<first>위|앞|왼쪽|처음)|(?P<last>아래|밑|뒤|끝|마지막))(?:에서|부터)(?:부터)? ?$"
)
_FIRST = lazy_pattern(
    "(?<![가-힣a-z0-9])(?P<from>(?:위|앞|왼쪽|아래|밑|뒤|끝)에서 ?)?(?:첫 ?(?:번 ?째|째|번)"
    "|(?:첫|처음(?:에)?)(?= ?(?:거|것|꺼|걸)))"
    "|(?<![가-힣a-z0-9])(?:맨|제일|가장) ?(?:위|앞|처음)(?:에|의|에 있는)?"
)
_LAST = lazy_pattern(
    "(?<![가-힣a-z0-9])(?:(?:맨|제일|가장) ?(?:마지막|아래|밑|끝|뒤)(?:에|의|에 있는)?"
    "|마지막(?: ?번째)?|끝에(?= ?(?:거|것|꺼|걸)))"
)
_LASTLY = lazy_pattern("으로 ?(?:하나|한|더|질문|물|궁금|확인|문의)|으로,|으로$|에(?![가-힣])")
_LAST_CHOICE = lazy_pattern(
    "(?:이요|요|으로요|입니다|이에요|이예요|꺼)? ?[.!~?]{0,3}$|으로 ?(?:할|해|주|선택|예약|부탁|하)"
)
_HALVES = lazy_pattern(
    "(?<![가-힣a-z0-9])(?:(?P<first>전자)|(?P<last>후자))(?=(?:로|가|를)(?![가-힣])|(?:로요|요"
    "|예요|입니다)?[ .!]{0,3}$)"
)
_TWO = lazy_pattern(
    "(?<![가-힣a-z0-9])(?:(?P<first>위|앞)|(?P<last>아래|밑|뒤))(?:에|의)? ?(?:거|것|꺼|걸)"
)
_MIDDLE = lazy_pattern(
    "(?<![가-힣a-z0-9])(?:가운데|중간)(?:에|의)? ?(?:거|것|꺼|걸)"
    "|(?<![a-z])(?:the )?middle (?:one|option)(?![a-z])"
)
_BARE = lazy_pattern(r"(-1|[1-9][0-9]?)(?:이요|요|입니다|이에요)?[.!~)]?")

_ORDINALS = {
    word: index
    for index, word in enumerate(
        (
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
        ).split(),
        start=1,
    )
}
_CARDINALS = {
    word: index
    for index, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
}
_ORDINAL = rf"(?P<nth>{'|'.join(_ORDINALS)}|[1-9][0-9]?(?:st|nd|rd|th))"
_NOUN = (
    "(?:one|option|choice|item|result|product|room|slot|hotel|plan|flight|seat|coupon|address"
    "|account|branch|store|link)(?![a-z])"
)
_OPEN_END = r"(?= ?(?:[.,!?]|$)| please| would| is | looks| sounds| works)"
_LEFT = r"(?<![a-z0-9'.#-])"
_ENGLISH_NTH = lazy_pattern(
    rf"{_LEFT}(?P<the>the )?{_ORDINAL}"
    rf"(?:(?P<end> (?:(?:to )?last|from (?:the )?(?:last|end|bottom)))(?: one)?|(?P<noun> {_NOUN})"
    rf"|(?P<list> (?:on|in|from) the (?:list|top|left)(?![a-z]))|(?P<open>{_OPEN_END}))"
)
_DATE_BEFORE = lazy_pattern(
    r"(?:on|by|until|before|since|from|till|of|half|a|one|january|february|march|april|may|june"
    r"|july|august|september|october|november|december) $"
)
_ORDINAL_BEFORE = lazy_pattern(rf"(?:{'|'.join(_ORDINALS)}|[0-9](?:st|nd|rd|th)) (?:and|or) $")
_ENGLISH_NO = lazy_pattern(
    rf"(?<![a-z0-9#])(?:#|(?:option|choice|number|item) #?|no\. ?)"
    rf"(?P<n>[1-9][0-9]?|{'|'.join(_CARDINALS)})(?![0-9a-z:/-]|[.,][0-9]"
    rf"| (?:or|and|to) (?:[0-9]|{'|'.join(_CARDINALS)}))"
)
_NAME_BEFORE = lazy_pattern(
    "(?:order|phone|room|card|account|tracking|flight|serial|reference|booking|telephone|mobile) $"
)
_ENGLISH_END = lazy_pattern(
    rf"{_LEFT}(?:the )?(?:very )?(?:(?P<last>last|final|bottom)|(?P<first>top|topmost)) {_NOUN}"
    rf"|{_LEFT}the (?P<final>last){_OPEN_END}"
)
_ENGLISH_HALVES = lazy_pattern(
    rf"{_LEFT}the (?:(?P<first>former)|(?P<last>latter))(?: one| option|{_OPEN_END})"
)


def find(text: str, size: int | None = None) -> tuple[Found, ...]:
    """Return the places of a list of ``size`` that a text names; none that the list has not.

    The value is ``1`` ... ``n``, or ``-1`` for the last. What is counted from the end, and which
    of two, need the size.

    >>> [one.readings[0].value for one in find("두 번째 거랑 마지막 거")]
    ['2', '-1']
    """
    bare = _BARE.fullmatch(text)
    if bare:
        places = [_Place(0, bare.end(1), int(bare[1]), 0.7)]
    else:
        places = [*_korean(text), *_korean_ends(text, size), *_english(text, size)]
    found: list[Found] = []
    last = 0
    for one in sorted(places, key=lambda one: (one.start, -one.end)):
        if one.start < last:
            continue
        last = one.end
        value = _value(one.place, size)
        if value is None or is_refused(text, one.start, one.end):
            continue
        found.append(Found(one.start, one.end, (Reading(value, one.confidence),)))
    return tuple(found[:LIMIT])


def _value(place: int, size: int | None) -> str | None:
    """Return the canonical value of a place; None if the list has none such."""
    if place == -1:
        return "-1" if size is None or size >= 1 else None
    if place < 0:
        place = 0 if size is None else size + 1 + place
    most = MOST if size is None else min(size, MOST)
    return str(place) if 1 <= place <= most else None


def _with_thing(text: str, end: int) -> int:
    thing = _THING.match(text, end)
    return thing.end() if thing and ends_word(text, thing.end()) else end


def _korean(text: str) -> Iterator[_Place]:
    """Yield places counted in Korean: ``두 번째``, ``셋째``, ``2번``."""
    count = 0
    for numeral in numerals(text):
        start, said = numeral.start, text[numeral.start : numeral.end]
        value = numeral.values[0]
        if numeral.is_linked or len(numeral.values) > 1 or value % 1 or not 0 < value <= MOST:
            continue
        left = text[max(0, start - 10) : start]
        alone = numeral.kind == "sino" and len(said) == 1 and said != "십"
        if _NOT_A_CHOICE_BEFORE.search(left) or left.endswith(("-", "#", "오른쪽에서 ")):
            continue
        if (nth := _NTH.match(text, numeral.end)) and not alone:
            if nth[0] != "째" and said.endswith(("하나", "둘", "셋", "넷")):
                continue
            end = _with_thing(text, nth.end())
            if _NOT_CHOSEN.match(text, nth.end()) or not ends_word(text, end):
                continue
            origin, place = _FROM.search(left), int(value)
            if origin:
                start -= len(origin[0])
                place = -place if origin["last"] else place
            yield _Place(start, end, place, 1.0)
            count += 1
        elif (no := _NO.match(text, numeral.end)) and numeral.kind != "native":
            if (alone and said not in "일삼오육칠팔구") or _TIMES.match(text, no.end()):
                continue
            end = _with_thing(text, no.end())
            if not ends_word(text, end):
                continue
            loose = end == no.end() and _OTHER_WORD.match(text, end)
            yield _Place(start, end, int(value), 0.6 if loose else 0.9)
            count += 1
        if count > LIMIT:
            return


def _korean_ends(text: str, size: int | None) -> Iterator[_Place]:
    """Yield the first and the last in Korean, and which of two."""
    for first in _matches(_FIRST, text):
        end = _with_thing(text, first.end())
        if _NOT_CHOSEN.match(text, first.end()) or not ends_word(text, end):
            continue
        from_end = (first["from"] or "").startswith(("아래", "밑", "뒤", "끝"))
        if not _NOT_A_CHOICE_BEFORE.search(text[max(0, first.start() - 5) : first.start()]):
            yield _Place(first.start(), end, -1 if from_end else 1, 1.0)
    for last in _matches(_LAST, text):
        end = _with_thing(text, last.end())
        plain = end == last.end() and last[0] == "마지막"
        if not ends_word(text, end) or _LASTLY.match(text, end):
            continue
        if not plain or _LAST_CHOICE.match(text, end):
            yield _Place(last.start(), end, -1, 0.8 if plain else 1.0)
    for half in _matches(_HALVES, text):
        if size in (None, 2):
            yield _Place(half.start(), half.end(), 1 if half["first"] else 2, 0.7)
    if size == 2:
        for half in _matches(_TWO, text):
            if ends_word(text, half.end()):
                yield _Place(half.start(), half.end(), 1 if half["first"] else -1, 0.9)
    if size is not None and size % 2:
        for middle in _matches(_MIDDLE, text):
            yield _Place(middle.start(), middle.end(), (size + 1) // 2, 0.9)


def _english(text: str, size: int | None) -> Iterator[_Place]:
    for nth in _matches(_ENGLISH_NTH, text):
        left = text[max(0, nth.start() - 12) : nth.start()]
        whole = nth.start() == 0 and nth.end() == len(text.rstrip(" .!?"))
        if _ORDINAL_BEFORE.search(left):
            continue
        if nth["open"] is not None and (
            (not nth["the"] and not whole) or _DATE_BEFORE.search(left)
        ):
            continue
        said = nth["nth"]
        place = _ORDINALS.get(said) or int(said[:-2])
        confidence = 0.7 if nth["open"] is not None and said[0].isdigit() else 0.95
        if nth["end"]:
            place = -place
        yield _Place(nth.start(), nth.end(), place, confidence)
    for no in _matches(_ENGLISH_NO, text):
        if not _NAME_BEFORE.search(text[max(0, no.start() - 12) : no.start()]):
            value = _CARDINALS.get(no["n"]) or int(no["n"])
            yield _Place(no.start(), no.end(), value, 0.9)
    for end in _matches(_ENGLISH_END, text):
        yield _Place(end.start(), end.end(), 1 if end["first"] else -1, 0.95)
    if size in (None, 2):
        for half in _matches(_ENGLISH_HALVES, text):
            yield _Place(half.start(), half.end(), 1 if half["first"] else 2, 0.9)


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern, no more than are ever needed."""
    for _, match in zip(range(2 * LIMIT), pattern.finditer(text), strict=False):
        yield match
