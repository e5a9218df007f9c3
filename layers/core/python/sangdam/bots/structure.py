"""``bot.yaml``: what a bot can do, in no language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sangdam.bots.actions import ACTIONS
from sangdam.bots.definition import (
    LANGUAGES,
    Bot,
    BotPolicy,
    EntityType,
    Form,
    Intent,
    IntentKind,
    Language,
    Script,
    Slot,
)
from sangdam.bots.reading import Reader

GOALS = ("answer", "recommend", "reservations", "orders")
RESERVED = ("cancel", "back_to_bot", "none", "out_of_scope", "system")
"""Names no intent may have: the values of the bot's own buttons, and the label of refusals."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_KEYS = (
    "format", "bot", "goal", "languages", "time_zone", "policy", "intents", "entities", "forms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Structure:
    """A bot without words."""

    name: str
    goal: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    time_zone: str = "Asia/Seoul"
    policy: BotPolicy = field(default_factory=BotPolicy)
    intents: Mapping[str, Intent] = field(default_factory=dict)
    entities: Mapping[str, EntityType] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)

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
            scripts=scripts,
        )  # fmt: skip


def read_structure(reader: Reader, data: Any, folder: str) -> Structure:
    """Read ``bot.yaml``; mistakes go to the reader."""
    top = reader.mapping(data, "")
    reader.only(top, "", _KEYS)
    if top.get("format") != 1:
        reader.wrong("format", f"is {top.get('format')!r}; this version reads format: 1")
    name = reader.text(top.get("bot"), "bot")
    if name and name != folder:
        reader.wrong("bot", f"is '{name}', but the folder is called '{folder}'; make them equal")
    if name and not _NAME.match(name):
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
    entities = _read_entities(reader, top.get("entities"))
    forms = _read_forms(reader, top.get("forms"), entities)
    return Structure(
        name=name or folder,
        goal=tuple(one for one in goal if one),
        languages=tuple(dict.fromkeys(one for one in languages if one)),
        time_zone=reader.text(top.get("time_zone", "Asia/Seoul"), "time_zone"),
        policy=_read_policy(reader, top.get("policy")),
        intents=_read_intents(reader, top.get("intents"), forms),
        entities=entities,
        forms=forms,
    )


def _read_policy(reader: Reader, data: Any) -> BotPolicy:
    top = reader.mapping(data, "policy")
    reader.only(top, "policy", ("error_budget", "clarify_choices", "handoff_after_misses"))
    default = BotPolicy()

    def number(name: str, low: float, high: float, fallback: float) -> float:
        return reader.number(top.get(name), f"policy.{name}", low=low, high=high, default=fallback)

    return BotPolicy(
        error_budget=number("error_budget", 0.001, 0.5, default.error_budget),
        clarify_choices=int(number("clarify_choices", 2, 5, default.clarify_choices)),
        handoff_after_misses=int(
            number("handoff_after_misses", 1, 10, default.handoff_after_misses)
        ),
    )


def _read_intents(reader: Reader, data: Any, forms: Mapping[str, Form]) -> dict[str, Intent]:
    intents: dict[str, Intent] = {}
    for name, key, value in reader.items(data, "intents"):
        if not _NAME.match(name):
            reader.wrong(key, "an intent's name is lower-case letters, digits and _")
        if name in RESERVED:
            reader.wrong(key, f"'{name}' is a name of the system; choose another")
        top = reader.mapping(value, key)
        reader.only(top, key, ("kind", "form"))
        form = top.get("form")
        if form is not None and form not in forms:
            known = ", ".join(forms) or "none"
            reader.wrong(f"{key}.form", f"form '{form}' is not defined under forms ({known})")
        kind = cast(
            IntentKind,
            reader.choice(
                top.get("kind", "form" if form is not None else "answer"),
                f"{key}.kind",
                ("answer", "form", "handoff", "smalltalk"),
            ),
        )
        intents[name] = Intent(name, kind or "answer", form)
    if len(intents) < 2:
        reader.wrong("intents", "a bot needs two intents or more to tell apart")
    started = {intent.form for intent in intents.values()}
    for name in forms:
        if name not in started:
            reader.wrong(f"forms.{name}", f"no intent leads here; add 'form: {name}' to one")
    return intents


def _read_entities(reader: Reader, data: Any) -> dict[str, EntityType]:
    entities: dict[str, EntityType] = {}
    for name, key, value in reader.items(data, "entities"):
        top = reader.mapping(value, key)
        reader.only(top, key, ("type", "patterns", "value"))
        reader.choice(top.get("type"), f"{key}.type", ("pattern",))
        patterns = reader.texts(top.get("patterns"), f"{key}.patterns")
        template = reader.text(top.get("value", "{0}"), f"{key}.value")
        for place, pattern in enumerate(patterns):
            where = f"{key}.patterns[{place}]"
            try:
                groups = re.compile(pattern).groups
            except re.error as error:
                reader.wrong(where, f"is no regular expression: {error}")
                continue
            wanted = [int(number) for number in re.findall(r"\{(\d+)\}", template)]
            if any(number > groups for number in wanted):
                reader.wrong(f"{key}.value", f"'{template}' asks for more groups than {where} has")
        entities[name] = EntityType(name, "pattern", patterns, template)
    return entities


def _read_forms(reader: Reader, data: Any, entities: Mapping[str, EntityType]) -> dict[str, Form]:
    forms: dict[str, Form] = {}
    for name, key, value in reader.items(data, "forms"):
        top = reader.mapping(value, key)
        reader.only(top, key, ("slots", "attempts", "action"))
        slots = []
        for slot, path, inner in reader.items(top.get("slots"), f"{key}.slots"):
            entity = reader.text(reader.mapping(inner, path).get("entity"), f"{path}.entity")
            if entity and entity not in entities:
                known = ", ".join(entities) or "none"
                reader.wrong(
                    f"{path}.entity", f"'{entity}' is not defined under entities ({known})"
                )
            slots.append(Slot(slot, entity))
        if not slots:
            reader.wrong(f"{key}.slots", "is empty; a form asks for at least one slot")
        action = reader.choice(top.get("action"), f"{key}.action", tuple(ACTIONS))
        if action:
            have = {slot.name for slot in slots}
            for needed in ACTIONS[action].slots:
                if needed not in have:
                    reader.wrong(f"{key}.slots", f"slot '{needed}' is missing; {action} needs it")
        attempts = reader.number(top.get("attempts"), f"{key}.attempts", low=1, high=10, default=3)
        forms[name] = Form(name, tuple(slots), action, int(attempts))
    return forms
