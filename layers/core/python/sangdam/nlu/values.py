"""The values in a message: those of every entity of a bot, and which of them are refused."""

from __future__ import annotations

from collections.abc import Sequence
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
    return (*whole, *mark_refused(find(offered), offered, find, expected=expected))
