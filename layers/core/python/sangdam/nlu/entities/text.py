"""Free text: an address, a wish, what is the matter. All of a message, and only if it is asked."""

from __future__ import annotations

from sangdam.bots.quick_reply import SLOT_LIMIT
from sangdam.nlu.entities.reading import Found, Reading
from sangdam.text.free_text import free_text


def find(text: str, typed: str) -> tuple[Found, ...]:
    """Return the whole of a normalised text as one value: what was typed; at most one.

    A text without letters or digits says nothing.
    """
    value = free_text(typed, limit=SLOT_LIMIT)
    return (Found(0, len(text), (Reading(value),)),) if value and text else ()
