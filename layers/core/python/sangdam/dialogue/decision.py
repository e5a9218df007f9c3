"""What a policy rule returns: events, things to say, buttons, or a question to the back office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sangdam.bots.definition import Language, QuickReply
from sangdam.dialogue.events import Event


@dataclass(frozen=True, slots=True)
class Say:
    """Say the reply of this key, with these fields filled in."""

    key: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished decision; ``trace`` says which rule made it and why."""

    events: tuple[Event, ...] = ()
    says: tuple[Say, ...] = ()
    quick_replies: tuple[QuickReply, ...] = ()
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunAction:
    """A finished form's action and the values it works on, as (slot, value) pairs."""

    action: str
    values: tuple[tuple[str, str], ...]
    language: Language


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action came to, and the fields that the outcome's reply may use."""

    outcome: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """The decision needs a fact first; the service fetches it and asks the policy again."""

    query: RunAction


Facts = Mapping[RunAction, ActionResult]
