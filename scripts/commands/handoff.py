"""Answer customers who wait for a person: list, show, take, say, release, done."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sangdam.backoffice.queue import Handoff
from sangdam.backoffice.requests import Request
from sangdam.bots.definition import Bot
from sangdam.dialogue.turn import Turn
from sangdam.ports import PackMissingError
from sangdam.services.errors import RefusedError
from sangdam.services.queue import HUMAN, People, release, say, settle, take, waiting
from sangdam_adapters import stores
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.paths import PACKS
from scripts.local.target import Target, TargetError, add_option, find_target

_SHOWN = 100
"""How many turns before and after the handoff are shown at most."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One person at the queue of one bot."""

    bot: Bot
    people: People
    by: str

    def time(self, moment: datetime) -> str:
        return f"{moment.astimezone(ZoneInfo(self.bot.time_zone)):%Y-%m-%d %H:%M}"

    def all(self) -> Sequence[Handoff | Request]:
        return waiting(self.bot.name, store=self.people.backoffice)

    def named(self, name: str) -> Handoff | Request | str:
        """Return who waits under an id, or the beginning of one; else the id itself."""
        fitting = [one for one in self.all() if _id(one).startswith(name)]
        exact = [one for one in fitting if _id(one) == name]
        if len(fitting) > 1 and not exact:
            raise ValueError(f"'{name}' fits {', '.join(map(_id, fitting))}; write more of it")
        return next(iter(exact or fitting), name)

    def session(self, name: str) -> str:
        one = self.named(name)
        if isinstance(one, Request):
            raise ValueError(f"{one.number} asks to be called back; 'done' settles it")
        return one if isinstance(one, str) else one.session_id


def main(argv: Sequence[str] | None = None) -> int:
    """Carry one command out."""
    options = _parser().parse_args(argv)
    try:
        bot = YamlPacks(PACKS).load(options.bot).bot
        desk = Desk(bot, people(find_target(options.stack)), options.by)
        _COMMANDS[options.command](desk, options)
    except (TargetError, PackMissingError, RefusedError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def people(target: Target) -> People:
    """Return what answering needs, in the stores of a service."""
    settings, aws = target.settings, stores.Aws()
    return People(
        stores.open_conversations(settings.conversations, aws, backoffice=settings.backoffice),
        stores.open_backoffice(settings.backoffice, aws),
        stores.now,
    )


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--bot", required=True, help="which bot's customers")
    common.add_argument(
        "--by", default=_user(), help="who answers, for colleagues to see (default: your login)"
    )
    add_option(common)
    parser = argparse.ArgumentParser(prog="scripts/handoff", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, told, arguments in (
        ("list", "who waits: what is urgent first, then the oldest", ()),
        ("show", "what a customer wants, and the conversation so far", ("id",)),
        ("take", "take a conversation, so that no colleague answers it, too", ("id",)),
        ("say", "tell the customer something", ("id", "text")),
        ("release", "give the conversation back to the bot, after last words if you like",
         ("id", "words")),
        ("done", "the customer has been called back", ("id",)),
    ):  # fmt: skip
        command = commands.add_parser(name, help=told, description=told, parents=[common])
        for argument in arguments:
            if argument == "id":
                command.add_argument("id", help="session or number, or the beginning of one")
            else:
                command.add_argument(argument, nargs="?" if argument == "words" else None)
    return parser


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "operator"


def _list(desk: Desk, options: argparse.Namespace) -> None:
    waiting = desk.all()
    print(f"{len(waiting)} waiting")
    for one in waiting:
        if isinstance(one, Handoff):
            urgent = "URGENT " if one.urgent else ""
            taken = f"  (taken by {one.by})" if one.status == "taken" else ""
            print(f"{_id(one)}  {desk.time(one.at)} [{one.language}] {urgent}{one.summary}{taken}")
        else:
            values = ", ".join(f"{role} {value}" for role, value in one.values.items())
            print(f"{_id(one)}  {desk.time(one.at)} [{one.language}] call back: {values}")


def _show(desk: Desk, options: argparse.Namespace) -> None:
    one = desk.named(options.id)
    if isinstance(one, Request):
        print(f"{one.number}: a request to be called back, {desk.time(one.at)} [{one.language}]")
        _values(one.values)
        return
    session_id = one if isinstance(one, str) else one.session_id
    stored = desk.people.conversations.load(session_id)
    if stored is None or stored.session.bot != desk.bot.name:
        raise ValueError(f"'{desk.bot.name}' has no session {session_id}")
    first = -1
    if isinstance(one, Handoff):
        state = f"taken by {one.by}" if one.status == "taken" else "waiting"
        print(f"{session_id}: {state} since {desk.time(one.at)} [{one.language}]")
        print(("URGENT: " if one.urgent else "") + one.summary)
        _values(one.values)
        first = max(-1, one.turn - _SHOWN)
    for turn in desk.people.conversations.turns(session_id, after=first, limit=2 * _SHOWN):
        _print_turn(turn, desk)


def _print_turn(turn: Turn, desk: Desk) -> None:
    print(f"\n#{turn.number}  {desk.time(turn.at)}")
    if turn.message is not None:
        print(f"  customer: {turn.message.text or turn.message.label or '(a button)'}")
    for message in turn.reply.messages:
        print(f"  {'person' if message.key == HUMAN else 'bot'}: {message.text}")


def _values(values: Mapping[str, str]) -> None:
    for name, value in values.items():
        print(f"  {name}: {value}")


def _take(desk: Desk, options: argparse.Namespace) -> None:
    taken = take(desk.bot.name, desk.session(options.id), by=desk.by, people=desk.people)
    print(f"{taken.session_id} is yours: {taken.summary}")


def _say(desk: Desk, options: argparse.Namespace) -> None:
    turn = say(desk.bot, desk.session(options.id), options.text, by=desk.by, people=desk.people)
    print(f"said, as turn {turn.number}")


def _release(desk: Desk, options: argparse.Namespace) -> None:
    turn = release(
        desk.bot, desk.session(options.id), by=desk.by, words=options.words, people=desk.people
    )
    print(f"the bot answers again, from turn {turn.number + 1}")


def _done(desk: Desk, options: argparse.Namespace) -> None:
    one = desk.named(options.id)
    if isinstance(one, Handoff):
        raise ValueError(f"{one.session_id} is a conversation; 'release' gives it back")
    number = one if isinstance(one, str) else one.number
    settle(desk.bot.name, number, store=desk.people.backoffice)
    print(f"{number} is settled")


_COMMANDS: Mapping[str, Callable[[Desk, argparse.Namespace], None]] = {
    "list": _list,
    "show": _show,
    "take": _take,
    "say": _say,
    "release": _release,
    "done": _done,
}


def _id(one: Handoff | Request) -> str:
    return one.session_id if isinstance(one, Handoff) else one.number


if __name__ == "__main__":
    raise SystemExit(main())
