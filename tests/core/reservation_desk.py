"""A clinic's reservation desk and its visitors, at the level of actions and their storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sangdam.backoffice.reservation import reservation_key
from sangdam.backoffice.seats import HOLD_PREFIX
from sangdam.backoffice.writes import Write, merged
from sangdam.bots.business import BackOfficeRules, FeeStep, ReservationRules, Resource
from sangdam.bots.compiled import bot_of_intents
from sangdam.bots.definition import Bot, EntityType, Language
from sangdam.dialogue.decision import ActionResult, Phase, RunAction
from sangdam.ports import BackOffice, WriteRefusedError
from sangdam.services.action import ActionCall, ActionDone
from sangdam.services.actions import carry_out
from sangdam_adapters.memory_backoffice import MemoryBackOffice

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 22, 14, 10, tzinfo=SEOUL)  # a Sunday
TODAY = NOW.date()
MONDAY = TODAY + timedelta(days=1)
TUESDAY = TODAY + timedelta(days=2)
PHONE = "+821012345678"
TRIES = 6

_MORNING, _AFTERNOON = (time(9), time(10, 30)), (time(13), time(14, 30))
_WEEKDAYS = dict.fromkeys(range(5), (_MORNING, _AFTERNOON))


def clinic_rules(**changes: Any) -> ReservationRules:
    """Two doctors of internal medicine, a dentist with three chairs, and a hall of 40 seats."""
    resources = (
        Resource("dr_kim", 1, "internal", _WEEKDAYS, Decimal(10000), (TODAY + timedelta(days=4),)),
        Resource("dr_lee", 1, "internal", {**_WEEKDAYS, 2: ()}),
        Resource("dr_park", 3, "dental", _WEEKDAYS, Decimal(20000)),
        Resource("hall", 40, "events", {6: ((time(10), time(20)),), 5: ((time(22), time(1)),)}),
    )
    known: dict[str, Any] = {
        "resources": {one.name: one for one in resources},
        "party_limit": 8,
        "number": "A",
        "cancellation": (FeeStep(3, Decimal(0)), FeeStep(1, Decimal(50)), FeeStep(0, Decimal(100))),
    }
    return ReservationRules(**{**known, **changes})


def clinic(rules: ReservationRules | None = None) -> Bot:
    """Return a bot that knows the rules and what its doctors are called."""
    doctor = EntityType(
        "doctor",
        "choice",
        options={
            "dr_kim": {"ko": ("김 원장",), "en": ("Dr Kim",)},
            "dr_lee": {"ko": ("이 원장",), "en": ("Dr Lee",)},
        },
    )
    return replace(
        bot_of_intents("clinic", ["a", "b"], ["ko", "en"]),
        entities={"doctor": doctor},
        backoffice=BackOfficeRules(reservations=rules or clinic_rules()),
    )


class HolidayTable:
    """Port ``Holidays`` over a table."""

    def __init__(self, days: Mapping[date, str] | None = None) -> None:
        self.days = dict(days or {date(2026, 12, 25): "성탄절"})

    def name_of(self, day: date, language: Language) -> str | None:
        return self.days.get(day)


@dataclass
class Desk:
    """Where visitors come; ``now`` stands still until it is moved."""

    bot: Bot = field(default_factory=clinic)
    store: BackOffice = field(default_factory=MemoryBackOffice)
    holidays: HolidayTable = field(default_factory=HolidayTable)
    now: datetime = NOW
    visitors: dict[str, Visitor] = field(default_factory=dict)

    @property
    def rules(self) -> ReservationRules:
        rules = self.bot.backoffice.reservations
        assert rules is not None
        return rules

    def visitor(self, session_id: str = "s1", language: Language = "ko") -> Visitor:
        """Return who talks in a session, the same one for the same id."""
        visitor = self.visitors.setdefault(session_id, Visitor(self, session_id))
        visitor.language = language
        return visitor

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def counts(self, resource: str, day: date) -> dict[str, int]:
        """Return the seats taken, without those that stand at 0."""
        taken = self.store.counts(f"{self.bot.name}#seats#{resource}#{day.isoformat()}")
        return {step: count for step, count in taken.items() if count}

    def holds(self, resource: str, day: date) -> int:
        pk = f"{self.bot.name}#seats#{resource}#{day.isoformat()}"
        return len(self.store.under(pk, prefix=HOLD_PREFIX))

    def stored(self, number: str) -> str:
        record = self.store.get(reservation_key(self.bot.name, number))
        assert record is not None
        return record.record


@dataclass
class Visitor:
    """Somebody in a session of their own, who is told again where others came first."""

    desk: Desk
    session_id: str
    language: Language = "ko"
    turn: int = 0

    def decide(self, action: str, phase: Phase, values: Mapping[str, str]) -> ActionDone:
        """Return what an action comes to now, without storing it."""
        query = RunAction(f"reservations.{action}", tuple(values.items()), self.language, phase)
        return carry_out(
            ActionCall(
                query=query,
                bot=self.desk.bot,
                session_id=self.session_id,
                message_id=f"m{self.turn}",
                turn=self.turn,
                now=self.desk.now,
                store=self.desk.store,
                holidays=self.desk.holidays,
            )
        )

    def tell(self, action: str, phase: Phase, values: Mapping[str, str]) -> ActionResult:
        """Carry an action out as a turn does: decided again where a write was refused."""
        self.turn += 1
        for _ in range(TRIES):
            done = self.decide(action, phase, values)
            try:
                self.desk.store.apply(_checked(done.writes))
            except WriteRefusedError:
                continue
            return done.result
        raise AssertionError(f"{TRIES} tries met others")

    def check(self, action: str, **values: str) -> ActionResult:
        return self.tell(action, "check", values)

    def offer(self, action: str, **values: str) -> ActionResult:
        return self.tell(action, "offer", values)

    def run(self, action: str, **values: str) -> ActionResult:
        return self.tell(action, "run", values)

    def withdraw(self, action: str, **values: str) -> ActionResult:
        return self.tell(action, "withdraw", values)

    def booked(self, **values: str) -> str:
        """Book as people do, shown first and then agreed to; return the number."""
        assert self.offer("book", **values).outcome == "ok"
        result = self.run("book", **values)
        assert result.outcome == "booked"
        return result.fields["number"]


def _checked(writes: tuple[Write, ...]) -> tuple[Write, ...]:
    joined = merged(writes)
    assert len(joined) <= 97, "a transaction holds 100 writes, three of them the turn's"
    return joined


def wish(day: date, at: str | None = None, **more: str) -> dict[str, str]:
    """Return the values of a booking."""
    values = {"date": day.isoformat(), "phone": PHONE, "name": "하늘", **more}
    return values if at is None else {**values, "time": at}


def values_of(result: ActionResult, role: str) -> list[str]:
    """Return the values that an action proposed for a role."""
    return [one.value for one in result.choices if one.role == role]
