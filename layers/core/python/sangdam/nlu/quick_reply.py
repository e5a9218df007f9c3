"""The value of a pressed button: ``/intent`` or ``/intent{"slot": "value"}``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

_VALUE = re.compile(r"/(?P<intent>[a-z][a-z0-9_]*)\s*(?P<slots>\{.*\})?\Z", re.DOTALL)


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
    slots: dict[str, str] = {}
    if match["slots"]:
        try:
            given = json.loads(match["slots"])
        except (ValueError, RecursionError):
            return None
        if not isinstance(given, dict):
            return None
        slots = {str(name): str(slot) for name, slot in given.items()}
    return Pressed(match["intent"], slots)
