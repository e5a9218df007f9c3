"""Deciding what to do: ordered rules, the first that applies decides.

Pure: session + understanding + facts in, an :class:`Outcome` out (or an :class:`Ask` for a fact).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sangdam.bots.definition import Bot, Form, Intent, Language, QuickReply
from sangdam.dialogue import forms
from sangdam.dialogue.decision import Ask, Facts, Outcome, Say
from sangdam.dialogue.events import (
    ClarificationAsked,
    Event,
    FormGivenUp,
    HandoffEnded,
    HandoffRequested,
    IntentAnswered,
    MessageMissed,
)
from sangdam.dialogue.readings import chosen, readings_offered
from sangdam.dialogue.session import OpenForm, Session
from sangdam.nlu.understanding import CANCEL, Understanding


@dataclass(frozen=True, slots=True)
class Situation:
    """All a rule may look at."""

    bot: Bot
    session: Session
    understanding: Understanding
    language: Language
    facts: Facts

    @property
    def intent(self) -> Intent | None:
        """The intent the message surely means; None if the understanding is not sure."""
        if self.understanding.decision != "answer" or self.understanding.intent is None:
            return None
        return self.bot.intents.get(self.understanding.intent)

    @property
    def button(self) -> str | None:
        """The system button that was pressed, if it was one."""
        pressed = self.understanding.source == "quick_reply"
        name = self.understanding.intent if pressed else None
        return name if name in ("cancel", "back_to_bot", "none") else None


def decide(
    bot: Bot, session: Session, understanding: Understanding, *, facts: Facts
) -> Outcome | Ask:
    """Return what the bot does about a message.

    An open form must be one of this bot's, and the slot it asks for one of that form's: whoever
    changes a session's release gives up a form that the new one has not.
    """
    situation = Situation(bot, session, understanding, understanding.language, facts)
    for rule in RULES:
        decided = rule(situation)
        if decided is not None:
            return decided
    raise AssertionError("the last rule decides always")


def human_owns(now: Situation) -> Outcome | None:
    """While a person owns the conversation the bot is silent, except to be called back."""
    if now.session.owner != "human":
        return None
    if now.button == "back_to_bot":
        said = (Say("system/resumed"),)
        return Outcome((HandoffEnded(),), said, trace=("the bot was called back",))
    button = _back_to_bot(now)
    return Outcome(quick_replies=(button,), trace=("a person owns the conversation: silent",))


def handoff(now: Situation) -> Outcome | None:
    """A customer who asks for a person gets one, whatever else is open."""
    if now.intent is None or now.intent.kind != "handoff":
        return None
    return Outcome(
        (HandoffRequested(),),
        (Say("system/handoff"),),
        (_back_to_bot(now),),
        ("a person was asked for",),
    )


def form_is_given_up(now: Situation) -> Outcome | None:
    """The button or a phrase of the pack gives up an open form."""
    open_form = now.session.open_form
    by_phrase = now.understanding.source == "phrase" and now.understanding.intent == CANCEL
    if now.button != CANCEL and not by_phrase:
        return None
    if open_form is None:
        return Outcome((), (Say("system/cancelled"),), trace=("no form was open",))
    given_up = (FormGivenUp(open_form.form),)
    said = (Say("system/cancelled"),)
    return Outcome(given_up, said, trace=(f"form {open_form.form} given up",))


def form_is_filled(now: Situation) -> Outcome | Ask | None:
    """An open form takes the values it can find, unless they surely belong to another form."""
    state = now.session.open_form
    if state is None or _is_for_another_form(now, state.form):
        return None
    form = now.bot.forms[state.form]
    values = forms.values_in(form, now.understanding, state)
    doubts = forms.doubts_in(form, now.understanding, state)
    offered, asking = now.session.offered, state.asking or ""
    if asking not in values and asking not in doubts:
        values |= chosen(offered, asking, now.understanding)
    if not values and not doubts:
        return None
    return forms.advance(
        now.bot,
        form,
        state,
        values,
        language=now.language,
        facts=now.facts,
        doubts=doubts,
        asked_which=bool(readings_offered(offered, asking)),
    )


def side_question(now: Situation) -> Outcome | Ask | None:
    """Inside a form another question is answered, then the form goes on where it was."""
    state, intent = now.session.open_form, now.intent
    if state is None:
        return None
    if now.button is not None:
        return _ask_the_same(now, state)  # a button of long ago: no answer, and no miss
    if intent is None:
        return None
    if intent.form is not None and intent.form != state.form:
        given_up: tuple[Event, ...] = (FormGivenUp(state.form),)
        return _form(now, intent.form, before=given_up)
    if intent.form == state.form:
        if now.understanding.source == "model":
            return None  # "my order number is 2026-1": about this form, and yet no answer to it
        return _ask_the_same(now, state)
    question = "ask_again" if state.misses else "ask"
    return Outcome(
        (),
        (
            Say(f"intent/{intent.name}"),
            Say("system/resume"),
            Say(f"form/{state.form}/{state.asking}/{question}"),
        ),
        (forms.cancel_button(now.bot, now.language),),
        (f"side question {intent.name}, form {state.form} goes on",),
    )


def form_is_missed(now: Situation) -> Outcome | None:
    """What answers neither the form's question nor another is a miss."""
    state = now.session.open_form
    if state is None:
        return None
    form = now.bot.forms[state.form]
    return forms.missed(now.bot, form, state, language=now.language)


def form_is_corrected(now: Situation) -> Outcome | Ask | None:
    """Right after a form, another value for one of its slots means: the same again with this."""
    finished = now.session.finished_form
    if finished is None or finished.form not in now.bot.forms:
        return None
    if _values_are_about_other_things(now, finished.form):
        return None
    values = forms.values_in(now.bot.forms[finished.form], now.understanding)
    doubts = forms.doubts_in(now.bot.forms[finished.form], now.understanding)
    changed = {name: value for name, value in values.items() if finished.values.get(name) != value}
    if not changed and not doubts:
        return None
    kept = {name: value for name, value in finished.values.items() if name not in doubts}
    return _form(now, finished.form, values={**kept, **values})


def entity_opens_form(now: Situation) -> Outcome | Ask | None:
    """A value that says what it is for, as an order number does, opens the form that asks for it,
    unless the message surely means other things.
    """
    for form in now.bot.forms.values():
        if _values_are_about_other_things(now, form.name):
            continue
        if _names(now.bot, form) & forms.values_in(form, now.understanding).keys():
            return _form(now, form.name)
    return None


def intent_is_answered(now: Situation) -> Outcome | Ask | None:
    """A sure intent opens its form or gets its reply."""
    intent = now.intent
    if intent is None:
        return None
    if intent.form is not None:
        return _form(now, intent.form)
    return Outcome(
        (IntentAnswered(intent.name),),
        (Say(f"intent/{intent.name}"),),
        trace=(f"answers {intent.name}",),
    )


def none_of_the_candidates(now: Situation) -> Outcome | None:
    """The last button of a clarification counts as a miss; the others find nothing to end."""
    if now.button == "none":
        return _missed(now, "none of the candidates")
    if now.button == "back_to_bot":
        return Outcome((), (Say("system/resumed"),), trace=("the bot owns it already",))
    return None


def clarify(now: Situation) -> Outcome | None:
    """Not sure enough to answer: ask which intent of the prediction set is meant."""
    if now.understanding.decision != "clarify":
        return None
    likely = [name for name in now.understanding.asked if name in now.bot.intents]
    if not likely:
        return None
    none = now.bot.script(now.language).replies["system/clarify_none"].variants[0]
    buttons = [QuickReply(now.bot.title(name, now.language), f"/{name}") for name in likely]
    return Outcome(
        (ClarificationAsked(tuple(likely)),),
        (Say("system/clarify"),),
        (*buttons, QuickReply(none, "/none")),
        ("asks which is meant: " + ", ".join(likely),),
    )


def fall_back(now: Situation) -> Outcome:
    """Nothing understood; after several misses in a row a person is offered."""
    return _missed(now, "not understood")


RULES: tuple[Callable[[Situation], Outcome | Ask | None], ...] = (
    human_owns,
    handoff,
    form_is_given_up,
    form_is_filled,
    side_question,
    form_is_missed,
    form_is_corrected,
    entity_opens_form,
    intent_is_answered,
    none_of_the_candidates,
    clarify,
    fall_back,
)


def _missed(now: Situation, reason: str) -> Outcome:
    misses = now.session.misses + 1
    lost = misses >= now.bot.policy.handoff_after_misses
    key = "system/offer_human" if lost else "system/fallback"
    return Outcome((MessageMissed(),), (Say(key),), trace=(f"{reason}, miss {misses} in a row",))


def _form(
    now: Situation,
    name: str,
    *,
    values: dict[str, str] | None = None,
    before: tuple[Event, ...] = (),
) -> Outcome | Ask:
    form = now.bot.forms[name]
    return forms.open_form(
        now.bot,
        name,
        forms.values_in(form, now.understanding) if values is None else values,
        language=now.language,
        facts=now.facts,
        before=before,
        doubts=forms.doubts_in(form, now.understanding),
    )


def _names(bot: Bot, form: Form) -> set[str]:
    """Return the slots whose values tell by themselves what is wanted: those of patterns."""
    return {slot.name for slot in form.slots if bot.entities[slot.entity].type == "pattern"}


def _values_are_about_other_things(now: Situation, form: str) -> bool:
    """A sure intent owns the values of its message; a greeting or thanks owns none."""
    intent = now.intent
    return intent is not None and intent.kind != "smalltalk" and intent.form != form


def _is_for_another_form(now: Situation, form: str) -> bool:
    return now.intent is not None and now.intent.form not in (None, form)


def _ask_the_same(now: Situation, state: OpenForm) -> Outcome:
    """Put an open form's question as if it were the first time."""
    say = Say(f"form/{state.form}/{state.asking}/ask")
    button = forms.cancel_button(now.bot, now.language)
    return Outcome((), (say,), (button,), (f"form {state.form}: the same question",))


def _back_to_bot(now: Situation) -> QuickReply:
    label = now.bot.script(now.language).replies["system/back_to_bot"].variants[0]
    return QuickReply(label, "/back_to_bot")
