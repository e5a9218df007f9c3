"""What a form's action can never come to, by the rules of the bot itself: nothing to be tested."""

from __future__ import annotations

from collections.abc import Iterator

from sangdam.bots.business import ReservationRules
from sangdam.bots.definition import Bot, Form

_ASK_FOR_A_PLACE = ("reservations.book", "reservations.free", "reservations.change")
_DAYS_A_WEEK = 7


def out_of_reach(bot: Bot, form: Form) -> frozenset[str]:
    """Return the outcomes that a form has words for and no customer can bring about.

    Packs give words for all that an action can come to, so that a change of the rules needs no new
    ones: a desk that can be booked for today says nothing is ``too_soon``.
    """
    if form.action == "catalogue.recommend":  # nothing is shown again that nobody narrows down
        narrows = any(slot.name == form.slot_of("narrow") for slot in form.slots)
        return frozenset() if narrows else frozenset({"no_more"})
    if form.action == "catalogue.item" and bot.catalogue is not None:
        offered = {one for slot in form.slots for one in bot.entities[slot.entity].options}
        gone = any(item.stock == 0 for item in bot.catalogue.items if item.id in offered)
        return frozenset() if gone else frozenset({"sold_out"})
    rules = bot.backoffice.reservations
    if rules is None or form.action not in _ASK_FOR_A_PLACE:
        return frozenset()
    return frozenset(_never(bot, form, rules))


def _never(bot: Bot, form: Form, rules: ReservationRules) -> Iterator[str]:
    slots = {slot.name for slot in form.slots}
    asked = {role for role in ("group", "resource", "party") if form.slot_of(role) in slots}
    if rules.ahead[0] == 0:
        yield "too_soon"
    if "party" not in asked:
        yield "party_too_large"
    # Unknown is a doctor of another department than the one that was chosen.
    if form.action == "reservations.change" or not {"group", "resource"} <= asked:
        yield "unknown_resource"
    if rules.open_on_holidays and all(_is_always_open(bot, rules, one) for one in rules.resources):
        yield "closed"


def _is_always_open(bot: Bot, rules: ReservationRules, name: str) -> bool:
    resource = rules.resources[name]
    hours = resource.hours or (bot.hours if rules.unit == "slots" else {})
    return not resource.closed and (not hours or sum(map(bool, hours.values())) == _DAYS_A_WEEK)
