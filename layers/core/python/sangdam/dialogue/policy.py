"""Deciding what to do: ordered rules, the first that applies decides.

Pure: session + understanding + facts in, an :class:`Outcome` out (or an :class:`Ask` for a fact).
"""

from __future__ import annotations

from collections.abc import Callable

from sangdam.bots.actions import action_of
from sangdam.bots.definition import Bot, Form, Intent, QuickReply
from sangdam.dialogue import forms
from sangdam.dialogue.buttons import back_to_bot, person_button
from sangdam.dialogue.decision import Ask, Facts, Outcome, Say
from sangdam.dialogue.events import (
    ClarificationAsked,
    HandoffEnded,
    HandoffRequested,
    IntentAnswered,
    MessageMissed,
)
from sangdam.dialogue.form_rules import (
    form_is_confirmed,
    form_is_filled,
    form_is_given_up,
    form_is_missed,
    side_question,
    slot_is_skipped,
    value_is_changed,
)
from sangdam.dialogue.references import (
    goes_on,
    is_another_wish,
    known_values,
    listed_value,
    only_adds,
)
from sangdam.dialogue.session import OpenForm, Session
from sangdam.dialogue.situation import ANSWERED, Situation, always
from sangdam.dialogue.slots import doubts_in, values_in
from sangdam.nlu.understanding import Understanding

PATIENCE = 2
"""So often in a row a question may be answered, or a customer angry, before a person is offered."""


def decide(
    bot: Bot,
    session: Session,
    understanding: Understanding,
    *,
    facts: Facts,
    people_answer: Callable[[], bool] = always,
    has_secret: bool = False,
) -> Outcome | Ask:
    """Return what the bot does about a message.

    An open form must be one of this bot's, and the slot it asks for one of that form's: whoever
    changes a session's release gives up a form that the new one has not.
    """
    situation = Situation(
        bot, session, understanding, understanding.language, facts, people_answer, has_secret
    )
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
    button = back_to_bot(now.bot, now.language)
    return Outcome(quick_replies=(button,), trace=("a person owns the conversation: silent",))


def secret_is_refused(now: Situation) -> Outcome | Ask | None:
    """What must not be typed is refused, whatever else was said; an open form goes on."""
    if not now.has_secret:
        return None
    refused = Outcome(says=(Say("system/secret"),), trace=("a secret was typed: it is masked",))
    state = now.session.open_form
    return refused if state is None else forms.put_again(now, state, refused)


def urgent(now: Situation) -> Outcome | None:
    """What cannot wait is answered at once and handed to a person, at any hour."""
    intent = now.intent
    if intent is None or intent.kind != "urgent":
        return None
    return Outcome(
        (IntentAnswered(intent.name), HandoffRequested()),
        (Say(f"intent/{intent.name}"),),
        (back_to_bot(now.bot, now.language),),
        (f"{intent.name} cannot wait: answered, and handed to a person",),
    )


def handoff(now: Situation) -> Outcome | Ask | None:
    """A customer who asks for a person gets one, or is called back when nobody is there."""
    if now.intent is None or now.intent.kind != "handoff":
        return None
    outside = now.bot.handoff.outside
    if outside is None or now.people_answer():
        return Outcome(
            (HandoffRequested(),),
            (Say("system/handoff"),),
            (back_to_bot(now.bot, now.language),),
            ("a person was asked for",),
        )
    closed = Outcome(
        says=(Say("system/handoff_closed"),),
        trace=("a person was asked for, and nobody is there now",),
    )
    state = now.session.open_form
    if state is not None and state.form == outside:
        return forms.put_again(now, state, closed)
    return forms.open_form(now, outside, known_values(now, now.bot.forms[outside]), so_far=closed)


def form_is_corrected(now: Situation) -> Outcome | Ask | None:
    """Right after a form, another value for one of its slots means: the same again with this.

    What was done already is not done twice: the form that corrects it is opened instead. What was
    listed may be narrowed down later, too, when other things have been talked about.
    """
    finished, listed = now.session.finished_form, now.session.listed
    decided = None if finished is None else _corrected(now, finished)
    if decided is None and listed is not None and listed.by not in (None, finished):
        decided = _corrected(now, listed.by, is_narrowed=True)
    return decided


def _corrected(
    now: Situation, finished: OpenForm, *, is_narrowed: bool = False
) -> Outcome | Ask | None:
    """Run a finished form again with what is new; ``is_narrowed`` asks for a word that narrows."""
    form = now.bot.forms.get(finished.form)
    if form is None or now.question is not None:
        return None
    if _values_are_about_other_things(now, form) and not only_adds(now, form):
        return None
    values = values_in(now.bot, form, now.understanding)
    doubts = doubts_in(now.bot, form, now.understanding)
    once = {form.slot_of(role) for role in action_of(now.bot, form.action).once}
    if is_narrowed and not once & values.keys():
        return None
    if not once & values.keys() and is_another_wish(now, form):
        return None
    changed = {
        name: value
        for name, value in values.items()
        if name in once or finished.values.get(name) != value
    }
    if not changed and not doubts:
        return None
    if form.corrected_by is not None:
        other = now.bot.forms[form.corrected_by]
        slots = {slot.name for slot in other.slots}
        known = {**now.session.known, **finished.values, **finished.remembered}
        kept = finished.values.keys() | finished.remembered.keys()
        kept |= {slot.name for slot in other.slots if slot.carry}
        new = {name: known[name] for name in kept & known.keys() & slots - doubts.keys()}
        new |= {name: value for name, value in changed.items() if name in slots}
        unsure = {name: ones for name, ones in doubts.items() if name in slots}
        trace = (f"{finished.form} is done: corrected by {other.name}",)
        return forms.open_form(now, other.name, new, so_far=Outcome(trace=trace), doubts=unsure)
    if form.confirm:
        return None
    kept_values = {
        name: value
        for name, value in finished.values.items()
        if name not in doubts and name not in once
    }
    new = {**kept_values, **values}
    return forms.open_form(now, finished.form, new, doubts=doubts, skipped=finished.skipped)


def thing_is_picked(now: Situation) -> Outcome | Ask | None:
    """A thing of the last list, named by its place or name, opens the form it was listed for."""
    listed = now.session.listed
    intent = None if listed is None else now.bot.intents.get(listed.intent)
    if intent is None or intent.form is None or now.question is not None:
        return None
    if now.intent is not None and now.intent.form != intent.form:
        return None
    form = now.bot.forms[intent.form]
    # "그거 환불은요?" may be about the one thing that was listed, and asks something else.
    is_unsure = now.understanding.decision == "clarify"
    return _opened(now, form) if listed_value(now, form, must_name=is_unsure) else None


def entity_opens_form(now: Situation) -> Outcome | Ask | None:
    """A value that says what it is for, as an order number does, opens the form that asks for it,
    unless the message surely means other things.
    """
    opened = {intent.form for intent in now.bot.intents.values()}
    for form in now.bot.forms.values():
        if form.name not in opened or _values_are_about_other_things(now, form):
            continue
        if _names(now.bot, form) & values_in(now.bot, form, now.understanding).keys():
            return _opened(now, form)
    return None


def intent_is_answered(now: Situation) -> Outcome | Ask | None:
    """A sure intent opens its form or gets its reply."""
    intent = now.intent
    if intent is None:
        return None
    if intent.form is not None:
        return _opened(now, now.bot.forms[intent.form])
    return _answer(now, intent)


def question_goes_on(now: Situation) -> Outcome | None:
    """A few words that only add to the last question ("그럼 내일은요?") are about the same."""
    intent = now.bot.intents.get(now.session.last_intent or "")
    if intent is None or intent.kind not in ANSWERED or not now.is_typed:
        return None
    if not goes_on(now.understanding.text):
        return None
    if now.understanding.decision == "clarify" and intent.name not in now.understanding.asked:
        return None
    return _answer(now, intent, why="goes on about")


def none_of_the_candidates(now: Situation) -> Outcome | None:
    """The last button of a clarification counts as a miss; the others find nothing to end."""
    if now.button == "none":
        return _missed(now, "none of the candidates")
    if now.button == "back_to_bot":
        return Outcome((), (Say("system/resumed"),), trace=("the bot owns it already",))
    if now.button is not None:
        said = (Say("system/fallback"),)
        return Outcome(
            (), said, trace=(f"button {now.button} of a form that is not open: no miss",)
        )
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
    secret_is_refused,
    urgent,
    handoff,
    form_is_given_up,
    slot_is_skipped,
    value_is_changed,
    form_is_filled,
    form_is_confirmed,
    side_question,
    form_is_missed,
    form_is_corrected,
    thing_is_picked,
    entity_opens_form,
    intent_is_answered,
    question_goes_on,
    none_of_the_candidates,
    clarify,
    fall_back,
)


def _missed(now: Situation, reason: str) -> Outcome:
    misses = now.session.misses + 1
    lost = misses >= now.bot.policy.handoff_after_misses
    key = "system/offer_human" if lost else "system/fallback"
    return Outcome((MessageMissed(),), (Say(key),), trace=(f"{reason}, miss {misses} in a row",))


def _answer(now: Situation, intent: Intent, *, why: str = "answers") -> Outcome:
    """Give an intent's reply; who hears it again and again, or is angry, is offered a person."""
    script = now.bot.script(now.language)
    reply = script.replies[f"intent/{intent.name}"]
    again = now.session.last_intent == intent.name
    times = now.session.repeats + 2 if again else 1
    says: tuple[Say, ...] = (Say(f"intent/{intent.name}"),)
    buttons: tuple[QuickReply, ...] = ()
    trace = f"{why} {intent.name}"
    if intent.kind == "complaint":
        buttons = person_button(now.bot, now.language)
        if times >= PATIENCE and "system/upset" in script.replies:
            says = (Say("system/upset"),)
            trace = f"{intent.name} once more: offers a person"
    elif intent.kind == "answer" and again:
        if len(reply.variants) == 1 and "system/again" in script.replies:
            says = (Say("system/again"), *says)
        if times > PATIENCE:
            buttons = person_button(now.bot, now.language)
        trace += f", time {times} in a row"
    return Outcome((IntentAnswered(intent.name),), says, buttons, (trace,))


def _opened(now: Situation, form: Form) -> Outcome | Ask:
    """Open a form with what the message says of its slots, and what is known of them already."""
    new = {**known_values(now, form), **values_in(now.bot, form, now.understanding)}
    doubts = doubts_in(now.bot, form, now.understanding)
    return forms.open_form(now, form.name, new, doubts=doubts)


def _names(bot: Bot, form: Form) -> set[str]:
    """Return the slots whose values tell by themselves what is wanted: those of patterns."""
    return {slot.name for slot in form.slots if bot.entities[slot.entity].type == "pattern"}


def _values_are_about_other_things(now: Situation, form: Form) -> bool:
    """A sure intent owns the values of its message; a greeting or thanks owns none."""
    intent = now.intent
    return intent is not None and intent.kind != "smalltalk" and intent.form != form.name
