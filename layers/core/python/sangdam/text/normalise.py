"""One form for all the ways a message can be typed, so that training and serving see the same."""

from __future__ import annotations

import unicodedata

from sangdam.text.korean import HALF_WIDTH_JAMO, STANDALONE_JAMO
from sangdam.text.lazy import lazy_pattern

MAX_LENGTH = 2000
"""Longest normalised text. Meaning lies in the first sentences; what follows is cut off."""

_MAX_INPUT = 3 * MAX_LENGTH  # a decomposed syllable is up to three characters

_SURROGATE = lazy_pattern("[\ud800-\udfff]")
_SPACES = lazy_pattern(r"\s+")
_REPEATED = lazy_pattern(r"([^\d\s])\1{2,}")
_ASCII_CONTROL = lazy_pattern("[\x00-\x1f\x7f]+")
_PLAIN = lazy_pattern("[ -~\uac00-\ud7a3]*")
_COMPATIBILITY_JAMO = lazy_pattern("([\u3131-\u3163\u3165-\u318e]+)")

# Letters that take no ink: Hangul fillers, variation selectors, the grapheme joiner.
_INVISIBLE = {
    0x115F,
    0x1160,
    0x3164,
    0xFFA0,
    0x034F,
    *range(0xFE00, 0xFE10),
    *range(0x180B, 0x1810),
}
_INVISIBLE |= set(range(0xE0100, 0xE01F0))


def normalise(text: str) -> str:
    """Return the one form of a text that rules, features and the encoder are given.

    Case, width, composition (NFC, NFD, half-width and conjoining jamo) and the kind and number of
    spaces no longer matter; control and zero-width characters are gone; a character repeated more
    than twice stands twice (``ㅋㅋㅋㅋ`` -> ``ㅋㅋ``), digits excepted; a lone surrogate is the
    replacement character. Stand-alone jamo stay jamo: ``ㅇㅋ`` is a word. The result has at most
    ``MAX_LENGTH`` characters, and normalising it again changes nothing.

    >>> normalise("  배송 언제 와요ㅠㅠㅠㅠ ??? ")
    '배송 언제 와요ㅠㅠ ??'
    >>> normalise("ＯＲＤＥＲ　１２３")
    'order 123'
    """
    text = text[:_MAX_INPUT]
    if _PLAIN.fullmatch(text):  # ASCII and whole syllables: case is all there is to fold
        folded = text.lower()
    elif text.isascii():
        folded = _ASCII_CONTROL.sub(" ", text).lower()
    else:
        folded = _fold(_visible(text))
    collapsed = _REPEATED.sub(r"\1\1", _SPACES.sub(" ", folded).strip())
    return collapsed[:MAX_LENGTH].rstrip()


def _visible(text: str) -> str:
    text = _SURROGATE.sub("\ufffd", text)
    if text.isprintable():
        # Printable texts may still hold fillers and selectors, which are letters and marks.
        return "".join(c for c in text if ord(c) not in _INVISIBLE)
    return "".join(filter(None, map(_visible_character, text)))


def _visible_character(character: str) -> str:
    if ord(character) in _INVISIBLE:
        return ""
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    return character


def _fold(text: str) -> str:
    """Fold case and compatibility forms, keeping stand-alone jamo as they are typed.

    NFKC alone would turn ``ㅋ`` into a conjoining letter and glue ``ㅎㅏ`` into ``하``. The second
    round is Unicode's own rule (NFKC_Casefold): folding case can undo composition.
    """
    text = unicodedata.normalize("NFC", text.translate(HALF_WIDTH_JAMO))
    for _ in range(2):
        text = "".join(
            part if index % 2 else unicodedata.normalize("NFKC", part.casefold())
            for index, part in enumerate(_COMPATIBILITY_JAMO.split(text))
        )
    return unicodedata.normalize("NFC", text.translate(STANDALONE_JAMO))
