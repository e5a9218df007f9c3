"""The value of a pressed button: ``/intent`` or ``/intent{"slot": "value"}``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

SYSTEM_BUTTONS = (
    "cancel", "back_to_bot", "none", "set_value", "skip_value", "confirm_values",
    "reject_values", "change_value",
)  # fmt: skip
"""The bot's own buttons.

Give up a form, leave the person, none of the candidates; and of an open form: take these values,
leave this one out, yes to what was shown, no to it, another value for this slot.
"""

SLOT_LIMIT = 180
"""Longest value of a slot, in bytes (60 Korean syllables): sessions hold them and stay small."""

LABEL_LIMIT = 40
"""Longest label of a button, in characters; more does not fit on a phone either."""

VALUE_LIMIT = 120
"""Longest value of a button in a pack, in characters."""

_VALUE = re.compile(r"/(?P<intent>[a-z][a-z0-9_]*)\s*(?P<slots>\{.*\})?\Z", re.DOTALL)
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button means: an intent (or a system name), and slots it carries."""

    name: str
    slots: Mapping[str, str]


def read_quick_reply(value: str) -> Pressed | None:
    """Read a button's value; None if it is none."""
    match = _VALUE.match(value.strip())
    if match is None:
        return None
    if not match["slots"]:
        return Pressed(match["intent"], {})
    try:
        given = json.loads(match["slots"])
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or not all(map(_is_slot_value, given.values())):
        return None
    return Pressed(match["intent"], {name: str(slot) for name, slot in given.items()})


def _is_slot_value(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    # JSON's escapes can write half a character, which no storage takes.
    text = str(value)
    return _HALF_CHARACTER.search(text) is None and 0 < len(text.encode()) <= SLOT_LIMIT
