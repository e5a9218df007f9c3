"""Forms: filling slots one by one, and what the finished form's action comes to."""

from __future__ import annotations

from collections.abc import Mapping

from sangdam.backoffice.orders import FindOrder, Order
from sangdam.bots.actions import ACTIONS
from sangdam.bots.definition import Bot, Form, Language, QuickReply, Slot
from sangdam.dialogue.decision import Ask, Facts, Outcome, Say
from sangdam.dialogue.events import (
    Event,
    FormFinished,
    FormGivenUp,
    FormOpened,
    SlotAsked,
    SlotCleared,
    SlotFilled,
    SlotMissed,
)
from sangdam.dialogue.session import OpenForm
from sangdam.nlu.understanding import Understanding
from sangdam.text.dates import spoken_date


def values_in(form: Form, understanding: Understanding) -> dict[str, str]:
    """Return the slots of a form that a message fills, from a button or from entities."""
    carried = understanding.slots or {}
    found: dict[str, str] = {}
    for slot in form.slots:
        if slot.name in carried:
            found[slot.name] = carried[slot.name]
            continue
        match = next((one for one in understanding.entities if one.name == slot.entity), None)
        if match is not None:
            found[slot.name] = match.value
    return found


def next_slot(form: Form, values: Mapping[str, str]) -> Slot | None:
    """Return the first slot that is still empty."""
    return next((slot for slot in form.slots if slot.name not in values), None)


def asking_for(bot: Bot, open_form: OpenForm) -> Slot | None:
    """Return the slot an open form waits for."""
    form = bot.forms.get(open_form.form)
    if form is None:
        return None
    return next((slot for slot in form.slots if slot.name == open_form.asking), None)


def advance(
    bot: Bot,
    form: Form,
    values: Mapping[str, str],
    new: Mapping[str, str],
    *,
    language: Language,
    facts: Facts,
    opened: tuple[Event, ...] = (),
    misses: int = 0,
) -> Outcome | Ask:
    """Fill in new values; ask for the next slot, or finish with the action's outcome.

    ``opened`` are events that precede (the form's opening); ``misses`` counts how often the slot
    being asked for has already been missed.
    """
    filled = {**values, **new}
    events: list[Event] = [*opened, *(SlotFilled(name, value) for name, value in new.items())]
    waiting = next_slot(form, filled)
    if waiting is not None:
        events.append(SlotAsked(waiting.name))
        return Outcome(
            tuple(events),
            (Say(f"form/{form.name}/{waiting.name}/ask"),),
            (cancel_button(bot, language),),
            (f"form {form.name}: asks for {waiting.name}",),
        )
    query = FindOrder(filled["order_number"])
    if query not in facts:
        return Ask(query)
    outcome, fields = order_status(query, facts[query], language)
    trace = (f"form {form.name}: {form.action} came to {outcome}",)
    say = Say(f"form/{form.name}/outcome/{outcome}", fields)
    reopened = ACTIONS[form.action].reopens.get(outcome)
    if reopened is None:
        events.append(FormFinished(form.name, outcome))
        return Outcome(tuple(events), (say,), (), trace)
    if misses + 1 >= form.attempts:
        events.append(FormGivenUp(form.name))
        gave_up = (f"form {form.name}: {form.attempts} attempts, offers a person",)
        return Outcome(tuple(events), (say, Say("system/offer_human")), (), trace + gave_up)
    events += [SlotCleared(reopened), SlotMissed(reopened)]
    return Outcome(tuple(events), (say,), (cancel_button(bot, language),), trace)


def open_form(
    bot: Bot,
    name: str,
    new: Mapping[str, str],
    *,
    language: Language,
    facts: Facts,
    before: tuple[Event, ...] = (),
) -> Outcome | Ask:
    """Open a form, with whatever the message already said of its slots."""
    opened = (*before, FormOpened(name))
    return advance(bot, bot.forms[name], {}, new, language=language, facts=facts, opened=opened)


def missed(bot: Bot, form: Form, state: OpenForm, *, language: Language) -> Outcome:
    """Ask again with help; after the last attempt give the form up and offer a person."""
    slot = state.asking or form.slots[0].name
    if state.misses + 1 >= form.attempts:
        return Outcome(
            (SlotMissed(slot), FormGivenUp(form.name)),
            (Say("system/offer_human"),),
            (),
            (f"form {form.name}: {form.attempts} attempts at {slot}, offers a person",),
        )
    return Outcome(
        (SlotMissed(slot),),
        (Say(f"form/{form.name}/{slot}/ask_again"),),
        (cancel_button(bot, language),),
        (f"form {form.name}: no {slot} in the message, miss {state.misses + 1}",),
    )


def cancel_button(bot: Bot, language: Language) -> QuickReply:
    """Return the button that gives up the open form."""
    return QuickReply(bot.script(language).replies["system/cancel"].variants[0], "/cancel")


def order_status(
    query: FindOrder, order: Order | None, language: Language
) -> tuple[str, dict[str, str]]:
    """Return the outcome of looking an order up, and the fields its reply may use."""
    if order is None:
        return "not_found", {"order_number": query.order_number}
    items = ", ".join(
        f"{item.name.get(language) or next(iter(item.name.values()))} × {item.quantity}"
        for item in order.items
    )
    fields = {"order_number": order.order_number, "items": items}
    courier = order.courier or {}
    fields["courier"] = courier.get(language) or next(iter(courier.values()), "-")
    fields["tracking_number"] = order.tracking_number or "-"
    for name in ("ordered_on", "expected_on", "delivered_on"):
        day = getattr(order, name)
        fields[name] = spoken_date(day, language) if day is not None else "-"
    return order.status, fields
