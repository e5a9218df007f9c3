"""The back office as a turn sees it that changes something more than once.

A turn may finish one form, which changes something, and go on with another one that waited, which
offers something anew. Neither is stored before both are decided: so the second looks through what
the first is about to write, and the writes of both become one for each key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sangdam.backoffice.writes import Count, Delete, Key, Put, Write, merged
from sangdam.ports import BackOffice, Record, WriteRefusedError


@dataclass(frozen=True, slots=True)
class _Pending:
    """What a record is about to become; ``stored`` is the version that stands, None: there is none.

    ``text`` None says that it is about to be deleted.
    """

    stored: int | None
    text: str | None

    @property
    def version(self) -> int | None:
        """The version it will have; None if it will be gone."""
        return None if self.text is None else (self.stored or 0) + 1


class PendingWrites:
    """Port ``BackOffice`` over another one: nothing is stored, ``writes`` says what would be."""

    def __init__(self, store: BackOffice) -> None:
        self._store = store
        self._records: dict[Key, _Pending] = {}
        self._counts: dict[Key, Count] = {}

    @property
    def writes(self) -> tuple[Write, ...]:
        """All that was applied, each key once."""
        records: list[Write] = []
        for key, pending in self._records.items():
            if pending.text is not None:
                records.append(Put(key, pending.text, pending.stored))
            elif pending.stored is not None:
                records.append(Delete(key, pending.stored))
        return (*records, *(count for count in self._counts.values() if count.by))

    def get(self, key: Key) -> Record | None:
        pending = self._records.get(key)
        return self._store.get(key) if pending is None else _record(key, pending)

    def under(self, pk: str, *, prefix: str = "", limit: int = 1000) -> Sequence[Record]:
        changed = {
            key: pending
            for key, pending in self._records.items()
            if key.pk == pk and key.sk.startswith(prefix)
        }
        stored = self._store.under(pk, prefix=prefix, limit=limit + len(changed))
        found = {one.key: one for one in stored if one.key not in changed}
        for key, pending in changed.items():
            record = _record(key, pending)
            if record is not None:
                found[key] = record
        return tuple(sorted(found.values(), key=lambda one: one.key.sk))[:limit]

    def counts(self, pk: str, *, prefix: str = "") -> Mapping[str, int]:
        counts = dict(self._store.counts(pk, prefix=prefix))
        for key, count in self._counts.items():
            if key.pk == pk and key.sk.startswith(prefix):
                counts[key.sk] = counts.get(key.sk, 0) + count.by
        return counts

    def apply(self, writes: Sequence[Write]) -> None:
        """Take writes in, all of them or none.

        Raises WriteRefusedError if one contradicts what was taken in before; whether it contradicts
        what is stored shows when ``writes`` are.
        """
        joined = merged(writes)
        refused = [one.key for one in joined if not self._fits(one)]
        if refused:
            raise WriteRefusedError(refused)
        for one in joined:
            match one:
                case Count(key, by, limit):
                    known = self._counts.get(key, Count(key, 0, limit))
                    # Where seats are only given back there is no limit to keep.
                    bound = limit if by > 0 else known.limit
                    self._counts[key] = Count(key, known.by + by, bound)
                case Put(key, text, expected):
                    self._records[key] = _Pending(self._stored(key, expected), text)
                case Delete(key, expected):
                    self._records[key] = _Pending(self._stored(key, expected), None)

    def _fits(self, write: Write) -> bool:
        if isinstance(write, Count):
            return True
        pending = self._records.get(write.key)
        return pending is None or pending.version == write.expected

    def _stored(self, key: Key, expected: int | None) -> int | None:
        pending = self._records.get(key)
        return expected if pending is None else pending.stored


def _record(key: Key, pending: _Pending) -> Record | None:
    if pending.text is None or pending.version is None:
        return None
    return Record(key, pending.text, pending.version)
