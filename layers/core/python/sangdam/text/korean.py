"""Hangul: syllables and their letters, the two-set keyboard, and which language a text is in."""

from __future__ import annotations

from typing import Literal

from sangdam.text.lazy import lazy_pattern

LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
TAILS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")

FIRST_SYLLABLE, LAST_SYLLABLE = 0xAC00, 0xD7A3

# Half-width letters (U+FFA1 ...) follow the order of the compatibility block with gaps.
HALF_WIDTH_JAMO = {
    **{0xFFA1 + index: 0x3131 + index for index in range(30)},
    **{
        half: 0x314F + index
        for index, half in enumerate(
            (
                *range(0xFFC2, 0xFFC8),
                *range(0xFFCA, 0xFFD0),
                *range(0xFFD2, 0xFFD8),
                0xFFDA,
                0xFFDB,
                0xFFDC,
            )
        )
    },
}

# Conjoining letters that found no syllable to join are read as the letters one types alone.
STANDALONE_JAMO = {
    **{0x1100 + index: ord(letter) for index, letter in enumerate(LEADS)},
    **{0x1161 + index: ord(letter) for index, letter in enumerate(VOWELS)},
    **{0x11A7 + index: ord(letter) for index, letter in enumerate(TAILS) if letter},
}

_HANGUL = lazy_pattern("[\uac00-\ud7a3\u3131-\u318e\u1100-\u11ff]")
_LATIN = lazy_pattern("[a-zA-Z\u00c0-\u024f]")


class _Letters(dict[int, str]):
    """The letters of each syllable, found when it first comes up: all 11,172 load too long."""

    def __missing__(self, code: int) -> str:
        if not FIRST_SYLLABLE <= code <= LAST_SYLLABLE:
            letters = chr(code)
        else:
            rest, tail = divmod(code - FIRST_SYLLABLE, 28)
            lead, vowel = divmod(rest, 21)
            letters = LEADS[lead] + VOWELS[vowel] + TAILS[tail]
        if len(self) < _KEPT:
            self[code] = letters
        return letters


_KEPT = 20_000
_JAMO_OF_SYLLABLE = _Letters()

# The two-set (dubeolsik) keyboard: the letter that each key writes.
_KEY_OF_LETTER = {
    **dict(
        zip(
            "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ",
            "qwertyuiopasdfghjklzxcvbnm",
            strict=True,
        )
    ),
    **dict(zip("ㅃㅉㄸㄲㅆㅒㅖ", "QWERTOP", strict=True)),
}
_LETTER_OF_KEY = {key: letter for letter, key in _KEY_OF_LETTER.items()}
_LETTER_OF_KEY |= {
    key.upper(): letter
    for key, letter in tuple(_LETTER_OF_KEY.items())
    if key.upper() not in _LETTER_OF_KEY
}
_TWO_LETTERS = {
    "ㅗㅏ": "ㅘ", "ㅗㅐ": "ㅙ", "ㅗㅣ": "ㅚ", "ㅜㅓ": "ㅝ", "ㅜㅔ": "ㅞ", "ㅜㅣ": "ㅟ",
    "ㅡㅣ": "ㅢ", "ㄱㅅ": "ㄳ", "ㄴㅈ": "ㄵ", "ㄴㅎ": "ㄶ", "ㄹㄱ": "ㄺ", "ㄹㅁ": "ㄻ",
    "ㄹㅂ": "ㄼ", "ㄹㅅ": "ㄽ", "ㄹㅌ": "ㄾ", "ㄹㅍ": "ㄿ", "ㄹㅎ": "ㅀ", "ㅂㅅ": "ㅄ",
}  # fmt: skip
_LETTERS_OF_PAIR = {pair: letters for letters, pair in _TWO_LETTERS.items()}


def has_hangul(text: str) -> bool:
    """Tell whether any syllable or letter of the Korean alphabet stands in the text."""
    return _HANGUL.search(text) is not None


def language_of(text: str) -> Literal["ko", "en"] | None:
    """Return ``ko`` if there is Hangul, else ``en`` if there are Latin letters, else None.

    A Korean sentence full of English product names is Korean; digits and signs are no language.
    """
    if _HANGUL.search(text):
        return "ko"
    return "en" if _LATIN.search(text) else None


def is_loose_jamo(text: str) -> bool:
    """Tell whether all there is to read are letters of no syllable: ``ㅁㄴㅇㄹ``, ``ㅠㅠ``.

    >>> is_loose_jamo("ㅋㅋ!!"), is_loose_jamo("네 ㅋㅋ"), is_loose_jamo("?")
    (True, False, False)
    """
    letters = [letter for letter in text if letter.isalnum()]
    return bool(letters) and all("\u3131" <= letter <= "\u318e" for letter in letters)


def to_jamo(text: str) -> str:
    """Return the text with every syllable written as its letters: ``값`` -> ``ㄱㅏㅄ``."""
    return text.translate(_JAMO_OF_SYLLABLE)


def from_jamo(text: str) -> str:
    """Return the text with its letters composed into syllables, as a keyboard would.

    A consonant belongs to the next syllable if a vowel follows: ``ㄱㅏㄱㅏ`` -> ``가가``.
    """
    syllables: list[str] = []
    index, end = 0, len(text)
    while index < end:
        lead = LEADS.find(text[index])
        vowel = VOWELS.find(text[index + 1]) if lead >= 0 and index + 1 < end else -1
        if vowel < 0:
            syllables.append(text[index])
            index += 1
            continue
        index += 2
        tail = 0
        if index < end and text[index] in TAILS[1:]:
            follows_vowel = index + 1 < end and text[index + 1] in VOWELS
            if not follows_vowel or text[index] not in LEADS:
                tail = TAILS.index(text[index])
                index += 1
        syllables.append(chr(FIRST_SYLLABLE + (lead * 21 + vowel) * 28 + tail))
    return "".join(syllables)


def hangul_from_keys(text: str) -> str:
    """Return what these keys write in Korean mode, for text typed in English mode by mistake.

    >>> hangul_from_keys("dPdir")
    '예약'
    """
    letters = [_LETTER_OF_KEY.get(key, key) for key in text]
    vowels = _join_pairs(letters, of=VOWELS, before_vowel=True)
    return from_jamo("".join(_join_pairs(vowels, of="".join(TAILS), before_vowel=False)))


def keys_from_hangul(text: str) -> str:
    """Return the keys that write this text in Korean mode, for English typed by mistake so.

    >>> keys_from_hangul("ㅗ디ㅣㅐ")
    'hello'
    """
    letters = "".join(_LETTERS_OF_PAIR.get(letter, letter) for letter in to_jamo(text))
    return "".join(_KEY_OF_LETTER.get(letter, letter) for letter in letters)


def _join_pairs(letters: list[str], *, of: str, before_vowel: bool) -> list[str]:
    """Join letters that make a double vowel, or a double consonant that ends a syllable.

    Two consonants end a syllable together only after a vowel and before no vowel: the second one
    leads the next syllable otherwise.
    """
    joined: list[str] = []
    index = 0
    while index < len(letters):
        pair = "".join(letters[index : index + 2])
        double = _TWO_LETTERS.get(pair, "") if len(pair) == 2 else ""
        if double and double in of:
            after = letters[index + 2] if index + 2 < len(letters) else ""
            closes = bool(joined) and joined[-1] in VOWELS and (not after or after not in VOWELS)
            if before_vowel or closes:
                joined.append(double)
                index += 2
                continue
        joined.append(letters[index])
        index += 1
    return joined
