"""Cells as what people wrote: without the traces of web pages, programs and other editors."""

from __future__ import annotations

import html
import re
import unicodedata

_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6])\s*/?\s*>", re.IGNORECASE)
_LINK = re.compile(
    r"<\s*a\b[^>]*?href\s*=\s*[\"']?([^\"'\s>]+)[^>]*>(.*?)<\s*/\s*a\s*>", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(
    r"<\s*/?\s*(?:a|b|i|u|p|em|br|hr|h[1-6]|li|ul|ol|td|th|tr|div|img|span|font|strong|table|tbody"
    r"|thead|style|center|small|sub|sup|blockquote)\b[^<>]*>",
    re.IGNORECASE,
)
_BULLET = re.compile(r"<\s*li\b[^>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_FORMULA = re.compile(r"=\s*[a-z0-9_\"'(+\-@$]|[+\-@]\s*[a-z_.]+\s*[(|]", re.IGNORECASE | re.ASCII)
_ERROR = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)\Z")
_NOTHING = frozenset({"-", "--", "―", "–", ".", "n/a", "na", "null", "none", "nan", "?"})
_LABEL = re.compile(
    r"(?:(?:[QA]|질문|답변|답|question|answer)\s*\d{0,4}\s*[.:．：]|Q\s*\d{0,4}\s*[)）])\s*",
    re.IGNORECASE,
)
_LINES = re.compile(r"\n{3,}")
_JOINER = "\u200d"  # holds the parts of an emoji together


def clean_answer(cell: str) -> str:
    """Return an answer with its line breaks; web markup becomes text, links their address."""
    text = _text(cell)
    lines = [" ".join(line.split()) for line in re.split(r"\r\n|[\r\n\v\f\x85\u2028\u2029]", text)]
    return _without_label(_LINES.sub("\n\n", "\n".join(lines)).strip())


def clean_question(cell: str) -> str:
    """Return a question on one line; brackets, which mark values in examples, become round.

    >>> clean_question("Q1. [배송]  언제 와요?")
    '(배송) 언제 와요?'
    """
    text = " ".join(_text(cell).split()).replace("[", "(").replace("]", ")")
    return _without_label(text)


def clean_label(cell: str) -> str:
    """Return the name that an intent has in the sheet, on one line."""
    return " ".join(_text(cell).split())


def is_nothing(text: str) -> bool:
    """Tell whether a cell says that there is nothing in it: ``-``, ``N/A``."""
    return not text or text.lower() in _NOTHING


def is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet program would compute a cell instead of showing it."""
    return _FORMULA.match(cell.strip()) is not None


def is_failed_formula(cell: str) -> bool:
    """Tell whether a cell is what a formula that failed shows: ``#REF!``."""
    return _ERROR.match(cell.strip()) is not None


def _text(cell: str) -> str:
    text = cell
    if _TAG.search(text):
        text = _LINK.sub(_link, text)
        text = _BULLET.sub("\n- ", _BREAK.sub("\n", text))
        text = _TAG.sub("", text)
    if _ENTITY.search(text):
        text = html.unescape(text)
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
        text = text[1:]  # how programs keep a text from being computed
    if not text.isprintable():
        text = "".join(filter(_is_kept, text))
    return unicodedata.normalize("NFC", text)


def _link(match: re.Match[str]) -> str:
    address, words = match[1], _TAG.sub("", match[2]).strip()
    if not address.lower().startswith(("http://", "https://", "mailto:", "tel:")):
        return words
    address = address.removeprefix("mailto:").removeprefix("tel:")
    return address if words in ("", address) else f"{words} ({address})"


def _is_kept(character: str) -> bool:
    return character.isprintable() or character.isspace() or character == _JOINER


def _without_label(text: str) -> str:
    shorter = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    return shorter or text
