"""Options that a text names letter by letter: ``빨강으로요``, ``the deep blue one``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sangdam.nlu.entities.options import Choice, Options
from sangdam.text.korean import has_hangul
from sangdam.text.lazy import lazy_pattern

NOUNS = "색상|색깔|색|컬러|사이즈|번|쪽|걸로|거로|거|것|꺼|건|게|자|짜리"
PARTICLES = (
    "으로만|으로|로만|로|은|는|이랑|이나|이|가|을|를|도|만|에서|에|의|와|과|랑|하고|나|부터|까지"
)
_VERBS = (
    "할게요|할께요|할래요|하겠습니다|해주세요|해줘요?|주세요|줘요?|부탁(?:해요|드려요|드립니다)|"
    "선택할게요|선택합니다|선택|좋아요|좋겠어요|원해요|갈게요|고를게요|살게요|바꿔주세요|변경해주세요|"
    "있어요|있나요|되나요|가능한가요|맞아요|예약할게요|같아요"
)
_ENDINGS = (
    "이에요|이예요|예요|에요|입니다|이고요|이구요|이고|고요|구요|인데요|이라고요?|라고요?|이야|야|"
    "이죠|죠|인가요|일까요|이네요|이용|용|이여|이요|요|임"
)
SUFFIX = lazy_pattern(f"(?:{NOUNS})?(?:{PARTICLES})?(?:{_VERBS}|{_ENDINGS})?")
_OPENS_SUFFIX = lazy_pattern("으로|이요|이에요|예요|입니다|말고|빼고|아니|보다|대신")
_SHORT_SUFFIX = lazy_pattern(
    "(?:자|짜리|사이즈|번)?(?:이요|으로요|로요|으로|이에요|예요|입니다)|(?:자|짜리|사이즈|번)(?:로|요)?"
)
_BEFORE_SHORT = lazy_pattern(
    r"(?:^|[은는요네예,.!] ?|(?:사이즈|색상|size|the|an?|in|take|want|choose|pick) )$"
)
_SYLLABLES = lazy_pattern("[가-힣]{1,16}")
_HANGUL = "가-힣ㄱ-ㆎ\u1100-\u11ff"
_MAY_BEGIN = lazy_pattern(rf"(?s:(?<![^\W_]).|(?<=[{_HANGUL}])[^{_HANGUL}]|(?<=[은는])[{_HANGUL}])")
"""Places where a word begins, and some more: see :func:`_left_trust`."""
_ASCII = lazy_pattern("[a-z0-9]")


def named(text: str, options: Options) -> dict[int, list[Choice]]:
    """Return what a text names of each list: the longest at each place, from left to right.

    Lists that it names nothing of are left out.
    """
    choices: dict[int, list[Choice]] = {}
    for place in _MAY_BEGIN.finditer(text):
        if place[0] not in options.beginnings:
            continue
        start = place.start()
        longest: dict[int, Choice] = {}
        for end, word, trust in _words_at(text, start, options):
            for of, keys in options.keys[word]:
                if of in choices and choices[of][-1].end > start:
                    continue
                if (
                    place[0] not in options.openings[of]
                ):  # a sign that other lists' words begin with
                    continue
                sure = trust / len(keys)
                longest[of] = Choice(start, end, tuple((key, sure) for key in keys))
        for of, choice in longest.items():
            choices.setdefault(of, []).append(choice)
    return choices


def _words_at(text: str, start: int, options: Options) -> Iterator[tuple[int, str, float]]:
    """Yield the words of options that begin at a place: their end, and how surely each begins."""
    word = ""
    for place in range(start, len(text)):
        letter = text[place]
        if letter in " -":
            after = text[place + 1 : place + 2]
            if not after or after in " -":
                break
            if _ASCII.match(text[place - 1]) and _ASCII.match(after):
                word += " "
            continue
        word += letter
        if word not in options.beginnings:
            break
        if word in options.keys and _ends_word(text, start, place + 1, word):
            trust = _left_trust(text, start)
            if not trust:
                break
            if trust == 1.0 or len(word) > 1:
                yield place + 1, word, trust


def _left_trust(text: str, start: int) -> float:
    """Return how surely a word begins at a place: 0 for not at all."""
    before, here = text[start - 1 : start], text[start]
    if not before:
        return 1.0
    if before == "'" or (
        before in ".,:/-" and here.isdigit() and text[max(0, start - 2) : start - 1].isdigit()
    ):
        return 0.0
    if not before.isalnum():
        return 1.0
    if not has_hangul(before):
        return 0.0
    if not has_hangul(here):
        return 0.9
    return 0.8 if before in "은는" else 0.0  # 저는노랑이요, typed without spaces


def _ends_word(text: str, start: int, end: int, word: str) -> bool:
    after = text[end : end + 3]
    is_short = len(word) == 1 or word.isdigit()
    if is_short and not _BEFORE_SHORT.search(text[max(0, start - 12) : start]):
        return False
    suffix = _SYLLABLES.match(text, end)
    if suffix is not None:
        if is_short:
            return _SHORT_SUFFIX.fullmatch(suffix[0]) is not None
        return bool(SUFFIX.fullmatch(suffix[0]) or _OPENS_SUFFIX.match(suffix[0]))
    if word[-1].isdigit() and re.match(r"[.,:/-]\d|%", after):
        return False
    if word.isdigit() and re.match(" ?[가-힣a-z]", after):
        return False
    return not after or not (after[0].isalnum() or re.match("'[a-z]", after))
