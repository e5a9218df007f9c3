"""Which mode was the keyboard in? A message typed in the wrong one is read as it was meant.

The keys of ``예약`` write ``dPdir`` in English mode, and those of ``hello`` write ``ㅗ디ㅣㅐ`` in
Korean mode. Both readings of the keys are weighed: by how usual the steps from letter to letter
are in English, and the syllables in Korean. A word alone must be far from doubt, the words of one
message support each other, and what is doubtful stays as it was typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sangdam.text.korean import hangul_from_keys, keys_from_hangul
from sangdam.text.lazy import lazy_pattern
from sangdam.text.odds import ENGLISH_WORDS, LETTER_COSTS, SYLLABLES_BY_COST

MAX_LENGTH = 400
"""Longer messages are left alone: nobody types so much without looking up."""

_LATIN_RUN = lazy_pattern("[a-zA-Z]+")
_HANGUL_RUN = lazy_pattern("[\uac00-\ud7a3\u3131-\u3163]+")
_TOKEN = lazy_pattern(r"\S+")
_ADDRESS = lazy_pattern(r"@|://|www\.|[a-zA-Z0-9]\.[a-zA-Z0-9]")
_CODE = lazy_pattern(r"[\d_#-]")

_BEGINS_A_SYLLABLE = lazy_pattern("[A-Z]*[qwertasdfgzxcvQWERT][yuiophjklbnmOP]")
_SHIFTED = frozenset("QWERTOP")
_LAUGH = lazy_pattern("z+|g{2,}|b{2,}|n{2,}")
_LAUGHING = lazy_pattern("(?:z{2,}|g{2,}|b{2,}|n{2,})$")
_ABBREVIATED = lazy_pattern("([A-Z]+)([a-z][a-zA-Z]*)")
_KOREAN_REPLIES = frozenset("sp spsp dP dPdP dho dhodho anj dmd dmddmd spq spqspq spd dPq".split())
"""Short words that are a whole message: 네 예 왜 뭐 응 넵 넹 옙."""
_ENGLISH_REPLIES = frozenset("hi ok no yes bye hey yo goodbye".split())

_USUAL = frozenset(
    map(chr, range(0x20, 0x7F)),
).union("…·~’‘“”ㅋㅎㅠㅜ", *(letters for cost, letters in SYLLABLES_BY_COST.items() if cost <= 10))
_ABBREVIATION = lazy_pattern("[ㄱ-ㅎ]{1,3}|[ㅋㅎㅠㅜㅡㅗㅏㅇㄷㄴ]+|(.{1,2})\\1+")

_COSTS = {letter: float(cost) for cost, all_ in SYLLABLES_BY_COST.items() for letter in all_}
_RARE_SYLLABLE = 12.5
_LOOSE_LETTER = 6.0
_WORD_COST = 2.0
_IN_THE_LIST = 12.0
_ALONE = -1.0
"""What a message of one word needs: English words that look like Korean are in the list."""


@dataclass(frozen=True, slots=True)
class _Word:
    """One run of letters: where it stands, its other reading, and how much speaks for that."""

    start: int
    end: int
    other: str
    odds: float
    is_clear: bool
    is_whole: bool


def as_meant(text: str) -> str:
    """Return the text with what was typed in the wrong keyboard mode read as it was meant.

    Case matters: ``P`` is ㅖ, ``p`` is ㅔ. Signs and digits are the same in both modes. Nothing
    else changes, and a text without such a slip is returned as it is.

    >>> as_meant("dPdir cnlthgowntpdy"), as_meant("ㅗ디ㅣㅐ")
    ('예약 취소해주세요', 'hello')
    >>> as_meant("track my order"), as_meant("ㅇㅋ ㄱㅅ")
    ('track my order', 'ㅇㅋ ㄱㅅ')
    """
    if len(text) > MAX_LENGTH:
        return text
    if _could_be_korean(_LATIN_RUN.findall(text)):
        text = _replaced(text, _korean_words(text))
    if not _USUAL.issuperset(text):
        text = _replaced(text, _english_words(text))
    return text


def _could_be_korean(runs: Sequence[str]) -> bool:
    """Tell whether one of these Latin words is clearly Korean, or all of them may be."""
    whole = bool(runs)
    for place, keys in enumerate(runs):
        if not _BEGINS_A_SYLLABLE.match(keys):
            whole = False
            continue
        other, odds, is_whole = _as_korean(_uncapitalised(keys) if not place else keys)
        if is_whole and len(other) > 1 and odds >= (_ALONE if len(runs) == 1 else 1):
            return True
        whole = whole and is_whole
    return whole


def _uncapitalised(keys: str) -> str:
    """Return the first word of a message without the capital that the device gave it."""
    return keys.lower() if keys[0] not in _SHIFTED and keys[1:].islower() else keys


def _korean_words(text: str) -> Sequence[_Word]:
    """Return the Latin words to be read as Korean."""
    addresses = [token.span() for token in _TOKEN.finditer(text) if _ADDRESS.search(token[0])]
    words: list[_Word] = []
    for place, run in enumerate(_LATIN_RUN.finditer(text)):
        start, end = run.span()
        if any(low <= start < high for low, high in addresses):
            continue
        other, odds, whole = _as_korean(_uncapitalised(run[0]) if not place else run[0])
        in_code = _CODE.fullmatch(text[end : end + 1]) or _CODE.fullmatch(text[start - 1 : start])
        is_clear = whole and len(other) > 1 and odds >= 1 and not in_code
        words.append(_Word(start, end, other, min(odds, 1.0) if in_code else odds, is_clear, whole))
    if _is_alone(text, words):
        (word,) = words
        said = text[word.start : word.end] in _KOREAN_REPLIES
        several = word.is_whole and len(word.other) > 1 and word.odds >= _ALONE
        return words if said or several else ()
    total = sum(word.odds for word in words)
    clear = [word for word in words if word.is_clear]
    if _HANGUL_RUN.search(text):
        clear = [word for word in clear if word.odds >= 3]
    likely = [word for word in words if word.is_whole and word.odds > 0]
    if total > 0 and (clear or (len(likely) > 1 and total >= 8)):
        doubtful = -8 - total / 4
        return [word for word in words if word.odds > (doubtful if word.is_whole else 2)]
    return [word for word in clear if word.odds >= 12]


def _english_words(text: str) -> Sequence[_Word]:
    """Return the Hangul words to be read as English."""
    words: list[_Word] = []
    for run in _HANGUL_RUN.finditer(text):
        other, odds, is_clear = _as_english(run[0])
        words.append(_Word(run.start(), run.end(), other, odds, is_clear, odds != 0.0))
    if _is_alone(text, words) and words[0].other in _ENGLISH_REPLIES:
        return words
    total = sum(word.odds for word in words)
    clear = [word for word in words if word.is_clear]
    likely = [word for word in words if word.is_whole and word.odds > 0]
    if total > 0 and (clear or (len(likely) > 1 and total >= 8)):
        return [word for word in words if word.odds > -6 - total / 4]
    return [word for word in clear if word.odds >= 14]


def _is_alone(text: str, words: Sequence[_Word]) -> bool:
    if len(words) != 1:
        return False
    return not any(map(str.isalnum, text[: words[0].start] + text[words[0].end :]))


def _replaced(text: str, words: Sequence[_Word]) -> str:
    parts, at = [], 0
    for word in words:
        parts += [text[at : word.start], word.other]
        at = word.end
    return "".join(parts) + text[at:] if parts else text


@lru_cache(maxsize=4096)
def _as_korean(keys: str) -> tuple[str, float, bool]:
    """Return the Hangul of keys, how much speaks for it, and whether it is all syllables."""
    if _LAUGH.fullmatch(keys):
        return hangul_from_keys(keys), 0.0, True
    if keys.isupper() and (len(keys) > 1 or keys not in _SHIFTED):
        return keys, 0.0, False
    before, word, after = "", keys, ""
    if laughing := _LAUGHING.search(keys):
        word, after = keys[: laughing.start()], hangul_from_keys(laughing[0])
    hangul = hangul_from_keys(word)
    if any(key.isupper() and key not in _SHIFTED for key in word) or not _is_whole(hangul):
        abbreviated = _ABBREVIATED.fullmatch(word)  # ``ATMdptj`` is ATM에서
        if abbreviated and _is_whole(hangul_from_keys(abbreviated[2])):
            before, word = abbreviated[1], abbreviated[2]
            hangul = hangul_from_keys(word)
        elif any(key.isupper() and key not in _SHIFTED for key in word):
            return keys, -6.0, False
    odds = english_cost(word) - korean_cost(hangul)
    if word.lower() in ENGLISH_WORDS:
        odds -= _IN_THE_LIST
    return before + hangul + after, odds, _is_whole(hangul)


@lru_cache(maxsize=4096)
def _as_english(hangul: str) -> tuple[str, float, bool]:
    """Return the keys of Hangul, how much speaks for them, and whether they are clearly English."""
    keys = keys_from_hangul(hangul)
    cost = english_cost(keys)
    if _ABBREVIATION.fullmatch(hangul):
        return keys, 0.0, False
    odds = korean_cost(hangul) - cost
    clear = odds >= 3 and len(keys) > 2 and cost / (len(keys) + 1) < 3.2
    return keys, odds, clear


def _is_whole(hangul: str) -> bool:
    return all("가" <= letter <= "힣" for letter in hangul)


def english_cost(keys: str) -> float:
    """Return how unlikely these letters are as an English word, in nats."""
    row, cost = 0, 0
    for key in keys.lower():
        column = ord(key) - 97
        cost += ord(LETTER_COSTS[row][column])
        row = column + 1
    cost += ord(LETTER_COSTS[row][26])
    return (cost - 97 * (len(keys) + 1)) / 2


def korean_cost(hangul: str) -> float:
    """Return how unlikely these syllables are as a Korean word, in nats."""
    return _WORD_COST + sum(
        _COSTS.get(letter, _RARE_SYLLABLE) if letter >= "가" else _LOOSE_LETTER for letter in hangul
    )
