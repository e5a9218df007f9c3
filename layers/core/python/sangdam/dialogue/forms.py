"""Forms: filling slots, showing what they hold, and what the finished form's action comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sangdam.bots.actions import OK, action_of
from sangdam.bots.definition import Form, QuickReply, Slot
from sangdam.bots.outside_actions import UNAVAILABLE
from sangdam.dialogue.buttons import (
    cancel_button,
    change_buttons,
    choice_buttons,
    confirm_buttons,
    digest,
    slot_buttons,
)
from sangdam.dialogue.decision import ActionResult, Ask, Choice, Outcome, Phase, RunAction, Say
from sangdam.dialogue.events import (
    Event,
    FormFinished,
    FormGivenUp,
    FormOpened,
    FormResumed,
    SlotAsked,
    SlotCleared,
    SlotFilled,
    SlotMissed,
    SlotSkipped,
    ThingsListed,
    ValuesDoubted,
    ValuesKept,
    ValuesShown,
)
from sangdam.dialogue.readings import reading_buttons
from sangdam.dialogue.session import OpenForm, fill_form, finished_as
from sangdam.dialogue.situation import Situation
from sangdam.dialogue.slots import complete, next_slot, spoken

NO_DOUBTS: Mapping[str, tuple[str, ...]] = MappingProxyType({})
NOTHING_YET = Outcome()


def open_form(
    now: Situation,
    name: str,
    new: Mapping[str, str],
    *,
    so_far: Outcome = NOTHING_YET,
    doubts: Mapping[str, tuple[str, ...]] = NO_DOUBTS,
    skipped: tuple[str, ...] = (),
) -> Outcome | Ask:
    """Open a form, with whatever is known of its slots already, or was left out before."""
    opened = joined(so_far, Outcome((FormOpened(name),)))
    state, opened = _happened(OpenForm(name), opened, *map(SlotSkipped, skipped))
    return advance(now, state, new, so_far=opened, doubts=doubts)


def advance(
    now: Situation,
    state: OpenForm,
    new: Mapping[str, str],
    *,
    so_far: Outcome = NOTHING_YET,
    doubts: Mapping[str, tuple[str, ...]] = NO_DOUBTS,
    asked_which: bool = False,
    again: bool = False,
) -> Outcome | Ask:
    """Fill in new values; ask for the next slot, show all values, or finish with the action.

    ``so_far`` is what precedes in the same turn; ``doubts`` are values that can mean several
    things, by slot: which is meant is asked before anything else. ``asked_which`` says that this
    was the last question already: then it is a miss. ``again`` puts the question with its help.
    """
    form = now.bot.forms[state.form]
    state, so_far = _happened(state, so_far, *(SlotFilled(name, new[name]) for name in new))
    doubtful = [slot for slot in form.slots if slot.name in doubts and slot.name not in new]
    if doubtful:
        slot = min(doubtful, key=lambda one: one.name != state.asking)
        return _ask_which(now, form, state, slot, doubts[slot.name], so_far, asked_which)
    choices: tuple[Choice, ...] = ()
    action = action_of(now.bot, form.action)
    waiting = next_slot(form, state)
    if action.checks and (waiting is None or complete(form, state)):
        checked = _asked(now, form, state, "check")
        if isinstance(checked, Ask):
            return checked
        if checked.outcome != OK:
            noted = Outcome(carried_out=(_query(now, form, state, "check"),))
            return _ended(now, form, state, checked, joined(so_far, noted))
        choices = checked.choices
        # What follows from the values there are: a doctor's department need not be asked for.
        told = {form.slot_of(role): value for role, value in checked.remembered.items()}
        empty = {slot.name for slot in form.slots} - complete(form, state).keys()
        found = [SlotFilled(name, told[name]) for name in told if name in empty]
        state, so_far = _happened(state, so_far, *found)
        waiting = next_slot(form, state)
    if waiting is not None:
        _, so_far = _happened(state, so_far, SlotAsked(waiting.name))
        return joined(so_far, question(now, form, state, waiting, choices, again=again))
    if form.confirm:
        return _shown(now, form, state, so_far)
    return run(now, state, so_far=so_far)


def run(now: Situation, state: OpenForm, *, so_far: Outcome = NOTHING_YET) -> Outcome | Ask:
    """Carry the action of a form out, all its values being there (and confirmed)."""
    form = now.bot.forms[state.form]
    result = _asked(now, form, state, "run")
    if isinstance(result, Ask):
        return result
    query = _query(now, form, state, "run")
    return _ended(now, form, state, result, joined(so_far, Outcome(carried_out=(query,))))


def question(
    now: Situation,
    form: Form,
    state: OpenForm,
    slot: Slot,
    choices: tuple[Choice, ...],
    *,
    again: bool = False,
) -> Outcome:
    """Ask for a slot, with what there is to choose from as buttons."""
    fields = spoken(now.bot, form, complete(form, state), now.language)
    return Outcome(
        says=(Say(f"form/{form.name}/{slot.name}/{'ask_again' if again else 'ask'}", fields),),
        quick_replies=slot_buttons(now.bot, form, slot, choices, now.language),
        trace=(f"form {form.name}: asks for {slot.name}",),
    )


def ask_again(now: Situation, state: OpenForm) -> Outcome | Ask:
    """Ask again with help; after the last attempt give the form up and offer a person."""
    form = now.bot.forms[state.form]
    slot = state.asking or ""
    if state.misses + 1 >= form.attempts:
        return given_up(now, form, slot or "an answer", Outcome((SlotMissed(slot),)))
    missed = Outcome(
        (SlotMissed(slot),),
        trace=(f"form {form.name}: no {slot or 'yes or no'} in the message, a miss",),
    )
    if state.rejected:
        return joined(missed, what_to_change(now, state))
    if state.shown is not None:
        return _shown(now, form, fill_form(state, SlotMissed("")), missed)
    return advance(now, state, {}, so_far=missed, again=True)


def what_to_change(now: Situation, state: OpenForm) -> Outcome:
    """Ask which of the values that were shown is to be another."""
    form = now.bot.forms[state.form]
    buttons = change_buttons(now.bot, form, complete(form, state), now.language)
    trace = (f"form {form.name}: asks what to change",)
    return Outcome(says=(Say("system/change_what"),), quick_replies=buttons, trace=trace)


def put_again(now: Situation, state: OpenForm, so_far: Outcome = NOTHING_YET) -> Outcome | Ask:
    """Put an open form's question once more, where it was left."""
    if state.rejected:
        return joined(so_far, what_to_change(now, state))
    if state.shown is not None:
        return _shown(now, now.bot.forms[state.form], state, so_far)
    return advance(now, state, {}, so_far=so_far, again=state.misses > 0)


def given_up(now: Situation, form: Form, slot: str, so_far: Outcome) -> Outcome:
    """End a form that led nowhere, and the one that waits for it, and offer a person."""
    events: tuple[Event, ...] = (FormGivenUp(form.name),)
    if now.session.parked is not None:
        events += (FormResumed(), FormGivenUp(now.session.parked.form))
    trace = (f"form {form.name}: {form.attempts} attempts at {slot}, offers a person",)
    return joined(so_far, Outcome(events, (Say("system/offer_human"),), (), trace))


def withdrawn(now: Situation, state: OpenForm) -> Outcome | Ask:
    """Let go of what an action may hold for the values that were shown."""
    form = now.bot.forms.get(state.form)
    if form is None or state.shown is None or not action_of(now.bot, form.action).checks:
        return NOTHING_YET
    result = _asked(now, form, state, "withdraw")
    if isinstance(result, Ask):
        return result
    return Outcome(carried_out=(_query(now, form, state, "withdraw"),))


def joined(first: Outcome, second: Outcome) -> Outcome:
    """Return two decisions as one; the buttons are those of the second."""
    return Outcome(
        (*first.events, *second.events),
        (*first.says, *second.says),
        second.quick_replies,
        (*first.trace, *second.trace),
        (*first.carried_out, *second.carried_out),
    )


def _happened(state: OpenForm, so_far: Outcome, *events: Event) -> tuple[OpenForm, Outcome]:
    """Return the form after events, and these with what precedes them."""
    for event in events:
        state = fill_form(state, event)
    return state, joined(so_far, Outcome(events))


def _query(now: Situation, form: Form, state: OpenForm, phase: Phase) -> RunAction:
    values = {form.role_of(name): value for name, value in complete(form, state).items()}
    last = finished_as(now.session, form.name)
    if last is not None:
        recalled = action_of(now.bot, form.action).recalls
        values |= {role: last.remembered[role] for role in recalled if role in last.remembered}
    return RunAction(
        form.action,
        tuple(values.items()),
        now.language,
        phase,
        tuple(form.settings.items()),
    )


def _asked(now: Situation, form: Form, state: OpenForm, phase: Phase) -> ActionResult | Ask:
    """Return what an action says, or the question that has to be put to it first."""
    query = _query(now, form, state, phase)
    return now.facts[query] if query in now.facts else Ask(query)


def _ask_which(
    now: Situation,
    form: Form,
    state: OpenForm,
    slot: Slot,
    readings: tuple[str, ...],
    so_far: Outcome,
    asked_which: bool,
) -> Outcome:
    missed_again = asked_which and slot.name == state.asking
    if missed_again and state.misses + 1 >= form.attempts:
        missed = joined(so_far, Outcome((SlotMissed(slot.name),)))
        return given_up(now, form, slot.name, missed)
    asks = Outcome(
        ((SlotMissed if missed_again else SlotAsked)(slot.name),),
        (Say("system/which"),),
        (
            *reading_buttons(now.bot, form, slot, readings, language=now.language),
            cancel_button(now.bot, now.language),
        ),
        (f"form {form.name}: asks which {slot.name}: {', '.join(readings)}",),
    )
    return joined(so_far, asks)


def _shown(now: Situation, form: Form, state: OpenForm, so_far: Outcome) -> Outcome | Ask:
    """Show all values, to be confirmed: a yes will mean exactly these."""
    values = complete(form, state)
    fields = spoken(now.bot, form, values, now.language)
    if action_of(now.bot, form.action).checks:
        offer = _asked(now, form, state, "offer")
        if isinstance(offer, Ask):
            return offer
        so_far = joined(so_far, Outcome(carried_out=(_query(now, form, state, "offer"),)))
        if offer.outcome != OK:
            return _ended(now, form, state, offer, so_far)
        fields |= offer.fields
    shows = Outcome(
        (ValuesShown(digest(values)),),
        (Say(f"form/{form.name}/confirm", fields),),
        confirm_buttons(now.bot, values, now.language),
        (f"form {form.name}: shows all values and asks for a yes",),
    )
    return joined(so_far, shows)


def _ended(
    now: Situation, form: Form, state: OpenForm, result: ActionResult, so_far: Outcome
) -> Outcome | Ask:
    """Say what the action came to; ask again for the slot that is in its way, or finish."""
    action = action_of(now.bot, form.action)
    outcome = result.outcome
    trace = (f"form {form.name}: {form.action} came to {outcome}",)
    values = spoken(now.bot, form, complete(form, state), now.language)
    key = f"form/{form.name}/outcome/{outcome}"
    if action.call is not None and outcome == UNAVAILABLE:
        key = "system/unavailable"
    said = joined(so_far, Outcome(says=(Say(key, {**values, **result.fields}),), trace=trace))
    role = action.reopens.get(outcome)
    if role is None:
        return _finished(now, form, state, result, said)
    slot = form.slot_of(role)
    misses = state.misses if state.asking == slot else 0
    doubted = action.clears.get(outcome, ())
    if max(misses, state.refusals if doubted else 0) + 1 >= form.attempts:
        return given_up(now, form, slot, said)
    buttons = (
        *choice_buttons(now.bot, form, result.choices),
        cancel_button(now.bot, now.language),
    )
    forgotten = (ValuesDoubted(tuple(map(form.slot_of, doubted))),) if doubted else ()
    asked = Outcome((*forgotten, SlotCleared(slot), SlotMissed(slot)), (), buttons)
    return joined(said, asked)


def _finished(
    now: Situation, form: Form, state: OpenForm, result: ActionResult, said: Outcome
) -> Outcome | Ask:
    """End the form; open the one that follows, or go on with the one that waits."""
    values = complete(form, state)
    remembered = dict(result.remembered)
    kept = {
        slot.name: values[slot.name] for slot in form.slots if slot.carry and slot.name in values
    }
    events: list[Event] = [FormFinished(form.name, result.outcome, remembered)]
    if kept or remembered:
        events.append(ValuesKept({**kept, **remembered}))
    buttons: tuple[QuickReply, ...] = ()
    listed = now.bot.intents.get(form.lists or "")
    if listed is not None and listed.form is not None and result.choices:
        target = now.bot.forms[listed.form]
        slot = target.slot_of(result.choices[0].role)
        things = tuple((one.value, one.label) for one in result.choices)
        events.append(ThingsListed(listed.name, slot, things))
        buttons = choice_buttons(now.bot, target, result.choices)
    ended = joined(said, Outcome(tuple(events), (), buttons))
    following = form.then.get(result.outcome)
    if following is not None:
        shared = {slot.name for slot in now.bot.forms[following].slots}
        new = {name: one for name, one in {**values, **remembered}.items() if name in shared}
        return open_form(now, following, new, so_far=ended)
    if now.session.parked is not None:
        return resumed(now, now.session.parked, ended)
    return ended


def resumed(now: Situation, parked: OpenForm, so_far: Outcome) -> Outcome | Ask:
    """Go on with the form that stepped aside."""
    says = (Say("system/resume"),)
    trace = (f"form {parked.form} goes on",)
    back = joined(so_far, Outcome((FormResumed(),), says, (), trace))
    learnt = dict(now.session.known)
    for event in so_far.events:
        if isinstance(event, ValuesKept):
            learnt |= event.values
    # It may end in this very turn, and nothing waits behind it any more.
    now = replace(now, session=replace(now.session, parked=None))
    carried = [slot.name for slot in now.bot.forms[parked.form].slots if slot.carry]
    new = {name: learnt[name] for name in carried if name in learnt and name not in parked.values}
    if not new:
        return put_again(now, parked, back)
    return advance(now, parked, new, so_far=back, again=parked.misses > 0)


def without_value(state: OpenForm, slot: str) -> OpenForm:
    """Return an open form that asks for a slot anew."""
    return replace(fill_form(state, SlotCleared(slot)), misses=0)
