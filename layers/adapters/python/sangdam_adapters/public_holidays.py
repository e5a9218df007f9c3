"""Public holidays of Korea, substitutes and special days included, from the library ``holidays``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from sangdam.bots.definition import Language


class PublicHolidays:
    """Port ``Holidays``."""

    def name_of(self, day: date, language: Language) -> str | None:
        return self._days[language].get(day)

    @cached_property
    def _days(self) -> Mapping[Language, Mapping[date, str]]:
        # Imported when first asked: most turns need no calendar.
        from holidays import country_holidays

        return {
            "ko": country_holidays("KR", language="ko"),
            "en": country_holidays("KR", language="en_US"),
        }
