"""A number alone, or before a unit of things: ``12.5``, ``삼백이십만``, ``two hundred and five``.

What is a part of something else (a date, a telephone number, an amount) is not found, nor is a
syllable that is a word too, unless the message says nothing else.
"""

from __future__ import annotations

from decimal import Decimal

from sangdam.nlu.entities.count import unit_end
from sangdam.nlu.entities.endings import ends_word, is_bounded, is_measure, is_refused
from sangdam.nlu.entities.numerals import LIMIT, Numeral, numerals, spelled
from sangdam.nlu.entities.reading import Found, Reading
from sangdam.text.lazy import lazy_pattern

_MINUS = lazy_pattern(r"(?:마이너스|영하|(?<![a-z])minus|(?<![a-z])negative) ?$|(?:^|[ (])[-−]$")
_SIGN = lazy_pattern("[-−$€£¥₩] ?$")
_LABEL = lazy_pattern("(?:수량|개수|갯수|총|약|인원|숫자|은|는|번호)$")
_POLITE = "(?:이요|이에요|이예요|입니다|요)?"
_WHOLE_END = lazy_pattern(r" ?[.!?~]{0,3}$")
_WHOLE = lazy_pattern(f"{_POLITE} ?[.!?~]{{0,3}}$")
_AMBIGUOUS_I = lazy_pattern("요|에요|예요|고|나|랑|며|면| [가-힣]")
_GOES_ON = lazy_pattern(
    "[-–'][a-z가-힣0-9]|[)](?! ?$)| ?[~/=^×] ?[0-9a-z가-힣]|도(?![가-힣])|로(?![가-힣])|째"
)
_BOTH = lazy_pattern(" ?다(?![가-힣])| ?(?:은행|카드|투어|증권|생명|마트|로마트)")
_PRONOUN = lazy_pattern(r"(?:just|only|want|need|like|have|take|give me|^) ?$")
_AFTER_ONE = lazy_pattern(r" ?(?:please|pls|thanks|[.!])? ?$")
_NAME_OR_HOUR = lazy_pattern(
    "(?<![a-z])(?:past|quarter to|at|by|until|till|room|page|version|gate|seat|flight|line|exit"
    "|apt|unit|suite) $"
)

# Sino-Korean numerals that are other words more often: from now on, an angel, a city.
_WORDS = frozenset(
    (
        "이만 만일 만사 만이 만오 만구 천만 천사 천일 천이 천오 천구 백일 백이 백사 백오 백구 "
        "오만 이천 사천"
    ).split()
)
_CLEAR = frozenset("삼육륙칠팔구")


def find(text: str) -> tuple[Found, ...]:
    """Return the numbers in a text; a value is written as ``12.5``, ``-3``, ``1200``.

    >>> [one.readings[0].value for one in find("스물다섯이요")]
    ['25']
    """
    found: list[Found] = []
    for numeral in numerals(text):
        one = _number(text, numeral)
        if one is not None:
            found.append(one)
            if len(found) == LIMIT:
                break
    return tuple(found)


def _number(text: str, numeral: Numeral) -> Found | None:
    start, end = numeral.start, numeral.end
    left = text[max(0, start - 12) : start]
    until = unit_end(text, numeral)
    counts = until is not None
    until = end if until is None else until
    if numeral.is_linked or is_refused(text, start, until) or is_bounded(text, start, until):
        return None
    if not counts and (numeral.needs_unit or not _is_alone(text, numeral)):
        return None
    if numeral.kind == "digits" and left and "가" <= left[-1] <= "힣" and not _LABEL.search(left):
        return None
    sign = 1
    if minus := _MINUS.search(left):
        sign, start = -1, start - len(minus[0].lstrip(" ("))
    elif _SIGN.search(left):
        return None
    values = tuple(sign * value for value in numeral.values)
    if not counts and _may_end_in_i(text, numeral):
        values = (values[0] - sign * 2, values[0])
    confidence = _confidence(text, numeral, counts=counts)
    readings = [
        Reading(spelled(value), confidence if len(values) == 1 else 0.5 - 0.05 * index)
        for index, value in enumerate(values)
    ]
    return Found(start, end, tuple(readings))


def _is_alone(text: str, numeral: Numeral) -> bool:
    """Does the numeral stand by itself, neither a word nor a part of one?"""
    start, end = numeral.start, numeral.end
    said = text[start:end]
    if _NAME_OR_HOUR.search(text[max(0, start - 13) : start]) or is_measure(text, end):
        return False
    if _GOES_ON.match(text, end) or _BOTH.match(text, end):
        return False
    if numeral.kind == "english":
        if text[end : end + 1].isalnum():
            return False
        left = text[max(0, start - 8) : start]
        return said != "one" or bool(_PRONOUN.search(left) and _AFTER_ONE.match(text, end))
    if not ends_word(text, end):
        return False
    if numeral.kind == "sino" and len(said) == 1:
        whole = _WHOLE if said in _CLEAR or said in "십백천만" else _WHOLE_END
        return start == 0 and whole.match(text, end) is not None
    if said in _WORDS:
        return start == 0 and _WHOLE_END.match(text, end) is not None
    if said in ("열", "쉰"):
        return start == 0 and _WHOLE.match(text, end) is not None
    return True


def _may_end_in_i(text: str, numeral: Numeral) -> bool:
    """Is ``이십이요`` twenty-two, or twenty and the copula?"""
    value = numeral.values[0]
    return (
        numeral.kind == "sino"
        and len(numeral.values) == 1
        and value > 10
        and value % 10 == 2
        and text[numeral.end - 1] == "이"
        and _AMBIGUOUS_I.match(text, numeral.end) is not None
    )


def _confidence(text: str, numeral: Numeral, *, counts: bool) -> float:
    said = text[numeral.start : numeral.end]
    if said == "a couple" or text.startswith(("번", " 번"), numeral.end):
        return 0.7
    if counts or numeral.kind in ("digits", "native"):
        return 1.0
    if numeral.values == (Decimal(0),) and numeral.kind == "sino":
        return 0.5
    if said in _WORDS or (numeral.kind == "sino" and len(said) == 1 and said not in _CLEAR):
        return 0.5
    return 0.8 if numeral.kind == "sino" and len(said) <= 2 else 0.95
