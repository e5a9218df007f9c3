"""What a bot is: the validated form of a bot pack, as frozen values.

A :class:`Bot` is made by :mod:`sangdam.bots.parse` (from a pack, with every error reported) or read
back from a release by :mod:`sangdam.bots.compiled`. Nothing else constructs one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from sangdam.bots.business import BackOfficeRules
from sangdam.bots.business import Hours as Hours
from sangdam.bots.catalogue import Catalogue
from sangdam.text.normalise import normalise

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")

Profile = Literal["fast", "accurate"]
"""What reads a bot's messages: a small encoder and, where that leaves a doubt, one for English; or
three encoders, always."""

PROFILES: tuple[Profile, ...] = ("fast", "accurate")

Reading = Literal["fast", "accurate", "accurate-english"]
"""Which encoders read for a bot: what its profile and its languages come to."""

READINGS: tuple[Reading, ...] = ("fast", "accurate", "accurate-english")


def reading_of(profile: Profile, languages: Collection[Language]) -> Reading:
    """Return which encoders read: where all is in English, ``accurate`` has one made for it."""
    if profile == "accurate" and set(languages) == {"en"}:
        return "accurate-english"
    return profile


OUT_OF_SCOPE = "out_of_scope"
"""The intent of examples that must not be answered. Never predicted: see ``Scores.in_scope``."""

IntentKind = Literal["answer", "form", "handoff", "smalltalk", "complaint", "urgent"]
"""``complaint`` answers and offers a person; ``urgent`` answers and hands over to one at once."""


EntityKind = Literal[
    "pattern", "date", "time", "datetime", "date_range", "datetime_range", "duration", "number",
    "count", "money", "percent", "phone", "email", "choice", "name", "yes_no", "ordinal", "text",
]  # fmt: skip

ENTITY_KINDS: tuple[EntityKind, ...] = get_args(EntityKind)

COUNT_UNITS = (
    "person", "item", "room", "night", "ticket", "seat", "copy", "pair", "bottle", "cup", "box",
    "set", "page", "time",
)  # fmt: skip
"""What an entity of type ``count`` can count."""


@dataclass(frozen=True, slots=True)
class QuickReply:
    """A button: what it shows, and the value a client sends back when it is pressed.

    A value is ``/intent`` or ``/intent{"slot": "value"}``, the payload form that existing chat
    widgets already know how to send.
    """

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing the bot can say in one language: wording variants, and buttons below it."""

    variants: tuple[str, ...]
    quick_replies: tuple[QuickReply, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """Something a customer can want, and what answers it."""

    name: str
    kind: IntentKind = "answer"
    form: str | None = None
    titles: Mapping[Language, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntityType:
    """A kind of value found in a message.

    Three types have parameters. ``pattern``: ``patterns`` are regular expressions over normalised
    text, ``value`` is a template over their groups (``{1}-{2}``) that gives the canonical value,
    and ``upper`` writes it in capitals (normalised text has none). ``count``: ``units`` are those
    it counts, all where it names none. ``choice``: ``options`` are what there is to choose from,
    each with its words in each language, the first of which is its label.
    """

    name: str
    type: EntityKind
    patterns: tuple[str, ...] = ()
    value: str = ""
    upper: bool = False
    units: tuple[str, ...] = ()
    options: Mapping[str, Mapping[Language, tuple[str, ...]]] = field(default_factory=dict)

    def describes(self, text: str) -> bool:
        """Tell whether a text, read as messages are, holds such a value, as far as data can say.

        Of a type that only a parser knows, every text may hold one.
        """
        plain = normalise(text)
        if self.patterns:
            return any(re.search(pattern, plain) for pattern in self.patterns)
        if self.type == "choice":
            said = (word for words in self.words().values() for word in words)
            return any(normalise(word) in plain for word in said)
        return bool(plain)

    def words(self) -> dict[str, tuple[str, ...]]:
        """Return the words of each option in all languages; its key is one of them."""
        return {
            option: (option, *(word for words in said.values() for word in words))
            for option, said in self.options.items()
        }

    def label(self, option: str, language: Language) -> str:
        """Return what an option is called, for buttons."""
        said = self.options.get(option, {})
        words = said.get(language) or next(iter(said.values()), ())
        return words[0] if words else option


@dataclass(frozen=True, slots=True)
class Slot:
    """A value a form must collect, and the entity it is collected from.

    ``optional`` slots are asked for once and may be skipped; ``default`` (a canonical value) is
    used unless something else was said, and never asked for. ``when`` names earlier slots and the
    values one of which each must have for this slot to be asked for. ``carry`` keeps the value
    for the next form that has a slot of this name. ``from_message`` takes the message that opened
    the form for the value.
    """

    name: str
    entity: str
    optional: bool = False
    default: str | None = None
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    carry: bool = False
    from_message: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A task that fills slots and ends in an action.

    ``attempts`` bounds how often one slot is asked for before a person is offered; ``confirm``
    shows all values and waits for a yes to exactly these. ``roles`` name the slot of each role of
    the action whose slot is called otherwise. ``corrected_by`` is the form that a correction after
    the end opens, ``then`` the form that each outcome leads on to, ``lists`` the intent whose form
    the things that the action lists are for. ``settings`` are what the action is told besides.
    """

    name: str
    slots: tuple[Slot, ...]
    action: str
    attempts: int = 3
    confirm: bool = False
    roles: Mapping[str, str] = field(default_factory=dict)
    corrected_by: str | None = None
    then: Mapping[str, str] = field(default_factory=dict)
    lists: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    def slot_of(self, role: str) -> str:
        """Return the name of the slot that plays a role of the action."""
        return self.roles.get(role, role)

    def role_of(self, slot: str) -> str:
        """Return the role of the action that a slot plays: its own name, if no other."""
        return next((role for role, name in self.roles.items() if name == slot), slot)


@dataclass(frozen=True, slots=True)
class ActionType:
    """What a form can end in.

    ``slots`` are the roles that a form must have a slot for, ``optional`` those it may have (None:
    any). ``outcomes`` maps each possible outcome to the fields its reply may use, ``reopens``
    those that leave the form open to the role asked for again, ``clears`` the roles that are asked
    for again after it, for none of them can be believed. ``offer`` are the fields of the
    confirmation. An action that ``changes`` something must be confirmed; one that ``checks`` looks
    at values as they come in. It ``recalls`` these roles from the last time its form came to an
    end, and forgets those of ``once`` when the form is run again with another value. ``call`` is
    the address of the team's own system (a Lambda function or an HTTPS URL) and ``mode`` how it is
    called: ``answer`` waits for what comes back, ``outbox`` calls once the turn is stored.
    """

    slots: tuple[str, ...]
    outcomes: Mapping[str, tuple[str, ...]]
    reopens: Mapping[str, str] = field(default_factory=dict)
    clears: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: tuple[str, ...] | None = ()
    offer: tuple[str, ...] = ()
    changes: bool = False
    checks: bool = False
    settings: tuple[str, ...] = ()
    recalls: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    call: str | None = None
    mode: Literal["answer", "outbox"] = "answer"


@dataclass(frozen=True, slots=True)
class Example:
    """One training sentence: plain text, what it means, and the language it is written in."""

    text: str
    intent: str
    language: Language


@dataclass(frozen=True, slots=True)
class BotPolicy:
    """The rules an author can set without touching a dialogue.

    ``error_budget`` is the share of automatic answers that may be wrong (0..1);
    ``handoff_after_misses`` is how many misses in a row lead to the offer of a person;
    ``refuses`` are the kinds of secrets that are not to be typed (see ``text.secrets``).
    """

    error_budget: float = 0.05
    clarify_choices: int = 3
    handoff_after_misses: int = 2
    refuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandoffPolicy:
    """When people answer: at any time if ``hours`` is empty.

    ``holidays`` tells whether they answer on public holidays; ``outside`` is the form that takes a
    request to be called back when nobody answers.
    """

    hours: Hours = field(default_factory=dict)
    holidays: bool = True
    outside: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """Everything a bot says and listens for in one language."""

    language: Language
    bot_name: str
    replies: Mapping[str, Reply]
    phrases: Mapping[str, tuple[str, ...]]
    synonyms: tuple[tuple[str, ...], ...] = ()
    guards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Regular expressions by intent: whatever else a message says, these come first."""
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What the slots of each form are called, for buttons."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A validated pack. ``languages[0]`` is the one used when nothing else decides."""

    name: str
    goal: tuple[str, ...]
    languages: tuple[Language, ...]
    time_zone: str
    intents: Mapping[str, Intent]
    entities: Mapping[str, EntityType]
    forms: Mapping[str, Form]
    policy: BotPolicy
    scripts: Mapping[Language, Script]
    profile: Profile = "fast"
    hours: Hours = field(default_factory=dict)
    handoff: HandoffPolicy = field(default_factory=HandoffPolicy)
    backoffice: BackOfficeRules = field(default_factory=BackOfficeRules)
    catalogue: Catalogue | None = None
    actions: Mapping[str, ActionType] = field(default_factory=dict)
    """The actions of the team's own systems, by name."""

    @property
    def reading(self) -> Reading:
        """Which encoders read the bot's messages."""
        return reading_of(self.profile, self.languages)

    def script(self, language: Language) -> Script:
        """Return the words for a language, or those of the bot's first language."""
        return self.scripts.get(language) or self.scripts[self.languages[0]]

    def title(self, intent: str, language: Language) -> str:
        """Return what customers call an intent, for buttons and screens."""
        known = self.intents.get(intent)
        if known is None:
            return intent
        return known.titles.get(language) or next(iter(known.titles.values()), intent)
