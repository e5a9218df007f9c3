"""What an action is given, and what it gives back: one call of :mod:`sangdam.services.actions`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from sangdam.backoffice.writes import Write
from sangdam.bots.actions import OK
from sangdam.bots.definition import Bot
from sangdam.dialogue.decision import ActionResult, RunAction
from sangdam.ports import BackOffice, Holidays

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for another when it is read out on the phone."""

_DIGITS = 5

_THRICE = re.compile(r"(.)\1\1")


@dataclass(frozen=True, slots=True)
class ActionCall:
    """A query of the dialogue with all that carrying it out may look at.

    ``now`` is aware of its time zone, the bot's. ``vectors`` gives sentences their vectors, see
    ``IntentModel``.
    """

    query: RunAction
    bot: Bot
    session_id: str
    message_id: str
    turn: int
    now: datetime
    store: BackOffice
    holidays: Holidays
    vectors: Callable[[Sequence[str]], Sequence[Sequence[float]] | None] = lambda texts: None

    @property
    def values(self) -> Mapping[str, str]:
        """The values by the roles they play."""
        return dict(self.query.values)

    @property
    def settings(self) -> Mapping[str, str]:
        """What the form tells the action besides."""
        return dict(self.query.settings)

    def reference(self, prefix: str) -> str:
        """Return a number for what this turn makes: the same one if the turn is told again."""
        return reference(prefix, self.now.date(), self.session_id, self.turn)


@dataclass(frozen=True, slots=True)
class ActionDone:
    """What an action came to, and the writes that store it; they belong to the turn."""

    result: ActionResult
    writes: tuple[Write, ...] = ()


FINE = ActionDone(ActionResult(OK))
"""What a check or an offer that has nothing to object to comes to."""

Action = Callable[[ActionCall], ActionDone]


def reference(prefix: str, day: date, session_id: str, turn: int) -> str:
    """Return a reference number such as ``A1120-7F3K2``: derived, so that a retry finds it again.

    Two turns of one day share a number once in 33 million; the second is refused by storage.
    """
    drafts = (_letters(f"{prefix}|{session_id}|{turn}|{attempt}") for attempt in count())
    # Three equal letters in a row are read as two where a customer types them (ㅋㅋㅋㅋ).
    letters = next(one for one in drafts if not _THRICE.search(one))
    return f"{prefix}{day:%m%d}-{letters}"


def _letters(seed: str) -> str:
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    return "".join(_LETTERS[number >> (5 * place) & 31] for place in range(_DIGITS))
