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
    HandoffEnded,
    HandoffRequested,
    IntentAnswered,
    LanguageSwitched,
    MessageMissed,
    ReleaseChanged,
    ReplySaid,
    SlotAsked,
    SlotCleared,
    SlotFilled,
    SlotMissed,
)

Owner = Literal["bot", "human"]

WORDINGS_KEPT = 24
"""How many replies a session remembers the last wording of; bounds the snapshot's size."""

BUTTONS_KEPT = 9
"""How many buttons of the last reply a session remembers, for the same reason."""


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form being filled: the values so far, the slot asked for last, misses on it."""

    form: str
    values: Mapping[str, str] = field(default_factory=dict)
    asking: str | None = None
    misses: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A snapshot of one conversation, of bounded size whatever its length.

    ``offered`` are the buttons of the last reply, so that a pressed one keeps the label it showed;
    ``token_hash`` is the SHA-256 (hex) of the bearer token, which itself is stored nowhere.
    ``turn`` is the number of the last turn; the opening is turn 0.
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


def apply(session: Session, event: Event) -> Session:
    """Return the session after one event."""
    match event:
        case LanguageSwitched(language):
            return replace(session, language=language)
        case ReleaseChanged(release):
            return replace(session, release=release)
        case IntentAnswered(intent):
            # A form that just finished stays known only until something else is talked about.
            return replace(session, last_intent=intent, misses=0, finished_form=None)
        case MessageMissed():
            return replace(session, misses=session.misses + 1, finished_form=None)
        case ClarificationAsked():
            # Being asked is no answer yet, so misses stay: else asking and "none of these" could
            # go on for ever without a person being offered.
            return replace(session, finished_form=None)
        case FormOpened(form):
            opened = OpenForm(form)
            return replace(session, open_form=opened, finished_form=None, misses=0)
        case FormFinished() | FormGivenUp():
            finished = session.open_form if isinstance(event, FormFinished) else None
            return replace(session, open_form=None, finished_form=finished, misses=0)
        case SlotAsked() | SlotFilled() | SlotMissed() | SlotCleared():
            state = session.open_form
            return session if state is None else replace(session, open_form=_fill(state, event))
        case HandoffRequested():
            return replace(session, owner="human", open_form=None, finished_form=None, misses=0)
        case HandoffEnded():
            return replace(session, owner="bot")
        case ReplySaid(key, variant):
            wordings = {name: said for name, said in session.wordings.items() if name != key}
            wordings[key] = variant
            recent = list(wordings.items())[-WORDINGS_KEPT:]
            return replace(session, wordings=dict(recent))


def _fill(form: OpenForm, event: SlotAsked | SlotFilled | SlotMissed | SlotCleared) -> OpenForm:
    match event:
        case SlotAsked(slot):
            misses = form.misses if form.asking == slot else 0
            return replace(form, asking=slot, misses=misses)
        case SlotFilled(slot, value):
            return replace(form, values={**form.values, slot: value})
        case SlotMissed(slot):
            misses = form.misses + 1 if form.asking == slot else 1
            return replace(form, asking=slot, misses=misses)
        case SlotCleared(slot):
            values = {name: value for name, value in form.values.items() if name != slot}
            misses = form.misses if form.asking == slot else 0
            return replace(form, values=values, asking=slot, misses=misses)


def fold(session: Session, events: Iterable[Event]) -> Session:
    """Return the session after all these events, in order."""
    for event in events:
        session = apply(session, event)
    return session
