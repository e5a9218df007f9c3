"""The back office without AWS: real, in memory, safe for threads, gone with the process."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from sangdam.backoffice.writes import Count, Delete, Key, Put, Write
from sangdam.ports import Record, WriteRefusedError
from sangdam_adapters.backoffice_limits import check_writes


class MemoryBackOffice:
    """Port ``BackOffice``. Its lock is taken last: nothing is asked for while it is held."""

    def __init__(self, writes: Sequence[Write] = ()) -> None:
        self._lock = threading.Lock()
        self._records: dict[Key, Record] = {}
        self._counts: dict[Key, int] = {}
        for write in writes:
            self.apply([write])

    def get(self, key: Key) -> Record | None:
        with self._lock:
            return self._records.get(key)

    def under(self, pk: str, *, prefix: str = "", limit: int = 1000) -> Sequence[Record]:
        with self._lock:
            found = [
                record
                for key, record in self._records.items()
                if key.pk == pk and key.sk.startswith(prefix)
            ]
        return tuple(sorted(found, key=lambda one: one.key.sk))[: max(0, limit)]

    def counts(self, pk: str, *, prefix: str = "") -> Mapping[str, int]:
        with self._lock:
            found = {
                key.sk: count
                for key, count in self._counts.items()
                if key.pk == pk and key.sk.startswith(prefix)
            }
        return dict(sorted(found.items()))

    def everything(self) -> tuple[Sequence[Record], Mapping[Key, int]]:
        """Return all records and all counters, for whoever checks that they add up."""
        with self._lock:
            return tuple(self._records.values()), dict(self._counts)

    def apply(self, writes: Sequence[Write]) -> None:
        check_writes(writes)
        with self._lock:
            refused = [write.key for write in writes if not self._holds(write)]
            if refused:
                raise WriteRefusedError(refused)
            for write in writes:
                self._write(write)

    def _holds(self, write: Write) -> bool:
        if isinstance(write, Count):
            standing = self._counts.get(write.key, 0)
            if write.by < 0:
                return standing + write.by >= 0
            return standing + write.by <= write.limit
        known = self._records.get(write.key)
        return (known.version if known is not None else None) == write.expected

    def _write(self, write: Write) -> None:
        match write:
            case Put(key, text, expected):
                self._records[key] = Record(key, text, (expected or 0) + 1)
            case Delete(key):
                del self._records[key]
            case Count(key, by):
                self._counts[key] = self._counts.get(key, 0) + by
