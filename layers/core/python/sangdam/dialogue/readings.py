"""Which of several readings of a value is meant: the buttons that ask, and a typed answer."""

from __future__ import annotations

from collections.abc import Sequence

from sangdam.bots.definition import Bot, Form, Language, QuickReply, Slot
from sangdam.bots.quick_reply import read_quick_reply
from sangdam.dialogue.buttons import fill_button
from sangdam.nlu.understanding import Understanding
from sangdam.text.lazy import lazy_pattern
from sangdam.text.normalise import normalise
from sangdam.text.values import spoken_values

LEAST, MOST = 2, 3
"""Fewer buttons are no question, and more are a list to read and no quick one."""

_BRACKETS = lazy_pattern(r"\(.*?\)|[,.]")


def reading_buttons(
    bot: Bot, form: Form, slot: Slot, readings: Sequence[str], *, language: Language
) -> tuple[QuickReply, ...]:
    """Return a button for each of the likeliest readings; pressed, it fills the slot."""
    likely = readings[:MOST]
    labels = _labels(bot, slot, likely, language)
    return tuple(
        fill_button(bot, form, slot.name, value, label)
        for label, value in zip(labels, likely, strict=True)
    )


def readings_offered(offered: Sequence[QuickReply], slot: str) -> tuple[tuple[str, str], ...]:
    """Return label and value of the buttons that ask which value of a slot is meant, if they do."""
    readings = tuple(
        (button.label, pressed.slots[slot])
        for button in offered
        if (pressed := read_quick_reply(button.value)) is not None and slot in pressed.slots
    )
    return readings if len(readings) >= LEAST else ()


def chosen(
    offered: Sequence[QuickReply], slot: str, understanding: Understanding
) -> dict[str, str]:
    """Return the slot with the reading that a typed answer chooses among the offered buttons.

    The answer is a button's label, words that only one of them has (``오후요``, ``the navy one``),
    or its place (``두 번째요``). Nothing if it chooses none, or more than one.
    """
    readings = readings_offered(offered, slot)
    if not readings or understanding.source == "quick_reply":
        return {}
    value = told_apart(understanding.text, readings)
    return {} if value is None else {slot: value}


def told_apart(text: str, things: Sequence[tuple[str, str]]) -> str | None:
    """Return the value of the one thing, of (label, value) pairs, that a text names.

    By its label, by words that only its label has, or by its place; None for none or several.
    """
    from sangdam.nlu.entities import choice, ordinal  # imported late, as all parsers are

    plain = normalise(text)
    labels = [normalise(label) for label, _ in things]
    named = {one.readings for one in choice.find(plain, _telling(labels))}
    places = {one.readings[0].value for one in ordinal.find(plain, len(things))}
    if len(named) == 1:
        (best, *others) = named.pop()
        return None if others else things[int(best.value) - 1][1]
    if not named and len(places) == 1:
        place = int(places.pop())
        return things[place - 1 if place > 0 else place][1]
    return None


def _telling(labels: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return each label, and those of its words that no other label has, by its place."""
    words = [{_BRACKETS.sub("", word) for word in label.split()} for label in labels]
    return {
        str(place): (
            label,
            *sorted(
                word
                for word in words[place - 1]
                if word and sum(word in other for other in words) == 1
            ),
        )
        for place, label in enumerate(labels, start=1)
    }


def _labels(bot: Bot, slot: Slot, readings: Sequence[str], language: Language) -> tuple[str, ...]:
    entity = bot.entities[slot.entity]
    if entity.type == "choice":
        return tuple(entity.label(value, language) for value in readings)
    return spoken_values(entity.type, readings, language)
