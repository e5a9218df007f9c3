"""Korean public holidays: lunar and substitute days, elections and days of one year alone.

The library ``holidays`` knows them as the law has them. It is read when the first day is asked for,
so that conversations that ask for none do not wait for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from sangdam.bots.definition import Language

_LOCALES: Mapping[Language, str] = {"ko": "ko", "en": "en_US"}

# The law's names, and what a shop would put on its door.
_SAID: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "ko": (
        (r" \(추정\)", ""),
        (r"(.+) 대체 휴일", r"\1 대체공휴일"),
        (r"(.+) (?:전날|다음날)", r"\1 연휴"),
        ("신정연휴", "신정"),
        ("기독탄신일", "성탄절"),
    ),
    "en": (
        (r" \(estimated\)", ""),
        (r"Alternative holiday for (.+)", r"substitute holiday for \1"),
        (r"The (?:day preceding|second day of) (.+)", r"\1 holiday"),
    ),
}


class KoreanHolidays:
    """Port ``Holidays``; years are worked out once."""

    def __init__(self) -> None:
        self._years: dict[tuple[int, Language], Mapping[date, str]] = {}

    def name_of(self, day: date, language: Language) -> str | None:
        known = self._years.get((day.year, language))
        if known is None:
            known = self._years[day.year, language] = _holidays(day.year, language)
        return known.get(day)


def _holidays(year: int, language: Language) -> Mapping[date, str]:
    from holidays.utils import country_holidays

    found = country_holidays("KR", years=year, language=_LOCALES[language])
    return {
        day: ", ".join(_said(name, language) for name in found.get_list(day))
        for day in found
        if day.year == year
    }


def _said(name: str, language: Language) -> str:
    for written, said in _SAID[language]:
        name = re.sub(written, said, name)
    return name
