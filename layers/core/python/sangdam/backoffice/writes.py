"""What an action changes: writes that happen together with a turn, or not at all.

Three kinds are enough, and storage needs to know no more of the business than these: a record that
is put if nobody changed it meanwhile, one that is deleted on the same condition, and a counter
that never leaves its bounds. Stock and seats are counters, so that two customers who take
different seats of one day are not in each other's way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Key:
    """Where a record or a counter stands: ``pk`` groups what is read together, ``sk`` orders it.

    ``pk`` begins with the bot's name (``clinic#reservation#A1120-7F3K2``), so that bots never meet.
    """

    pk: str
    sk: str


@dataclass(frozen=True, slots=True)
class Put:
    """Store a record (JSON text): a new one, or over the one whose version is ``expected``."""

    key: Key
    record: str
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete the record whose version is ``expected``."""

    key: Key
    expected: int


@dataclass(frozen=True, slots=True)
class Count:
    """Add ``by`` to a counter (which begins at 0), unless the sum leaves ``0..limit``."""

    key: Key
    by: int
    limit: int


Write = Put | Delete | Count


def merged(writes: Iterable[Write]) -> tuple[Write, ...]:
    """Return writes with the counts of each key added up; those that come to nothing are left out.

    A transaction may touch a key once.

    Raises ValueError if a record is put or deleted twice.
    """
    found: dict[Key, Write] = {}
    for write in writes:
        known = found.get(write.key)
        if known is None:
            found[write.key] = write
        elif isinstance(known, Count) and isinstance(write, Count):
            found[write.key] = replace(known, by=known.by + write.by)
        else:
            raise ValueError(f"{write.key} is written twice in one turn")
    return tuple(one for one in found.values() if not isinstance(one, Count) or one.by)
