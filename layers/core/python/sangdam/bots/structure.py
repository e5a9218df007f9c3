"""``bot.yaml``: what a bot can do, in no language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast, get_args

from sangdam.bots.actions import ACTIONS
from sangdam.bots.business import BackOfficeRules
from sangdam.bots.definition import (
    LANGUAGES,
    PROFILES,
    ActionType,
    Bot,
    BotPolicy,
    EntityType,
    Form,
    HandoffPolicy,
    Hours,
    Intent,
    IntentKind,
    Language,
    Profile,
    Script,
)
from sangdam.bots.entities import read_entities
from sangdam.bots.forms import read_forms
from sangdam.bots.handoff import read_handoff
from sangdam.bots.hours import read_hours
from sangdam.bots.names import NAME, check_name
from sangdam.bots.outside_actions import read_outside_actions
from sangdam.bots.quick_reply import SYSTEM_BUTTONS
from sangdam.bots.reading import Reader
from sangdam.bots.reservation_rules import read_backoffice
from sangdam.bots.time_zone import DEFAULT, read_time_zone

KINDS: tuple[IntentKind, ...] = get_args(IntentKind)
SECRETS = ("card_number", "resident_number", "password")
"""What ``policy.refuses`` can name."""
GOALS = ("answer", "recommend", "reservations", "orders")
RESERVED = (*SYSTEM_BUTTONS, "out_of_scope", "system")
"""Names no intent may have: the values of the bot's own buttons, and the label of refusals."""

_KEYS = (
    "format", "bot", "goal", "languages", "time_zone", "hours", "profile", "policy", "intents",
    "entities", "forms", "actions", "handoff", "backoffice",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Structure:
    """A bot without words."""

    name: str
    goal: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    time_zone: str = DEFAULT
    hours: Hours = field(default_factory=dict)
    profile: Profile = "fast"
    policy: BotPolicy = field(default_factory=BotPolicy)
    intents: Mapping[str, Intent] = field(default_factory=dict)
    entities: Mapping[str, EntityType] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    actions: Mapping[str, ActionType] = field(default_factory=dict)
    handoff: HandoffPolicy = field(default_factory=HandoffPolicy)
    backoffice: BackOfficeRules = field(default_factory=BackOfficeRules)

    def action(self, name: str) -> ActionType | None:
        """Return an action, built in or the pack's own; None if there is none of this name."""
        return self.actions.get(name) or ACTIONS.get(name)

    def bot(
        self, scripts: Mapping[Language, Script], titles: Mapping[str, Mapping[Language, str]]
    ) -> Bot:
        """Return the bot that these words belong to."""
        intents = {
            name: Intent(name, intent.kind, intent.form, titles.get(name, {}))
            for name, intent in self.intents.items()
        }
        return Bot(
            name=self.name, goal=self.goal, languages=self.languages, time_zone=self.time_zone,
            intents=intents, entities=self.entities, forms=self.forms, policy=self.policy,
            scripts=scripts, profile=self.profile, hours=self.hours, handoff=self.handoff,
            backoffice=self.backoffice, actions=self.actions,
        )  # fmt: skip


def read_structure(reader: Reader, data: Any, folder: str) -> Structure:
    """Read ``bot.yaml``; mistakes go to the reader."""
    top = reader.mapping(data, "")
    reader.only(top, "", _KEYS)
    reader.format(top)
    name = reader.text(top.get("bot"), "bot")
    if name and name != folder:
        reader.wrong("bot", f"is '{name}', but the folder is called '{folder}'; make them equal")
    if name and not NAME.match(name):
        reader.wrong("bot", f"'{name}' must be lower-case letters, digits and _")
    goal = [
        reader.choice(one, f"goal[{place}]", GOALS)
        for place, one in enumerate(reader.listing(top.get("goal"), "goal"))
    ]
    if not goal:
        reader.wrong("goal", f"is empty; say what the bot is for, one or more of {GOALS}")
    languages = [
        cast(Language, reader.choice(one, f"languages[{place}]", LANGUAGES))
        for place, one in enumerate(reader.listing(top.get("languages"), "languages"))
    ]
    if not languages:
        reader.wrong("languages", "is empty; list one or more of ko, en")
    entities = read_entities(reader, top.get("entities"))
    actions = read_outside_actions(reader, top.get("actions"))
    forms = read_forms(reader, top.get("forms"), entities, {**ACTIONS, **actions})
    handoff = read_handoff(reader, top.get("handoff"), forms)
    return Structure(
        name=name or folder,
        goal=tuple(one for one in goal if one),
        languages=tuple(dict.fromkeys(one for one in languages if one)),
        time_zone=read_time_zone(reader, top.get("time_zone", DEFAULT)),
        hours=read_hours(reader, top.get("hours")),
        profile=cast(
            Profile, reader.choice(top.get("profile", "fast"), "profile", PROFILES) or "fast"
        ),
        policy=_read_policy(reader, top.get("policy")),
        intents=_read_intents(reader, top.get("intents"), forms, handoff),
        entities=entities,
        forms=forms,
        actions=actions,
        handoff=handoff,
        backoffice=read_backoffice(reader, top.get("backoffice")),
    )


def _read_policy(reader: Reader, data: Any) -> BotPolicy:
    top = reader.mapping(data, "policy")
    known = ("error_budget", "clarify_choices", "handoff_after_misses", "refuses")
    reader.only(top, "policy", known)
    refuses = [
        reader.choice(one, f"policy.refuses[{place}]", SECRETS)
        for place, one in enumerate(reader.listing(top.get("refuses"), "policy.refuses"))
    ]
    default = BotPolicy()

    def whole(name: str, low: int, high: int, fallback: int) -> int:
        return reader.whole(top.get(name), f"policy.{name}", low=low, high=high, default=fallback)

    return BotPolicy(
        error_budget=reader.number(
            top.get("error_budget"), "policy.error_budget", low=0.001, high=0.5,
            default=default.error_budget,
        ),
        clarify_choices=whole("clarify_choices", 2, 5, default.clarify_choices),
        handoff_after_misses=whole("handoff_after_misses", 1, 10, default.handoff_after_misses),
        refuses=tuple(dict.fromkeys(one for one in refuses if one)),
    )  # fmt: skip


def _read_intents(
    reader: Reader, data: Any, forms: Mapping[str, Form], handoff: HandoffPolicy
) -> dict[str, Intent]:
    intents: dict[str, Intent] = {}
    for name, key, value in reader.items(data, "intents"):
        check_name(reader, name, key, "an intent's", limit=64)
        if name in RESERVED:
            reader.wrong(key, f"'{name}' is a name of the system; choose another")
        top = reader.mapping(value, key)
        reader.only(top, key, ("kind", "form"))
        form = reader.text(top["form"], f"{key}.form") if "form" in top else None
        if form and form not in forms:
            known = ", ".join(forms) or "none"
            reader.wrong(f"{key}.form", f"form '{form}' is not defined under forms ({known})")
        kind = reader.choice(
            top.get("kind", "answer" if form is None else "form"), f"{key}.kind", KINDS
        )
        if kind == "form" and form is None:
            reader.wrong(f"{key}.form", "is missing; an intent of kind form opens one")
        if form and kind not in ("form", ""):
            reader.wrong(
                f"{key}.kind", f"is '{kind}', but the intent opens form '{form}'; leave kind out"
            )
        intents[name] = Intent(name, cast(IntentKind, kind or "answer"), form)
    if len(intents) < 2:
        reader.wrong("intents", "a bot needs two intents or more to tell apart")
    _check_reached(reader, intents, forms, handoff)
    return intents


def _check_reached(
    reader: Reader,
    intents: Mapping[str, Intent],
    forms: Mapping[str, Form],
    handoff: HandoffPolicy,
) -> None:
    """A form that nothing leads to is dead; so is one that only dead forms lead to."""
    started = {intent.form for intent in intents.values()} | {handoff.outside}
    waiting = [name for name in forms if name in started]
    while waiting:
        form = forms[waiting.pop()]
        linked = {*form.then.values(), *((form.corrected_by,) if form.corrected_by else ())}
        waiting += [name for name in linked if name in forms and name not in started]
        started |= linked
    for name, form in forms.items():
        if name not in started:
            reader.wrong(f"forms.{name}", f"no intent leads here; add 'form: {name}' to one")
        if form.lists is None:
            continue
        listed = intents.get(form.lists)
        if listed is None or listed.form is None:
            problem = f"'{form.lists}' is no intent that opens a form; what is listed is for one"
            reader.wrong(f"forms.{name}.lists", problem)
