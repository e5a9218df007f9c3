"""A reservation as it is stored, and the writes that make one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from sangdam.backoffice.documents import read_document, write_document
from sangdam.backoffice.identity import digest, phone_digits
from sangdam.backoffice.openings import Start
from sangdam.backoffice.seats import Place, counted, taking
from sangdam.backoffice.writes import Key, Put, Write
from sangdam.bots.business import ReservationRules

ReservationStatus = Literal["booked", "cancelled"]

KIND = "reservation"
"""What a customer's index calls these: other things of the customer stand beside them."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """Who comes when, and to whom.

    ``party`` is None where nobody was asked how many come; one seat is taken then. ``seats`` are
    those taken in each step of the grid, see :func:`seats_for`. ``fee`` is what changing or
    cancelling it has cost.
    """

    number: str
    resource: str
    start: Start
    seats: Mapping[str, int]
    phone: str = ""
    name: str = ""
    party: int | None = None
    note: str = ""
    price: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    status: ReservationStatus = "booked"
    made_at: str = ""

    def place(self, bot: str) -> Place:
        """Return where its seats are counted."""
        return Place(bot, self.resource, self.start.opening)

    def to_json(self) -> str:
        """Return its record."""
        at = self.start.time
        return write_document(
            {
                "kind": KIND,
                "number": self.number,
                "status": self.status,
                "resource": self.resource,
                "day": self.start.day.isoformat(),
                "time": None if at is None else f"{at:%H:%M}",
                "opening": self.start.opening.isoformat(),
                "minute": self.start.minute,
                "seats": dict(self.seats),
                "party": self.party,
                "name": self.name,
                "phone": self.phone,
                "note": self.note,
                "price": self.price,
                "fee": self.fee,
                "made_at": self.made_at,
            }
        )


def read_reservation(record: str) -> Reservation:
    """Read a reservation's record back. Raises DocumentError if it cannot be read."""
    top = read_document(record, kind=KIND)
    return Reservation(
        number=top["number"],
        resource=top["resource"],
        start=Start(date.fromisoformat(top["opening"]), top["minute"]),
        seats=top["seats"],
        phone=top["phone"],
        name=top["name"],
        party=top["party"],
        note=top["note"],
        price=Decimal(top["price"]),
        fee=Decimal(top["fee"]),
        status=top["status"],
        made_at=top["made_at"],
    )


def seats_for(start: Start, rules: ReservationRules, party: int | None) -> dict[str, int]:
    """Return the seats that a reservation takes in each step of the grid."""
    return dict.fromkeys(start.steps(rules), party or 1)


def reservation_key(bot: str, number: str) -> Key:
    """Return where a reservation stands, however its number was typed."""
    return Key(f"{bot}#{KIND}#{number.strip().upper()}", KIND)


def customer_pk(bot: str, phone: str) -> str:
    """Return under what the things of a customer are listed; it does not tell the number."""
    return f"{bot}#customer#{digest(phone_digits(phone))}"


def reservation_writes(
    bot: str, reservation: Reservation, *, capacity: int, seats: bool = True
) -> tuple[Write, ...]:
    """Return the writes that make one new reservation, its seats counted and its customer told of.

    This is all there is to it, so that demonstration data is loaded by it as well::

        start = Start(day, 15 * 60)              # 15:00; Start(day) where whole days are reserved
        seats = seats_for(start, rules, party=2)
        made = Reservation("A1120-7F3K2", "dr_kim", start, seats, phone="01012345678", party=2)
        store.apply(reservation_writes("clinic", made, capacity=rules.resources["dr_kim"].capacity))

    ``seats`` False leaves the counters alone, for a caller who moves seats that it held. Applying
    them raises WriteRefusedError if the number stands already or the seats are taken.
    """
    changes = [taking(reservation.place(bot), reservation.seats)] if seats else []
    writes: list[Write] = [
        Put(reservation_key(bot, reservation.number), reservation.to_json()),
        *counted(changes, capacity=capacity),
    ]
    if reservation.phone:
        key = Key(customer_pk(bot, reservation.phone), reservation.number)
        note = {"kind": KIND, "number": reservation.number}
        writes.append(Put(key, write_document(note)))
    return tuple(writes)
