"""Forms: filling slots one by one, and what the finished form's action comes to."""

from __future__ import annotations

from collections.abc import Mapping

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
from sangdam.dialogue.session import OpenForm
from sangdam.nlu.understanding import Understanding


def values_in(
    form: Form, understanding: Understanding, state: OpenForm | None = None
) -> dict[str, str]:
    """Return the slots of a form that a message fills, from a button or from entities.

    Each value fills one slot: the one an open form (``state``) asks for before empty ones, and
    these before filled ones.
    """
    carried = understanding.slots or {}
    found = {slot.name: carried[slot.name] for slot in form.slots if slot.name in carried}
    values = {} if state is None else state.values
    asking = None if state is None else state.asking
    left = list(understanding.entities)
    for slot in sorted(form.slots, key=lambda one: (one.name != asking, one.name in values)):
        match = next((one for one in left if one.name == slot.entity), None)
        if match is not None and slot.name not in found:
            found[slot.name] = match.value
            left.remove(match)
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
    state: OpenForm,
    new: Mapping[str, str],
    *,
    language: Language,
    facts: Facts,
    opened: tuple[Event, ...] = (),
) -> Outcome | Ask:
    """Fill in new values; ask for the next slot, or finish with the action's outcome.

    ``opened`` are events that precede (the form's opening).
    """
    filled = {**state.values, **new}
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
) -> Outcome | Ask:
    """Open a form, with whatever the message already said of its slots."""
    opened = (*before, FormOpened(name))
    return advance(
        bot, bot.forms[name], OpenForm(name), new, language=language, facts=facts, opened=opened
    )


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
