"""A bot's desk for simulated customers: its release over memory, one back office for all."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sangdam.backoffice.openings import Openings
from sangdam.backoffice.reservation import (
    KIND,
    Reservation,
    customer_pk,
    reservation_writes,
    seats_for,
)
from sangdam.backoffice.writes import Put, Write
from sangdam.bots.parse import Pack
from sangdam.dialogue.decision import RunAction
from sangdam.learning.release import Release
from sangdam.ports import Holidays, ModelOpener, WriteRefusedError
from sangdam.services.action import ActionCall
from sangdam.services.actions import carry_out
from sangdam.services.desk import Desk
from sangdam_adapters.memory import MemoryConversations
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from sangdam_adapters.rehearsal import REHEARSAL_TIME, shelf_of
from scripts.simulation.customer import Customer, with_numbers
from scripts.simulation.ledger import Ledger, booked, unbalanced
from scripts.simulation.persona import Persona
from scripts.simulation.walk import MovingClock, Street, Walk, lines_of, walk

HOT_DAYS = 3
"""So many days ahead that many want; on one of them hardly anything is left."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What customers talk with: a pack and its release, the back office's data, who they are."""

    pack: Pack
    release: Release
    opener: ModelOpener
    demo: Sequence[Write]
    holidays: Holidays
    people: Sequence[Persona]


def stroll(talk: Talk, *, conversations: int, seed: int) -> Walk:
    """Let so many customers talk; in the end all that is reserved is cancelled: nothing is left."""
    store = MemoryBackOffice(talk.demo)
    street = _street(talk, store)
    done = walk(street, conversations=conversations, seed=seed)
    done.problems += (
        f"{street.bot}, seed {seed}, in the end: {one}" for one in _cleared(talk, street, store)
    )
    return done


def talk_again(talk: Talk, number: int, *, seed: int) -> tuple[list[str], list[str]]:
    """Return one conversation of a walk line by line, and the problems of the walk up to it.

    Those before it are walked again: what they booked is what it found.
    """
    street = _street(talk, MemoryBackOffice(talk.demo))
    done = walk(street, conversations=number + 1, seed=seed)
    return list(lines_of(done.last)), done.problems


def _street(talk: Talk, store: MemoryBackOffice) -> Street:
    bot = talk.pack.bot
    clock = MovingClock(REHEARSAL_TIME)
    ledger = Ledger(bot)
    desk = Desk(
        shelf_of(talk.release, talk.opener, clock=clock),
        MemoryConversations(clock=clock, backoffice=store),
        store,
        clock,
        talk.holidays,
        carry_out=ledger.carry_out,
    )
    hot = _hot_days(talk)
    _book_up(talk, store, hot)

    def customer(draw: random.Random) -> Customer:
        language = draw.choice(bot.languages)
        who = draw.choice(tuple(talk.people))
        notes = store.under(customer_pk(bot.name, who.phone))
        numbers = [one.key.sk for one in notes if "#" not in one.key.sk]
        now = clock().astimezone(ZoneInfo(bot.time_zone))
        return Customer(
            bot, talk.pack.examples, draw, language, now, with_numbers(who, numbers), hot
        )

    def balance() -> Iterable[str]:
        return unbalanced(bot.name, store, _capacity(talk))

    return Street(
        bot.name, desk, clock, ledger, customer, balance, _restock(talk, store), store.everything
    )


def _capacity(talk: Talk) -> dict[str, int]:
    rules = talk.pack.bot.backoffice.reservations
    return {} if rules is None else {one.name: one.capacity for one in rules.resources.values()}


def _restock(talk: Talk, store: MemoryBackOffice) -> Callable[[], None]:
    """Return what puts orders and cards back as the demonstration data has them.

    Reservations stay as they are: their seats may have gone to somebody else.
    """
    puts = (one for one in talk.demo if isinstance(one, Put))
    things = [one for one in puts if one.key.sk != KIND]

    def restock() -> None:
        for one in things:
            known = store.get(one.key)
            store.apply([Put(one.key, one.record, None if known is None else known.version)])

    return restock


def _hot_days(talk: Talk) -> tuple[date, ...]:
    rules = talk.pack.bot.backoffice.reservations
    if rules is None:
        return ()
    first = REHEARSAL_TIME.date() + timedelta(days=max(rules.ahead[0], 1))
    last = REHEARSAL_TIME.date() + timedelta(days=rules.ahead[1])
    days = (first + timedelta(days=away) for away in range((last - first).days + 1))
    found = [day for day in days if any(one.starts(day) for one in _openings(talk))]
    return tuple(found[:HOT_DAYS])


def _openings(talk: Talk) -> list[Openings]:
    bot = talk.pack.bot
    rules = bot.backoffice.reservations
    if rules is None:
        return []
    usual = bot.hours if rules.unit == "slots" else {}
    language = bot.languages[0]
    return [
        Openings(one, rules, one.hours or usual, lambda day: talk.holidays.name_of(day, language))
        for one in rules.resources.values()
    ]


def _book_up(talk: Talk, store: MemoryBackOffice, hot: Sequence[date]) -> None:
    """Let others have taken the last of the hot days, but for one start of each resource."""
    rules = talk.pack.bot.backoffice.reservations
    if rules is None or not hot:
        return
    number = 0
    for openings in _openings(talk):
        for start in openings.starts(hot[-1])[1:] or openings.starts(hot[-1]):
            seats = openings.resource.capacity
            made = Reservation(
                f"{rules.number}0000-{number:05}", openings.resource.name, start,
                seats_for(start, rules, seats), party=seats,
            )  # fmt: skip
            try:
                store.apply(reservation_writes(talk.pack.bot.name, made, capacity=seats))
            except WriteRefusedError:
                continue  # the demonstration data has some of it
            number += 1


def _cleared(talk: Talk, street: Street, store: MemoryBackOffice) -> Iterator[str]:
    """Cancel every reservation; yield those that cannot be, and seats that are still taken."""
    bot, clock = talk.pack.bot, street.clock
    if bot.backoffice.reservations is None:
        return
    clock.pass_by(timedelta(hours=2))  # whoever was wrong about a number may try again
    for made in booked(bot.name, store):
        done = _asked(talk, street, store, "reservations.cancel", made)
        # Those without a phone are nobody's: they only fill a day.
        if made.phone and done not in ("cancelled", "too_late"):
            yield f"reservation {made.number} cannot be cancelled: {done}"
    yield from unbalanced(bot.name, store, _capacity(talk))


def _asked(
    talk: Talk, street: Street, store: MemoryBackOffice, action: str, made: Reservation
) -> str:
    bot = talk.pack.bot
    values = (("number", made.number), ("phone", made.phone))
    call = ActionCall(
        query=RunAction(action, values, bot.languages[0]),
        bot=bot,
        session_id="in the end",
        message_id=made.number,
        turn=0,
        now=street.clock().astimezone(ZoneInfo(bot.time_zone)),
        store=store,
        holidays=talk.holidays,
    )
    done = carry_out(call)
    store.apply(done.writes)
    return done.result.outcome
