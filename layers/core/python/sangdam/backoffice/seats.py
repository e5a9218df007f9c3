"""Seats of one resource on one day: how many are taken, and which of them are only held.

All that belongs to a resource and a day stands under one key: a counter for each step of the grid,
and a record for each hold. A hold is what a confirmation shows: its seats are counted as taken
until it is used, withdrawn, or out of time and released by whoever comes next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sangdam.backoffice.documents import read_document, write_document
from sangdam.backoffice.writes import Count, Delete, Key, Put, Write

HOLD_PREFIX = "hold#"
FIRST_VERSION = 1
"""What stores give a new record."""

_ANY = 1_000_000_000
"""Seats are given back whatever the capacity has become since."""

SeatChanges = Mapping[Key, int]
"""By how much each counter changes."""


@dataclass(frozen=True, slots=True)
class Place:
    """A resource on the day of an opening."""

    bot: str
    resource: str
    opening: date

    @property
    def pk(self) -> str:
        """Where its counters and holds stand."""
        return f"{self.bot}#seats#{self.resource}#{self.opening.isoformat()}"

    def counter(self, step: str) -> Key:
        """Return where the seats taken in a step are counted."""
        return Key(self.pk, step)


@dataclass(frozen=True, slots=True)
class Hold:
    """Seats kept for a session until a moment; ``seats`` are how many in each step.

    A session has one hold at most, and a note of it with the same content; both are written and
    deleted together. Each offer of a session makes another record (``turn``), which is never
    written over: what was read of a hold is true as long as its record stands.
    """

    session_id: str
    turn: int
    place: Place
    seats: Mapping[str, int]
    until: datetime

    @property
    def key(self) -> Key:
        """Where it stands, beside the counters of its place."""
        return Key(self.place.pk, f"{HOLD_PREFIX}{self.session_id}#{self.turn}")

    def is_over(self, now: datetime) -> bool:
        """Tell whether anybody may take its seats."""
        return self.until <= now

    def to_json(self) -> str:
        """Return the record of the hold, which is that of its note too."""
        return write_document(
            {
                "session": self.session_id,
                "turn": self.turn,
                "resource": self.place.resource,
                "opening": self.place.opening,
                "seats": dict(self.seats),
                "until": self.until,
            }
        )


def read_hold(bot: str, record: str) -> Hold:
    """Read the record of a hold, or the note of one. Raises DocumentError if it cannot be read."""
    top = read_document(record, kind="hold")
    return Hold(
        session_id=top["session"],
        turn=top["turn"],
        place=Place(bot, top["resource"], date.fromisoformat(top["opening"])),
        seats=top["seats"],
        until=datetime.fromisoformat(top["until"]),
    )


def hold_note(bot: str, session_id: str) -> Key:
    """Return where it is noted which hold a session has."""
    return Key(f"{bot}#session#{session_id}", "hold")


@dataclass(frozen=True, slots=True)
class Noted:
    """A hold, and the version of its session's note of it."""

    hold: Hold
    version: int

    def deleted(self) -> tuple[Write, ...]:
        """Return the writes that end the hold; its seats are not counted here."""
        note = hold_note(self.hold.place.bot, self.hold.session_id)
        return Delete(self.hold.key, FIRST_VERSION), Delete(note, self.version)


def replaced(old: Noted | None, new: Hold) -> tuple[Write, ...]:
    """Return the writes that put a session's new hold in the place of its old one, if it has one.

    The seats are not counted here.
    """
    record, note = new.to_json(), hold_note(new.place.bot, new.session_id)
    if old is None:
        return Put(new.key, record), Put(note, record)
    if old.hold.key == new.key:  # offered twice in one turn: see services.pending_writes
        return Put(new.key, record, FIRST_VERSION), Put(note, record, old.version)
    gone = Delete(old.hold.key, FIRST_VERSION)
    return gone, Put(new.key, record), Put(note, record, old.version)


@dataclass(frozen=True, slots=True)
class Seats:
    """What is known of a place: seats taken by step, and those that a customer may count as free.

    ``spare`` are seats that are counted as taken but would not stand in the way: the customer's
    own, and those of holds that are over.
    """

    capacity: int
    taken: Mapping[str, int]
    spare: Mapping[str, int] = field(default_factory=dict)

    def room(self, steps: Iterable[str]) -> int:
        """Return for how many there is room in all of these steps."""
        return min(
            self.capacity - self.taken.get(step, 0) + self.spare.get(step, 0) for step in steps
        )


def taking(place: Place, seats: Mapping[str, int], *, sign: int = 1) -> SeatChanges:
    """Return the change that takes seats, or gives them back with a ``sign`` of -1."""
    return {place.counter(step): sign * count for step, count in seats.items()}


def counted(changes: Iterable[SeatChanges], *, capacity: int) -> tuple[Count, ...]:
    """Return the writes of all changes together; more than ``capacity`` are never taken."""
    sums: dict[Key, int] = {}
    for one in changes:
        for key, by in one.items():
            sums[key] = sums.get(key, 0) + by
    return tuple(
        Count(key, by, capacity if by > 0 else _ANY)
        for key, by in sorted(sums.items(), key=lambda pair: (pair[0].pk, pair[0].sk))
        if by
    )


def summed(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return seats of several by step."""
    sums: dict[str, int] = {}
    for part in parts:
        for step, count in part.items():
            sums[step] = sums.get(step, 0) + count
    return sums
