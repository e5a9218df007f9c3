"""What can happen in a conversation, in the past tense. A session is a fold over these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
class FormParked:
    """The open form steps aside for another and comes back when that one ends."""


@dataclass(frozen=True, slots=True)
class FormResumed:
    """The form that stepped aside is open again."""


@dataclass(frozen=True, slots=True)
class SlotAsked:
    slot: str


@dataclass(frozen=True, slots=True)
class SlotFilled:
    slot: str
    value: str


@dataclass(frozen=True, slots=True)
class SlotSkipped:
    """A slot that may be left out was."""

    slot: str


@dataclass(frozen=True, slots=True)
class SlotMissed:
    """A question of a form was not answered by what came in."""

    slot: str


@dataclass(frozen=True, slots=True)
class SlotCleared:
    """A value turned out to lead nowhere, or to be another than was meant."""

    slot: str


@dataclass(frozen=True, slots=True)
class ValuesDoubted:
    """Values that cannot be believed any more; they are asked for when their turn comes."""

    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValuesShown:
    """All values of a form were shown, to be confirmed: exactly those of this digest."""

    digest: str


@dataclass(frozen=True, slots=True)
class ValuesRejected:
    """The customer said no to what was shown, and is asked what to change."""


@dataclass(frozen=True, slots=True)
class FormFinished:
    """A form came to its end; ``remembered`` is what its action gave the conversation to keep."""

    form: str
    outcome: str
    remembered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormGivenUp:
    form: str


@dataclass(frozen=True, slots=True)
class ValuesKept:
    """Values that a later form need not ask for again."""

    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ThingsListed:
    """A list was shown: each thing's value and label, and the intent and slot they are for."""

    intent: str
    slot: str
    things: tuple[tuple[str, str], ...]


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


@dataclass(frozen=True, slots=True)
class ReplyGiven:
    """What was said in a turn, by a short name of exactly these words."""

    name: str


Event = (
    LanguageSwitched
    | ReleaseChanged
    | IntentAnswered
    | MessageMissed
    | ClarificationAsked
    | FormOpened
    | FormParked
    | FormResumed
    | SlotAsked
    | SlotFilled
    | SlotSkipped
    | SlotMissed
    | SlotCleared
    | ValuesDoubted
    | ValuesShown
    | ValuesRejected
    | FormFinished
    | FormGivenUp
    | ValuesKept
    | ThingsListed
    | HandoffRequested
    | HandoffEnded
    | ReplySaid
    | ReplyGiven
)
