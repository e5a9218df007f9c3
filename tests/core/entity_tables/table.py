"""Tables of expressions and what they mean, one line each, read from the text files beside.

    @ now=2026-11-22T14:30 zone=Asia/Seoul open=mon-fri 10:00-20:00,sat 12:00-23:00
    내일이나 모레 | 내일 = 2026-11-23 ; 모레 = 2026-11-24
    next tuesday | next tuesday = 2026-11-24 ? 2026-12-01
    2월 30일 |

A line with ``@`` says when and where the lines after it were written. ``?`` stands between the
readings of an ambiguous expression, the likeliest first. Nothing after the bar: nothing is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from sangdam.nlu.entities.reading import Found, Setting

_DAYS = "mon tue wed thu fri sat sun".split()


@dataclass(frozen=True, slots=True)
class Row:
    """A text, its setting, and (start, end, values) of each expression in it."""

    text: str
    setting: Setting
    expected: tuple[tuple[int, int, tuple[str, ...]], ...]

    def __str__(self) -> str:
        return f"{self.setting.now:%Y-%m-%d %H:%M} {self.text}"


def rows(name: str) -> list[Row]:
    """Return the rows of a table: ``date``, ``time``, ``moment``, ``interval`` or ``duration``."""
    return list(_rows((Path(__file__).parent / f"{name}.txt").read_text("utf-8")))


def values(results: tuple[Found, ...]) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """Return what a parser found in the form of ``Row.expected``."""
    return tuple(
        (one.start, one.end, tuple(reading.value for reading in one.readings)) for one in results
    )


def setting(line: str) -> Setting:
    """Return the setting that a line after ``@`` describes."""
    head, _, hours = line.partition("open=")
    said = dict(word.split("=") for word in head.split())
    zone = ZoneInfo(said.get("zone", "Asia/Seoul"))
    now = datetime.fromisoformat(said["now"]).replace(tzinfo=zone)
    opening: dict[int, tuple[tuple[time, time], ...]] = {}
    for one in filter(None, hours.split(",")):
        days, _, span = one.partition(" ")
        first, _, last = days.partition("-")
        start, end = (time.fromisoformat(clock) for clock in span.split("-"))
        for day in range(_DAYS.index(first), _DAYS.index(last or first) + 1):
            opening[day] = (*opening.get(day, ()), (start, end))
    return Setting(now, opening)


def _rows(table: str) -> Iterator[Row]:
    here: Setting | None = None
    for line in table.splitlines():
        if line.startswith("@"):
            here = setting(line[1:].strip())
        elif line.strip() and not line.startswith("#"):
            assert here is not None, f"{line!r} stands before any @ line"
            text, bar, meaning = line.partition("|")
            assert bar, f"{line!r} has no bar"
            yield Row(text.strip(), here, tuple(_expected(text.strip(), meaning)))


def _expected(text: str, meaning: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    end = 0
    for part in filter(None, map(str.strip, meaning.split(";"))):
        expression, _, readings = part.partition(" = ")
        start = text.index(expression.strip(), end)
        end = start + len(expression.strip())
        yield start, end, tuple(map(str.strip, readings.split("?")))
