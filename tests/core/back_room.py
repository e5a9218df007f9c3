"""The room behind the counter: actions called as a turn calls them, over memory."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sangdam.backoffice.writes import Write, merged
from sangdam.bots.business import BackOfficeRules
from sangdam.bots.definition import Bot, Language
from sangdam.dialogue.decision import ActionResult, Phase, RunAction
from sangdam.services.action import ActionCall, ActionDone
from sangdam.services.actions import carry_out
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from tests.core import corner_shop
from tests.core.counter import Days

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Seoul"))
"""A Friday."""


@dataclass(slots=True)
class BackRoom:
    """A bot's back office, and a customer whose turns come one after the other."""

    writes: tuple[Write, ...] = ()
    rules: BackOfficeRules = field(default_factory=BackOfficeRules)
    now: datetime = NOON
    holidays: Days = field(default_factory=Days)
    store: MemoryBackOffice = field(init=False)
    bot: Bot = field(init=False)
    turns: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.store = MemoryBackOffice(self.writes)
        self.bot = replace(corner_shop.pack().bot, backoffice=self.rules)

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)

    def asked(
        self,
        action: str,
        values: Mapping[str, str | None],
        *,
        phase: Phase = "run",
        language: Language = "ko",
        settings: Mapping[str, str] | None = None,
    ) -> ActionDone:
        """Put a question to an action and store nothing; values that are None are left out."""
        given = tuple((role, value) for role, value in values.items() if value is not None)
        query = RunAction(action, given, language, phase, tuple((settings or {}).items()))
        number = next(self.turns)
        return carry_out(
            ActionCall(
                query=query,
                bot=self.bot,
                session_id="s1",
                message_id=f"m{number}",
                turn=number,
                now=self.now,
                store=self.store,
                holidays=self.holidays,
            )
        )

    def does(self, action: str, values: Mapping[str, str | None], **more: Any) -> ActionResult:
        """Put a question to an action and store what it writes."""
        done = self.asked(action, values, **more)
        self.store.apply(merged(done.writes))
        return done.result
