"""When are two phrases the same? When their letters and digits are."""

from __future__ import annotations

from sangdam.text.normalise import normalise


def phrase_key(text: str) -> str:
    """Return what makes two messages the same phrase: letters and digits, nothing else."""
    return "".join(letter for letter in normalise(text) if letter.isalnum())


def same_text_key(text: str) -> str:
    """Return what makes two examples the same: their phrase, or their signs if they have none."""
    return phrase_key(text) or normalise(text)
