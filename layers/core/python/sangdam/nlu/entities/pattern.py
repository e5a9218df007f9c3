"""Entities that look like a pattern: order numbers and the like."""

from __future__ import annotations

import re
from functools import lru_cache

from sangdam.bots.definition import EntityType
from sangdam.bots.quick_reply import SLOT_LIMIT
from sangdam.nlu.understanding import Entity

_GROUP = re.compile(r"\{(\d{1,3})\}")

LIMIT = 20
"""Most values taken from one message; a pasted list beyond that is no answer to a question."""


def find(entity: EntityType, text: str) -> tuple[Entity, ...]:
    """Return the matches of the entity's patterns, first pattern first, none overlapping.

    ``text`` is normalised; the value is the entity's template over the groups of the match,
    in capitals if the entity says so.
    """
    found: list[Entity] = []
    for pattern in entity.patterns:
        for match in _compiled(pattern).finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            groups = (match.group(0), *(group or "" for group in match.groups()))
            value = _GROUP.sub(lambda slot: groups[int(slot[1])], entity.value)  # noqa: B023 -- called before groups changes
            if entity.upper:
                value = value.upper()
            if not 0 < len(value.encode()) <= SLOT_LIMIT:
                continue
            found.append(Entity(entity.name, value, match.start(), match.end(), match.group(0)))
            if len(found) >= LIMIT:
                return tuple(found)
    return tuple(found)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
