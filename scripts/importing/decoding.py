"""Bytes of a text file in whichever of the usual encodings they were saved."""

from __future__ import annotations

import codecs

from scripts.importing.sheet_error import SheetError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WAY_OUT = "open it in your spreadsheet program and save it as CSV UTF-8, or as .xlsx"


def decode(data: bytes, *, where: str) -> str:
    """Return the text: UTF-8 and UTF-16 with or without a mark, CP949, or Windows-1252.

    Korean spreadsheet programs save "CSV" as CP949 and English ones as Windows-1252; the two are
    told apart by whether the bytes make syllables in use.

    Raises
    ------
    SheetError
        If it is none of these.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, where)
    if guess := _unmarked_utf16(data):
        return _strict(data, guess, where)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = error.start
    candidates = ("cp949", "cp1252") if _is_korean(data) else ("cp1252", "cp949")
    for encoding in candidates:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == candidates[0]:
                broken = error.start
    line = data.count(b"\n", 0, broken) + 1
    raise SheetError(
        f"{where}: line {line}: byte 0x{data[broken]:02x} is neither UTF-8 nor CP949; {_WAY_OUT}"
    )


def _strict(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetError(
            f"{where}: begins as {encoding.removesuffix('-sig').upper()} but byte {error.start}"
            f" is not ({error.reason}); {_WAY_OUT}"
        ) from error


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark shows by the zeros of its commas, digits and line ends."""
    head = data[:4000]
    if len(head) < 4 or b"\x00" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_korean(data: bytes) -> bool:
    """Tell whether most bytes beyond ASCII are pairs in the rows of KS X 1001's syllables."""
    high = paired = place = 0
    while place < len(data):
        if data[place] < 0x80:
            place += 1
            continue
        following = data[place + 1] if place + 1 < len(data) else 0
        if 0xB0 <= data[place] <= 0xC8 and following >= 0xA1:
            paired += 2
            high += 2
            place += 2
        else:
            high += 1
            place += 1
        if high >= 20_000:
            break
    return 2 * paired >= high
