"""The values in a message: those of every entity of a bot, and which of them are refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sangdam.bots.definition import Bot
from sangdam.nlu.entities import kinds
from sangdam.nlu.entities.reading import Setting
from sangdam.nlu.refused import mark_refused
from sangdam.nlu.understanding import Entity

ANY_DAY = Setting(datetime(2026, 11, 18, 3, tzinfo=UTC))
"""Where only the place of values matters and not what they are, as in training.

Which words are a date does not hang on the day they are written, only which date they are; so a
fixed one serves, and a bot trained twice on the same examples is the same bot.
"""

_WHOLE = ("yes_no", "text")
"""Types that a part of a message is no value of."""

_WHY_NOT = "why not "
"""It proposes what follows, and to parsers reads as a refusal of it."""


def setting_of(bot: Bot, now: datetime) -> Setting:
    """Return what a bot's parsers are told of the time and place."""
    if not any(entity.type in kinds.TIMED for entity in bot.entities.values()):
        return Setting(now)
    from zoneinfo import ZoneInfo  # imported late: it takes 6 ms

    return Setting(now.astimezone(ZoneInfo(bot.time_zone)), bot.hours)


def find_entities(
    bot: Bot,
    plain: str,
    setting: Setting,
    *,
    expected: str | None = None,
    typed: str | None = None,
) -> tuple[Entity, ...]:
    """Return all entities of a bot in a normalised text.

    Those of different types may overlap: ``tomorrow at 3 pm`` is a date-time, and a date and a
    time. A form looks for its own types; see ``dialogue.forms``. ``expected`` is the entity that
    was asked for, ``typed`` the text before it was normalised. What the text refuses is marked.
    """

    def find(text: str) -> Sequence[Entity]:
        chosen = kinds.find_choices(bot.entities, text)
        return [
            one
            for name, entity in bot.entities.items()
            if entity.type not in _WHOLE
            for one in (
                chosen.get(name, ())
                if entity.type == "choice"
                else kinds.find(entity, text, setting, is_asked=name == expected)
            )
        ]

    # A whole message refuses nothing of itself: "exchanging it does not work" is what is written.
    whole = [
        one
        for name, entity in bot.entities.items()
        if entity.type in _WHOLE
        for one in kinds.find(entity, plain, setting, is_asked=name == expected, typed=typed)
    ]
    offered = plain.replace(_WHY_NOT, " " * len(_WHY_NOT))
    marked = mark_refused(find(offered), offered, find, expected=expected)
    return (*whole, *_added_up(bot, offered, marked))


def _added_up(bot: Bot, plain: str, found: Sequence[Entity]) -> list[Entity]:
    """Add up what a message counts sort by sort: ``어른 둘, 아이 하나`` are three people.

    Where the second may be a part of the first, it has both readings. Not where a form asks for
    several counts of that kind, for then they are told apart.
    """
    names = [one.name for one in found if bot.entities[one.name].type == "count"]
    several = {name for name in names if names.count(name) > 1 and not _told_apart(bot, name)}
    if not several:
        return list(found)
    from sangdam.nlu.entities.company import in_all

    kept: list[Entity] = []
    for one in found:
        last = kept[-1] if kept else None
        adds = "no"
        if last is not None and one.name in several and _are_parties(last, one):
            adds = in_all(plain, (last.start, last.end), (one.start, one.end))
        if last is None or adds == "no":
            kept.append(one)
            continue
        people = sum(int(each.value.split()[0]) for each in (last, one))
        together = f"{people} person"
        readings = (last.value, together) if adds == "maybe" else ()
        kept[-1] = replace(
            last, value=readings[0] if readings else together, readings=readings, end=one.end,
            text=plain[last.start : one.end], confidence=min(last.confidence, one.confidence),
        )  # fmt: skip
    return kept


def _told_apart(bot: Bot, entity: str) -> bool:
    forms = bot.forms.values()
    return any(sum(slot.entity == entity for slot in form.slots) > 1 for form in forms)


def _are_parties(last: Entity, one: Entity) -> bool:
    return last.name == one.name and all(
        each.is_given and not each.is_ambiguous and each.value.endswith(" person")
        for each in (last, one)
    )
