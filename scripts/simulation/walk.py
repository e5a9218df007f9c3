"""Random walks through a bot: many simulated customers, and what must hold whatever they say."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sangdam.bots.actions import action_of
from sangdam.bots.definition import Bot, Example, Language
from sangdam.dialogue.turn import Message, Turn
from sangdam.ports import Clock
from sangdam.services.errors import UnknownQuickReplyError
from sangdam.services.handle_turn import Desk, handle_turn
from sangdam.services.open_session import open_session
from scripts.simulation.customer import Customer

TURNS = 16
"""Most messages of one customer."""

MOST_EQUAL = 3
"""So often in a row the same reply may come."""

Balance = Callable[[], Sequence[str]]
"""Returns what does not add up in the back office."""


@dataclass(slots=True)
class Walk:
    """What came of many conversations; ``problems`` is empty if all that must hold did."""

    conversations: int = 0
    turns: int = 0
    problems: list[str] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    intents: set[str] = field(default_factory=set)


@dataclass(slots=True)
class MovingClock:
    """A clock that moves a little with every look, as time does."""

    now: datetime

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=7)
        return self.now


def walk(
    bot: Bot,
    examples: Sequence[Example],
    desk: Desk,
    *,
    clock: Clock,
    balance: Balance,
    values: dict[str, list[str]],
    conversations: int,
    seed: int,
) -> Walk:
    """Let so many customers talk, one after the other, at the same back office."""
    done = Walk()
    for number in range(conversations):
        draw = random.Random(f"{seed}/{bot.name}/{number}")  # noqa: S311 - a game, no secret
        language: Language = draw.choice(bot.languages)
        customer = Customer(
            bot, examples, draw, language, clock(), values, phone=f"010-2345-{number % 50:04}"
        )
        where = f"{bot.name}, seed {seed}, conversation {number}"
        _talk(customer, desk, clock, done, where)
        done.conversations += 1
        if number % 20 == 19 or number == conversations - 1:
            done.problems += [f"{where}: {problem}" for problem in balance()]
        if len(done.problems) >= 10:
            break
    return done


def _talk(customer: Customer, desk: Desk, clock: Clock, done: Walk, where: str) -> None:
    def tokens(size: int) -> bytes:
        return customer.draw.randbytes(size)

    opened = open_session(
        customer.bot.name, customer.language, shelf=desk.shelf,
        conversations=desk.conversations, clock=clock, tokens=tokens,
    )  # fmt: skip
    session_id = opened.session.session_id
    turns = [opened.turn]
    for _ in range(customer.draw.randint(3, TURNS)):
        stored = desk.conversations.load(session_id)
        assert stored is not None, where
        before = customer.last
        message = customer.next(stored.session, turns[-1].reply.quick_replies)
        try:
            turn = handle_turn(session_id, message, token=None, desk=desk)
        except UnknownQuickReplyError as error:
            done.problems.append(f"{where}: a button was offered and refused: {error}")
            return
        except Exception as error:  # whatever it is, it is what this looks for
            done.problems.append(f"{where}: {message!r} raised {error!r}")
            return
        if message is before:
            if turn != turns[-1]:
                done.problems.append(f"{where}: {message!r} was resent and answered differently")
            continue
        done.turns += 1
        done.said.update(one.key for one in turn.reply.messages)
        if turn.understood is not None and turn.understood.intent is not None:
            done.intents.add(turn.understood.intent)
        done.problems += [f"{where}: {one}" for one in wrong(customer.bot, turns, turn, message)]
        turns.append(turn)


def wrong(bot: Bot, before: Sequence[Turn], turn: Turn, message: Message) -> list[str]:
    """Return what must not be of a turn, given those before it."""
    problems: list[str] = []
    was_human = before[-1].owner == "human"
    if was_human and turn.owner == "human" and turn.reply.messages:
        problems.append(f"{message!r}: the bot spoke while a person owned the conversation")
    if turn.owner == "bot" and not turn.reply.messages:
        problems.append(f"{message!r}: nothing was said")
    if turn.owner == "bot" and not turn.reply.quick_replies:
        problems.append(f"{message!r}: a dead end after {turn.reply.messages!r}")
    spoken = [text_of(one) for one in (*before, turn)]
    equal = 0
    while equal < len(spoken) and spoken[-1 - equal] == spoken[-1] and spoken[-1]:
        equal += 1
    if equal > MOST_EQUAL:
        problems.append(f"{message!r}: the same reply {equal} times: {spoken[-1][:80]!r}")
    for form in bot.forms.values():
        action = action_of(bot, form.action)
        ended = {
            f"form/{form.name}/outcome/{outcome}"
            for outcome in action.outcomes
            if outcome not in action.reopens
        }
        done = {f"form {form.name}: a yes to what was shown"} & set(turn.trace)
        came_to = [one for one in turn.trace if one.startswith(f"form {form.name}: {form.action}")]
        said = {one.key for one in turn.reply.messages} & ended
        if not action.changes or not said or not came_to:
            continue
        shown = [one.key for one in before[-1].reply.messages]
        is_change = any(key.rsplit("/", 1)[-1] in _CHANGES for key in said)
        if is_change and (not done or f"form/{form.name}/confirm" not in shown):
            problems.append(f"{message!r}: {form.name} was carried out without a yes: {turn.trace}")
    return problems


_CHANGES = {"booked", "changed", "cancelled", "accepted", "filed", "blocked"}
"""Outcomes that say that something was done."""


def text_of(turn: Turn) -> str:
    """Return everything said in a turn."""
    return "\n".join(one.text for one in turn.reply.messages)
