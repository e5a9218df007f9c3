"""What can happen in a conversation, in the past tense. A session is a fold over these."""

from __future__ import annotations

from dataclasses import dataclass

from sangdam.bots.definition import Language


@dataclass(frozen=True, slots=True)
class LanguageSwitched:
    language: Language


@dataclass(frozen=True, slots=True)
class ReleaseChanged:
    """A session that rested long enough goes on with a newer release."""

    release: str


@dataclass(frozen=True, slots=True)
class IntentAnswered:
    intent: str


@dataclass(frozen=True, slots=True)
class MessageMissed:
    """Nothing could be made of a message outside a form."""


@dataclass(frozen=True, slots=True)
class ClarificationAsked:
    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormOpened:
    form: str


@dataclass(frozen=True, slots=True)
class SlotAsked:
    slot: str


@dataclass(frozen=True, slots=True)
class SlotFilled:
    slot: str
    value: str


@dataclass(frozen=True, slots=True)
class SlotMissed:
    """A question of a form was not answered by what came in."""

    slot: str


@dataclass(frozen=True, slots=True)
class SlotCleared:
    """A value turned out to lead nowhere and is asked for again."""

    slot: str


@dataclass(frozen=True, slots=True)
class FormFinished:
    form: str
    outcome: str


@dataclass(frozen=True, slots=True)
class FormGivenUp:
    form: str


@dataclass(frozen=True, slots=True)
class HandoffRequested:
    """From here on a person owns the conversation and the bot is silent."""


@dataclass(frozen=True, slots=True)
class HandoffEnded:
    """The conversation belongs to the bot again."""


@dataclass(frozen=True, slots=True)
class ReplySaid:
    """Which wording of a reply was used, so that the next time is worded differently."""

    key: str
    variant: int


Event = (
    LanguageSwitched
    | ReleaseChanged
    | IntentAnswered
    | MessageMissed
    | ClarificationAsked
    | FormOpened
    | SlotAsked
    | SlotFilled
    | SlotMissed
    | SlotCleared
    | FormFinished
    | FormGivenUp
    | HandoffRequested
    | HandoffEnded
    | ReplySaid
)
