"""Free text that is kept as a value: as it was typed, but on one line and bounded."""

from __future__ import annotations

import unicodedata

from sangdam.text.lazy import lazy_pattern

_MOST_READ = 1000
_UNWRITABLE = lazy_pattern("[\ud800-\udfff]")
_CONTROLS = ("Cc", "Zl", "Zp", "Zs")
_JOINER = "\u200d"


def free_text(text: str, *, limit: int) -> str:
    """Return the text on one line, with single spaces, in at most ``limit`` bytes of UTF-8; "" if
    it is nothing but signs.

    Letters, case and width stay as they were typed; only controls, direction marks and half
    characters go. A text of this form stays as it is.

    >>> free_text("  서울시  강남구\\n101동 ", limit=240)
    '서울시 강남구 101동'
    """
    written = "".join(map(_written, _UNWRITABLE.sub("", text[:_MOST_READ])))
    line = " ".join(unicodedata.normalize("NFC", written).split())
    bounded = line.encode()[:limit].decode(errors="ignore").rstrip(f" {_JOINER}")
    return bounded if any(map(str.isalnum, bounded)) else ""


def _written(letter: str) -> str:
    if letter == _JOINER:
        return letter
    kind = unicodedata.category(letter)
    if kind in _CONTROLS:
        return " "
    return "" if kind == "Cf" else letter
