"""Whole messages a pack lists by hand: understood exactly, before any model is asked."""

from __future__ import annotations

from functools import lru_cache

from sangdam.bots.definition import Script
from sangdam.bots.phrase import phrase_key


def match_phrase(script: Script, text: str) -> tuple[str, ...]:
    """Return the names (``cancel``, ``intent/NAME``) whose phrases this message is."""
    key = phrase_key(text)
    if not key:
        return ()
    return tuple(name for name, phrases in script.phrases.items() if key in _keys(phrases))


@lru_cache(maxsize=1024)
def _keys(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(phrase_key(phrase) for phrase in phrases)
