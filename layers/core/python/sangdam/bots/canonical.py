"""The canonical form of a value of each type: what sessions keep, buttons carry, actions get."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import partial

from sangdam.bots.definition import COUNT_UNITS, EntityKind, EntityType
from sangdam.bots.quick_reply import SLOT_LIMIT
from sangdam.text.free_text import free_text

_NUMBER = r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,12})?"
_WHOLE = r"P(?=[\dT])(?:\d{1,6}Y)?(?:\d{1,6}M)?(?:\d{1,6}W)?(?:\d{1,6}D)?"
_PATTERNS: Mapping[EntityKind, str] = {
    "date": r"\d{4}-\d\d-\d\d",
    "time": r"\d\d:\d\d",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d",
    "duration": rf"{_WHOLE}(?:T(?=\d)(?:\d{{1,6}}H)?(?:\d{{1,6}}M)?(?:\d{{1,6}}S)?)?",
    "number": _NUMBER,
    "count": rf"{_NUMBER} [a-z]+",
    "money": rf"(?=[\d.]*\d)(?:{_NUMBER})?(?:\.\.)?(?:{_NUMBER})? [A-Z]{{3}}",
    "percent": _NUMBER,
    "phone": r"\+\d{6,15}|\d{8}",
    "email": r"[^\s@]{1,64}@[^\s@]+\.[^\s@]+",
    "name": r"[^\W\d_](?:[^\W\d_]|[ .'-]){0,59}",
    "yes_no": "yes|no",
    "ordinal": r"-?[1-9]\d{0,2}",
    "text": r"\S+(?: \S+)*",
}
_ANY_LETTER = ("name", "text")


def is_canonical(entity: EntityType, value: str) -> bool:
    """Tell whether a value is one that an entity's parser could have written.

    Values of a ``pattern`` have a form that only its author knows: never.
    """
    if entity.type == "pattern":
        return False
    if entity.type == "choice":
        return value in entity.options
    if entity.type in ("date_range", "datetime_range"):
        return _is_range(value, date if entity.type == "date_range" else datetime)
    if re.fullmatch(_PATTERNS[entity.type], value, 0 if entity.type in _ANY_LETTER else re.ASCII):
        return _exists(entity, value)
    return False


def _exists(entity: EntityType, value: str) -> bool:
    if entity.type == "count":
        return value.split()[-1] in (entity.units or COUNT_UNITS)
    known: Mapping[str, Callable[[str], object]] = {
        "date": date.fromisoformat,
        "time": time.fromisoformat,
        "datetime": datetime.fromisoformat,
    }
    if entity.type == "text":
        return free_text(value, limit=SLOT_LIMIT) == value
    return entity.type not in known or _reads(partial(known[entity.type], value))


def _is_range(value: str, kind: type[date] | type[datetime]) -> bool:
    shape = _PATTERNS["datetime" if kind is datetime else "date"]
    match = re.fullmatch(f"({shape})/({shape})", value, re.ASCII)
    return (
        match is not None
        and _reads(partial(kind.fromisoformat, match[1]))
        and _reads(partial(kind.fromisoformat, match[2]))
        and match[1] <= match[2]
    )


def _reads(read: Callable[[], object]) -> bool:
    try:
        read()
    except ValueError:
        return False
    return True
