"""The state of one conversation: a small snapshot, and how each event changes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from sangdam.bots.definition import Language, QuickReply
from sangdam.dialogue.events import (
    ClarificationAsked,
    Event,
    FormFinished,
    FormGivenUp,
    FormOpened,
    FormParked,
    FormResumed,
    HandoffEnded,
    HandoffRequested,
    IntentAnswered,
    LanguageSwitched,
    MessageMissed,
    ReleaseChanged,
    ReplyGiven,
    ReplySaid,
    SlotAsked,
    SlotCleared,
    SlotFilled,
    SlotMissed,
    SlotSkipped,
    ThingsListed,
    ValuesDoubted,
    ValuesKept,
    ValuesRejected,
    ValuesShown,
)

Owner = Literal["bot", "human"]

WORDINGS_KEPT = 24
"""How many replies a session remembers the last wording of; bounds the snapshot's size."""

BUTTONS_KEPT = 1600
"""How many bytes of the last reply's buttons a session remembers, for the same reason."""

KNOWN_KEPT = 700
"""How many bytes of values a session keeps for later forms."""

LISTED_KEPT = 700
"""How many bytes of the last list a session remembers."""

LISTED_BY_KEPT = 400
"""How many bytes of values the form that listed things may hold to be kept with its list."""

PARKED_KEPT = 900
"""How many bytes of values a form may hold to wait for another; one with more is given up."""


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form being filled: the values so far, the slot asked for last, misses on it.

    ``shown`` is the digest of the values that the confirmation showed, while it waits for its yes;
    ``rejected`` says that the customer said no to them and is asked what to change.
    ``refusals`` counts how often what was given could not be believed. ``remembered`` is what the
    action of a finished form gave the conversation to keep.
    """

    form: str
    values: Mapping[str, str] = field(default_factory=dict)
    asking: str | None = None
    misses: int = 0
    skipped: tuple[str, ...] = ()
    shown: str | None = None
    rejected: bool = False
    refusals: int = 0
    remembered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """The things listed last: (value, label) each, and the intent and slot they are for.

    ``by`` is the form that listed them, as it ended: what narrows them down later runs it again.
    """

    intent: str
    slot: str
    things: tuple[tuple[str, str], ...]
    by: OpenForm | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A snapshot of one conversation, of bounded size whatever its length.

    ``offered`` are the buttons of the last reply, so that a pressed one keeps the label it showed;
    ``token_hash`` is the SHA-256 (hex) of the bearer token, which itself is stored nowhere.
    ``turn`` is the number of the last turn; the opening is turn 0. ``parked`` is a form that
    stepped aside for the open one. ``known`` are values that later forms need not ask for.
    ``repeats`` counts how often in a row the last intent was answered before. ``clarified`` is the
    turn that asked which of several intents was meant, until the next turn. ``last_reply`` is a
    short name of the words said last, ``equal_replies`` how often in a row they were said.
    """

    session_id: str
    bot: str
    release: str
    language: Language
    token_hash: str
    opened_at: datetime
    last_at: datetime
    owner: Owner = "bot"
    turn: int = 0
    open_form: OpenForm | None = None
    finished_form: OpenForm | None = None
    last_intent: str | None = None
    misses: int = 0
    wordings: Mapping[str, int] = field(default_factory=dict)
    offered: tuple[QuickReply, ...] = ()
    parked: OpenForm | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    listed: Listed | None = None
    repeats: int = 0
    clarified: int | None = None
    last_reply: str = ""
    equal_replies: int = 0


def apply(session: Session, event: Event) -> Session:
    """Return the session after one event."""
    match event:
        case LanguageSwitched(language):
            return replace(session, language=language)
        case ReleaseChanged(release):
            return replace(session, release=release)
        case IntentAnswered(intent):
            # A form that just finished stays known only until something else is talked about.
            repeats = session.repeats + 1 if session.last_intent == intent else 0
            return replace(
                session, last_intent=intent, misses=0, finished_form=None, repeats=repeats
            )
        case MessageMissed():
            return replace(session, misses=session.misses + 1, finished_form=None)
        case ClarificationAsked():
            # Being asked is no answer yet, so misses stay: else asking and "none of these" could
            # go on for ever without a person being offered.
            return replace(session, finished_form=None, clarified=session.turn + 1)
        case FormOpened(form):
            opened = OpenForm(form)
            return replace(
                session, open_form=opened, finished_form=None, misses=0, last_intent=None, repeats=0
            )
        case FormParked() | FormResumed():
            return _step_aside(session, event)
        case FormFinished() | FormGivenUp():
            return _end(session, event)
        case ValuesKept(values):
            known = {name: one for name, one in session.known.items() if name not in values}
            latest_first = reversed({**known, **values}.items())
            kept = fitting(latest_first, KNOWN_KEPT)
            return replace(session, known=dict(reversed(kept)))
        case ThingsListed(intent, slot, things):
            by = session.finished_form
            if by is not None and not _is_within(by, LISTED_BY_KEPT):
                by = None
            kept_things = fitting(things, LISTED_KEPT)
            return replace(session, listed=Listed(intent, slot, kept_things, by))
        case HandoffRequested():
            return replace(
                session, owner="human", open_form=None, parked=None, finished_form=None, misses=0
            )
        case HandoffEnded():
            return replace(session, owner="bot")
        case ReplySaid(key, variant):
            wordings = {name: said for name, said in session.wordings.items() if name != key}
            wordings[key] = variant
            recent_wordings = list(wordings.items())[-WORDINGS_KEPT:]
            return replace(session, wordings=dict(recent_wordings))
        case ReplyGiven(name):
            equal = session.equal_replies + 1 if session.last_reply == name else 1
            return replace(session, last_reply=name, equal_replies=equal)
        case _:
            state = session.open_form
            return session if state is None else replace(session, open_form=fill_form(state, event))


def _step_aside(session: Session, event: FormParked | FormResumed) -> Session:
    """One form waits at most: of two, the later one is what the customer comes back to."""
    if isinstance(event, FormParked):
        form = session.open_form
        parked = form if form is not None and _is_within(form, PARKED_KEPT) else None
        return replace(session, parked=parked, open_form=None)
    return replace(session, open_form=session.parked, parked=None)


def _is_within(form: OpenForm, limit: int) -> bool:
    """Tell whether all that a form holds is within a limit of bytes."""
    values = (*form.values.items(), *form.remembered.items())
    return len(fitting(values, limit)) == len(values)


def finished_as(session: Session, form: str) -> OpenForm | None:
    """Return a form as it ended, if it was the last one, or the one that listed things last."""
    listed_by = None if session.listed is None else session.listed.by
    for finished in (session.finished_form, listed_by):
        if finished is not None and finished.form == form:
            return finished
    return None


def _end(session: Session, event: FormFinished | FormGivenUp) -> Session:
    if isinstance(event, FormGivenUp) or session.open_form is None:
        return replace(session, open_form=None, finished_form=None, misses=0)
    finished = replace(
        session.open_form, remembered=event.remembered, shown=None, asking=None, misses=0
    )
    return replace(session, open_form=None, finished_form=finished, misses=0)


def fill_form(form: OpenForm, event: Event) -> OpenForm:
    """Return an open form after an event; one that is not about an open form changes nothing."""
    match event:
        case SlotAsked(slot):
            misses = form.misses if form.asking == slot else 0
            return replace(form, asking=slot, misses=misses, shown=None, rejected=False)
        case SlotFilled(slot, value):
            skipped = tuple(one for one in form.skipped if one != slot)
            return replace(form, values={**form.values, slot: value}, skipped=skipped)
        case SlotSkipped(slot):
            values = {name: value for name, value in form.values.items() if name != slot}
            return replace(form, values=values, skipped=(*form.skipped, slot))
        case SlotMissed():
            if form.shown is not None or form.rejected:
                return replace(form, misses=form.misses + 1)
            misses = form.misses + 1 if form.asking == event.slot else 1
            return replace(form, asking=event.slot, misses=misses)
        case SlotCleared(slot):
            values = {name: value for name, value in form.values.items() if name != slot}
            misses = form.misses if form.asking == slot else 0
            return replace(
                form, values=values, asking=slot, misses=misses, shown=None, rejected=False
            )
        case ValuesDoubted(slots):
            values = {name: value for name, value in form.values.items() if name not in slots}
            return replace(form, values=values, refusals=form.refusals + 1)
        case ValuesShown(digest):
            misses = form.misses if form.shown == digest else 0
            return replace(form, shown=digest, asking=None, misses=misses, rejected=False)
        case ValuesRejected():
            return replace(form, shown=None, asking=None, misses=0, rejected=True)
        case _:
            return form


def fitting(pairs: Iterable[tuple[str, str]], limit: int) -> tuple[tuple[str, str], ...]:
    """Return the first of several pairs of texts that together are within a limit of bytes."""
    kept: list[tuple[str, str]] = []
    for pair in pairs:
        limit -= sum(len(one.encode("utf-8", "replace")) for one in pair)
        if limit < 0:
            break
        kept.append(pair)
    return tuple(kept)


def offered_kept(buttons: Iterable[QuickReply]) -> tuple[QuickReply, ...]:
    """Return the buttons of a reply that a session remembers: the first, as far as they fit."""
    pairs = fitting(((one.label, one.value) for one in buttons), BUTTONS_KEPT)
    return tuple(QuickReply(label, value) for label, value in pairs)


def fold(session: Session, events: Iterable[Event]) -> Session:
    """Return the session after all these events, in order."""
    for event in events:
        session = apply(session, event)
    return session
