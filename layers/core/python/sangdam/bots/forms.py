"""The ``forms`` of ``bot.yaml``: slots, how they are asked for, and what the form ends in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sangdam.bots.canonical import is_canonical
from sangdam.bots.definition import ActionType, EntityType, Form, Slot
from sangdam.bots.names import check_name
from sangdam.bots.reading import Reader

SLOTS_LIMIT = 10
"""Most slots of a form: sessions hold them, and sessions stay small."""

_KEYS = (
    "slots", "attempts", "action", "confirm", "with", "corrected_by", "then", "lists", "settings",
)  # fmt: skip
_SLOT_KEYS = ("entity", "optional", "default", "when", "carry", "from")


def read_forms(
    reader: Reader,
    data: Any,
    entities: Mapping[str, EntityType],
    actions: Mapping[str, ActionType],
) -> dict[str, Form]:
    """Read all forms; mistakes go to the reader."""
    forms: dict[str, Form] = {}
    for name, key, value in reader.items(data, "forms"):
        check_name(reader, name, key, "a form's")
        top = reader.mapping(value, key)
        reader.only(top, key, _KEYS)
        slots = _read_slots(reader, top.get("slots"), f"{key}.slots", entities)
        action = reader.choice(top.get("action"), f"{key}.action", tuple(actions))
        attempts = reader.whole(top.get("attempts"), f"{key}.attempts", low=1, high=10, default=3)

        def named(one: str, top: Mapping[str, Any] = top, key: str = key) -> str | None:
            return reader.text(top[one], f"{key}.{one}") or None if one in top else None

        forms[name] = Form(
            name,
            slots,
            action,
            attempts,
            confirm=_flag(reader, top, "confirm", key),
            roles=_texts(reader, top.get("with"), f"{key}.with"),
            corrected_by=named("corrected_by"),
            then=_texts(reader, top.get("then"), f"{key}.then"),
            lists=named("lists"),
            settings=_texts(reader, top.get("settings"), f"{key}.settings"),
        )
        if action:
            _check_action(reader, forms[name], actions[action], key)
    for name, form in forms.items():
        _check_links(reader, form, forms, f"forms.{name}")
    for circle in _circles(forms):
        way = " -> ".join((*circle, circle[0]))
        problem = f"leads back to itself ({way}); take one of these out"
        reader.wrong(f"forms.{circle[0]}.then", problem)
    return forms


def _read_slots(
    reader: Reader, data: Any, key: str, entities: Mapping[str, EntityType]
) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    for name, path, inner in reader.items(data, key):
        check_name(reader, name, path, "a slot's")
        about = reader.mapping(inner, path)
        reader.only(about, path, _SLOT_KEYS)
        entity = reader.text(about.get("entity"), f"{path}.entity")
        if entity and entity not in entities:
            known = ", ".join(entities) or "none"
            reader.wrong(f"{path}.entity", f"'{entity}' is not defined under entities ({known})")
        slot = Slot(
            name,
            entity,
            optional=_flag(reader, about, "optional", path),
            default=_default(reader, about, path, entities.get(entity)),
            when=_when(reader, about.get("when"), f"{path}.when", slots, entities),
            carry=_flag(reader, about, "carry", path),
            from_message=_from_message(reader, about, path, entities.get(entity)),
        )
        if slot.optional and slot.default is not None:
            reader.wrong(f"{path}.optional", "is never asked for: it has a default; keep one")
        slots.append(slot)
    if not 1 <= len(slots) <= SLOTS_LIMIT:
        wanted = f"a form asks for 1 to {SLOTS_LIMIT}"
        reader.wrong(key, f"has {len(slots)} slots; {wanted}")
    return tuple(slots)


def _default(
    reader: Reader, about: Mapping[str, Any], path: str, entity: EntityType | None
) -> str | None:
    if "default" not in about:
        return None
    value = reader.text(about["default"], f"{path}.default")
    if entity is None or not value:
        return value or None
    if not (entity.describes(value) if entity.type == "pattern" else is_canonical(entity, value)):
        wanted = f"is no value of {entity.name} ({_shape(entity)})"
        reader.wrong(f"{path}.default", f"'{value}' {wanted}")
    return value


def _shape(entity: EntityType) -> str:
    examples = {
        "date": "2026-11-30", "time": "15:30", "datetime": "2026-11-30T15:30", "count": "2 person",
        "money": "35000 KRW", "yes_no": "yes or no", "duration": "PT1H", "phone": "+821012345678",
        "number": "3", "percent": "10", "text": "any text",
    }  # fmt: skip
    if entity.type == "choice":
        return "one of " + ", ".join(entity.options)
    return f"a {entity.type}, written like {examples.get(entity.type, 'its parser writes it')}"


def _when(
    reader: Reader,
    data: Any,
    key: str,
    before: Sequence[Slot],
    entities: Mapping[str, EntityType],
) -> dict[str, tuple[str, ...]]:
    """Conditions look back: a slot that is asked for later cannot decide yet."""
    conditions: dict[str, tuple[str, ...]] = {}
    kinds = {slot.name: entities.get(slot.entity) for slot in before}
    for name, path, value in reader.items(data, key):
        values = reader.texts(value, path)
        if name not in kinds:
            known = ", ".join(kinds) or "none"
            reader.wrong(path, f"'{name}' is no slot that is asked for earlier ({known})")
            continue
        entity = kinds[name]
        for one in values if entity is not None else ():
            if entity is not None and entity.type == "choice" and one not in entity.options:
                reader.wrong(path, f"'{one}' is no option of {entity.name} ({_shape(entity)})")
            if entity is not None and entity.type == "yes_no" and one not in ("yes", "no"):
                reader.wrong(path, f"'{one}' is neither 'yes' nor 'no': put them in quotes")
        conditions[name] = values
    return conditions


def _from_message(
    reader: Reader, about: Mapping[str, Any], path: str, entity: EntityType | None
) -> bool:
    if "from" not in about:
        return False
    reader.choice(about["from"], f"{path}.from", ("message",))
    if entity is not None and entity.type != "text":
        problem = f"takes a whole message, and '{entity.name}' is a {entity.type}: use a text"
        reader.wrong(f"{path}.from", problem)
    return True


def _check_action(reader: Reader, form: Form, action: ActionType, key: str) -> None:
    have = {slot.name for slot in form.slots}
    known = None if action.optional is None else (*action.slots, *action.optional)
    for role, slot in form.roles.items():
        if slot not in have:
            there = ", ".join(sorted(have))
            reader.wrong(f"{key}.with.{role}", f"'{slot}' is no slot of this form ({there})")
        if known is not None and role not in known:
            problem = f"'{role}' is no role of {form.action} ({', '.join(known)})"
            reader.wrong(f"{key}.with.{role}", problem)
    for needed in action.slots:
        if form.slot_of(needed) not in have:
            reader.wrong(f"{key}.slots", f"slot '{needed}' is missing; {form.action} needs it")
    for name in (slot.name for slot in form.slots if known is not None):
        if form.role_of(name) not in (known or ()):
            problem = f"means nothing to {form.action}; say what it is for under 'with'"
            reader.wrong(f"{key}.slots.{name}", f"{problem} (roles: {', '.join(known or ())})")
    if action.changes and not form.confirm:
        problem = f"is missing; {form.action} changes something: add 'confirm: true'"
        reader.wrong(f"{key}.confirm", problem)
    for outcome in form.then:
        if outcome not in action.outcomes:
            there = ", ".join(action.outcomes)
            problem = f"'{outcome}' is no outcome of {form.action} ({there})"
            reader.wrong(f"{key}.then.{outcome}", problem)
        elif outcome in action.reopens:
            problem = f"'{outcome}' leaves this form open, so no other can follow it"
            reader.wrong(f"{key}.then.{outcome}", problem)
    for setting in form.settings:
        if setting not in action.settings:
            there = ", ".join(action.settings) or "none"
            problem = f"'{setting}' is no setting of {form.action} ({there})"
            reader.wrong(f"{key}.settings.{setting}", problem)
    for setting in action.settings:
        if setting not in form.settings:
            problem = f"'{setting}' is missing; {form.action} needs it"
            reader.wrong(f"{key}.settings", problem)


def _check_links(reader: Reader, form: Form, forms: Mapping[str, Form], key: str) -> None:
    links = [(f"{key}.then.{outcome}", name) for outcome, name in form.then.items()]
    if form.corrected_by is not None:
        links.append((f"{key}.corrected_by", form.corrected_by))
    for where, name in links:
        if name not in forms:
            reader.wrong(where, f"form '{name}' is not defined under forms ({', '.join(forms)})")


def _circles(forms: Mapping[str, Form]) -> Iterator[tuple[str, ...]]:
    """Yield each circle of forms that open one another, once."""
    seen: set[frozenset[str]] = set()
    for start in forms:
        ways: list[tuple[str, ...]] = [(start,)]
        while ways:
            way = ways.pop()
            last = forms.get(way[-1])
            for name in last.then.values() if last is not None else ():
                if name == start and frozenset(way) not in seen:
                    seen.add(frozenset(way))
                    yield way
                elif name not in way:
                    ways.append((*way, name))


def _flag(reader: Reader, top: Mapping[str, Any], name: str, key: str) -> bool:
    value = top.get(name, False)
    if not isinstance(value, bool):
        reader.wrong(f"{key}.{name}", "must be true or false")
        return False
    return value


def _texts(reader: Reader, data: Any, key: str) -> dict[str, str]:
    return {name: reader.text(value, path) for name, path, value in reader.items(data, key)}
