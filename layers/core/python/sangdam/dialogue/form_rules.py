"""What a message does to an open form: rules of the policy, in its order."""

from __future__ import annotations

from dataclasses import replace

from sangdam.dialogue import forms
from sangdam.dialogue.decision import Ask, Outcome, Say
from sangdam.dialogue.events import (
    FormGivenUp,
    FormParked,
    IntentAnswered,
    SlotAsked,
    SlotCleared,
    SlotSkipped,
    ValuesRejected,
)
from sangdam.dialogue.readings import chosen, readings_offered, told_apart
from sangdam.dialogue.references import known_values
from sangdam.dialogue.session import OpenForm, fill_form
from sangdam.dialogue.situation import Situation
from sangdam.dialogue.slots import asking_for, complete, doubts_in, values_in
from sangdam.nlu.understanding import CANCEL
from sangdam.text.normalise import normalise

_ANSWERS = {"confirm_values": "yes", "reject_values": "no"}


def form_is_given_up(now: Situation) -> Outcome | Ask | None:
    """The button or a phrase of the pack gives up an open form; one that waits goes on."""
    state = now.session.open_form
    by_phrase = now.understanding.source == "phrase" and now.understanding.intent == CANCEL
    if now.button != CANCEL and not by_phrase:
        return None
    said = (Say("system/cancelled"),)
    if state is None:
        return Outcome((), said, trace=("no form was open",))
    let_go = forms.withdrawn(now, state)
    if isinstance(let_go, Ask):
        return let_go
    trace = (f"form {state.form} given up",)
    ended = forms.joined(let_go, Outcome((FormGivenUp(state.form),), said, (), trace))
    if now.session.parked is not None:
        return forms.resumed(now, now.session.parked, ended)
    return ended


def slot_is_skipped(now: Situation) -> Outcome | Ask | None:
    """A slot that may be left out is: by its button, or in so many words."""
    state = now.session.open_form
    slot = None if state is None else asking_for(now.bot, state)
    if state is None or slot is None or not slot.optional:
        return None
    if now.button != "skip_value" and not _declines(now, slot.entity):
        return None
    event = SlotSkipped(slot.name)
    trace = (f"form {state.form}: {slot.name} is left out",)
    skipped = Outcome((event,), trace=trace)
    return forms.advance(now, fill_form(state, event), {}, so_far=skipped)


def _declines(now: Situation, entity: str) -> bool:
    """Whether a typed message says that there is no such value, or that any will do."""
    if not now.is_typed or any(one.name == entity for one in now.understanding.entities):
        kind = now.bot.entities[entity].type
        if not now.is_typed or kind != "text":
            return False
    from sangdam.text.declining import declines  # only where a slot may be left out

    return declines(now.understanding.text)


def value_is_changed(now: Situation) -> Outcome | Ask | None:
    """One of the values that were shown is to be another: it is asked for anew."""
    state = now.session.open_form
    if state is None:
        return None
    form = now.bot.forms[state.form]
    name = now.carried.get("slot") if now.button == "change_value" else None
    if name is None and state.rejected and now.is_typed and not _has_values(now, state):
        labels = now.bot.script(now.language).labels.get(form.name, {})
        values = complete(form, state)
        there = tuple((label, slot) for slot, label in labels.items() if slot in values)
        name = told_apart(now.understanding.text, there) if there else None
    slot = next((one for one in form.slots if one.name == name), None)
    if slot is None:
        return None
    trace = (f"form {form.name}: {slot.name} is to be another",)
    cleared = Outcome((SlotCleared(slot.name), SlotAsked(slot.name)), trace=trace)
    return forms.advance(now, forms.without_value(state, slot.name), {}, so_far=cleared)


def form_is_filled(now: Situation) -> Outcome | Ask | None:
    """An open form takes the values it can find, unless they surely belong to something else."""
    state = now.session.open_form
    if state is None or now.question is not None:
        return None
    form = now.bot.forms[state.form]
    values = values_in(now.bot, form, now.understanding, state)
    # "make it 35 people" sounds like a change of what is booked; while all values are shown it is
    # one of these.
    if _is_for_another_form(now, state.form) and not (state.shown is not None and values):
        return None
    doubts = doubts_in(now.bot, form, now.understanding, state)
    offered, asking = now.session.offered, state.asking or ""
    if asking and asking not in values and asking not in doubts:
        values |= chosen(offered, asking, now.understanding) or _listed(now, asking)
    if state.shown is not None:
        shown = complete(form, state)
        values = {name: one for name, one in values.items() if shown.get(name) != one}
        doubts = {name: ones for name, ones in doubts.items() if shown.get(name) not in ones}
    if not values and not doubts:
        return None
    return forms.advance(
        now,
        state,
        values,
        doubts=doubts,
        asked_which=bool(readings_offered(offered, asking)),
    )


def _has_values(now: Situation, state: OpenForm) -> bool:
    form = now.bot.forms[state.form]
    found = values_in(now.bot, form, now.understanding, state)
    return bool(found or doubts_in(now.bot, form, now.understanding, state))


def _listed(now: Situation, slot: str) -> dict[str, str]:
    """Return the thing of the last list that a message names, if it is what is asked for."""
    listed = now.session.listed
    if listed is None or listed.slot != slot or not now.is_typed:
        return {}
    things = tuple((label, value) for value, label in listed.things)
    value = told_apart(now.understanding.text, things)
    return {} if value is None else {slot: value}


def side_question(now: Situation) -> Outcome | Ask | None:
    """Inside a form another question is answered, then the form goes on where it was."""
    state, intent = now.session.open_form, now.intent
    if state is None:
        return None
    if now.button is not None:
        if now.button in _ANSWERS and (state.shown is not None or state.rejected):
            return None
        return forms.put_again(now, state)  # a button of long ago: no answer, and no miss
    if intent is None:
        return None
    if intent.form is not None and intent.form != state.form:
        stepped = Outcome((FormParked(),), trace=(f"form {state.form} steps aside",))
        values = values_in(now.bot, now.bot.forms[intent.form], now.understanding)
        doubts = doubts_in(now.bot, now.bot.forms[intent.form], now.understanding)
        known = known_values(now, now.bot.forms[intent.form])
        new = {**known, **values}
        return forms.open_form(_with_parked(now), intent.form, new, so_far=stepped, doubts=doubts)
    if intent.form == state.form:
        if now.understanding.source == "model":
            return None  # "my order number is 2026-1": about this form, and yet no answer to it
        return forms.put_again(now, state)
    answered = Outcome(
        (IntentAnswered(intent.name),),
        (Say(f"intent/{intent.name}"), Say("system/resume")),
        trace=(f"side question {intent.name}, form {state.form} goes on",),
    )
    form = now.bot.forms[state.form]
    values = values_in(now.bot, form, now.understanding, state)
    if values:  # "tomorrow, please; and is there parking?": an answer and a question
        return forms.advance(now, state, values, so_far=answered)
    return forms.put_again(now, state, answered)


def form_is_confirmed(now: Situation) -> Outcome | Ask | None:
    """A yes to what was shown carries it out, a no asks what to change."""
    state = now.session.open_form
    if state is None or now.question is not None:
        return None
    if state.shown is None:
        if now.button in _ANSWERS:
            return forms.put_again(now, state)
        return None
    said = _yes_or_no(now)
    if said == "yes":
        if now.button == "confirm_values" and now.carried.get("seen") != state.shown:
            return forms.put_again(now, state)  # a yes to values that were shown earlier
        confirmed = Outcome(trace=(f"form {state.form}: a yes to what was shown",))
        return forms.run(now, state, so_far=confirmed)
    if said == "no":
        rejected = Outcome((ValuesRejected(),), trace=(f"form {state.form}: a no",))
        return forms.joined(rejected, forms.what_to_change(now, state))
    return None


def _yes_or_no(now: Situation) -> str | None:
    if not now.is_typed:
        return _ANSWERS.get(now.button or "")
    from sangdam.nlu.entities import yes_no  # imported late, as all parsers are

    found = yes_no.find(normalise(now.understanding.text))
    if len(found) != 1 or found[0].is_ambiguous:
        return None
    return found[0].readings[0].value


def form_is_missed(now: Situation) -> Outcome | Ask | None:
    """What answers neither the form's question nor another is a miss."""
    state = now.session.open_form
    return None if state is None else forms.ask_again(now, state)


def _with_parked(now: Situation) -> Situation:
    """Return the situation once the open form has stepped aside."""
    session = replace(now.session, parked=now.session.open_form, open_form=None)
    return replace(now, session=session)


def _is_for_another_form(now: Situation, form: str) -> bool:
    return now.intent is not None and now.intent.form not in (None, form)
