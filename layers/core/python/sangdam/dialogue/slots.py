"""The slots of a form: which values a message has for them, and which is asked for next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sangdam.bots.definition import Bot, Form, Language, Slot
from sangdam.dialogue.session import OpenForm
from sangdam.nlu.understanding import Entity, Understanding
from sangdam.text.values import spoken_values

SURE = 0.8
"""Least confidence of a value that fills a slot nobody has asked for."""

ONLY_ASKED = ("yes_no", "text")
"""Types whose values mean something only where they were asked for: any talk is full of them."""

NOTHING = "-"
"""What a slot without a value shows."""


def values_in(
    bot: Bot, form: Form, understanding: Understanding, state: OpenForm | None = None
) -> dict[str, str]:
    """Return the slots of a form that a message fills, from a button or from entities.

    Each value fills one slot: the one an open form (``state``) asks for before empty ones, and
    these before filled ones. What can mean several things fills none: see ``doubts_in``.
    """
    carried = understanding.slots or {}
    found = {slot.name: carried[slot.name] for slot in form.slots if slot.name in carried}
    matches = _matches(bot, form, understanding, state)
    return found | {name: one.value for name, one in matches.items() if not one.is_ambiguous}


def doubts_in(
    bot: Bot, form: Form, understanding: Understanding, state: OpenForm | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the slots of a form that a message has a value for which can mean several things, and
    what those are, the likeliest first.

    One that is filled already counts only while all values are shown: then it is a correction.
    """
    values = {} if state is None or state.shown is not None else state.values
    matches = _matches(bot, form, understanding, state)
    return {
        name: one.readings
        for name, one in matches.items()
        if one.is_ambiguous and name not in values
    }


def _matches(
    bot: Bot, form: Form, understanding: Understanding, state: OpenForm | None
) -> dict[str, Entity]:
    """Return the entity for each slot that has one in a message.

    Words are used once. Where those of two types overlap (``tomorrow at 3 pm`` is a date-time, a
    date and a time), the slot that was asked for takes its own; else the longer one counts. What
    was not asked for must be sure: any number could be a percentage. What a message refuses
    (``3시 말고``) or asks about (``내일도 영업하나요?``) fills nothing.
    """
    carried = understanding.slots or {}
    values = {} if state is None else state.values
    asking = None if state is None else state.asking
    wanted = {slot.entity for slot in form.slots if slot.name not in carried}
    left = [one for one in understanding.entities if one.name in wanted and one.is_given]
    found: dict[str, Entity] = {}
    for slot in sorted(form.slots, key=lambda one: (one.name != asking, one.name in values)):
        if slot.name in carried or not applies(slot, {**values, **carried, **_sure(found)}):
            continue
        fitting = [one for one in left if one.name == slot.entity]
        if slot.name != asking:
            if bot.entities[slot.entity].type in ONLY_ASKED:
                continue
            fitting = [one for one in fitting if _counts_unasked(one, left)]
        if fitting:
            found[slot.name] = fitting[0]
            left = [one for one in left if not _overlap(one, fitting[0])]
    return found


def _sure(found: Mapping[str, Entity]) -> dict[str, str]:
    return {name: one.value for name, one in found.items() if not one.is_ambiguous}


def _counts_unasked(one: Entity, others: Sequence[Entity]) -> bool:
    if one.confidence < SURE and not one.is_ambiguous:
        return False
    length = one.end - one.start
    return all(other.end - other.start <= length or not _overlap(one, other) for other in others)


def _overlap(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end


def complete(form: Form, state: OpenForm) -> dict[str, str]:
    """Return the values a form stands at: those given, and the defaults of slots nobody asks for.

    Without those whose condition does not hold (any more).
    """
    values: dict[str, str] = {}
    for slot in form.slots:
        value = state.values.get(slot.name)
        if value is None and slot.name != state.asking:
            value = slot.default
        if value is not None and applies(slot, values):
            values[slot.name] = value
    return values


def applies(slot: Slot, values: Mapping[str, str]) -> bool:
    """Tell whether the conditions of a slot hold."""
    return all(values.get(name) in wanted for name, wanted in slot.when.items())


def next_slot(form: Form, state: OpenForm) -> Slot | None:
    """Return the slot to ask for: the one asked for already, else the first that is empty."""
    values = complete(form, state)
    empty = [
        slot
        for slot in form.slots
        if slot.name not in values
        and slot.name not in state.skipped
        and applies(slot, values)
        and (slot.default is None or slot.name == state.asking)
    ]
    asked = (slot for slot in empty if slot.name == state.asking)
    return next(asked, None) or next(iter(empty), None)


def asking_for(bot: Bot, open_form: OpenForm) -> Slot | None:
    """Return the slot an open form waits for."""
    form = bot.forms.get(open_form.form)
    if form is None:
        return None
    return next((slot for slot in form.slots if slot.name == open_form.asking), None)


def is_of(bot: Bot, state: OpenForm) -> bool:
    """Tell whether a bot has this form, with this slot: a newer release may have lost them."""
    form = bot.forms.get(state.form)
    if form is None:
        return False
    names = {slot.name for slot in form.slots}
    return names >= state.values.keys() and (state.asking is None or state.asking in names)


def spoken(bot: Bot, form: Form, values: Mapping[str, str], language: Language) -> dict[str, str]:
    """Return the value of every slot as people say it, for replies; of an empty one a dash."""
    return {
        slot.name: spoken_value(bot, slot, values[slot.name], language)
        if slot.name in values
        else NOTHING
        for slot in form.slots
    }


def spoken_value(bot: Bot, slot: Slot, value: str, language: Language) -> str:
    """Return a value as people say it: the label of a choice, a date with its weekday."""
    entity = bot.entities[slot.entity]
    if entity.type == "choice":
        return entity.label(value, language)
    return spoken_values(entity.type, (value,), language)[0]
