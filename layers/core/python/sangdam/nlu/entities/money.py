"""Amounts of money: ``12만 5천 원`` is ``125000 KRW``, ``under $50`` is ``..50 USD``.

A value is ``<amount> <ISO 4217>``, where the amount may be a range: ``200000..299999`` with both
ends in it, ``..300000``, ``30000..``. 미만 and 초과 leave the amount itself out, to the next won.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from sangdam.nlu.entities.endings import ends_word, is_refused
from sangdam.nlu.entities.numerals import LIMIT, Numeral, numerals, spelled
from sangdam.nlu.entities.reading import Found, Reading
from sangdam.text.lazy import lazy_pattern

_WHOLE = frozenset(("KRW", "JPY"))
_CODES = "krw usd eur jpy cny gbp hkd twd aud cad sgd nzd thb vnd chf".split()
_SYMBOLS = {
    "₩": ("KRW",), "$": ("USD",), "us$": ("USD",), "€": ("EUR",), "£": ("GBP",),
    "¥": ("JPY", "CNY"), "ca$": ("CAD",), "c$": ("CAD",), "a$": ("AUD",), "au$": ("AUD",),
    "hk$": ("HKD",), "s$": ("SGD",), "nt$": ("TWD",), "nz$": ("NZD",),
    **{code: (code.upper(),) for code in _CODES},
}  # fmt: skip
_DOLLARS = {
    "us": "USD", "american": "USD", "canadian": "CAD", "australian": "AUD", "hong kong": "HKD",
    "singapore": "SGD", "taiwan": "TWD", "new zealand": "NZD", "미국": "USD", "미": "USD",
    "캐나다": "CAD", "호주": "AUD", "홍콩": "HKD", "싱가포르": "SGD", "대만": "TWD",
}  # fmt: skip
_KOREAN_UNITS = {
    "원": "KRW", "달러": "USD", "불": "USD", "유로": "EUR", "엔화": "JPY", "엔": "JPY",
    "위안": "CNY", "파운드": "GBP", "바트": "THB",
}  # fmt: skip
_ENGLISH_UNITS = {
    "won": "KRW", "dollar": "USD", "dollars": "USD", "bucks": "USD", "euro": "EUR",
    "euros": "EUR", "yen": "JPY", "yuan": "CNY", "rmb": "CNY", "pounds": "GBP", "quid": "GBP",
    **{code: code.upper() for code in _CODES},
}  # fmt: skip


def _any_of(*words: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_SYMBOL = lazy_pattern(rf"(?<![a-z0-9$]){'('}{_any_of(*_SYMBOLS)}{')'} ?$")
_KOREAN_DOLLARS = "|".join(name for name in _DOLLARS if not name.isascii())
_ENGLISH_DOLLARS = "|".join(name for name in _DOLLARS if name.isascii())
_UNIT = lazy_pattern(
    rf"(?P<k>[km](?![a-z0-9]))? ?(?:(?P<korean>(?P<kd>{_KOREAN_DOLLARS})? ?달러"
    rf"|{_any_of(*_KOREAN_UNITS)})"
    rf"|(?:(?P<ed>{_ENGLISH_DOLLARS}) )?(?P<english>{_any_of(*_ENGLISH_UNITS)})(?![a-z0-9])"
    r"|(?P<sign>[$€₩])(?! ?[0-9]))"
)
_K = lazy_pattern(r"[km](?![a-z0-9])")
_OPEN = lazy_pattern(rf"\.\. ?({_any_of(*_CODES)})(?![a-z0-9])")
_CENTS = lazy_pattern(" ?(?:센트|cents?(?![a-z]))")
_CENTS_GAP = lazy_pattern(" ?(?:and )?")
_GOES_ON = lazy_pattern(
    "(?:버스|지하철|의 행복)| (?:버스|지하철|the|a|an|my|by|in|games?)(?![a-z가-힣])"
)
_MONEY_END = lazy_pattern(
    "(?:짜리|어치|권|씩|대|돈|꼴|선|이상|이하|미만|초과|이내|까지|부터|안|밑|아래|넘|할인|결제"
    "|환불|입금)"
)
# What a bare amount (3만) may be followed by: the end, an ending, a bound.
_BARE_END = lazy_pattern(
    " ?(?:정도|쯤|가량|이하|이상|미만|초과|이내|까지|부터|안으로|안에서|에서|사이|대)?"
    "(?:으로|로|에|은|는|을|를|이요|요|이에요|예요|입니다|인데요|이고요|짜리|어치)?(?: ?[.,!?~]"
    "| ?$| (?:있|보|주|부|결|쓰|생|예|넘))"
)
_NOT_MONEY = lazy_pattern(" ?(?:[0-9]|명|개|번|건|점|보|회|인|권|장|포인트|킬로|년|걸음|팔로)")
_BAND = lazy_pattern(
    " ?대(?:로|에|는|의|요|이요|면|까지|정도|에서|예요|이에요|입니다|가|를|만| (?=[가-힣])"
    "|[ .!?]?$)?(?![가-힣])|대(?= )"
)
_UP_TO = lazy_pattern(
    " ?(?:이하|이내|까지|안으로|안에서|안쪽|밑으로|아래로|(?:을|를)? ?(?:넘지 ?않|안 ?넘)"
    "|or less(?![a-z])|or under|or below|max(?![a-z])|at most)"
)
_FROM = lazy_pattern(
    " ?(?:이상|부터|(?:을|를|이|가)? ?넘(?:는|게|어)|or more(?![a-z])|or above|and up|at least)"
)
_BELOW = lazy_pattern(" ?미만|(?:이|도)? ?(?:안|못) ?되(?:는|게)")
_ABOVE = lazy_pattern(" ?초과")
_ABOUT_AFTER = lazy_pattern(" ?(?:정도|쯤|가량|내외|전후|안팎|언저리|선에서|or so)")
_ABOUT_BEFORE = lazy_pattern(
    "(?:(?<![가-힣])(?:약|대략|한|거의)|about|around|roughly|approximately|almost|nearly"
    "|approx\\.?) ?$"
)
_UP_TO_BEFORE = lazy_pattern(
    r"(?:최대|많아도|(?<![a-z])(?:under|below|less than|up to|at most|no more than|not more than"
    r"|within|cheaper than"
    r"|max(?:imum)?(?: of)?)|(?:^| )(?:\.\.|~)) ?$|^(?:\.\.|~) ?$"
)
_FROM_BEFORE = lazy_pattern(
    r"(?:최소|적어도|(?<![a-z])(?:over|above|more than|at least|no less than|not less than"
    r"|starting at|from"
    r"|min(?:imum)?(?: of)?)) ?$"
)
_NOT_BEFORE = lazy_pattern("not (?:under|over|below|above|within) ?$")
_RANGE = lazy_pattern(" ?(?:[-~–—]|\\.\\.|부터|에서|이상|to|and) ?")
_BETWEEN = lazy_pattern("between (?:about )?$")
_HALF_SAID = lazy_pattern(
    " ?(?:몇|여|수)(?=[십백천만 ])|여(?![가-힣])| ?얼마"
    "|(?:을|를|이|가|에서|보다)? ?(?:조금|약간|살짝|좀) ?(?:넘|안|못|모자|더|덜|위|아래|비싼|싼)"
)
_TILDE = lazy_pattern("~(?= ?[.!?~]{0,2}$)")
_BAND_PART = lazy_pattern(" ?(?:초반|중반|후반|초중반|중후반)")


@dataclass(frozen=True, slots=True)
class _Amount:
    """A numeral with its currencies, if any."""

    start: int
    end: int
    values: tuple[Decimal, ...]
    currencies: tuple[str, ...]
    numeral: Numeral
    confidence: float = 1.0
    low: Decimal | None = None
    is_open: bool = False
    """Is it written as a range without an end: ``30000.. krw``?"""


def find(text: str) -> tuple[Found, ...]:
    """Return the amounts of money in a text; an amount in 만 or 억 alone is one of won.

    >>> [one.readings[0].value for one in find("3만5천원이랑 $1,200.50, 20~30만원")]
    ['35000 KRW', '1200.50 USD', '200000..300000 KRW']
    """
    found: list[Found] = []
    previous: _Amount | None = None
    waiting: _Amount | None = None
    for numeral in numerals(text, after=tuple(_CODES)):
        amount = _amount(text, numeral)
        joined = _joined(text, previous, amount)
        if joined is not None:
            previous = waiting = joined if joined.values else None
            continue
        if waiting is not None and (one := _found(text, waiting)) is not None:
            found.append(one)
        previous = amount
        waiting = amount
        if len(found) > LIMIT:
            break
    if waiting is not None and (one := _found(text, waiting)) is not None:
        found.append(one)
    return tuple(found[:LIMIT])


def _amount(text: str, numeral: Numeral) -> _Amount:
    """Return a numeral with the currency that stands at it; none if there is none."""
    start, end, values = numeral.start, numeral.end, numeral.values
    symbol = _SYMBOL.search(text[max(0, start - 6) : start])
    plain = _Amount(start, end, values, (), numeral)
    if symbol is not None and numeral.kind == "digits":
        if k := _K.match(text, end):
            values, end = _thousands(values, k[0]), k.end()
        if text[end : end + 1].isalpha() and not ends_word(text, end):
            return plain
        return replace(
            plain, start=start - len(symbol[0]), end=end, values=values,
            currencies=_SYMBOLS[symbol[1]],
        )  # fmt: skip
    if numeral.needs_unit and numeral.kind != "native":
        return plain
    if cents := _CENTS.match(text, end):
        cent = tuple(value / 100 for value in values)
        return replace(plain, end=cents.end(), values=cent, currencies=("cents",))
    if opened := _OPEN.match(text, end):
        code = (opened[1].upper(),)
        return replace(plain, end=opened.end(), currencies=code, is_open=True)
    unit = _UNIT.match(text, end)
    if unit is None or _GOES_ON.match(text, unit.end()) or _is_word(text, numeral, unit):
        return _bare(text, plain)
    if unit["k"]:
        values = _thousands(values, unit["k"])
    if unit["sign"]:
        currencies = _SYMBOLS[unit["sign"]]
    elif unit["kd"] or unit["ed"]:
        currencies = (_DOLLARS[unit["kd"] or unit["ed"]],)
    elif unit["korean"]:
        currencies = (_KOREAN_UNITS[unit["korean"].strip()],)
    else:
        currencies = (_ENGLISH_UNITS[unit["english"]],)
    weight = unit["english"] == "pounds" or unit["korean"] == "파운드"
    return replace(
        plain, end=unit.end(), values=values, currencies=currencies,
        confidence=0.6 if weight else 1.0,
    )  # fmt: skip


def _is_word(text: str, numeral: Numeral, unit: re.Match[str]) -> bool:
    """Is the unit the beginning or the end of another word: 사원, 병원, 만 원해요?"""
    said = text[numeral.start : numeral.end]
    if numeral.kind == "native" and numeral.values[0] < 10:
        return True
    if unit["korean"] is None:
        if unit["english"] == "won" and numeral.values[0] < 10 and not unit["k"]:
            return True  # team 3 won
        return unit["ed"] is not None and unit["english"] not in ("dollar", "dollars")
    if numeral.kind == "sino" and len(said) == 1 and said not in "십백천만":
        return True
    end = unit.end()
    return not (ends_word(text, end) or _MONEY_END.match(text, end) or _BAND.match(text, end))


def _bare(text: str, plain: _Amount) -> _Amount:
    """Return 3만 as an amount of won where nothing else can be meant by it."""
    numeral = plain.numeral
    said = text[numeral.start : numeral.end]
    sure = numeral.kind == "digits" or (len(said) > 2 and numeral.kind == "sino")
    if not sure or numeral.scale < 1000 or not said.endswith(tuple("천만억")):
        return plain
    if not _BARE_END.match(text, numeral.end) or _NOT_MONEY.match(text, numeral.end):
        return plain
    return replace(plain, currencies=("KRW",), confidence=0.7)


def _joined(text: str, one: _Amount | None, other: _Amount) -> _Amount | None:
    """Return two amounts as one if they are: a range, or dollars and cents.

    The result has no values if they belong together and their sense is lost.
    """
    if one is None or one.end > other.start or other.start - one.end > 8:
        return None
    between = text[one.end : other.start]
    if other.currencies == ("cents",):
        if one.currencies[:1] in (("USD",), ("EUR",)) and _CENTS_GAP.fullmatch(between):
            values = (one.values[0] + other.values[0],)
            return replace(one, end=other.end, values=values)
        return None
    if not _RANGE.fullmatch(between) or one.low is not None:
        return None
    if not (one.currencies or other.currencies):
        return None
    word, left = between.strip(), text[max(0, one.start - 16) : one.start]
    if word == "and" and not _BETWEEN.search(left):
        return None
    if word == "이상" and not (_UP_TO.match(text, other.end) or _BELOW.match(text, other.end)):
        return None
    currencies = other.currencies or one.currencies
    low, high = one.values[0], other.values[0]
    lost = replace(other, values=(), currencies=())
    if len(one.values) > 1 or len(other.values) > 1 or one.numeral.is_linked_before:
        return lost
    if one.currencies and other.currencies and one.currencies != other.currencies:
        return None
    if not one.currencies and one.numeral.scale == 1 and other.numeral.scale > 1:
        low *= other.numeral.scale
    elif word != ".." and not one.currencies and one.numeral.scale == 1 and high >= 1000 > low * 10:
        return lost
    if low >= high:
        return lost
    start = one.start
    if between_word := _BETWEEN.search(left):
        start -= len(between_word[0])
    if not other.currencies and other.numeral.end < len(text) and not ends_word(text, other.end):
        return lost
    confidence = min(one.confidence, other.confidence) if one.currencies else other.confidence
    return _Amount(start, other.end, (high,), currencies, other.numeral, confidence, low=low)


def _found(text: str, amount: _Amount) -> Found | None:
    """Return what is found in an amount with the bounds that stand around it; None if unclear."""
    if not amount.currencies or not amount.values:
        return None
    start, end, numeral = amount.start, amount.end, amount.numeral
    currencies = ("USD",) if amount.currencies == ("cents",) else amount.currencies
    confidence = amount.confidence
    left = text[max(0, start - 20) : start]
    if _NOT_BEFORE.search(left) or is_refused(text, start, end) or _HALF_SAID.match(text, end):
        return None
    low, high = amount.low, amount.values[0]
    spans: list[tuple[Decimal | None, Decimal | None]]
    if numeral.is_spread and amount.low is None:
        low, high = amount.values[0], amount.values[-1]
    is_range = low is not None
    if not is_range and (numeral.is_linked or left.endswith(("-", "−"))):
        return None
    step = 1 if currencies[0] in _WHOLE else 0
    spans = [(low, high)] if is_range else [(value, value) for value in amount.values]
    if amount.is_open:
        spans = [(bottom, None) for bottom, _ in spans]
    elif (band := _BAND.match(text, end)) and currencies == ("KRW",):
        end += band[0].index("대") + 1
        if _BAND_PART.match(text, end):
            confidence = 0.6
        spans = [(bottom or top, _band_top(top or Decimal(0))) for bottom, top in spans]
    elif (after := _BELOW.match(text, end)) is not None:
        spans = [
            (bottom if is_range else None, (top or Decimal(0)) - step) for bottom, top in spans
        ]
        end = after.end()
    elif (after := _ABOVE.match(text, end)) is not None and not is_range:
        spans = [((bottom or Decimal(0)) + step, None) for bottom, _ in spans]
        end = after.end()
    elif (after := _UP_TO.match(text, end)) is not None:
        spans = [(bottom if is_range else None, top) for bottom, top in spans]
        end = after.end()
    elif not is_range and (after := _FROM.match(text, end)) is not None:
        spans = [(bottom, None) for bottom, _ in spans]
        end = after.end()
    elif not is_range and (tilde := _TILDE.match(text, end)) is not None and len(spans) == 1:
        # 3만원~: from there on, or no more than a friendly tone.
        spans = [*spans, (spans[0][0], None)]
        end = tilde.end()
    elif not is_range and (before := _UP_TO_BEFORE.search(left)) is not None:
        spans = [(None, top) for _, top in spans]
        start -= len(before[0].lstrip())
    elif not is_range and (before := _FROM_BEFORE.search(left)) is not None:
        spans = [(bottom, None) for bottom, _ in spans]
        start -= len(before[0].lstrip())
    if _ABOUT_AFTER.match(text, end) or _ABOUT_BEFORE.search(left):
        confidence = min(confidence, 0.7)
    values = [_written(bottom, top, currency) for bottom, top in spans for currency in currencies]
    clear = list(dict.fromkeys(value for value in values if value is not None))
    if not clear or len(clear) < len(values):
        return None
    readings = [
        Reading(value, confidence if len(clear) == 1 else round(0.6 - 0.1 * index, 2))
        for index, value in enumerate(clear[:4])
    ]
    return Found(start, end, tuple(readings))


def _written(low: Decimal | None, high: Decimal | None, currency: str) -> str | None:
    """Return the canonical value; None for parts of a won, and less than nothing."""
    ends = [one for one in (low, high) if one is not None]
    if any(one < 0 or (one % 1 and currency in _WHOLE) or one * 100 % 1 for one in ends):
        return None
    texts = [_spelled(one) if one is not None else "" for one in (low, high)]
    amount = texts[0] if low == high else "..".join(texts)
    return f"{amount} {currency}"


def _spelled(amount: Decimal) -> str:
    return format(amount, ".2f") if amount % 1 else spelled(amount)


def _band_top(amount: Decimal) -> Decimal:
    """Return the end of the band that a round amount begins: 20만원대 ends before 30만."""
    width = Decimal(1)
    while amount and amount % (width * 10) == 0:
        width *= 10
    return amount + width - 1


def _thousands(values: tuple[Decimal, ...], letter: str) -> tuple[Decimal, ...]:
    return tuple(value * (1000 if letter == "k" else 10**6) for value in values)
