"""What must never be missed: patterns of a pack that are looked at before anything else."""

from __future__ import annotations

import re
from functools import lru_cache

from sangdam.bots.definition import Bot


def guarded(bot: Bot, plain: str) -> str | None:
    """Return the intent of the first guard that a normalised text meets, in any language.

    Who is in need writes in whichever language comes first, so all of the bot's are looked at,
    the bot's own first.
    """
    for script in bot.scripts.values():
        for intent, patterns in script.guards.items():
            if any(_compiled(pattern).search(plain) for pattern in patterns):
                return intent
    return None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
