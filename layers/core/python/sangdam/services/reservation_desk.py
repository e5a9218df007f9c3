"""What the actions on reservations share: reading a wish, refusing it, and the choices to offer."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal

from sangdam.backoffice.availability import CHOICES, Refusal, Wish, spread
from sangdam.backoffice.cancellation import cancellation_fee
from sangdam.backoffice.openings import Openings, Start
from sangdam.backoffice.reservation import Reservation
from sangdam.backoffice.reservation_words import refusal_fields, spoken_amount, spoken_day, what
from sangdam.bots.business import ReservationRules, Resource
from sangdam.bots.definition import Bot, Language
from sangdam.dialogue.decision import ActionResult, Choice
from sangdam.services.action import ActionCall, ActionDone
from sangdam.services.seating import Seating
from sangdam.text.dates import spoken_time


def rules_of(call: ActionCall) -> ReservationRules:
    """Return the rules of the bot; packs without them have no such forms."""
    rules = call.bot.backoffice.reservations
    if rules is None:
        raise ValueError(
            f"bot '{call.bot.name}' has no rules for reservations;"
            " add backoffice.reservations to its bot.yaml"
        )
    return rules


def said(call: ActionCall, role: str) -> str | None:
    """Return the value of a role; None if it is empty or was skipped."""
    return call.values.get(role) or None


def party_of(call: ActionCall) -> int | None:
    """Return how many come: ``2 person``, ``2``; None if that was not said."""
    value = said(call, "party")
    found = re.match(r"\d+(?:\.\d+)?", value) if value is not None else None
    return max(1, math.ceil(float(found[0]))) if found is not None else None


def day_of(call: ActionCall) -> date | None:
    """Return the day, which may have been said together with its time."""
    value = said(call, "date")
    return date.fromisoformat(value[:10]) if value is not None else None


def time_of(call: ActionCall) -> time | None:
    """Return the time of day, to the minute."""
    value = said(call, "time")
    if value is None:
        day = said(call, "date")
        value = day if day is not None and "T" in day else None
    return time.fromisoformat(value.partition("T")[2] or value) if value is not None else None


def resources_for(call: ActionCall, rules: ReservationRules) -> tuple[Resource, ...]:
    """Return the resources that would do: the one that was chosen, or those of the group, or all.

    There is none if what was chosen does not exist, or is not of that group.
    """
    chosen, group = said(call, "resource"), said(call, "group")
    return tuple(
        one
        for one in rules.resources.values()
        if chosen in (None, one.name) and group in (None, one.group)
    )


def label_of(bot: Bot, resource: str, language: Language) -> str:
    """Return what a resource is called: it is an option of an entity that customers choose from."""
    for entity in bot.entities.values():
        if resource in entity.options:
            return entity.label(resource, language)
    return resource


def refused(call: ActionCall, rules: ReservationRules, refusal: Refusal) -> ActionDone:
    """Return why a wish cannot be met, with what would do instead."""
    language, today = call.query.language, call.now.date()
    fields = refusal_fields(refusal, language, today=today)
    choices = (*_days(call, refusal.days), *_times(call, refusal.starts))
    if refusal.kind == "unknown_resource":
        group = said(call, "group")
        fitting = [one for one in rules.resources.values() if group in (None, one.group)]
        choices = _resources(call, fitting or rules.resources.values())
    return ActionDone(ActionResult(refusal.kind, fields, choices))


def choices_for(
    call: ActionCall, seating: Seating, wish: Wish, *, near: date | None = None
) -> tuple[Choice, ...]:
    """Return values that would do for what is still empty: days, times, and who is free then.

    ``near`` is the day that others are looked for around; else the first that can be reserved.
    """
    diary = seating.diary
    choices: list[Choice] = []
    free: Iterable[Resource] = (one.resource for one in wish.openings)
    if wish.day is None:
        choices += _days(call, diary.nearest_days(wish, near or diary.first))
    else:
        if wish.at is None:
            choices += _times(call, spread(diary.free_starts(wish, wish.day)))
        free = (one.resource for one, _ in diary.free_openings(wish))
    if said(call, "resource") is None and len(wish.openings) > 1:
        choices += _resources(call, free)
    return tuple(choices)


def with_time(wish: Wish, seating: Seating) -> Refusal | None:
    """Return what stands against a wish that is to be met now: it must have a time by now."""
    refusal = seating.diary.refusal(wish)
    if refusal is not None or wish.at is not None or wish.day is None:
        return refusal
    free = seating.diary.free_starts(wish, wish.day)
    is_timed = any(start.time is not None for start in free)
    return Refusal("full", starts=spread(free)) if is_timed else None


def place_for(wish: Wish, seating: Seating) -> tuple[Openings, Start] | None:
    """Return the resource and start that a wish gets: those that are held, or the emptiest."""
    free = seating.diary.free_openings(wish)
    if not free:
        return None
    held = seating.hold.place if seating.hold is not None else None

    def rank(pair: tuple[Openings, Start]) -> tuple[bool, int]:
        openings, start = pair
        is_held = held is not None and seating.place(openings.resource.name, start) == held
        return is_held, seating.diary.room(openings, start)

    return max(free, key=rank)


def what_of(call: ActionCall, reservation: Reservation) -> str:
    """Return a reservation in one line."""
    label = label_of(call.bot, reservation.resource, call.query.language)
    return what(reservation, label, call.query.language, today=call.now.date())


def fee_of(call: ActionCall, rules: ReservationRules, reservation: Reservation) -> Decimal:
    """Return what it costs to change or cancel a reservation today."""
    return cancellation_fee(
        rules.cancellation,
        reservation.price,
        day=reservation.start.day,
        today=call.now.date(),
        currency=rules.currency,
    )


def money(call: ActionCall, rules: ReservationRules, amount: Decimal) -> str:
    """Return an amount as people read it."""
    return spoken_amount(amount, rules.currency, call.query.language)


def _days(call: ActionCall, days: Sequence[date]) -> tuple[Choice, ...]:
    language, today = call.query.language, call.now.date()
    return tuple(
        Choice("date", day.isoformat(), spoken_day(day, language, today=today)) for day in days
    )


def _times(call: ActionCall, starts: Sequence[Start]) -> tuple[Choice, ...]:
    times = [start.time for start in starts]
    language = call.query.language
    return tuple(
        Choice("time", f"{at:%H:%M}", spoken_time(at, language)) for at in times if at is not None
    )


def _resources(call: ActionCall, resources: Iterable[Resource]) -> tuple[Choice, ...]:
    names = [one.name for one in resources][:CHOICES]
    language = call.query.language
    return tuple(Choice("resource", one, label_of(call.bot, one, language)) for one in names)
