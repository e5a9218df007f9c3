"""How many of what: ``두 명`` is ``2 person``, ``a couple of tickets`` is ``2 ticket``.

Bounds (``10명 이상``, ``at least five people``) and loose counts (``여러 명``, ``a few``) are not
found: no one number says what they mean. Pairs (``두세 명``, ``2-3 people``) have two readings.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

from sangdam.nlu.entities.company import listed, with_others
from sangdam.nlu.entities.endings import (
    ends_word,
    is_bounded,
    is_measure,
    is_refused,
    is_rough,
)
from sangdam.nlu.entities.numerals import LIMIT, Numeral, numerals, spelled
from sangdam.nlu.entities.reading import Found, Reading
from sangdam.text.lazy import lazy_pattern

UNITS = (
    "person item room night ticket seat copy pair bottle cup box set page time".split()
)  # fmt: skip
"""The canonical units."""

_KOREAN = {
    "명": ("person",), "사람": ("person",), "분": ("person",), "식구": ("person",),
    "인": ("person",),
    "개": ("item",), "피스": ("item",), "방": ("room",), "객실": ("room",), "룸": ("room",),
    "실": ("room",), "박": ("night",), "밤": ("night",), "장": ("ticket", "item", "page"),
    "매": ("ticket", "item", "page"), "좌석": ("seat",), "자리": ("seat",), "석": ("seat",),
    "권": ("copy",), "부": ("copy",), "켤레": ("pair",), "쌍": ("pair",), "병": ("bottle",),
    "잔": ("cup",), "컵": ("cup",), "박스": ("box",), "상자": ("box",), "세트": ("set",),
    "셋트": ("set",), "페이지": ("page",), "쪽": ("page",), "번": ("time",), "회": ("time",),
    "차례": ("time",),
}  # fmt: skip
_UNIT = lazy_pattern(f" ?({'|'.join(sorted(_KOREAN, key=len, reverse=True))})")
_NATIVE_ONLY = frozenset(("분",))
_NEVER_NATIVE = frozenset(("인", "실", "회", "석", "박"))
# A single Sino-Korean digit is mostly another word: 사회, 오명, 이 방.
_SINGLE = {"인": "일이삼", "박": "일이삼사오칠", "회": "일삼오"}
_SINGLE_SPACED = {"명": "삼사오육칠팔구", "개": "삼사오육칠팔구"}
# Glued, these are words of their own: 한번 (once, please), 두부, 세부, 한방, 한잔.
_WORDS = frozenset(("한번", "한방", "두부", "세부", "네부", "한쪽", "두석", "세석", "한부"))
# After 네 and a space at the start these are things: yes, a room.
_THINGS = frozenset(("방", "객실", "룸", "좌석", "자리", "박스", "상자", "세트", "셋트", "페이지"))

_NOUNS = {
    "person": "어른|성인|대인|소인|아이|애|애들|아기|애기|어린이|아동|소아|유아|영유아|청소년"
    "|어르신|학생|노인|경로"
    "|남자|여자|남성"
    "|여성|친구|가족|식구|부부|커플|일행|우리|저희|손님|인원|총인원|사람|adults?|children|kids?"
    "|guests?",
    "room": "방|객실|룸|rooms?",
    "ticket": "표|티켓|입장권|승차권|예매권|관람권|tickets?",
    "seat": "좌석|자리|seats?",
    "set": "세트",
}  # fmt: skip
_AFTER_NOUN = {
    unit: lazy_pattern(
        rf"(?:^|[^a-z가-힣]|[명둘셋넷섯곱덟홉나])((?:{nouns})(?:은|는|이|가|만|도|를|을)?:?) ?$"
    )
    for unit, nouns in _NOUNS.items()
}
_TICKETS = lazy_pattern(
    "(?:표|티켓|입장권|승차권|예매권|관람권|쿠폰)(?:은|는|이|가|만|도|를|을)? ?$"
)
_NAMED = {"room": lazy_pattern("(?:방|객실|룸)(?:은|는|이|가|만|도|을)? ?$"),
          "seat": lazy_pattern("(?:좌석|자리)(?:은|는|이|가|만|도|을|를)? ?$"),
          "set": lazy_pattern("세트(?:은|는|만|도|를)? ?$")}  # fmt: skip
_TOGETHER = lazy_pattern("이서|이(?= ?(?:가|갈|왔|먹|예약|묵|방문|여행|이용))")
_ALONE = lazy_pattern("(?<![가-힣a-z0-9])혼자")
_ALONE_SURE = lazy_pattern(
    "혼자(?:서)?(?:요|이요|예요|이에요|입니다| ?(?:가|갈|예약|여행|방문|묵))"
)
_ALONE_DOING = lazy_pattern("혼자(?:서)? ?(?:할|하|해|설치|조립|만|써|쓸|알아)")
_BOTH = lazy_pattern(" ?다(?![가-힣])")

_ENGLISH = {
    "person": "people|persons?|guests?|adults?|child|children|kids?|infants?|toddlers?|baby"
    "|babies|seniors?|pax|ppl|customers?"
    "|passengers?|travell?ers?|visitors?|friends",
    "item": "items?|pieces?|pcs?|ea", "room": "rooms?", "night": "nights?",
    "ticket": "tickets?", "seat": "seats?", "copy": "copy|copies", "pair": "pairs?",
    "bottle": "bottles?", "cup": "cups?|glasses", "box": "box|boxes", "set": "sets?",
    "page": "pages?", "time": "times?",
}  # fmt: skip
_UNIT_OF = {
    form: unit
    for unit, pattern in _ENGLISH.items()
    for word in pattern.split("|")
    for form in ({word.replace("?", ""), re.sub(".[?]", "", word)})
}
_ENGLISH_UNIT = lazy_pattern(
    r" ?(?:of )?(?:(?:more|extra|additional|full|whole|separate|adult|child|student|movie|concert"
    r"|train|bus|single|double|twin|standard|other) ){0,2}"
    rf"({'|'.join(sorted(_UNIT_OF, key=len, reverse=True))})(?![a-z0-9'-])"
)
_OF_US = lazy_pattern(" of (?:us|them|you)(?![a-z])")
_THE = lazy_pattern(r"(?<![a-z])the $")
_PARTY = lazy_pattern(
    r"(?<![a-z])(?:(?:party|group|family|team) of|(?:table|room|reservation|booking|dinner|lunch"
    r"|breakfast|brunch|seats?|tickets?) for) $"
)
_IDIOM = lazy_pattern(
    "(?<![a-z])(?:(?P<person>(?:just|only) me(?![a-z]))|(?P<time>twice)(?![a-z]))"
)
_AND_A_CHILD = lazy_pattern(
    "(?:(?<![a-z])(?:and|plus|with)|[&+,]) ?(?P<child>a (?:child|kid|baby|infant|toddler))(?![a-z])"
)
_EITHER = lazy_pattern(" ?(?:[-~–—]|to|or|에서|이나|나|또는|이거나|아니면|내지) ?")
_BETWEEN = lazy_pattern("between (?:[0-9]{1,6}|[a-z]{3,9}) and $")
_TIMES = lazy_pattern("[0-9] ?[x×*] ?$|(?:^|[ (])[-−]$")
_BETWEEN_FOUND = lazy_pattern("(?:이나|에서|이거나|나)? ?(?:또는|아니면|[-~–—]|or|to)? ?")

_PARTY_LIMIT = 99
"""Those who come along are told one by one to no larger parties."""

_Counted = tuple[int, int, tuple[Decimal, ...], tuple[str, ...], float]


def find(text: str, units: Collection[str] | None = None) -> tuple[Found, ...]:
    """Return the counts in a text, of the given canonical units or of all of them.

    >>> [one.readings[0].value for one in find("어른 둘 아이 하나, 방은 두 개요")]
    ['2 person', '1 person', '2 room']
    """
    counted: list[_Counted] = []
    previous: Numeral | None = None
    for numeral in numerals(text):
        one = _counted(text, numeral, previous)
        previous = numeral
        if one is not None:
            if counted and _is_either(text, counted[-1], one):
                start, _, values, *_ = counted.pop()
                one = (start, one[1], (values[0], one[2][0]), one[3], one[4])
            counted.append(one)
        if len(counted) > LIMIT + 1:
            break
    counted += _idioms(text, already=bool(counted))
    found: list[Found] = []
    for start, end, values, kinds, confidence in sorted(counted):
        wanted = [kind for kind in kinds if units is None or kind in units]
        if not wanted or (found and start < found[-1].end) or is_refused(text, start, end):
            continue
        shares = len(values) * len(kinds)
        readings = tuple(
            Reading(f"{spelled(value)} {unit}", confidence if shares == 1 else 0.5)
            for unit in wanted
            for value in values
        )
        found.append(Found(start, end, _falling(readings)))
    return tuple(found[:LIMIT])


def unit_end(text: str, numeral: Numeral) -> int | None:
    """Return where the unit of things after a numeral ends; None if there is none."""
    unit = _UNIT.match(text, numeral.end)
    if unit is not None and _fits(text, numeral, unit):
        return unit.end()
    unit = _ENGLISH_UNIT.match(text, numeral.end)
    return unit.end() if unit is not None else None


def _counted(text: str, numeral: Numeral, previous: Numeral | None) -> _Counted | None:
    """Return what a numeral counts; None if that cannot be told."""
    start, end, values = numeral.start, numeral.end, numeral.values
    if any(value % 1 or value < 0 for value in values):
        return None
    unit = _unit(text, numeral)
    people = _people(text, numeral, unit)
    if unit is None and people:
        unit = (start, end, ("person",), 0.9)
    if unit is None:
        return None
    start, end, kinds, confidence = unit
    if numeral.is_linked_after:
        return None
    left = text[max(0, numeral.start - 24) : numeral.start]
    if _TIMES.search(left):
        return None
    gap = text[previous.end : numeral.start] if previous is not None else ""
    if previous is not None and (_EITHER.fullmatch(gap) or _BETWEEN.search(left)):
        if previous.is_linked_before or previous.values >= values or len(values) > 1:
            return None
        start, values = previous.start, (previous.values[0], values[0])
        if len(previous.values) > 1 or values[0] % 1:
            return None
    elif numeral.is_linked_before:
        return None
    if is_bounded(text, start, end):
        return None
    if is_rough(text, start, end):
        confidence = min(confidence, 0.7)
    if len(values) > 1 and not numeral.is_spread and values is numeral.values:
        confidence = 0.5
    if people:
        values, confidence = people, min(confidence, 0.9)
    return start, end, values, kinds, confidence


def _people(
    text: str, numeral: Numeral, unit: tuple[int, int, tuple[str, ...], float] | None
) -> tuple[Decimal, ...]:
    """Return how many people a numeral and those told of beside it are, if any are."""
    if len(numeral.values) != 1 or numeral.values[0] > _PARTY_LIMIT:
        return ()
    if unit is None:
        fits = numeral.kind == "native" and ends_word(text, numeral.end)
    else:
        fits = unit[2] == ("person",)
    if not fits:
        return ()
    end = numeral.end if unit is None else unit[1]
    said = int(numeral.values[0])
    return tuple(
        Decimal(one)
        for one in with_others(text, numeral.start, end, said, is_count=unit is not None)
    )


def _unit(text: str, numeral: Numeral) -> tuple[int, int, tuple[str, ...], float] | None:
    """Return the span, the units and the confidence of a numeral with what it counts."""
    start, end = numeral.start, numeral.end
    left = text[max(0, start - 12) : start]
    if (unit := _UNIT.match(text, end)) is not None and _fits(text, numeral, unit):
        kinds, confidence = _KOREAN[unit[1]], 1.0
        if unit[1] in ("장", "매") and _TICKETS.search(left):
            kinds = ("ticket",)
        for kind, noun in _NAMED.items():
            if unit[1] == "개" and (named := noun.search(left)) is not None:
                return start - len(named[0]), unit.end(), (kind,), 0.9
        if unit[1] in ("번", "부", "쪽", "페이지") and numeral.kind == "digits":
            confidence = 0.5 if unit[1] != "페이지" else 0.7
        elif unit[0] == " 번" and text[start:end] == "한":
            confidence = 0.6
        return start, unit.end(), kinds, confidence
    if (english := _ENGLISH_UNIT.match(text, end)) is not None:
        vague = 0.8 if text[start:end] == "a couple" else 1.0
        if english[0].startswith((" of ", "of ")) and not text[start:end].startswith("a "):
            return None
        return start, english.end(), (_UNIT_OF[english[1]],), vague
    if of_us := _OF_US.match(text, end):
        the = _THE.search(text[max(0, start - 5) : start])
        return start - (4 if the else 0), of_us.end(), ("person",), 0.9
    if numeral.needs_unit or is_measure(text, end):
        return None
    if (party := _PARTY.search(text[max(0, start - 20) : start])) and ends_word(text, end):
        return start - len(party[0]), end, ("person",), 0.8
    return _unitless(text, numeral, left)


def _unitless(
    text: str, numeral: Numeral, left: str
) -> tuple[int, int, tuple[str, ...], float] | None:
    """Return a numeral that a noun before it, or an ending after it, gives a unit."""
    start, end = numeral.start, numeral.end
    together = _TOGETHER.match(text, end) if numeral.kind == "native" else None
    if together and ends_word(text, end):
        return start, together.end(), ("person",), 1.0
    if numeral.kind not in ("native", "digits") or not ends_word(text, end):
        return None
    if text.startswith(("도", "로", "째"), end) or re.compile(" ?[.,/:][0-9]").match(text, end):
        return None
    for unit, pattern in _AFTER_NOUN.items():
        noun = pattern.search(left)
        if noun is None:
            continue
        named = numeral.kind == "digits" and unit != "person"
        if (named and not noun[1].endswith(":")) or (noun[1].isascii() and unit != "person"):
            return None  # room 12, 좌석 14 are names
        if unit != "person" and _BOTH.match(text, end):
            return None
        return start - (len(left) - noun.start(1)), end, (unit,), 0.9
    return None


def _fits(text: str, numeral: Numeral, unit: re.Match[str]) -> bool:
    """Does the unit belong to such a numeral, and is it not the beginning of another word?"""
    word, said = unit[1], text[numeral.start : numeral.end]
    spaced = unit[0][0] == " "
    if numeral.kind == "english" or not (
        ends_word(text, unit.end())
        or (word == "박" and re.match(" ?[0-9일이삼사오]", text[unit.end() : unit.end() + 2]))
    ):
        return False
    if word in _NATIVE_ONLY:
        return numeral.kind == "native"
    if word in _NEVER_NATIVE and numeral.kind == "native":
        return False
    if said + unit[0] in _WORDS or (word == "부" and not spaced):
        return False
    if said == "네" and spaced and numeral.start == 0 and word in _THINGS:
        return False
    if numeral.kind == "native":
        return said not in ("석", "넉") or word in ("장", "잔")
    if numeral.kind == "sino" and len(said) == 1 and said not in "십백천만":
        return said in (_SINGLE_SPACED if spaced else _SINGLE).get(word, "")
    return not (numeral.kind == "sino" and word == "번" and numeral.values[0] < 100)


def _idioms(text: str, *, already: bool) -> list[_Counted]:
    """Return counts without a numeral: ``혼자``, ``just me``, ``twice``.

    ``a baby`` is one only where something is counted ``already``: it may be any talk of babies.
    """
    counted: list[_Counted] = []
    for match in _IDIOM.finditer(text):
        value = Decimal(1 if match["person"] else 2)
        unit = "person" if match["person"] else "time"
        counted.append((match.start(), match.end(), (value,), (unit,), 0.9))
        if len(counted) > LIMIT:
            break
    if already:
        for match in _AND_A_CHILD.finditer(text):
            counted.append((*match.span("child"), (Decimal(1),), ("person",), 0.9))
            if len(counted) > LIMIT:
                break
    if (party := listed(text)) is not None:
        counted.append((party[0], party[1], (Decimal(party[2]),), ("person",), 0.8))
    for match in _ALONE.finditer(text):
        if _ALONE_DOING.match(text, match.start()) or not ends_word(text, match.end()):
            continue
        sure = text == match[0] or _ALONE_SURE.match(text, match.start())
        span = (match.start(), match.end())
        counted.append((*span, (Decimal(1),), ("person",), 0.9 if sure else 0.6))
        if len(counted) > 2 * LIMIT:
            break
    return counted


def _is_either(text: str, one: _Counted, other: _Counted) -> bool:
    """Are two counts one choice: ``두 명이나 세 명``?"""
    if one[1] >= other[0] or one[3] != other[3] or len(one[2]) + len(other[2]) > 2:
        return False
    between = text[one[1] : min(other[0], one[1] + 12)]
    return bool(between.strip()) and _BETWEEN_FOUND.fullmatch(text[one[1] : other[0]]) is not None


def _falling(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Return ambiguous readings with confidences that fall from the likeliest."""
    distinct = tuple({one.value: one for one in readings}.values())
    return tuple(
        Reading(one.value, round(one.confidence - 0.05 * min(index, 8), 2))
        for index, one in enumerate(distinct)
    )
