"""The buttons below a reply, as authors write them: an intent's name, or a label and a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sangdam.bots.canonical import is_canonical
from sangdam.bots.definition import QuickReply
from sangdam.bots.quick_reply import (
    LABEL_LIMIT,
    SYSTEM_BUTTONS,
    VALUE_LIMIT,
    Pressed,
    read_quick_reply,
)
from sangdam.bots.reading import Reader
from sangdam.bots.structure import Structure


def read_buttons(
    reader: Reader, data: Any, key: str, structure: Structure, titles: Mapping[str, str]
) -> tuple[QuickReply, ...]:
    """Read the list under ``quick_replies``; mistakes go to the reader."""
    return tuple(
        _button(reader, f"{key}[{place}]", one, structure, titles)
        for place, one in enumerate(reader.listing(data, key))
    )


def _button(
    reader: Reader, key: str, data: Any, structure: Structure, titles: Mapping[str, str]
) -> QuickReply:
    if isinstance(data, str):
        button = QuickReply(titles.get(data, data), f"/{data}")
        if data in SYSTEM_BUTTONS:
            reader.wrong(key, f"'{data}' needs a label: write label and value")
        elif data not in structure.intents:
            reader.wrong(key, f"'{data}' is no intent of bot.yaml")
        return button
    top = reader.mapping(data, key)
    reader.only(top, key, ("label", "value"))
    label = reader.text(top.get("label"), f"{key}.label", limit=LABEL_LIMIT)
    value = reader.text(top.get("value"), f"{key}.value", limit=VALUE_LIMIT)
    pressed = read_quick_reply(value)
    if pressed is not None:
        for problem in _problems(reader, structure, pressed):
            reader.wrong(f"{key}.value", f"'{value}' {problem}")
    elif value:
        wanted = 'it must look like /intent or /intent{"slot": "value"}'
        reader.wrong(f"{key}.value", f"is '{value}'; {wanted}")
    return QuickReply(label, value)


def _problems(reader: Reader, structure: Structure, pressed: Pressed) -> Iterator[str]:
    intent = structure.intents.get(pressed.name)
    if intent is None:
        if pressed.name not in SYSTEM_BUTTONS:
            yield "leads to no intent of bot.yaml"
        elif pressed.slots:
            yield "fills slots, which a button of the system has not"
        return
    form = structure.forms.get(intent.form or "")
    kinds = {slot.name: slot.entity for slot in form.slots} if form is not None else {}
    for slot, value in pressed.slots.items():
        if slot not in kinds:
            known = ", ".join(kinds) or "none"
            yield f"fills slot '{slot}', which its intent does not ask for (it asks for {known})"
            continue
        entity = structure.entities.get(kinds[slot])
        if entity is not None and not (
            is_canonical(entity, value) or (entity.describes(value) and reader.reads(entity, value))
        ):
            yield f"fills slot '{slot}' with '{value}', which does not look like a {entity.name}"
