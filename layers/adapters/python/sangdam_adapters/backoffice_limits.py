"""What one transaction of the back office may hold: DynamoDB's bounds, kept by every adapter."""

from __future__ import annotations

from collections.abc import Sequence

from sangdam.backoffice.writes import Key, Write

PARTS = 100
"""Most items that one transaction may write."""

_PK, _SK = 2048, 1024
"""Most bytes of the two halves of a key."""


def is_storable(key: Key) -> bool:
    """Tell whether something may stand at a key; whatever a client made up, nothing else does."""
    return all(
        0 < len(text.encode("utf-8", "replace")) <= limit and _is_text(text)
        for text, limit in ((key.pk, _PK), (key.sk, _SK))
    )


def check_writes(writes: Sequence[Write], *, beside: int = 0) -> None:
    """Raise ValueError unless the writes, and ``beside`` more parts, fit into one transaction."""
    if len(writes) + beside > PARTS:
        raise ValueError(
            f"{len(writes)} writes of one turn; a transaction holds {PARTS - beside} of them:"
            " let the action change less at once"
        )
    keys = [write.key for write in writes]
    for key in keys:
        if not is_storable(key):
            raise ValueError(f"{key} cannot be stored; check what the action makes keys of")
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"{twice} is written twice in one transaction; merge the writes first")


def _is_text(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
