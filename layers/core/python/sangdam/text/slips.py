"""Slips of the hand, drawn with a seed: how a text looks when it is typed in a hurry.

Every function takes the text and a ``random.Random`` and returns the text as it might have been
typed; it is the same text where there is nothing to slip on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from random import Random

from sangdam.text.korean import hangul_from_keys, has_hangul, keys_from_hangul
from sangdam.text.lazy import lazy_pattern

Slip = Callable[[str, Random], str]

_TYPED = lazy_pattern("[a-zA-Z]+|[\uac00-\ud7a3\u3131-\u3163]+")
_HANGUL_RUN = lazy_pattern("[\uac00-\ud7a3\u3131-\u3163]+")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHIFTED = frozenset("QWERTOP")
"""The keys that write another letter with shift: ㅃ ㅉ ㄸ ㄲ ㅆ ㅒ ㅖ."""

_WIDER = {0x20: 0x3000, **{code: code + 0xFEE0 for code in range(0x21, 0x7F)}}
_TRIES = 12


def without_spaces(text: str, draw: Random) -> str:
    """Return the text with all its spaces left out."""
    return "".join(text.split())


def typo(text: str, draw: Random) -> str:
    """Return the text with one slip on the keyboard: one key wrong, missing, twice or too early.

    Hangul slips on the two-set keyboard, letter by letter, and what was meant is composed anew: a
    missing vowel leaves a loose consonant, as it does under a hand. Shift may be held or forgotten
    where it makes another letter (ㄱ/ㄲ, ㅐ/ㅒ). Only letters slip, not digits and signs.
    """
    runs = [(run.start(), run.end(), _keys(run[0])) for run in _TYPED.finditer(text)]
    strokes = sum(len(keys) for _, _, keys in runs)
    for _ in range(_TRIES if strokes else 0):
        at = draw.randrange(strokes)
        for start, end, keys in runs:
            if at < len(keys):
                slipped = _slip(keys, at, draw, korean=not text[start].isascii())
                if not text[start].isascii():
                    slipped = hangul_from_keys(slipped)
                typed = text[:start] + slipped + text[end:]
                if typed != text and typed.strip():
                    return typed
                break
            at -= len(keys)
    return text


def other_keyboard(text: str, draw: Random) -> str:
    """Return the text as the same keys write it in the other mode of a Korean keyboard.

    ``예약`` is ``dPdir`` in English mode; ``hello`` is ``ㅗ디ㅣㅐ`` in Korean mode. Of a text in
    both scripts the Korean is mistyped: its writer has switched back for the English words.
    """
    if has_hangul(text):
        return _HANGUL_RUN.sub(lambda run: keys_from_hangul(run[0]), text)
    return hangul_from_keys(text)


def decomposed(text: str, draw: Random) -> str:
    """Return the text with its syllables taken apart (NFD), as file names of a Mac are."""
    return unicodedata.normalize("NFD", text)


def full_width(text: str, draw: Random) -> str:
    """Return the text with letters, digits, signs and spaces as wide as a syllable."""
    return text.translate(_WIDER)


SLIPS: Mapping[str, Slip] = {
    "spaces": without_spaces,
    "typo": typo,
    "keyboard": other_keyboard,
    "nfd": decomposed,
    "width": full_width,
}


def _keys(run: str) -> str:
    return run if run.isascii() else keys_from_hangul(run)


def _slip(keys: str, at: int, draw: Random, *, korean: bool) -> str:
    """Return the keys with one slip at a place."""
    key = keys[at]
    kinds = ["neighbour", "neighbour", "drop", "double", "swap"]
    if korean and key.upper() in _SHIFTED:
        kinds.append("shift")
    kind = draw.choice(kinds)
    if kind == "drop":
        return keys[:at] + keys[at + 1 :]
    if kind == "double":
        return keys[:at] + key + keys[at:]
    if kind == "swap":
        return keys[:at] + keys[at : at + 2][::-1] + keys[at + 2 :]
    if kind == "shift":
        return keys[:at] + key.swapcase() + keys[at + 1 :]
    return keys[:at] + _beside(key, draw) + keys[at + 1 :]


def _beside(key: str, draw: Random) -> str:
    beside = draw.choice(_NEIGHBOURS[key.lower()])
    return beside.upper() if key.isupper() else beside


def _neighbours() -> dict[str, str]:
    """Return the keys around each key: each row stands half a key further right than the last."""
    around: dict[str, str] = {}
    for down, row in enumerate(_ROWS):
        for across, key in enumerate(row):
            near = row[max(0, across - 1) : across] + row[across + 1 : across + 2]
            if down:
                near += _ROWS[down - 1][across : across + 2]
            if down + 1 < len(_ROWS):
                near += _ROWS[down + 1][max(0, across - 1) : across + 1]
            around[key] = near
    return around


_NEIGHBOURS = _neighbours()
