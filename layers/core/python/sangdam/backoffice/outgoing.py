"""Calls to the team's own systems: what is sent, how it is signed, and when to try again. Pure.

A request is a JSON body with a signature over its time and its bytes, as webhooks of payment
services have them: HMAC-SHA256 (RFC 2104) with a secret that both sides know. The receiver checks
the signature, refuses old times, and answers a repeated ``Idempotency-Key`` as it did before.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sangdam.backoffice.documents import DocumentError, read_document, write_document
from sangdam.backoffice.writes import Delete, Key, Put, Write

TIMESTAMP = "Sangdam-Timestamp"
SIGNATURE = "Sangdam-Signature"
IDEMPOTENCY_KEY = "Idempotency-Key"

GIVEN_UP_AFTER = 12
"""So often is an undelivered request tried: over about two days."""

CLAIM = timedelta(seconds=30)
"""So long nobody else tries a request that somebody is sending."""

PENDING = "pending#"
"""How the ``sk`` of requests that wait begins; what is due first comes first."""

_FIRST_PAUSE = timedelta(seconds=20)
_PAUSES_GROW = 3
_LONGEST_PAUSE = timedelta(hours=12)


def signed(body: bytes, *, secret: str, at: datetime, key: str) -> dict[str, str]:
    """Return the headers of a request: when it was sent, what proves it, and its key."""
    timestamp = str(int(at.timestamp()))
    return {
        "Content-Type": "application/json",
        TIMESTAMP: timestamp,
        SIGNATURE: "v1=" + signature(body, secret=secret, timestamp=timestamp),
        IDEMPOTENCY_KEY: key,
    }


def signature(body: bytes, *, secret: str, timestamp: str) -> str:
    """Return the HMAC-SHA256 (hex) over ``TIMESTAMP.BODY``."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def idempotency_key(*parts: str) -> str:
    """Return a key that the same turn's same call always has, and no other."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def body_of(document: Mapping[str, Any]) -> bytes:
    """Return a request's document as canonical JSON."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def jitter(key: str, attempt: int) -> float:
    """Return a number from 0.5 to 1.5 that differs by request and attempt, so that many requests
    that failed together are not tried again together.
    """
    drawn = hashlib.sha256(f"{key}/{attempt}".encode()).digest()
    return 0.5 + int.from_bytes(drawn[:4], "big") / 2**32


def named(address: str) -> str:
    """Return what an address may be called in a log: without what may be a secret in it."""
    scheme, _, rest = address.partition("://")
    if not rest:
        return address
    return f"{scheme}://{re.split('[/?#]', rest, maxsplit=1)[0].rpartition('@')[2]}"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request that waits to be sent: stored together with the turn that wants it.

    ``at`` is when it was wanted and ``due`` when it may be tried (again); both are times of UTC
    as text, so that they sort.
    """

    key: str
    address: str
    body: str
    at: str
    due: str
    attempts: int = 0
    error: str = ""


def outgoing(key: str, address: str, body: bytes, *, at: datetime) -> Outgoing:
    """Return a request that may be sent at once."""
    return Outgoing(key, address, body.decode(), at=_sortable(at), due=_sortable(at))


def outbox_pk(bot: str) -> str:
    return f"{bot}#outbox"


def pending_key(bot: str, one: Outgoing) -> Key:
    """Return where a request waits: those that are due first stand first.

    So what fails again and again moves back, and does not keep others from being sent.
    """
    return Key(outbox_pk(bot), f"{PENDING}{one.due}#{one.key}")


def outgoing_write(bot: str, one: Outgoing) -> Put:
    """Return the write that puts a request into the outbox."""
    return Put(pending_key(bot, one), write_document(asdict(one)))


def read_outgoing(record: str) -> Outgoing:
    """Return a request from its record. Raises DocumentError if it cannot be read."""
    top = dict(read_document(record, kind="request of the outbox"))
    top.pop("format")
    try:
        return Outgoing(**top)
    except TypeError as error:
        raise DocumentError(f"stored request of the outbox is damaged: {error}") from error


def is_due(one: Outgoing, now: datetime) -> bool:
    """Tell whether a request may be tried (again)."""
    return one.due <= _sortable(now)


def claimed(
    bot: str, key: Key, one: Outgoing, version: int, now: datetime
) -> tuple[Outgoing, tuple[Write, ...]]:
    """Return the request as it is while it is being sent, and the writes that claim it."""
    mine = replace(one, attempts=one.attempts + 1, due=_sortable(now + CLAIM))
    return mine, _moved(bot, key, version, mine)


def delivered(bot: str, mine: Outgoing) -> tuple[Write, ...]:
    """Return the writes after a claimed request was answered: it leaves the outbox.

    Nothing of it is kept: it may hold what customers said, and who answered it has it.
    """
    return (Delete(pending_key(bot, mine), CLAIMED),)


def failed(bot: str, mine: Outgoing, now: datetime, *, error: str) -> tuple[Write, ...]:
    """Return the writes after a claimed request failed: tried again later, or given up at last."""
    told = replace(mine, error=error[:300])
    key = pending_key(bot, mine)
    if mine.attempts >= GIVEN_UP_AFTER:
        kept = Key(outbox_pk(bot), f"failed#{_sortable(now)}#{mine.key}")
        return Delete(key, CLAIMED), Put(kept, write_document(asdict(told)))
    pause = min(_FIRST_PAUSE * _PAUSES_GROW ** (mine.attempts - 1), _LONGEST_PAUSE)
    due = _sortable(now + pause * jitter(mine.key, mine.attempts))
    return _moved(bot, key, CLAIMED, replace(told, due=due))


CLAIMED = 1
"""The version of a request that was claimed: a claim moves it, which makes a new record."""


def _moved(bot: str, key: Key, version: int, one: Outgoing) -> tuple[Write, ...]:
    """Return the writes that let a request wait elsewhere, with what it has become."""
    new = outgoing_write(bot, one)
    if new.key == key:
        return (replace(new, expected=version),)
    return Delete(key, version), new


def _sortable(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(slots=True)
class CircuitBreaker:
    """Stops calling an address that fails again and again, and tries it anew after a while.

    After ``failures`` in a row nothing is let through for ``rest``; then one call at a time is,
    until one succeeds (M. Nygard, Release It!, 2007).
    """

    clock: Callable[[], datetime]
    failures: int = 5
    rest: timedelta = timedelta(seconds=30)
    _failed: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def lets_through(self, address: str) -> bool:
        """Tell whether a call may be tried now; one that is let through after a rest counts as a
        failure until it is told otherwise.
        """
        count, since = self._failed.get(address, (0, self.clock()))
        if count < self.failures:
            return True
        if self.clock() - since < self.rest:
            return False
        self._failed[address] = (count, self.clock())
        return True

    def succeeded(self, address: str) -> None:
        self._failed.pop(address, None)

    def failed(self, address: str) -> None:
        count, _ = self._failed.get(address, (0, self.clock()))
        self._failed[address] = (count + 1, self.clock())
