"""Percentages: ``10%``, ``십프로``, ``ten percent``, ``1할``, ``반값``; values as ``12.5``.

Bounds (``10% 이상``, ``at least 10%``) and bands (``10%대``) are not found.
"""

from __future__ import annotations

from sangdam.nlu.entities.endings import ends_word, is_bounded, is_refused, is_rough
from sangdam.nlu.entities.numerals import LIMIT, Numeral, numerals, spelled
from sangdam.nlu.entities.reading import Found, Reading
from sangdam.text.lazy import lazy_pattern

_UNIT = lazy_pattern(
    r" ?(?:(?P<sign>%(?![a-z0-9]))|(?P<korean>퍼센트|프로|퍼)|(?P<tenth>할)"
    r"|(?:percent|per cent|pct)(?![a-z0-9]))"
)
_HUNDREDTH = lazy_pattern(" ?([1-9])푼")
# 15 프로 is a telephone after these.
_PRODUCT = lazy_pattern(
    "(?:아이폰|아이패드|맥북|갤럭시|버즈|에어팟|픽셀|서피스|고프로|윈도우?|탭|북|워치|iphone|ipad"
    "|macbook|galaxy|buds|airpods|pixel|surface|windows|watch|redmi|홍미|샤오미|레드미) ?$"
)
_HALF = lazy_pattern(
    "(?<![가-힣])(?:반값|절반)(?![가-힣])|(?<![가-힣])반값(?=[은는이가을를도만의로에요인이])"
    "|(?<![a-z])half (?:price|off)(?![a-z])"
)
_BAND = lazy_pattern("대|포인트")
_BARE = lazy_pattern(r"-?[0-9]{1,6}(?:\.[0-9]{1,6})?")
_RANGE = lazy_pattern("(?: ?%| ?퍼센트| ?프로| percent)? ?(?:[-~–—]|to|or|에서|이나) ?")
_RANGE_AFTER = lazy_pattern(
    " ?(?:[-~–—]|to|or|에서|이나) ?(?:[0-9]|[a-z]{3,9} percent|[가-힣]{1,4} ?(?:퍼|프로))"
)
_TENTH_END = lazy_pattern("(?:요|이요|이에요|입니다|은|을|의|로|정도|쯤|만)?(?![0-9a-z가-힣])")
# A single Sino-Korean digit is another word before the other units: 이 프로, 일할.
_SINGLES = {
    "할": "이삼사오육칠팔구", "퍼센트": "일이삼사오육칠팔구", " 퍼센트": "일이삼사오육칠팔구",
    "프로": "일삼사오육칠팔구",
}  # fmt: skip


def find(text: str) -> tuple[Found, ...]:
    """Return the percentages in a text; of a message that is a bare number, that number.

    >>> [one.readings[0].value for one in find("2할 5푼이랑 12.5%")]
    ['25', '12.5']
    """
    if _BARE.fullmatch(text):
        (start, end), said = (0, len(text)), text
        numeral = next(iter(numerals(said.lstrip("-"))), None)
        if numeral is None:
            return ()
        sign = -1 if said[0] == "-" else 1
        return (Found(start, end, (Reading(spelled(sign * numeral.values[0]), 0.6),)),)
    found: list[Found] = []
    previous: Numeral | None = None
    for numeral in numerals(text):
        one = _percentage(text, numeral, previous)
        previous = numeral
        if one is not None and not is_refused(text, one.start, one.end):
            found.append(one)
        if len(found) > LIMIT:
            break
    for half in _HALF.finditer(text):
        found.append(Found(half.start(), half.end(), (Reading("50", 0.9),)))
        if len(found) > 2 * LIMIT:
            break
    return tuple(sorted(found, key=lambda one: one.start)[:LIMIT])


def _percentage(text: str, numeral: Numeral, previous: Numeral | None) -> Found | None:
    start, left = numeral.start, text[max(0, numeral.start - 16) : numeral.start]
    unit = _UNIT.match(text, numeral.end)
    if unit is None or numeral.needs_unit or numeral.is_linked_after:
        return None
    end, values = unit.end(), numeral.values
    said = text[start : numeral.end]
    confidence = 1.0
    if numeral.kind == "sino" and len(said) == 1 and said not in "십백천":
        if said not in _SINGLES.get(unit[0], ""):
            return None
        confidence = 0.8
    if _RANGE_AFTER.match(text, end) or _BAND.match(text, end) or is_bounded(text, start, end):
        return None
    if unit["tenth"]:
        if values[0] > 10 or values[0] % 1:
            return None
        values = tuple(value * 10 for value in values)
        if hundredth := _HUNDREDTH.match(text, end):
            values, end = (values[0] + int(hundredth[1]),), hundredth.end()
        if not _TENTH_END.match(text, end):
            return None
    discount = text.startswith(("할인", "적립", "세일"), end)
    if unit["korean"] and not (discount or ends_word(text, end)):
        return None
    if unit["korean"] == "프로":
        if _PRODUCT.search(left):
            return None
        loose = unit[0] == " 프로" and numeral.kind == "digits"
        confidence = min(confidence, 0.6 if loose else 0.9)
    if unit["korean"] == "퍼":
        confidence = 0.8
    if is_rough(text, start, end):
        confidence = min(confidence, 0.7)
    if previous is not None and _RANGE.fullmatch(text[previous.end : start]):
        if previous.is_linked_before or len(values) > 1 or previous.values >= values:
            return None
        start, values = previous.start, (previous.values[0], values[0])
    elif numeral.is_linked_before:
        return None
    elif left.endswith(("-", "−")):
        if len(left) > 1 and left[-2] not in " (":
            return None
        start, values = start - 1, tuple(-value for value in values)
    readings = tuple(
        Reading(spelled(value), confidence if len(values) == 1 else 0.5 - 0.05 * index)
        for index, value in enumerate(values)
    )
    return Found(start, end, readings)
