"""Which parser finds the values of which type of entity.

Parsers are imported when a bot first needs them: together they take up to 200 ms, which a bot that
needs none must not pay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sangdam.bots.definition import EntityType
from sangdam.bots.quick_reply import SLOT_LIMIT
from sangdam.nlu.entities import pattern
from sangdam.nlu.entities.bare import BESIDE, is_bare
from sangdam.nlu.entities.reading import Found, Reading, Setting
from sangdam.nlu.understanding import Entity

ANSWERS = ("yes_no", "ordinal", "text")
"""Types that mean something only as the answer to a question: elsewhere they are not looked for."""

ANYTHING = ("text", "name")
"""Types that nearly any words can be a value of: what else these may mean is asked first."""

TIMED = ("date", "time", "datetime", "date_range", "datetime_range")
"""Types whose values depend on when a message is written."""

_ALL_TOLD = BESIDE | frozenset(
    "총 모두 전부 다 해서 다해서 합쳐서 합해서 같이 다같이 in total all altogether".split()
)
"""What may stand beside a number that says how many."""


def find(
    entity: EntityType,
    text: str,
    setting: Setting,
    *,
    is_asked: bool = False,
    typed: str | None = None,
) -> tuple[Entity, ...]:
    """Return the values of an entity in a normalised text, in order of place.

    ``is_asked`` says that a question was about this entity: a text that is nothing but a name is
    one, ``네`` is an answer, and ``둘이요`` is how many people. ``typed`` is the text before it was
    normalised, which free text is kept as.
    """
    if entity.type == "pattern":
        return pattern.find(entity, text)
    if entity.type in ANSWERS and not is_asked:
        return ()
    if entity.type == "text":
        from sangdam.nlu.entities import text as free

        whole = free.find(text, text if typed is None else typed)
        return tuple(_entity(entity, one, text) for one in whole)
    found = _found(entity, text, setting, is_asked=is_asked)
    return tuple(_entity(entity, one, text) for one in found if _is_short(one))


def find_choices(entities: Mapping[str, EntityType], text: str) -> Mapping[str, tuple[Entity, ...]]:
    """Return what :func:`find` finds of all entities that are a ``choice``, by name, at once.

    Those that it finds nothing of are left out.
    """
    if not any(entity.type == "choice" for entity in entities.values()):
        return {}
    from sangdam.nlu.entities import choice

    return {
        name: tuple(_entity(entities[name], one, text) for one in found if _is_short(one))
        for name, found in choice.find_options(text, entities).items()
    }


def _is_short(one: Found) -> bool:
    return all(0 < len(reading.value.encode()) <= SLOT_LIMIT for reading in one.readings)


def _entity(entity: EntityType, one: Found, text: str) -> Entity:
    best = one.readings[0]
    return Entity(
        entity.name,
        best.value,
        one.start,
        one.end,
        text[one.start : one.end],
        confidence=best.confidence,
        readings=tuple(reading.value for reading in one.readings) if one.is_ambiguous else (),
    )


def _found(entity: EntityType, text: str, setting: Setting, *, is_asked: bool) -> Sequence[Found]:
    match entity.type:
        case "date":
            from sangdam.nlu.entities import date

            return date.find(text, setting)
        case "time":
            from sangdam.nlu.entities import time

            return time.find(text, setting)
        case "datetime":
            from sangdam.nlu.entities import moment

            return moment.find(text, setting)
        case "date_range":
            from sangdam.nlu.entities import interval

            return interval.find_date_ranges(text, setting)
        case "datetime_range":
            from sangdam.nlu.entities import interval

            return interval.find_datetime_ranges(text, setting)
        case "duration":
            from sangdam.nlu.entities import duration

            return duration.find(text, setting)
        case "number":
            from sangdam.nlu.entities import number

            return number.find(text)
        case "count":
            return _counts(entity, text, is_asked=is_asked)
        case "money":
            from sangdam.nlu.entities import money

            return money.find(text)
        case "percent":
            from sangdam.nlu.entities import percent

            return percent.find(text)
        case "phone":
            from sangdam.nlu.entities import phone

            return phone.find(text)
        case "email":
            from sangdam.nlu.entities import email

            return email.find(text)
        case "choice":
            from sangdam.nlu.entities import choice

            return choice.find_option(text, entity)
        case "name":
            from sangdam.nlu.entities import name

            return name.find(text, alone=is_asked)
        case "ordinal":
            from sangdam.nlu.entities import ordinal

            return ordinal.find(text)
        case "yes_no":
            return _answers(text)
        case _:
            raise AssertionError(f"a bot has no entity of type {entity.type}")


def _counts(entity: EntityType, text: str, *, is_asked: bool) -> Sequence[Found]:
    """Return the counts in a text; asked how many of one thing, a number says enough."""
    from sangdam.nlu.entities import count

    found = count.find(text, entity.units or None)
    if found or not is_asked or len(entity.units) != 1:
        return found
    from sangdam.nlu.entities import number

    (unit,) = entity.units
    alone = number.find(text)
    if len(alone) != 1 or not is_bare(text, [_entity(entity, alone[0], text)], beside=_ALL_TOLD):
        return ()
    if not all(one.value.isdecimal() for one in alone[0].readings):
        return ()
    readings = (Reading(f"{one.value} {unit}", one.confidence) for one in alone[0].readings)
    return (replace(alone[0], readings=tuple(readings)),)


def _answers(text: str) -> Sequence[Found]:
    """Return the answer of a text, if it is one and not the opening of something else."""
    from sangdam.nlu.entities import yes_no

    return tuple(
        one
        for one in yes_no.find(text)
        if one.is_ambiguous or one.readings[0].confidence > yes_no.WITH_MORE
    )
