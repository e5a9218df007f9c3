"""Is a bot's time zone one that the world knows?"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sangdam.bots.reading import Reader

DEFAULT = "Asia/Seoul"


def read_time_zone(reader: Reader, data: Any) -> str:
    """Read ``time_zone`` of ``bot.yaml``; a mistake goes to the reader."""
    zone = reader.text(data, "time_zone")
    if not zone or _is_known(zone):
        return zone or DEFAULT
    close = get_close_matches(zone, sorted(available_timezones()), n=1)
    way_out = f"did you mean {close[0]}?" if close else f"write one such as {DEFAULT}"
    reader.wrong("time_zone", f"'{zone}' is no known time zone; {way_out}")
    return DEFAULT


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # no such name, no name at all, a folder of names
        return False
    return True
