"""How entities, forms, slots and intents may be called."""

from __future__ import annotations

import re

from sangdam.bots.reading import Reader

NAME_LIMIT = 32
"""Longest name of an entity, a form or a slot: sessions hold them, and sessions stay small."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")


def check_name(reader: Reader, name: str, key: str, whose: str, *, limit: int = NAME_LIMIT) -> None:
    """Note a name that is none."""
    if not NAME.match(name) or len(name) > limit:
        reader.wrong(
            key, f"{whose} name is lower-case letters, digits and _, at most {limit} in all"
        )
