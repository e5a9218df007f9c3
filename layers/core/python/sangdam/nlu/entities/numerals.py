"""Cardinal numerals as they are written and said: the piece under counts, amounts and the like.

Digits (``1,200.50``), Sino-Korean (``삼백이십만``, ``12만 5천``), native Korean (``열두``)
and English (``two hundred and five``). What stands in a word is no numeral (``오늘``, ``만나요``);
whether a numeral ends where it seems to is for those to say who know what follows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from sangdam.text.lazy import lazy_pattern

LIMIT = 20
"""Most values taken from one message; a pasted list beyond that is no answer to a question."""

Kind = Literal["digits", "sino", "native", "english"]

_MESSAGE = 2000
_WINDOW = 48
"""Longest Korean numeral looked at, in characters."""
_WORDS = 14
"""Longest English numeral looked at, in words."""

_ONES = {digit: index for index, digit in enumerate("일이삼사오육칠팔구", start=1)} | {"륙": 6}
_TENS = {"십": 10, "백": 100, "천": 1000}
_GROUPS = {"만": 10**4, "억": 10**8, "조": 10**12}
_SINO = "일이삼사오육륙칠팔구십백천만억조영공"

_FREE = {
    "하나": 1, "둘": 2, "셋": 3, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "여덜": 8,
    "아홉": 9,
}  # fmt: skip
_BEFORE_UNIT = {"한": 1, "두": 2, "세": 3, "석": 3, "네": 4, "넉": 4}
_NATIVE_TENS = {
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70,
    "여든": 80, "아흔": 90,
}  # fmt: skip
_PAIRS = {
    "한두": (1, 2), "한 두": (1, 2), "두세": (2, 3), "두 세": (2, 3), "두어": (2, 3),
    "두서너": (2, 4), "서너": (3, 4), "세네": (3, 4), "세 네": (3, 4), "네다섯": (4, 5),
    "네댓": (4, 5), "너댓": (4, 5), "너덧": (4, 5), "대여섯": (5, 6), "다섯여섯": (5, 6),
    "예닐곱": (6, 7), "일고여덟": (7, 8), "엳아홉": (8, 9),
}  # fmt: skip

_SMALL = {
    word: index
    for index, word in enumerate(
        (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen "
            "fourteen fifteen sixteen seventeen eighteen nineteen"
        ).split()
    )
} | {
    word: 10 * index
    for index, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_BIG = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_PHRASES = {
    "half a dozen": 6, "a dozen": 12, "a couple": 2, "a hundred": 100, "a thousand": 10**3,
    "a million": 10**6,
}  # fmt: skip


def _any_of(*words: str) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_START = lazy_pattern(
    f"[0-9{_SINO}]|{_any_of(*_FREE, *_BEFORE_UNIT, *_NATIVE_TENS, *_PAIRS)}"
    rf"|(?<![a-z0-9'_])(?:{_any_of(*_PHRASES, *_SMALL)})(?![a-z0-9'_])"
)
_DIGITS = lazy_pattern(
    r"[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,6})?(?![0-9])|[0-9]{1,15}(?:\.[0-9]{1,6})?"
)
_SPOILT = lazy_pattern(r"[0-9]|[.,:/⁄+*×=^][0-9]|⁄|/[0-9a-z]|분의")
_CLUSTER = lazy_pattern("[0-9][0-9.,:/⁄+*×=^]*")
_RUN = lazy_pattern(f"[{_SINO}]+")
_PIECE = lazy_pattern(f"[{''.join(_ONES)}{''.join(_TENS)}{''.join(_GROUPS)}]")
_GAP = lazy_pattern(
    rf" (?=(?:[0-9]{{1,4}}(?:\.[0-9])? ?|[{''.join(_ONES)}]?)[십백천만억]"
    r"|[0-9]{2,4}(?![0-9.,:/~-]))"
)
_MULTIPLIED = lazy_pattern("[십백천만억]")
_SAID_PAIR = lazy_pattern("(?:일이|이삼|삼사|사오|오륙|오육|육칠|칠팔|팔구)(?=[십백천만억])")
_ENDING = lazy_pattern("이(?:요|에|예|고|나|랑|며|면)")
# A lone 이 or 사 before any other syllable begins a word: 이상, 사과.
_AFTER_SINGLE = lazy_pattern("(?![가-힣])|[명인박회번할퍼프개요이입째]")
_NATIVE_PAIR = lazy_pattern(f"(?:{_any_of(*_PAIRS)})(?![트탁팅])")
_NATIVE_TEN = lazy_pattern(_any_of(*_NATIVE_TENS))
_NATIVE_ONE = lazy_pattern(_any_of(*_FREE, *_BEFORE_UNIT))
_NATIVE_FREE = lazy_pattern(_any_of(*_FREE, "열", "스물", "서른", "마흔"))
_BIG_WORD = lazy_pattern(rf" ({_any_of(*_BIG)})(?![a-z])")
_PHRASE = lazy_pattern(rf"(?:{_any_of(*_PHRASES)})(?![a-z])")
_WORD = lazy_pattern("[ -]?([a-z]+)")

# What may stand before a numeral without a space.
_GLUED = lazy_pattern(
    "(?:약|총|각|딱|또|단|은|는|에|로|랑|과|와|고|[0-9]시|[0-9]분|저녁|점심|아침|오늘|내일|모레"
    "|요일|주말|오전|오후|우리|저희|어른|성인|대인|소인|아이|소아|유아|학생|친구|가족|사람|표|티켓"
    "|방|객실|좌석|가격|금액|예산|최대|최소|인원|수량|한)$"
)
# 수천, 몇만, 10여 만: more than can be told.
_VAGUE = lazy_pattern("(?:몇|여러|수|여|기) ?$|[몇수][십백천만억]{1,3} $")
_LINK = r" ?(?:[-~–—]|\.\.) ?"
_LINK_BEFORE = lazy_pattern(rf"[0-9십백천만억원%]{_LINK}$")
_LINK_AFTER = lazy_pattern(rf"{_LINK}(?:[0-9]|[이삼사오육칠팔구]?[십백천만]|[두세네])")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A cardinal numeral, ``text[start:end]``."""

    start: int
    end: int
    values: tuple[Decimal, ...]
    """What it can mean, the likeliest first; the two ends if it is a spread."""
    kind: Kind
    scale: int = 1
    """Its last magnitude: 10,000 in ``3만``, which ``2~3만`` shares."""
    is_spread: bool = False
    """Is it a loose pair: ``두세``, ``이삼만``?"""
    needs_unit: bool = False
    """Is it none without a unit: ``한``, ``두``, ``스무``?"""
    is_linked_before: bool = False
    """Does a dash tie it to a numeral before it: the ``30`` of ``20-30``?"""
    is_linked_after: bool = False

    @property
    def is_linked(self) -> bool:
        return self.is_linked_before or self.is_linked_after


def numerals(text: str, *, after: tuple[str, ...] = ()) -> Iterable[Numeral]:
    """Return the numerals of a text in order, none inside a word.

    ``after`` are Latin words that digits may follow without a space: ``krw30000``.

    >>> [str(one.values[0]) for one in numerals("12만 5천 원, 열두 개, two hundred and five")]
    ['125000', '12', '205']
    """
    return _kept(text, after) if len(text) <= _MESSAGE else _scan(text, after)


@lru_cache(maxsize=8)
def _kept(text: str, after: tuple[str, ...]) -> tuple[Numeral, ...]:
    """Return the numerals of a message: all parsers of values ask for them, one after another."""
    return tuple(_scan(text, after))


def _scan(text: str, after: tuple[str, ...]) -> Iterator[Numeral]:
    at = 0
    while begun := _START.search(text, at):
        start = begun.start()
        at = _run_end(text, start)
        if not _stands_free(text, start, after):
            continue
        numeral = _at(text, start)
        if numeral is None or _begins_word(text, numeral):
            continue
        at = numeral.end
        yield replace(
            numeral,
            is_linked_before=_LINK_BEFORE.search(text[max(0, start - 6) : start]) is not None,
            is_linked_after=_LINK_AFTER.match(text, numeral.end) is not None,
        )


def spelled(value: Decimal) -> str:
    """Return the one way a number is written: ``12.5``, ``-3``, ``1200``.

    >>> spelled(Decimal("1200.50")), spelled(Decimal("-0.0"))
    ('1200.5', '0')
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _run_end(text: str, start: int) -> int:
    """Return where to look on if no numeral stands here: behind all that is glued together."""
    run = _CLUSTER.match(text, start) or _RUN.match(text, start)
    if run is not None:
        return run.end()
    if text[start].isascii():
        last = start
        while (word := _WORD.match(text, last)) and _is_numeral_word(word[1]):
            last = word.end()
        return max(last, start + 1)
    return start + 1


def _stands_free(text: str, start: int, after: tuple[str, ...]) -> bool:
    if start == 0:
        return True
    window = text[max(0, start - 8) : start]
    before, hangul = window[-1], "가" <= window[-1] <= "힣"
    if text[start] in "0123456789":
        if before.isalnum() and not hangul:
            return window.endswith(after) and bool(after)
        if before == ".":
            return window.endswith("..")
        if before in ",:/":
            return not window[-2:-1].isdigit()
        return before not in "+*×^⁄#@_" and not window.endswith("분의 ")
    if before.isalnum() and not hangul:
        return False
    if text[start] in "십백천만억" and _VAGUE.search(window):
        return False
    if hangul:
        run = _RUN.match(text, start)
        alone = run is not None and not _MULTIPLIED.search(run[0]) and not _native(text, start)
        return not alone and text[start] != "한" and _GLUED.search(window) is not None
    return True


def _begins_word(text: str, numeral: Numeral) -> bool:
    single = numeral.kind == "sino" and numeral.end - numeral.start == 1 and numeral.scale == 1
    return single and _AFTER_SINGLE.match(text, numeral.end) is None


def _at(text: str, start: int) -> Numeral | None:
    if text[start].isascii() and not text[start].isdigit():
        return _english(text, start)
    return _native(text, start) or _sino(text, start)


def _native(text: str, start: int) -> Numeral | None:
    pair = _NATIVE_PAIR.match(text, start)
    if pair is not None:
        low, high = (Decimal(one) for one in _PAIRS[pair[0]])
        return Numeral(start, pair.end(), (low, high), "native", is_spread=True, needs_unit=True)
    ten = _NATIVE_TEN.match(text, start)
    end = ten.end() if ten else start
    one = _NATIVE_ONE.match(text, end)
    if one is None and ten and text[end : end + 1] == " ":
        one = _NATIVE_ONE.match(text, end + 1)
    if (one is None and ten is None) or (one and ten and ten[0] == "스무"):
        return None
    value = (_NATIVE_TENS[ten[0]] if ten else 0) + (
        (_FREE | _BEFORE_UNIT)[one[0]] if one is not None else 0
    )
    end = one.end() if one else end
    if _NATIVE_FREE.match(text, end) or (one is None and _NATIVE_ONE.match(text, end)):
        return None
    last = one[0] if one else ten[0] if ten else ""
    needs_unit = last in _BEFORE_UNIT or last == "스무"
    return Numeral(start, end, (Decimal(value),), "native", needs_unit=needs_unit)


def _sino(text: str, start: int) -> Numeral | None:
    window = text[start : start + _WINDOW]
    if _SAID_PAIR.match(window):
        low, high = _counted(window[0] + window[2:]), _counted(window[1:])
        if low is None or high is None:
            return None
        ends = (low.values[0], high.values[0])
        return replace(high, start=start, end=start + high.end + 1, values=ends, is_spread=True)
    if window[:2] == "이 " and _MULTIPLIED.match(window, 2):
        # 이 만 원: twenty thousand, or these ten thousand.
        joined, apart = _counted("이" + window[2:]), _counted(window[2:])
        if joined is None or apart is None:
            return None
        both = (joined.values[0], apart.values[0])
        return replace(apart, start=start, end=start + apart.end + 2, values=both)
    found = _counted(window)
    if found is None:
        return None
    end = start + found.end
    value = found.values[0]
    if value % 100 == 0 and value and window[found.end - 1] == "백":
        native = _native(text, end)
        if native is not None and not native.is_spread:
            return replace(native, start=start, values=(value + native.values[0],))
    return replace(found, start=start, end=end)


def _counted(text: str) -> Numeral | None:
    """Return the numeral of digits and Sino-Korean words that a text begins with."""
    if text[:1] in ("영", "공"):
        return None if text[1:2] in tuple(_SINO) else Numeral(0, 1, (Decimal(0),), "sino")
    total = group = Decimal(0)
    pending: Decimal | None = None
    kind: Kind = "digits" if text[:1].isdigit() else "sino"
    top, level, scale, end, last = 10**13, 10**4, 1, 0, ""
    while end < _WINDOW:
        at = end
        if end and (last != "one" or text[end + 1 : end + 2] == "만") and _GAP.match(text, end):
            at += 1
        digits = _DIGITS.match(text, at)
        if digits:
            number = Decimal(digits[0].replace(",", ""))
            padded = digits[0][0] == "0" and digits[0][1:2].isdigit()
            if pending is not None or padded or _SPOILT.match(text, digits.end()):
                return None
            if last and (number >= level or number % 1):
                return None
            pending, end, last = number, digits.end(), "digits"
            big = _BIG_WORD.match(text, end) if total == group == 0 else None
            if big:
                scale = _BIG[big[1]]
                return Numeral(0, big.end(), (number * scale,), "digits", scale)
            continue
        piece = _PIECE.match(text, at)
        if piece is None:
            break
        word = piece[0]
        if word in _ONES:
            mixed = kind == "digits" and not _MULTIPLIED.match(text, at + 1)
            if pending is not None or level <= 1 or mixed:
                break
            pending, last = Decimal(_ONES[word]), "one"
        elif word in _TENS:
            size = _TENS[word]
            most = 1000 if size == 1000 and not group else 10
            if size >= level or (pending is not None and not 0 < pending < most):
                break
            group += size * (1 if pending is None else pending)
            pending, level, scale, last = None, size, size, "ten"
        else:
            size = _GROUPS[word]
            amount = group + (pending or 0)
            if not amount and not end and size == 10**4:
                amount = Decimal(1)
            if size >= top or not amount:
                break
            total += amount * size
            group, pending = Decimal(0), None
            top, level, scale, last = size, 10**4, size, "group"
        end = at + 1
    if not end:
        return None
    following = text[end : end + 1]
    glued = kind == "sino" or following in ("만", "억", "조", "천", "백", "십")
    if following and following in _SINO and glued and not _ENDING.match(text, end):
        return None
    value = total + group + (pending or 0)
    values: tuple[Decimal, ...] = (value,)
    if top == 10**8 and group and group % 1000 == 0 and pending is None:
        values = (total + group * 10**4, value)  # 1억2천: the 천 of 천만, most often
    if top == 10**4 and not group and last == "digits" and pending and 0 < pending < 10:
        values = (total + pending * 1000, value)  # 2만5: the 5 of 5천, most often
    return Numeral(0, end, values, kind, scale)


def _english(text: str, start: int) -> Numeral | None:
    phrase = _PHRASE.match(text, start)
    total, group, end, room, top, scale = 0, 0, start, 100, 10**12, 1
    if phrase:
        if phrase[0] in ("half a dozen", "a dozen", "a couple"):
            value = Decimal(_PHRASES[phrase[0]])
            return Numeral(start, phrase.end(), (value,), "english", 12 if value > 2 else 1)
        size = _PHRASES[phrase[0]]
        total, group = (0, size) if size == 100 else (size, 0)
        end, scale, top = phrase.end(), size, 10**12 if size == 100 else size
    words = _words_from(text, end)
    fraction = Decimal(0)
    for index, (word, after) in enumerate(words):
        then = [one for one, _ in words[index + 1 : index + 3]]
        if word == "and":
            if then[:2] == ["a", "half"]:
                fraction, end = Decimal("0.5"), words[index + 2][1]
                break
            joins = scale >= 100 and room == 100 and _SMALL.get(then[0] if then else "", 0) > 0
            if not joins or _multiplied_later(words[index + 1 :], top):
                break
            continue
        if word == "point":
            digits = [_SMALL.get(one, 99) for one, _ in words[index + 1 : index + 4]]
            said = next((n for n, digit in enumerate(digits) if digit > 9), len(digits))
            if not said or not end > start:
                break
            fraction = Decimal("0." + "".join(map(str, digits[:said])))
            end, room = words[index + said][1], 0
            break
        small, big = _SMALL.get(word), _BIG.get(word)
        if small is not None and (room == 100 or (room == 10 and 0 < small < 10)):
            group += small
            room = 10 if small >= 20 else 0
        elif big == 100 and 0 < group < 100:
            group, room, scale = group * 100, 100, 100
        elif big is not None and big > 100 and group and big < top:
            total, group, room, scale, top = total + group * big, 0, 100, big, big
        elif word == "dozen" and group and not total:
            return Numeral(start, after, (Decimal(group * 12),), "english", 12)
        elif small is not None or big is not None:
            return None
        else:
            break
        end = after
    if end == start:
        return None
    return Numeral(start, end, (total + group + fraction,), "english", scale)


def _words_from(text: str, at: int) -> list[tuple[str, int]]:
    words: list[tuple[str, int]] = []
    while len(words) < _WORDS and (word := _WORD.match(text, at)):
        if not (_is_numeral_word(word[1]) or word[1] in ("and", "a", "half", "point", "dozen")):
            break
        at = word.end()
        words.append((word[1], at))
    return words


def _is_numeral_word(word: str) -> bool:
    return word in _SMALL or word in _BIG


def _multiplied_later(words: list[tuple[str, int]], top: int) -> bool:
    """Is what follows ``and`` a numeral of its own: one hundred and TWO HUNDRED?"""
    later = next((_BIG[word] for word, _ in words[1:4] if word in _BIG), 0)
    return (later == 100 and top > 1000) or later >= top
