"""Actions on reservations: finding free times, booking, changing, cancelling, listing.

An offer holds what its confirmation shows; whoever says yes gets these seats. Seats are counters
that never pass the capacity, so two turns that want the last one are told apart by storage: the
second is decided again and finds it taken. Whoever names a reservation also names its phone, or is
told nothing: see :mod:`sangdam.services.identity`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sangdam.backoffice.availability import Refusal, Wish, spread
from sangdam.backoffice.identity import digest, phone_digits, plain_name
from sangdam.backoffice.openings import Openings, Start
from sangdam.backoffice.reservation import (
    Reservation,
    customer_pk,
    read_reservation,
    reservation_key,
    reservation_writes,
    seats_for,
)
from sangdam.backoffice.reservation_words import seats_left, spoken_starts
from sangdam.backoffice.seats import taking
from sangdam.backoffice.writes import Put, Write
from sangdam.bots.business import ReservationRules
from sangdam.dialogue.decision import ActionResult, Choice
from sangdam.ports import Record
from sangdam.services.action import FINE, ActionCall, ActionDone
from sangdam.services.identity import is_owner
from sangdam.services.reservation_desk import (
    choices_for,
    day_of,
    fee_of,
    money,
    party_of,
    place_for,
    refused,
    resources_for,
    rules_of,
    said,
    time_of,
    what_of,
    with_time,
)
from sangdam.services.seating import Seating, local

LISTED = 10
"""How many reservations of a customer are listed."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A reservation whose customer is who they say, and the record it was read from."""

    reservation: Reservation
    record: Record


def book(call: ActionCall) -> ActionDone:
    """Reserve; what is offered is held until the customer has said yes or no."""
    rules = rules_of(call)
    party = party_of(call)
    seating = Seating(call, rules, party=party or 1)
    if call.query.phase == "withdraw":
        return replace(FINE, writes=seating.settled([]))
    wish = _wish(call, rules, seating, party)
    if call.query.phase == "check":
        return _checked(call, rules, seating, wish)
    found = _placed(seating, wish)
    if isinstance(found, Refusal):
        return refused(call, rules, found)
    openings, start = found
    resource = openings.resource
    seats = seats_for(start, rules, party)
    place = seating.place(resource.name, start)
    price = resource.price * (party or 1)
    fields = {"price": money(call, rules, price)}
    if call.query.phase == "offer":
        writes = seating.offered(place, seats, capacity=resource.capacity)
        return ActionDone(ActionResult("ok", fields), writes)
    made = Reservation(
        number=call.reference(rules.number),
        resource=resource.name,
        start=start,
        seats=seats,
        phone=said(call, "phone") or "",
        name=said(call, "name") or "",
        party=party,
        note=said(call, "note") or "",
        price=price,
        made_at=call.now.isoformat(),
    )
    writes = (
        *reservation_writes(call.bot.name, made, capacity=resource.capacity, seats=False),
        *seating.settled([taking(place, seats)], place=place, capacity=resource.capacity),
    )
    remembered = {"number": made.number, **({"phone": made.phone} if made.phone else {})}
    result = ActionResult("booked", {"number": made.number, **fields}, remembered=remembered)
    return ActionDone(result, writes)


def change(call: ActionCall) -> ActionDone:
    """Move a reservation to another day or time, or change how many come."""
    rules = rules_of(call)
    if call.query.phase == "withdraw":
        return replace(FINE, writes=Seating(call, rules).settled([]))
    known = _known(call, rules)
    if isinstance(known, ActionDone):
        return known
    old = known.reservation
    resource = rules.resources.get(old.resource)
    if resource is None:  # nobody can say any more when it is free
        return _about(call, old, "too_late")
    party = party_of(call) or old.party
    seating = Seating(call, rules, party=party or 1, own=old)
    new_day, new_time = day_of(call), time_of(call)
    wish = Wish(seating.openings([resource]), party or 1, new_day, new_time)
    if call.query.phase == "check":
        day = old.start.day if new_day is None and new_time is not None else new_day
        return _checked(call, rules, seating, replace(wish, day=day), near=old.start.day)
    wish = replace(wish, day=new_day or old.start.day, at=new_time or old.start.time)
    if (wish.day, wish.at, party) == (old.start.day, old.start.time, old.party):
        return _about(call, old, "nothing_changed")
    found = _placed(seating, wish)
    if isinstance(found, Refusal):
        return refused(call, rules, found)
    _, start = found
    seats = seats_for(start, rules, party)
    place = seating.place(resource.name, start)
    fee = fee_of(call, rules, old)
    if call.query.phase == "offer":
        is_same_place = old.place(call.bot.name) == place
        kept = old.seats if is_same_place else {}
        more = {step: count - kept.get(step, 0) for step, count in seats.items()}
        more = {step: count for step, count in more.items() if count > 0}
        writes = seating.offered(place, more, capacity=resource.capacity)
        return _about(call, old, "ok", {"fee": money(call, rules, fee)}, writes)
    price = old.price if party == old.party else resource.price * (party or 1)
    changed = replace(old, start=start, seats=seats, party=party, price=price, fee=old.fee + fee)
    moved = [taking(place, seats), taking(old.place(call.bot.name), old.seats, sign=-1)]
    writes = (
        Put(known.record.key, changed.to_json(), known.record.version),
        *seating.settled(moved, place=place, capacity=resource.capacity),
    )
    return _about(call, changed, "changed", {}, writes)


def cancel(call: ActionCall) -> ActionDone:
    """Take a reservation back and give its seats free."""
    rules = rules_of(call)
    if call.query.phase == "withdraw":
        return FINE
    known = _known(call, rules)
    if isinstance(known, ActionDone):
        return known
    old = known.reservation
    fee = fee_of(call, rules, old)
    fields = {
        "fee": money(call, rules, fee),
        "refund": money(call, rules, old.price - fee),
    }
    if call.query.phase != "run":
        return _about(call, old, "ok", fields)
    gone = replace(old, status="cancelled", fee=old.fee + fee)
    place = old.place(call.bot.name)
    writes = (
        Put(known.record.key, gone.to_json(), known.record.version),
        *Seating(call, rules).freed(taking(place, old.seats, sign=-1)),
    )
    return _about(call, gone, "cancelled", fields, writes)


def list_(call: ActionCall) -> ActionDone:
    """List the reservations of a customer that are still to come."""
    rules_of(call)
    phone, name = said(call, "phone"), said(call, "name")
    if phone is None or call.query.phase != "run":
        return FINE
    notes = call.store.under(customer_pk(call.bot.name, phone))
    numbers = [one.key.sk for one in notes]
    stored = (call.store.get(reservation_key(call.bot.name, number)) for number in numbers)
    found = [read_reservation(one.record) for one in stored if one is not None]
    mine = [
        one
        for one in found
        if one.status == "booked"
        and one.start.day >= call.now.date()
        and (name is None or not one.name or plain_name(one.name) == plain_name(name))
    ]
    mine = sorted(mine, key=lambda one: one.start.at)[:LISTED]
    if not mine:
        return ActionDone(ActionResult("none"))
    lines = [f"{one.number}: {what_of(call, one)}" for one in mine]
    fields = {"list": "\n".join(lines), "count": str(len(mine))}
    choices = tuple(Choice("number", one.number, what_of(call, one)) for one in mine)
    return ActionDone(ActionResult("found", fields, choices))


def free(call: ActionCall) -> ActionDone:
    """Tell which times of a day are free, or whether one of them is."""
    rules = rules_of(call)
    party = party_of(call)
    seating = Seating(call, rules, party=party or 1)
    wish = _wish(call, rules, seating, party)
    if call.query.phase != "run" or wish.day is None:
        return _checked(call, rules, seating, wish)
    refusal = seating.diary.refusal(wish)
    if refusal is not None:
        return refused(call, rules, refusal)
    starts = seating.diary.free_starts(wish, wish.day)
    if rules.unit == "days":
        rooms = [seating.diary.room(*one) for one in seating.diary.free_openings(wish)]
        times = seats_left(max(rooms), call.query.language)
    else:
        asked = [one for one in starts if wish.at in (None, one.time)]
        times = spoken_starts(spread(asked), call.query.language)
    choices = choices_for(call, seating, wish)
    return ActionDone(ActionResult("free", {"times": times}, choices))


def _wish(call: ActionCall, rules: ReservationRules, seating: Seating, party: int | None) -> Wish:
    openings = seating.openings(resources_for(call, rules))
    return Wish(openings, party or 1, day_of(call), time_of(call))


def _checked(
    call: ActionCall,
    rules: ReservationRules,
    seating: Seating,
    wish: Wish,
    *,
    near: date | None = None,
) -> ActionDone:
    refusal = seating.diary.refusal(wish)
    if refusal is not None:
        return refused(call, rules, refusal)
    choices = choices_for(call, seating, wish, near=near)
    return ActionDone(ActionResult("ok", choices=choices, remembered=_group_of(call, rules)))


def _group_of(call: ActionCall, rules: ReservationRules) -> dict[str, str]:
    """Return the group of the resource that was named: who names a doctor names a department."""
    resource = rules.resources.get(said(call, "resource") or "")
    if resource is None or resource.group is None or said(call, "group") is not None:
        return {}
    return {"group": resource.group}


def _placed(seating: Seating, wish: Wish) -> Refusal | tuple[Openings, Start]:
    refusal = with_time(wish, seating)
    if refusal is not None:
        return refusal
    return place_for(wish, seating) or Refusal("none_left")


def _known(call: ActionCall, rules: ReservationRules) -> ActionDone | _Known:
    """Return the reservation that is asked about, or what to say instead."""
    number, phone = said(call, "number"), said(call, "phone")
    if number is None or phone is None:
        return FINE
    key = reservation_key(call.bot.name, number)
    record = call.store.get(key)
    if record is None:
        return ActionDone(ActionResult("not_found"))
    found = read_reservation(record.record)
    kept = [digest(phone_digits(found.phone))] if found.phone else []
    given = digest(phone_digits(phone))
    is_known, writes = is_owner(call, pk=key.pk, kept=kept, given=given)
    if not is_known:
        return ActionDone(ActionResult("not_found"), writes)
    if found.status == "cancelled":
        return _about(call, found, "already_cancelled")
    now = local(call)
    has_begun = found.start.at <= now if rules.unit == "slots" else found.start.day < now.date()
    return _about(call, found, "too_late") if has_begun else _Known(found, record)


def _about(
    call: ActionCall,
    reservation: Reservation,
    outcome: str,
    fields: dict[str, str] | None = None,
    writes: tuple[Write, ...] = (),
) -> ActionDone:
    about = {"what": what_of(call, reservation), **(fields or {})}
    remembered = {"number": reservation.number, "phone": reservation.phone}
    return ActionDone(ActionResult(outcome, about, remembered=remembered), writes)
