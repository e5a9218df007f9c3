"""``ko.yaml`` and ``en.yaml``: everything a bot says and listens for in one language."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sangdam.bots.actions import ACTIONS
from sangdam.bots.definition import Language, QuickReply, Reply, Script
from sangdam.bots.reading import Reader
from sangdam.bots.structure import Structure

SYSTEM = (
    "welcome", "fallback", "clarify", "clarify_none", "offer_human", "handoff", "back_to_bot",
    "resumed", "cancelled", "cancel", "resume",
)  # fmt: skip
"""The replies and button labels every bot needs, whatever its industry."""

MESSAGE_LIMIT = 2000
"""Longest reply, in characters; the same bound as for messages that come in."""


def read_script(reader: Reader, data: Any, structure: Structure, language: Language) -> Script:
    """Read one language of a pack; mistakes go to the reader."""
    top = reader.mapping(data, "")
    reader.only(top, "", ("format", "language", "name", "system", "intents", "forms", "phrases"))
    if top.get("format") != 1:
        reader.wrong("format", f"is {top.get('format')!r}; this version reads format: 1")
    if top.get("language") != language:
        reader.wrong("language", f"must be '{language}', as the file's name says")
    titles = read_titles(data)
    replies: dict[str, Reply] = {}

    def add(key: str, place: str, value: Any, fields: Sequence[str], owner: str) -> None:
        if value is None:
            reader.wrong(place, f"is missing ({owner})")
            return
        replies[key] = _reply(reader, place, value, fields, titles)

    system = reader.mapping(top.get("system"), "system")
    reader.only(system, "system", SYSTEM)
    for name in SYSTEM:
        add(f"system/{name}", f"system.{name}", system.get(name), (), "every bot needs it")
    words = reader.mapping(top.get("intents"), "intents")
    reader.only(words, "intents", tuple(structure.intents))
    for name, intent in structure.intents.items():
        entry = reader.mapping(words.get(name), f"intents.{name}")
        reader.only(entry, f"intents.{name}", ("title", "reply"))
        if name not in titles:
            reader.wrong(f"intents.{name}.title", "is missing; buttons and reports show it")
        if intent.kind in ("answer", "smalltalk"):
            owner = f"it answers intent '{name}'"
            add(f"intent/{name}", f"intents.{name}.reply", entry.get("reply"), (), owner)
        elif "reply" in entry:
            reader.wrong(f"intents.{name}.reply", f"is never said: '{name}' is a {intent.kind}")
    forms = reader.mapping(top.get("forms"), "forms")
    reader.only(forms, "forms", tuple(structure.forms))
    for key, place, value, fields, owner in _form_replies(reader, structure, forms):
        add(key, place, value, fields, owner)
    return Script(
        language=language,
        bot_name=reader.text(top.get("name"), "name"),
        replies=replies,
        phrases=_read_phrases(reader, top.get("phrases"), structure),
    )


def read_titles(data: Any) -> dict[str, str]:
    """Return the titles of a script's intents, as far as they can be read."""
    words = data.get("intents") if isinstance(data, Mapping) else None
    if not isinstance(words, Mapping):
        return {}
    return {
        str(name): str(entry["title"]).strip()
        for name, entry in words.items()
        if isinstance(entry, Mapping) and str(entry.get("title") or "").strip()
    }


def _form_replies(
    reader: Reader, structure: Structure, forms: Mapping[str, Any]
) -> Iterator[tuple[str, str, Any, Sequence[str], str]]:
    for name, form in structure.forms.items():
        place = f"forms.{name}"
        entry = reader.mapping(forms.get(name), place)
        reader.only(entry, place, ("slots", "outcomes"))
        slots = reader.mapping(entry.get("slots"), f"{place}.slots")
        reader.only(slots, f"{place}.slots", tuple(slot.name for slot in form.slots))
        for slot in form.slots:
            where = f"{place}.slots.{slot.name}"
            asks = reader.mapping(slots.get(slot.name), where)
            reader.only(asks, where, ("ask", "ask_again"))
            for ask in ("ask", "ask_again"):
                key = f"form/{name}/{slot.name}/{ask}"
                yield key, f"{where}.{ask}", asks.get(ask), (), f"used by form '{name}'"
        outcomes = reader.mapping(entry.get("outcomes"), f"{place}.outcomes")
        action = ACTIONS.get(form.action)
        if action is None:
            continue
        reader.only(outcomes, f"{place}.outcomes", tuple(action.outcomes))
        for outcome, fields in action.outcomes.items():
            key = f"form/{name}/outcome/{outcome}"
            owner = f"{form.action} can come to it"
            yield key, f"{place}.outcomes.{outcome}", outcomes.get(outcome), fields, owner


def _reply(
    reader: Reader, place: str, value: Any, fields: Sequence[str], titles: Mapping[str, str]
) -> Reply:
    quick: list[QuickReply] = []
    if isinstance(value, Mapping):
        reader.only(value, place, ("text", "quick_replies"))
        for index, button in enumerate(
            reader.listing(value.get("quick_replies"), f"{place}.quick_replies")
        ):
            quick.append(_button(reader, f"{place}.quick_replies[{index}]", button, titles))
        value = value.get("text")
    variants = reader.texts(value, place)
    for text in variants:
        if len(text) > MESSAGE_LIMIT:
            reader.wrong(place, f"has {len(text)} characters; the limit is {MESSAGE_LIMIT}")
        for field in _placeholders(reader, place, text):
            if field not in fields:
                known = ", ".join(fields) or "none here"
                reader.wrong(place, f"'{{{field}}}' is not known; fields: {known}")
    return Reply(variants, tuple(quick))


def _placeholders(reader: Reader, place: str, text: str) -> list[str]:
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError as error:
        reader.wrong(place, f"has a lone brace ({error}); write {{{{ or }}}} for the character")
        return []
    return [name for _, name, _, _ in parsed if name is not None]


def _button(reader: Reader, place: str, value: Any, titles: Mapping[str, str]) -> QuickReply:
    if isinstance(value, str):
        return QuickReply(titles.get(value, value), f"/{value}")
    top = reader.mapping(value, place)
    reader.only(top, place, ("label", "value"))
    button = QuickReply(
        reader.text(top.get("label"), f"{place}.label"),
        reader.text(top.get("value"), f"{place}.value"),
    )
    if button.value and not button.value.startswith("/"):
        reader.wrong(f"{place}.value", f"is '{button.value}'; it must look like /intent")
    return button


def _read_phrases(reader: Reader, data: Any, structure: Structure) -> dict[str, tuple[str, ...]]:
    top = reader.mapping(data, "phrases")
    reader.only(top, "phrases", ("cancel", "intents"))
    phrases: dict[str, tuple[str, ...]] = {}
    if "cancel" in top:
        phrases["cancel"] = reader.texts(top["cancel"], "phrases.cancel")
    owners = {_key(phrase): "cancel" for phrase in phrases.get("cancel", ())}
    for name, key, value in reader.items(top.get("intents"), "phrases.intents"):
        if name not in structure.intents:
            reader.wrong(key, f"intent '{name}' is not defined in bot.yaml")
        phrases[f"intent/{name}"] = reader.texts(value, key)
        for phrase in phrases[f"intent/{name}"]:
            owner = owners.setdefault(_key(phrase), name)
            if owner != name:
                reader.wrong(key, f"'{phrase}' stands also under '{owner}'; keep it in one")
    return phrases


def _key(phrase: str) -> str:
    return "".join(letter for letter in phrase.casefold() if letter.isalnum())
