"""Values of every kind as people read them: ``2명``, ``35,000원``, ``an hour and a half``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time

from sangdam.text.dates import (
    Language,
    spoken_date,
    spoken_dates,
    spoken_datetime,
    spoken_span,
    spoken_time,
)
from sangdam.text.lazy import lazy_pattern

_UNITS = {
    "person": ("{}명", "person", "people"), "item": ("{}개", "item", "items"),
    "room": ("방 {}개", "room", "rooms"), "night": ("{}박", "night", "nights"),
    "ticket": ("표 {}장", "ticket", "tickets"), "seat": ("{}석", "seat", "seats"),
    "copy": ("{}부", "copy", "copies"), "pair": ("{}켤레", "pair", "pairs"),
    "bottle": ("{}병", "bottle", "bottles"), "cup": ("{}잔", "cup", "cups"),
    "box": ("{}상자", "box", "boxes"), "set": ("{}세트", "set", "sets"),
    "page": ("{}쪽", "page", "pages"), "time": ("{}번", "time", "times"),
}  # fmt: skip
_SIGNS = {"USD": "$", "EUR": "€"}
_WORDS = {"KRW": " won", "JPY": " yen", "CNY": " yuan", "USD": "", "EUR": ""}
_CURRENCIES = {"KRW": "원", "USD": "달러", "EUR": "유로", "JPY": "엔", "CNY": "위안"}
_LENGTHS = {
    "Y": ("년", "year"), "M": ("개월", "month"), "W": ("주", "week"), "D": ("일", "day"),
    "TH": ("시간", "hour"), "TM": ("분", "minute"), "TS": ("초", "second"),
}  # fmt: skip
_YES_NO = {"yes": ("네", "Yes"), "no": ("아니요", "No")}
_LENGTH = lazy_pattern(r"(T?)(\d+)([YMWDHS])")


def spoken_values(kind: str, values: Sequence[str], language: Language) -> tuple[str, ...]:
    """Return several values of one kind, so written that they can be told apart.

    ``values`` are canonical values of a type of entity; what cannot be said better stays itself.
    """
    years = {value[:4] for value in values} if kind.startswith("date") else set()
    return tuple(_spoken(kind, value, language, with_year=len(years) > 1) for value in values)


def _spoken(kind: str, value: str, language: Language, *, with_year: bool) -> str:
    match kind:
        case "date":
            return spoken_date(date.fromisoformat(value), language, with_year=with_year)
        case "time":
            return spoken_time(time.fromisoformat(value), language)
        case "datetime":
            return spoken_datetime(datetime.fromisoformat(value), language, with_year=with_year)
        case "date_range":
            first, last = map(date.fromisoformat, value.split("/"))
            return spoken_dates(first, last, language, with_year=with_year)
        case "datetime_range":
            start, end = map(datetime.fromisoformat, value.split("/"))
            return spoken_span(start, end, language, with_year=with_year)
        case "duration":
            return _length(value, language)
        case "count":
            return _count(value, language)
        case "money":
            return _money(value, language)
        case "percent":
            return f"{value}%"
        case "phone":
            return _phone(value)
        case "yes_no":
            return _YES_NO[value][language == "en"]
        case "ordinal":
            return _place(int(value), language)
        case _:
            return value


def _length(value: str, language: Language) -> str:
    in_time = False
    parts = []
    for mark, count, unit in _LENGTH.findall(value):
        in_time = in_time or bool(mark)
        korean, english = _LENGTHS[f"T{unit}" if in_time else unit]
        plural = "" if count == "1" else "s"
        parts.append(f"{count}{korean}" if language == "ko" else f"{count} {english}{plural}")
    return " ".join(parts) or value


def _count(value: str, language: Language) -> str:
    count, _, unit = value.partition(" ")
    if unit not in _UNITS:
        return value
    korean, one, many = _UNITS[unit]
    if language == "ko":
        return korean.format(count)
    return f"{count} {one if count == '1' else many}"


def _money(value: str, language: Language) -> str:
    amount, _, currency = value.partition(" ")
    low, dots, high = amount.partition("..")
    if language == "ko":
        sign, unit = "", _CURRENCIES.get(currency, f" {currency}")
    else:
        sign, unit = _SIGNS.get(currency, ""), _WORDS.get(currency, f" {currency}")
    least, most = f"{sign}{_grouped(low)}", f"{sign}{_grouped(high)}"
    if not dots:
        return f"{least}{unit}"
    if low and high:
        return f"{least}{'~' if language == 'ko' else '–'}{most}{unit}"
    if language == "ko":
        return f"{most}{unit} 이하" if high else f"{least}{unit} 이상"
    return f"up to {most}{unit}" if high else f"from {least}{unit}"


def _grouped(number: str) -> str:
    whole, dot, rest = number.partition(".")
    return (f"{int(whole):,}" if whole.lstrip("-").isdecimal() else whole) + dot + rest


def _phone(value: str) -> str:
    """Write a Korean mobile number as it is written in Korea, any other as it is."""
    mobile = re.fullmatch(r"\+82(1\d)(\d{3,4})(\d{4})", value)
    return f"0{mobile[1]}-{mobile[2]}-{mobile[3]}" if mobile else value


def _place(place: int, language: Language) -> str:
    if language == "ko":
        return "마지막" if place == -1 else f"{place}번째"
    if place == -1:
        return "the last"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10 if place % 100 not in (11, 12, 13) else 0)
    return f"{place}{ending or 'th'}"
