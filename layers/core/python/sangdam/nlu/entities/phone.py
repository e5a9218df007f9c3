"""Telephone numbers: ``010-1234-5678``, ``공일공 일이삼사 오육칠팔``, ``+1 415 555 2671``.

A value is in E.164, ``+821012345678``; a nationwide number has none and is its eight digits,
``15881234``. A number without an area or country code could be anyone's, and one inside a longer
run of digits (an account, an order) is not a number to call: neither is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sangdam.nlu.entities.choice import is_denied
from sangdam.nlu.entities.expression import LIMIT, found
from sangdam.nlu.entities.reading import Found
from sangdam.text.lazy import lazy_pattern

_KOREAN_DIGITS = {"공": "0", "영": "0", "빵": "0", "륙": "6"} | {
    word: str(digit) for digit, word in enumerate("일이삼사오육칠팔구", start=1)
}
_SPOKEN = "".join(_KOREAN_DIGITS)
_ENGLISH_DIGITS = {"oh": "0", "o": "0"} | {
    word: str(digit)
    for digit, word in enumerate("zero one two three four five six seven eight nine".split())
}
_ENGLISH_WORD = f"(?:{'|'.join(_ENGLISH_DIGITS)}|double|triple)"
_GROUP = lazy_pattern(
    rf"(?P<digits>[0-9]+)|(?P<korean>[{_SPOKEN}]+(?: [{_SPOKEN}]+)*)"
    rf"|(?P<english>\b{_ENGLISH_WORD}\b(?:[ ,-]{{1,2}}{_ENGLISH_WORD}\b)*)"
)
_GAP = lazy_pattern(r" ?[-.–—·]? ?|\) ?-? ?| ?\(|(?:에|의|다시|국에| 다시) ?")
_ENGLISH_GAP = lazy_pattern(r",? ?-? ?")
_MOST_GROUPS = 6

_MOBILE = lazy_pattern("(010)([0-9]{4})([0-9]{4})|(01[16789])([0-9]{3,4})([0-9]{4})")
_LAND = lazy_pattern(
    "(02|03[1-3]|04[1-4]|05[1-5]|06[1-4]|070|080|050[2-8]|050)([1-9][0-9]{2,3})([0-9]{4})"
)
_NATIONWIDE = lazy_pattern("(1[568][0-9]{2})([0-9]{4})")
_OPENS = lazy_pattern("0|82|1[568][0-9]{2}")
# Calling codes of the ITU-T, E.164: all of these are taken, and prefix-free.
_CALLING_CODE = lazy_pattern(
    "1|7|2(?:0|7|[1-69][0-9])|3(?:[0-469]|[578][0-9])|4(?:[013-9]|2[0-9])|5(?:[1-8]|[09][0-9])"
    "|6(?:[0-6]|[7-9][0-9])|8(?:[1246]|0[08]|[578][0-9])|9(?:[0-58]|6[0-8]|7[0-79]|9[2-68])"
)
_NORTH_AMERICAN = lazy_pattern("1[2-9][0-9]{2}[2-9][0-9]{6}")

_OTHER_NUMBER = lazy_pattern(
    r"(?:주문|송장|계좌|카드|예약|사업자|등록|쿠폰|상품|운송장|order|account|card|tracking|invoice)"
    r"(?: ?(?:번호|number|no\.?|#))?(?:는|은|가|이| is)? ?:? ?$"
)
_UNIT = lazy_pattern(
    " ?(?:원|만|천|개|명|년|월|일(?!이)|달러|%|번지|세트|박스|won|dollars?|people)"
)
_COUNTED = lazy_pattern(r" ?(?:명|개|시|분|원|장|잔|월|일|번|people|persons?|pm|am)")


@dataclass(frozen=True, slots=True)
class _Digits:
    """Digits that stand together, in figures or in words; ``is_words`` if in English ones."""

    start: int
    end: int
    digits: str
    is_words: bool = False


def find(text: str) -> tuple[Found, ...]:
    """Return the telephone numbers in a text, at most ``LIMIT``, in order of place.

    Digits that could count or name something else (``15881234``) have less confidence. A number
    that is denied (``010-1234-5678 말고``) or belongs to something else (``주문번호 …``) is none.
    """
    groups = list(_groups(text))
    results: list[Found] = []
    first, after_phone = 0, False
    while first < len(groups) and len(results) < LIMIT:
        number = _number_at(text, groups, first, after_phone=after_phone)
        if number is None:
            first, after_phone = first + 1, False
            continue
        count, start, end, value, sure = number
        first, after_phone = first + count, True
        if is_denied(text, start, end) or _OTHER_NUMBER.search(text[max(0, start - 24) : start]):
            continue
        one = found(start, end, ((value, sure),))
        if one is not None:
            results.append(one)
    return tuple(results)


def _groups(text: str) -> Iterator[_Digits]:
    for match in _GROUP.finditer(text):
        if match["digits"]:
            yield _Digits(match.start(), match.end(), match[0])
        elif match["korean"]:
            digits = "".join(_KOREAN_DIGITS.get(letter, "") for letter in match[0])
            yield _Digits(match.start(), match.end(), digits)
        else:
            yield _Digits(match.start(), match.end(), _english(match[0]), is_words=True)


def _english(words: str) -> str:
    digits, times = "", 1
    for word in re.findall("[a-z]+", words)[:40]:
        if word in ("double", "triple"):
            times = 2 if word == "double" else 3
        else:
            digits += _ENGLISH_DIGITS[word] * times
            times = 1
    return digits


def _number_at(
    text: str, groups: Sequence[_Digits], first: int, *, after_phone: bool
) -> tuple[int, int, int, str, float] | None:
    """Return the number that begins with a group: groups taken, span, value and confidence."""
    start = _start(text, groups[first].start)
    has_plus = text[start] == "+"
    if not has_plus and not _OPENS.match(groups[first].digits):
        return None
    if not _may_begin(text, groups, first, start, after_phone=after_phone):
        return None
    run = list(_run(text, groups, first))
    for count in range(len(run), 0, -1):
        for used in _endings(text, run[:count]):
            read = _read(used, has_plus=has_plus)
            if read is None or not _may_end(text, groups, first + count, used):
                continue
            value, sure = read
            if len(value) == 8 and _UNIT.match(text, used[-1].end):
                continue
            end = used[-1].end
            if text[end - 1] in _SPOKEN:  # heard, and a last 이 may be no digit
                sure *= 0.8 if text[end - 1] == "이" and _goes_on(text, end) else 0.95
            return count, start, end, value, sure
    return None


def _run(text: str, groups: Sequence[_Digits], first: int) -> Iterator[_Digits]:
    """Yield the groups from one on that are spelt as one number."""
    yield groups[first]
    for place in range(first + 1, min(first + _MOST_GROUPS, len(groups))):
        last, here = groups[place - 1], groups[place]
        gap = text[last.end : here.start] if here.start - last.end <= 4 else "far away"
        pattern = _ENGLISH_GAP if last.is_words and here.is_words else _GAP
        if (
            not gap
            or not pattern.fullmatch(gap)
            or sum(len(one.digits) for one in (last, here)) > 16
        ):
            return
        yield here


def _start(text: str, start: int) -> int:
    """Return where a number begins whose first digits are at ``start``: at its plus or bracket."""
    for opening in ("+ ", "+(", "+", "("):
        if text.endswith(opening, 0, start):
            return start - len(opening)
    return start


def _endings(text: str, run: Sequence[_Digits]) -> Iterator[list[_Digits]]:
    """Yield the groups as they stand, and without a last ``이`` that is no 2 but ``이에요``."""
    yield list(run)
    last = run[-1]
    if text[last.end - 1] == "이" and _goes_on(text, last.end):
        end = len(text[last.start : last.end - 1].rstrip()) + last.start
        if end > last.start:
            yield [*run[:-1], _Digits(last.start, end, last.digits[:-1])]


def _goes_on(text: str, place: int) -> bool:
    """Tell whether Korean goes on at a place, so that an ``이`` before it may be no digit."""
    return re.match(" ?[가-힣]", text[place : place + 2]) is not None


def _may_begin(
    text: str, groups: Sequence[_Digits], first: int, start: int, *, after_phone: bool
) -> bool:
    before = text[max(0, start - 2) : start]
    if re.search(r"[a-z_@#=\d+]$|[a-z.]/$", before):
        return False
    if first == 0 or after_phone:
        return True
    gap = text[groups[first - 1].end : start]
    if not gap or gap in "-.,:/~–" or gap == " - ":
        return False
    return gap != " " or len(groups[first - 1].digits) < 3 or not text[start - 2].isdigit()


def _may_end(text: str, groups: Sequence[_Digits], after: int, used: Sequence[_Digits]) -> bool:
    """Tell whether a number can end here: not within a longer run of digits, a word, an address."""
    end = used[-1].end
    if re.match(r"[a-z_@*]|[-.:~–] ?\d| ?골뱅이", text[end : end + 4]):
        return False
    if after >= len(groups):
        return True
    follower = groups[after]
    if follower.start == end:  # 5678이에요: no 2
        return text[end] == "이" and len(follower.digits) == 1 and _goes_on(text, end + 1)
    if text[end : follower.start] != " ":
        return True
    is_spaced = any(text[a.end : b.start] == " " for a, b in pairwise(used))
    if not is_spaced or follower.is_words or follower.digits.startswith("0"):
        return True
    return len(follower.digits) <= 2 and bool(_COUNTED.match(text, follower.end))


def _read(used: Sequence[_Digits], *, has_plus: bool) -> tuple[str, float] | None:
    """Return the value of groups of digits and how sure it is, if they are spelt like a number."""
    digits = "".join(one.digits for one in used)
    if len(digits) > 18:
        return None
    breaks: set[int] = set()
    place = 0
    for one in used[:-1]:
        place += len(one.digits)
        breaks.add(place)
    trunk = re.match("82" if has_plus else "(?:00)?82", digits)
    if trunk is not None:
        national = _national(digits[trunk.end() :])
        if any(place < trunk.end() for place in breaks - {2}):
            return None
        shift = len(digits) - len(national)
        read = _domestic(national, {place - shift for place in breaks} - {-2, -1, 0, 1})
        return (read[0], read[1] if has_plus else 0.9 * read[1]) if read else None
    if not has_plus:
        return _domestic(digits, breaks)
    code = _CALLING_CODE.match(digits)
    if code is None or not 8 <= len(digits) <= 15 or (code[0] == "1" and len(digits) != 11):
        return None
    if code[0] == "1" and not _NORTH_AMERICAN.fullmatch(digits):
        return None
    return "+" + digits, 1.0


def _national(digits: str) -> str:
    """Return the digits after +82 as they are dialled in Korea, where most begin with a zero."""
    return digits if digits.startswith("0") or _NATIONWIDE.fullmatch(digits) else "0" + digits


def _domestic(digits: str, breaks: set[int]) -> tuple[str, float] | None:
    """Read a number as it is dialled in Korea; ``breaks`` are where its groups meet."""
    for pattern, plain in ((_MOBILE, 1.0), (_LAND, 0.9), (_NATIONWIDE, 0.7)):
        match = pattern.fullmatch(digits)
        if match is None:
            continue
        parts = [len(part) for part in match.groups() if part]
        seams = {sum(parts[:count]) for count in range(1, len(parts))}
        if digits.startswith("050"):
            seams |= {3, 4, len(digits) - 4}  # 0507-1234-5678 and 050-7123-4567 alike
        if not breaks <= seams:
            return None
        value = digits if pattern is _NATIONWIDE else "+82" + digits[1:]
        return value, (max(plain, 0.95) if breaks else plain)
    return None
