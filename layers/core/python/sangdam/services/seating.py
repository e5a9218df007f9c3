"""Reading what is taken and held, and writing what is taken, held and released."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sangdam.backoffice.availability import Diary
from sangdam.backoffice.openings import Openings, Start
from sangdam.backoffice.reservation import Reservation
from sangdam.backoffice.seats import (
    HOLD_PREFIX,
    Hold,
    Noted,
    Place,
    SeatChanges,
    Seats,
    counted,
    hold_note,
    read_hold,
    replaced,
    summed,
    taking,
)
from sangdam.backoffice.writes import Write
from sangdam.bots.business import ReservationRules, Resource
from sangdam.services.action import ActionCall

_RELEASED_AT_ONCE = 20
"""How many holds that have run out one turn releases at most: a transaction holds 100 writes."""

_WRITES_LIMIT = 90


class Seating:
    """What one call of an action sees of the seats; each place is read once.

    ``party`` is for how many there must be room, ``own`` the reservation whose seats do not stand
    in the way because it is about to give them up.
    """

    def __init__(
        self,
        call: ActionCall,
        rules: ReservationRules,
        *,
        party: int = 1,
        own: Reservation | None = None,
    ) -> None:
        self._call = call
        self._rules = rules
        self._party = party
        self._own = own
        self._counts: dict[Place, Mapping[str, int]] = {}
        self._over: dict[Place, list[Hold]] = {}
        self._noted = self._note_of(call.session_id)

    @property
    def hold(self) -> Hold | None:
        """What the session holds."""
        return None if self._noted is None else self._noted.hold

    @property
    def diary(self) -> Diary:
        """The rules and the local time, with what this call sees of the seats."""
        return Diary(self._rules, local(self._call), self._room)

    def openings(self, resources: Iterable[Resource]) -> tuple[Openings, ...]:
        """Return when each resource can be reserved."""
        usual = self._call.bot.hours if self._rules.unit == "slots" else {}
        return tuple(
            Openings(one, self._rules, one.hours or usual, self._holiday) for one in resources
        )

    def place(self, resource: str, start: Start) -> Place:
        """Return where the seats of a start are counted."""
        return Place(self._call.bot.name, resource, start.opening)

    def offered(
        self, place: Place, seats: Mapping[str, int], *, capacity: int
    ) -> tuple[Write, ...]:
        """Return the writes that hold seats for the session, and nothing else."""
        until = self._call.now + timedelta(minutes=self._rules.hold_minutes)
        hold = Hold(self._call.session_id, self._call.turn, place, seats, until)
        return self.settled([taking(place, seats)], place=place, capacity=capacity, hold=hold)

    def settled(
        self,
        changes: Sequence[SeatChanges],
        *,
        place: Place | None = None,
        capacity: int = 0,
        hold: Hold | None = None,
    ) -> tuple[Write, ...]:
        """Return the writes of a change of seats at ``place``.

        The session's hold gives way to the new one or, if there is none, ends. Holds at the place
        that have run out are released with it, those that are in the way first.
        """
        given = list(changes)
        records = () if hold is None else replaced(self._noted, hold)
        if self._noted is not None:
            given.append(_given_back(self._noted.hold))
            records = records or self._noted.deleted()
        wanted = {key.sk for one in changes for key in one}
        for one in self._out_of_time(place, wanted) if place is not None else ():
            counters = {key for change in (*given, _given_back(one)) for key in change}
            noted = self._note_of(one.session_id)
            if len(counters) + len(records) + 6 > _WRITES_LIMIT:
                break
            if noted is not None and noted.hold == one:
                records += noted.deleted()
                given.append(_given_back(one))
        return (*records, *counted(given, capacity=capacity))

    def freed(self, seats: SeatChanges) -> tuple[Write, ...]:
        """Return the writes that give seats free, whatever the session holds besides."""
        return counted([seats], capacity=0)

    def _room(self, openings: Openings, start: Start) -> int:
        place = self.place(openings.resource.name, start)
        steps = start.steps(self._rules)
        if place not in self._counts:
            self._counts[place] = self._call.store.counts(place.pk)
        spare = [self.hold.seats] if self.hold is not None and self.hold.place == place else []
        if self._own is not None and self._own.place(place.bot) == place:
            spare.append(self._own.seats)
        seats = Seats(openings.resource.capacity, self._counts[place], summed(spare))
        room = seats.room(steps)
        if room >= self._party:
            return room
        spare += [one.seats for one in self._out_of_time(place, set(steps))]
        return Seats(seats.capacity, seats.taken, summed(spare)).room(steps)

    def _out_of_time(self, place: Place, steps: set[str]) -> list[Hold]:
        """Return the holds of others that anybody may release, those of these steps first."""
        if place not in self._over:
            stored = self._call.store.under(place.pk, prefix=HOLD_PREFIX)
            holds = (read_hold(place.bot, one.record) for one in stored)
            self._over[place] = [
                one
                for one in holds
                if one.session_id != self._call.session_id and one.is_over(self._call.now)
            ]
        in_the_way = sorted(self._over[place], key=lambda one: not steps & set(one.seats))
        return in_the_way[:_RELEASED_AT_ONCE]

    def _note_of(self, session_id: str) -> Noted | None:
        bot = self._call.bot.name
        note = self._call.store.get(hold_note(bot, session_id))
        return None if note is None else Noted(read_hold(bot, note.record), note.version)

    def _holiday(self, day: date) -> str | None:
        return self._call.holidays.name_of(day, self._call.query.language)


def local(call: ActionCall) -> datetime:
    """Return the time on the clocks of the bot's business."""
    return call.now.replace(tzinfo=None)


def _given_back(hold: Hold) -> SeatChanges:
    return taking(hold.place, hold.seats, sign=-1)
