"""What a policy rule returns: events, things to say, buttons, or a question to the back office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sangdam.bots.definition import Language, QuickReply
from sangdam.dialogue.events import Event


@dataclass(frozen=True, slots=True)
class Say:
    """Say the reply of this key, with these fields filled in."""

    key: str
    fields: Mapping[str, str] = field(default_factory=dict)


Phase = Literal["check", "offer", "run", "withdraw"]
"""What is asked of an action.

``check`` whether the values so far will do, ``offer`` what the confirmation shows (which may hold
what is offered), ``run`` to do it, ``withdraw`` to let go of what was offered.
"""


@dataclass(frozen=True, slots=True)
class RunAction:
    """An action, and the values it works on, as (role, value) pairs."""

    action: str
    values: tuple[tuple[str, str], ...]
    language: Language
    phase: Phase = "run"
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that would do for a role, and what it is called."""

    role: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action came to, and the fields that the outcome's reply may use.

    A check or an offer that has nothing to object comes to ``ok``. ``choices`` are values that
    would do for roles that are still empty or were refused, or the things that were found.
    ``remembered`` are values that the conversation keeps, such as the number of what was booked.
    """

    outcome: str
    fields: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    remembered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished decision; ``trace`` says which rule made it and why.

    ``carried_out`` are the actions whose changes are stored together with the turn.
    """

    events: tuple[Event, ...] = ()
    says: tuple[Say, ...] = ()
    quick_replies: tuple[QuickReply, ...] = ()
    trace: tuple[str, ...] = ()
    carried_out: tuple[RunAction, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """The decision needs a fact first; the service fetches it and asks the policy again."""

    query: RunAction


Facts = Mapping[RunAction, ActionResult]
