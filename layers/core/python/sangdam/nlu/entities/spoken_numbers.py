"""Small numbers as they are said in dates and times: native Korean, Sino-Korean and English."""

from __future__ import annotations

from sangdam.text.lazy import lazy_pattern

_NATIVE_ONES = {
    "한": 1, "두": 2, "세": 3, "석": 3, "네": 4, "넉": 4, "다섯": 5, "여섯": 6, "일곱": 7,
    "여덟": 8, "여덜": 8, "아홉": 9,
}  # fmt: skip
_NATIVE_TENS = {
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70,
    "여든": 80, "아흔": 90,
}  # fmt: skip
_SINO_ONES = {digit: index for index, digit in enumerate("일이삼사오육칠팔구", start=1)}
_ENGLISH_ONES = {
    word: index
    for index, word in enumerate(
        (
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen"
        ).split(),
        start=1,
    )
}
_ENGLISH_TENS = {
    word: 10 * index
    for index, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_ORDINALS = {
    word: index
    for index, word in enumerate(
        (
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
            "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
            "twentieth"
        ).split(),
        start=1,
    )
} | {"thirtieth": 30}


def _any_of(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


NATIVE = (
    f"(?:(?:{_any_of(_NATIVE_TENS)}) ?(?:{_any_of(_NATIVE_ONES)})"
    f"|{_any_of(_NATIVE_ONES)}|{_any_of(_NATIVE_TENS)})"
)
"""Pattern of a native numeral before its unit: ``한``, ``열두``, ``스무``."""

SINO = "(?:[이삼사오육칠팔구]?십[일이삼사오육칠팔구]?|[일이삼사오육칠팔구])"
"""Pattern of a Sino-Korean numeral up to 99: ``삼``, ``십오``, ``이십구``."""

ENGLISH = (
    f"(?:(?:{_any_of(_ENGLISH_TENS)})(?:[- ](?:{'|'.join(list(_ENGLISH_ONES)[:9])})\\b)?"
    f"|{_any_of(_ENGLISH_ONES)})"
)
"""Pattern of an English number word up to 99: ``three``, ``forty-five``."""

ORDINAL = (
    f"(?:(?:twenty|thirty)[- ](?:{'|'.join(list(_ORDINALS)[:9])})|{_any_of(_ORDINALS)}"
    r"|\d{1,4}(?:st|nd|rd|th))"
)
"""Pattern of an English ordinal: ``third``, ``twenty-fifth``, ``30th``."""

_WORDS = lazy_pattern("[a-z]+")
_DIGITS = lazy_pattern("[0-9]+")


def number(text: str) -> int | None:
    """Return the number that one of the patterns of this module matched, or digits.

    >>> number("열두"), number("삼십일"), number("forty-five"), number("3rd"), number("내일")
    (12, 31, 45, 3, None)
    """
    text = text.replace(" ", "-") if text.isascii() else text.replace(" ", "")
    digits = _DIGITS.match(text)
    if digits:
        return int(digits[0])
    if text.isascii():
        return _english(text)
    return _native(text) or _sino(text)


def _english(text: str) -> int | None:
    total = 0
    for word in _WORDS.findall(text):
        value = _ENGLISH_TENS.get(word) or _ENGLISH_ONES.get(word) or _ORDINALS.get(word)
        if value is None:
            return None
        total += value
    return total or None


def _native(text: str) -> int | None:
    for word, ten in _NATIVE_TENS.items():
        if text.startswith(word):
            rest = text[len(word) :]
            one = _NATIVE_ONES.get(rest, 0)
            return ten + one if one or not rest else None
    return _NATIVE_ONES.get(text)


def _sino(text: str) -> int | None:
    tens, ten, ones = text.rpartition("십")
    if ten:
        first = _SINO_ONES.get(tens, 0) if tens else 1
        last = _SINO_ONES.get(ones, 0) if ones else 0
        return 10 * first + last if first and (last or not ones) else None
    return _SINO_ONES.get(text)
