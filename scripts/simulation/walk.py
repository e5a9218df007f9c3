"""Random walks through a bot: many simulated customers, and what must hold whatever they say."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sangdam.dialogue.patience import MOST_EQUAL
from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Message, Turn
from sangdam.services.coverage import Reached
from sangdam.services.desk import Desk
from sangdam.services.handle_turn import handle_turn
from sangdam.services.open_session import open_session
from sangdam_adapters.rehearsal import filled
from scripts.simulation.customer import Customer
from scripts.simulation.ledger import Ledger

TURNS = 20
"""Most messages of one customer."""

MOST_PROBLEMS = 10
"""A walk with so many problems stops."""

LOT = 25
"""After so many customers the books are balanced, and the demonstration data is put back."""


@dataclass(slots=True)
class Walk:
    """What came of many conversations; ``problems`` is empty if all that must hold did."""

    conversations: int = 0
    turns: int = 0
    problems: list[str] = field(default_factory=list)
    reached: Reached = field(default_factory=Reached)
    last: list[Turn] = field(default_factory=list)
    """The turns of the last conversation."""


@dataclass(slots=True)
class MovingClock:
    """A clock that moves a little with every look, as time does."""

    now: datetime
    step: timedelta = timedelta(seconds=7)

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now

    def pass_by(self, span: timedelta) -> None:
        """Let time pass in which nobody comes."""
        self.now += span


@dataclass(frozen=True, slots=True)
class Street:
    """Where customers come from, and the desk they talk at, one after the other.

    ``customer`` makes the next one of a draw, ``balance`` says what does not add up in the back
    office, ``everything`` all that stands there, ``restock`` puts its demonstration data back.
    """

    bot: str
    desk: Desk
    clock: MovingClock
    ledger: Ledger
    customer: Callable[[random.Random], Customer]
    balance: Callable[[], Iterable[str]]
    restock: Callable[[], None]
    everything: Callable[[], object]


def walk(street: Street, *, conversations: int, seed: int) -> Walk:
    """Let so many customers talk; the same seed lets the same ones say the same."""
    done = Walk()
    for number in range(conversations):
        draw = random.Random(f"{seed}/{street.bot}/{number}")  # noqa: S311 - a game, no secret
        where = f"{street.bot}, seed {seed}, conversation {number}"
        if number % LOT == 0 and number:
            street.restock()
            street.ledger.opens_day()
        street.clock.pass_by(timedelta(minutes=draw.randint(0, 15)))
        customer = street.customer(draw)
        done.problems += (f"{where}: {one}" for one in _talk(street, customer, done))
        done.conversations += 1
        if number % LOT == LOT - 1 or number == conversations - 1:
            done.problems += (f"{where}: {one}" for one in street.balance())
        if len(done.problems) >= MOST_PROBLEMS:
            break
    return done


def _talk(street: Street, customer: Customer, done: Walk) -> Iterator[str]:
    desk = street.desk
    opened = open_session(
        street.bot, customer.language, shelf=desk.shelf, conversations=desk.conversations,
        clock=desk.clock, tokens=customer.draw.randbytes,
    )  # fmt: skip
    session_id = opened.session.session_id
    turns = done.last = [opened.turn]
    for _ in range(customer.draw.randint(4, TURNS)):
        before = _session(desk, session_id)
        last = customer.last
        message = customer.next(before, turns[-1].reply.quick_replies)
        stored = street.everything() if message is last else None
        street.ledger.opens_turn()
        try:
            turn = handle_turn(session_id, message, token=None, desk=desk)
        except Exception as error:  # whatever it is, it is what this looks for
            yield f"{_said(message)} raised {error!r}"
            return
        if message is last:
            if turn != turns[-1]:
                yield f"{_said(message)} was resent and answered differently"
            if street.everything() != stored:
                yield f"{_said(message)} was resent and changed something"
            continue
        done.turns += 1
        done.reached |= _reached(turn, _session(desk, session_id))
        for problem in (
            *wrong(turns, turn),
            *street.ledger.problems(before, turns[-1], message),
        ):
            yield f"{_said(message)}: {problem}"
        turns.append(turn)


def wrong(before: Sequence[Turn], turn: Turn) -> Iterator[str]:
    """Yield what must not be of a turn, given those before it."""
    if before[-1].owner == "human" and turn.owner == "human" and turn.reply.messages:
        yield "the bot spoke while a person owned the conversation"
    if turn.owner == "bot" and not turn.reply.messages:
        yield "nothing was said"
    if not turn.reply.quick_replies:
        yield f"a dead end after {text_of(turn)!r}"
    spoken = [text_of(one) for one in (*before, turn)]
    equal = 0
    while equal < len(spoken) and spoken[-1] and spoken[-1 - equal] == spoken[-1]:
        equal += 1
    if equal > MOST_EQUAL:
        yield f"the same reply {equal} times: {spoken[-1][:80]!r}"


def text_of(turn: Turn) -> str:
    """Return everything said in a turn."""
    return "\n".join(one.text for one in turn.reply.messages)


def lines_of(turns: Sequence[Turn]) -> Iterator[str]:
    """Yield a talk as people read it, with the reasons of each turn."""
    for turn in turns:
        if turn.message is not None:
            yield f"  > {_said(turn.message)}"
        for said in turn.reply.messages:
            yield f"    {said.text}  ({said.key})"
        if turn.reply.quick_replies:
            yield "    " + " ".join(f"[{one.label}]" for one in turn.reply.quick_replies)
        for reason in turn.trace:
            yield f"      {reason}"


def _said(message: Message) -> str:
    return repr(message.text) if message.text is not None else f"[{message.quick_reply}]"


def _session(desk: Desk, session_id: str) -> Session:
    stored = desk.conversations.load(session_id)
    if stored is None:
        raise LookupError(f"session {session_id} is gone in the middle of its talk")
    return stored.session


def _reached(turn: Turn, session: Session) -> Reached:
    understood = turn.understood
    sure = understood is not None and understood.decision == "answer" and understood.intent
    return Reached(
        said=frozenset(one.key for one in turn.reply.messages),
        intents=frozenset([sure] if sure else []),
        filled=frozenset(filled(session)),
    )
