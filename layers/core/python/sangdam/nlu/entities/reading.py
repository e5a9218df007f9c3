"""What a parser of values gives back, and what it may know beside the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing an expression can mean: its canonical value, and how sure that is (0 to 1)."""

    value: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """An expression in a text, ``text[start:end]``, with all its readings, the likeliest first.

    More than one reading means that the expression is ambiguous: whoever asked must decide or ask.
    """

    start: int
    end: int
    readings: tuple[Reading, ...]

    @property
    def is_ambiguous(self) -> bool:
        return len(self.readings) > 1


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a text was written.

    ``now`` is aware, in the time zone of the business. ``opening`` are its hours by weekday
    (Monday is 0): pairs of local times, the second one exclusive, ``00:00`` as an end being
    midnight. A weekday that is missing is closed; an empty mapping says nothing is known.
    """

    now: datetime
    opening: Mapping[int, tuple[tuple[time, time], ...]] = field(default_factory=dict)
