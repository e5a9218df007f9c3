"""Forms: filling slots one by one, and what the finished form's action comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sangdam.bots.actions import ACTIONS
from sangdam.bots.definition import Bot, Form, Language, QuickReply, Slot
from sangdam.dialogue.decision import Ask, Facts, Outcome, RunAction, Say
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
from sangdam.dialogue.readings import reading_buttons
from sangdam.dialogue.session import OpenForm
from sangdam.nlu.understanding import Entity, Understanding

SURE = 0.8
"""Least confidence of a value that fills a slot nobody has asked for."""

NO_DOUBTS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def values_in(
    form: Form, understanding: Understanding, state: OpenForm | None = None
) -> dict[str, str]:
    """Return the slots of a form that a message fills, from a button or from entities.

    Each value fills one slot: the one an open form (``state``) asks for before empty ones, and
    these before filled ones. What can mean several things fills none: see ``doubts_in``.
    """
    carried = understanding.slots or {}
    found = {slot.name: carried[slot.name] for slot in form.slots if slot.name in carried}
    matches = _matches(form, understanding, state)
    return found | {name: one.value for name, one in matches.items() if not one.is_ambiguous}


def doubts_in(
    form: Form, understanding: Understanding, state: OpenForm | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the empty slots of a form that a message has a value for which can mean several
    things, and what those are, the likeliest first.
    """
    values = {} if state is None else state.values
    matches = _matches(form, understanding, state)
    return {
        name: one.readings
        for name, one in matches.items()
        if one.is_ambiguous and name not in values
    }


def _matches(form: Form, understanding: Understanding, state: OpenForm | None) -> dict[str, Entity]:
    """Return the entity for each slot that has one in a message.

    Words are used once. Where those of two types overlap (``tomorrow at 3 pm`` is a date-time, a
    date and a time), the slot that was asked for takes its own; else the longer one counts. What
    was not asked for must be sure: any number could be a percentage.
    """
    carried = understanding.slots or {}
    values = {} if state is None else state.values
    asking = None if state is None else state.asking
    wanted = {slot.entity for slot in form.slots if slot.name not in carried}
    left = [one for one in understanding.entities if one.name in wanted]
    found: dict[str, Entity] = {}
    for slot in sorted(form.slots, key=lambda one: (one.name != asking, one.name in values)):
        if slot.name in carried:
            continue
        fitting = [one for one in left if one.name == slot.entity]
        if slot.name != asking:
            fitting = [one for one in fitting if _counts_unasked(one, left)]
        if fitting:
            found[slot.name] = fitting[0]
            left = [one for one in left if not _overlap(one, fitting[0])]
    return found


def _counts_unasked(one: Entity, others: Sequence[Entity]) -> bool:
    if one.confidence < SURE and not one.is_ambiguous:
        return False
    length = one.end - one.start
    return all(other.end - other.start <= length or not _overlap(one, other) for other in others)


def _overlap(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end


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
    state: OpenForm,
    new: Mapping[str, str],
    *,
    language: Language,
    facts: Facts,
    opened: tuple[Event, ...] = (),
    doubts: Mapping[str, tuple[str, ...]] = NO_DOUBTS,
    asked_which: bool = False,
) -> Outcome | Ask:
    """Fill in new values; ask for the next slot, or finish with the action's outcome.

    ``opened`` are events that precede (the form's opening); ``doubts`` are values that can mean
    several things, by slot: which is meant is asked before anything else. ``asked_which`` says
    that this was the last question already: then it is a miss.
    """
    filled = {**state.values, **new}
    events: list[Event] = [*opened, *(SlotFilled(name, value) for name, value in new.items())]
    doubtful = [slot for slot in form.slots if slot.name in doubts and slot.name not in filled]
    if doubtful:
        slot = min(doubtful, key=lambda one: one.name != state.asking)
        missed_again = asked_which and slot.name == state.asking
        if missed_again and state.misses + 1 >= form.attempts:
            return _given_up(form, slot.name, tuple(events))
        events.append((SlotMissed if missed_again else SlotAsked)(slot.name))
        return Outcome(
            tuple(events),
            (Say("system/which"),),
            (
                *reading_buttons(bot, form, slot, doubts[slot.name], language=language),
                cancel_button(bot, language),
            ),
            (f"form {form.name}: asks which {slot.name}: {', '.join(doubts[slot.name])}",),
        )
    waiting = next_slot(form, filled)
    if waiting is not None:
        events.append(SlotAsked(waiting.name))
        return Outcome(
            tuple(events),
            (Say(f"form/{form.name}/{waiting.name}/ask"),),
            (cancel_button(bot, language),),
            (f"form {form.name}: asks for {waiting.name}",),
        )
    query = RunAction(form.action, tuple(filled.items()), language)
    if query not in facts:
        return Ask(query)
    result = facts[query]
    outcome = result.outcome
    trace = (f"form {form.name}: {form.action} came to {outcome}",)
    say = Say(f"form/{form.name}/outcome/{outcome}", result.fields)
    reopened = ACTIONS[form.action].reopens.get(outcome)
    if reopened is None:
        events.append(FormFinished(form.name, outcome))
        return Outcome(tuple(events), (say,), (), trace)
    misses = state.misses if state.asking == reopened else 0
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
    doubts: Mapping[str, tuple[str, ...]] = NO_DOUBTS,
) -> Outcome | Ask:
    """Open a form, with whatever the message already said of its slots."""
    opened = (*before, FormOpened(name))
    return advance(
        bot,
        bot.forms[name],
        OpenForm(name),
        new,
        language=language,
        facts=facts,
        opened=opened,
        doubts=doubts,
    )


def missed(bot: Bot, form: Form, state: OpenForm, *, language: Language) -> Outcome:
    """Ask again with help; after the last attempt give the form up and offer a person."""
    slot = state.asking or form.slots[0].name
    if state.misses + 1 >= form.attempts:
        return _given_up(form, slot)
    return Outcome(
        (SlotMissed(slot),),
        (Say(f"form/{form.name}/{slot}/ask_again"),),
        (cancel_button(bot, language),),
        (f"form {form.name}: no {slot} in the message, miss {state.misses + 1}",),
    )


def _given_up(form: Form, slot: str, before: tuple[Event, ...] = ()) -> Outcome:
    return Outcome(
        (*before, SlotMissed(slot), FormGivenUp(form.name)),
        (Say("system/offer_human"),),
        (),
        (f"form {form.name}: {form.attempts} attempts at {slot}, offers a person",),
    )


def cancel_button(bot: Bot, language: Language) -> QuickReply:
    """Return the button that gives up the open form."""
    return QuickReply(bot.script(language).replies["system/cancel"].variants[0], "/cancel")
