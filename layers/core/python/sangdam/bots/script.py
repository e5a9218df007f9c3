"""``ko.yaml`` and ``en.yaml``: everything a bot says and listens for in one language."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sangdam.bots.buttons import read_buttons
from sangdam.bots.definition import ActionType, Form, Language, QuickReply, Reply, Script
from sangdam.bots.entities import compile_pattern
from sangdam.bots.outside_actions import UNAVAILABLE
from sangdam.bots.phrase import phrase_key
from sangdam.bots.quick_reply import LABEL_LIMIT
from sangdam.bots.reading import Reader
from sangdam.bots.structure import Structure
from sangdam.bots.synonyms import read_synonyms

SYSTEM = (
    "welcome", "fallback", "clarify", "clarify_none", "offer_human", "handoff", "back_to_bot",
    "resumed", "cancelled", "cancel", "resume",
)  # fmt: skip
"""The replies and button labels every bot needs, whatever its industry."""

SYSTEM_LABELS = ("clarify_none", "back_to_bot", "cancel", "confirm_yes", "confirm_no", "skip")
"""Those of them that are the label of a button."""

SYSTEM_OPTIONAL = ("again", "upset")
"""Those that any bot may have: before an answer given twice, and for a customer who stays angry."""

_KEYS = (
    "format",
    "language",
    "name",
    "system",
    "intents",
    "entities",
    "forms",
    "phrases",
    "guards",
    "synonyms",
)

MESSAGE_LIMIT = 2000
"""Longest reply, in characters; the same bound as for messages that come in."""


def read_script(reader: Reader, data: Any, structure: Structure, language: Language) -> Script:
    """Read one language of a pack; mistakes go to the reader."""
    top = reader.mapping(data, "")
    reader.only(top, "", _KEYS)
    reader.format(top)
    reader.language(top, language)
    titles = read_titles(data)
    replies: dict[str, Reply] = {}

    def add(key: str, place: str, value: Any, fields: Sequence[str], owner: str) -> None:
        if value is None:
            reader.wrong(place, f"is missing ({owner})")
            return
        replies[key] = _reply(reader, place, value, fields, structure, titles)

    system = reader.mapping(top.get("system"), "system")
    needed = _needed(structure)
    reader.only(system, "system", (*SYSTEM, *_NEEDED_BY, *SYSTEM_OPTIONAL))
    for name in SYSTEM:
        add(f"system/{name}", f"system.{name}", system.get(name), (), "every bot needs it")
    for name in (*_NEEDED_BY, *SYSTEM_OPTIONAL):
        if name in needed or name in system:
            place = f"system.{name}"
            add(f"system/{name}", place, system.get(name), (), needed.get(name, ""))
    for name in SYSTEM_LABELS:
        if isinstance(system.get(name), str):
            reader.text(system[name], f"system.{name}", limit=LABEL_LIMIT)
        elif name in system:
            reader.wrong(f"system.{name}", "is the label of a button: one text, nothing else")
    words = reader.mapping(top.get("intents"), "intents")
    reader.only(words, "intents", tuple(structure.intents))
    owners: dict[str, str] = {}
    for name, intent in structure.intents.items():
        entry = reader.mapping(words.get(name), f"intents.{name}")
        reader.only(entry, f"intents.{name}", ("title", "reply"))
        if "title" not in entry:
            reader.wrong(f"intents.{name}.title", "is missing; buttons and reports show it")
        else:
            title = reader.text(entry["title"], f"intents.{name}.title", limit=LABEL_LIMIT)
            twin = owners.setdefault(title, name) if title else name
            if twin != name:
                reader.wrong(f"intents.{name}.title", f"'{title}' is also the title of '{twin}'")
        if intent.kind not in ("form", "handoff"):
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
        synonyms=read_synonyms(reader, top.get("synonyms")),
        guards=_read_guards(reader, top.get("guards"), structure),
        labels=_read_labels(reader, forms, structure),
    )


_NEEDED_BY = (
    "which", "confirm_yes", "confirm_no", "change_what", "skip", "handoff_closed", "secret",
    "unavailable",
)  # fmt: skip
"""The replies and labels that only some bots need."""


def _needed(structure: Structure) -> dict[str, str]:
    """Return which of the replies that only some bots need this one does, and what for."""
    needed: dict[str, str] = {}
    doubtful = next(
        (one for one in structure.entities.values() if one.type not in ("pattern", "text")), None
    )
    if doubtful is not None:
        needed["which"] = f"asked where a {doubtful.type} can mean several things"
    for form in structure.forms.values():
        if form.confirm:
            owner = f"form '{form.name}' is confirmed"
            needed |= dict.fromkeys(("confirm_yes", "confirm_no", "change_what"), owner)
        if any(slot.optional for slot in form.slots):
            needed["skip"] = f"form '{form.name}' has a slot that may be left out"
        action = structure.actions.get(form.action)
        if action is not None:
            needed["unavailable"] = f"form '{form.name}' calls {action.call}, which may not answer"
    if structure.handoff.outside is not None:
        needed["handoff_closed"] = "said when a person is asked for and nobody is there"
    if structure.policy.refuses:
        needed |= {"secret": "said when a secret is typed: policy.refuses names some"}
    return needed


def _read_guards(reader: Reader, data: Any, structure: Structure) -> dict[str, tuple[str, ...]]:
    guards: dict[str, tuple[str, ...]] = {}
    for name, key, value in reader.items(data, "guards"):
        if name not in structure.intents:
            reader.wrong(key, f"intent '{name}' is not defined in bot.yaml")
        patterns = reader.texts(value, key)
        guards[name] = tuple(
            one
            for place, one in enumerate(patterns)
            if compile_pattern(reader, f"{key}[{place}]", one) is not None
        )
    return guards


def _read_labels(
    reader: Reader, forms: Mapping[str, Any], structure: Structure
) -> dict[str, Mapping[str, str]]:
    """Read what slots are called; a form that is confirmed offers to change each of them."""
    labels: dict[str, Mapping[str, str]] = {}
    for name, form in structure.forms.items():
        place = f"forms.{name}.labels"
        entry = reader.mapping(forms.get(name), f"forms.{name}")
        read = {
            slot: reader.text(text, path, limit=LABEL_LIMIT)
            for slot, path, text in reader.items(entry.get("labels"), place)
        }
        slots = tuple(slot.name for slot in form.slots)
        reader.only(read, place, slots)
        for slot in slots if form.confirm else ():
            if slot not in read:
                reader.wrong(f"{place}.{slot}", f"is missing; the button to change {slot} shows it")
        if read:
            labels[name] = read
    return labels


def read_titles(data: Any) -> dict[str, str]:
    """Return the titles of a script's intents, as far as they can be read."""
    words = data.get("intents") if isinstance(data, Mapping) else None
    if not isinstance(words, Mapping):
        return {}
    quiet = Reader("")
    titles = {
        str(name): quiet.text(entry["title"], "")
        for name, entry in words.items()
        if isinstance(entry, Mapping) and "title" in entry
    }
    return {name: title for name, title in titles.items() if title}


def _form_replies(
    reader: Reader, structure: Structure, forms: Mapping[str, Any]
) -> Iterator[tuple[str, str, Any, Sequence[str], str]]:
    for name, form in structure.forms.items():
        place = f"forms.{name}"
        entry = reader.mapping(forms.get(name), place)
        reader.only(entry, place, ("slots", "labels", "confirm", "outcomes"))
        slots = reader.mapping(entry.get("slots"), f"{place}.slots")
        values = tuple(slot.name for slot in form.slots)
        reader.only(slots, f"{place}.slots", values)
        for slot in form.slots:
            where = f"{place}.slots.{slot.name}"
            asks = reader.mapping(slots.get(slot.name), where)
            reader.only(asks, where, ("ask", "ask_again"))
            for ask in ("ask", "ask_again"):
                key = f"form/{name}/{slot.name}/{ask}"
                yield key, f"{where}.{ask}", asks.get(ask), values, f"used by form '{name}'"
        action = structure.action(form.action)
        if form.confirm:
            fields = (*values, *(action.offer if action is not None else ()))
            owner = f"form '{name}' shows what it is going to do"
            yield f"form/{name}/confirm", f"{place}.confirm", entry.get("confirm"), fields, owner
        elif "confirm" in entry:
            reader.wrong(f"{place}.confirm", f"is never said: form '{name}' has no 'confirm: true'")
        outcomes = reader.mapping(entry.get("outcomes"), f"{place}.outcomes")
        if action is None:
            continue
        possible = _possible(structure, form, action)
        reader.only(outcomes, f"{place}.outcomes", tuple(possible))
        for outcome, fields in possible.items():
            key = f"form/{name}/outcome/{outcome}"
            owner = f"{form.action} can come to it"
            where = f"{place}.outcomes.{outcome}"
            known = tuple(dict.fromkeys((*values, *fields)))
            yield key, where, outcomes.get(outcome), known, owner


def _possible(
    structure: Structure, form: Form, action: ActionType
) -> Mapping[str, tuple[str, ...]]:
    """Return the outcomes that a form can come to: none that reopens a role it has no slot for."""
    have = {slot.name for slot in form.slots}
    return {
        outcome: fields
        for outcome, fields in action.outcomes.items()
        if (role := action.reopens.get(outcome)) is None
        or role in action.slots
        or form.slot_of(role) in have
        if outcome != UNAVAILABLE or action.call is None
    }


def _reply(
    reader: Reader, place: str, value: Any, fields: Sequence[str], structure: Structure,
    titles: Mapping[str, str],
) -> Reply:  # fmt: skip
    buttons: tuple[QuickReply, ...] = ()
    if isinstance(value, Mapping):
        top = reader.mapping(value, place)
        reader.only(top, place, ("text", "quick_replies"))
        buttons = read_buttons(
            reader, top.get("quick_replies"), f"{place}.quick_replies", structure, titles
        )
        value = top.get("text")
    variants = reader.texts(value, place)
    for text in {text for text in variants if variants.count(text) > 1}:
        reader.wrong(place, f"'{text}' stands there twice; give different wordings")
    for text in variants:
        if len(text) > MESSAGE_LIMIT:
            reader.wrong(place, f"has {len(text)} characters; the limit is {MESSAGE_LIMIT}")
        for field in _placeholders(reader, place, text):
            if field not in fields:
                known = ", ".join(fields) or "none here"
                reader.wrong(place, f"'{{{field}}}' is not known; fields: {known}")
    return Reply(variants, buttons)


def _placeholders(reader: Reader, place: str, text: str) -> list[str]:
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError as error:
        reader.wrong(place, f"has a lone brace ({error}); write {{{{ or }}}} for the character")
        return []
    for _, name, spec, conversion in parsed:
        if spec or conversion:
            reader.wrong(place, f"'{{{name}}}' must stand alone in its braces, without : or !")
    return [name for _, name, _, _ in parsed if name is not None]


def _read_phrases(reader: Reader, data: Any, structure: Structure) -> dict[str, tuple[str, ...]]:
    top = reader.mapping(data, "phrases")
    reader.only(top, "phrases", ("cancel", "intents"))
    phrases: dict[str, tuple[str, ...]] = {}
    if "cancel" in top:
        phrases["cancel"] = _phrases(reader, top["cancel"], "phrases.cancel")
    owners = {phrase_key(phrase): "cancel" for phrase in phrases.get("cancel", ())}
    for name, key, value in reader.items(top.get("intents"), "phrases.intents"):
        if name not in structure.intents:
            reader.wrong(key, f"intent '{name}' is not defined in bot.yaml")
        phrases[f"intent/{name}"] = _phrases(reader, value, key)
        for phrase in phrases[f"intent/{name}"]:
            owner = owners.setdefault(phrase_key(phrase), name)
            if owner != name:
                reader.wrong(key, f"'{phrase}' stands also under '{owner}'; keep it in one")
    return phrases


def _phrases(reader: Reader, value: Any, key: str) -> tuple[str, ...]:
    phrases = reader.texts(value, key)
    for phrase in phrases:
        if not phrase_key(phrase):
            reader.wrong(key, f"'{phrase}' has neither letters nor digits; it would match nothing")
    return tuple(phrase for phrase in phrases if phrase_key(phrase))
