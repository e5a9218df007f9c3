"""Replay the conversations of bot packs through the chat function and show what differs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console

from sangdam.bots.conversation import Conversation
from sangdam.bots.parse import Pack
from sangdam.bots.reading import PackError
from sangdam.ports import PackMissingError
from sangdam.services.rehearse import Rehearsal, rehearse
from sangdam_adapters.rehearsal import REHEARSAL_TIME
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.handler_line import Handler, HandlerLine
from scripts.local.in_memory import chat_function
from scripts.local.paths import ENCODER, PACKS, RELEASES


def main(argv: Sequence[str] | None = None) -> int:
    """Replay; returns 0 if every conversation went as written."""
    parser = argparse.ArgumentParser(prog="scripts/converse", description=__doc__)
    parser.add_argument("bots", nargs="*", metavar="BOT", help="which bots (default: all)")
    parser.add_argument("--all", action="store_true", help="all bots; what no name means too")
    parser.add_argument("--only", metavar="TEXT", help="conversations whose name has this text")
    parser.add_argument("--releases", type=Path, default=RELEASES, help="folder of the releases")
    parser.add_argument("--packs", type=Path, default=PACKS, help="folder of the bot packs")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML here")
    options = parser.parse_args(argv)
    console = Console(soft_wrap=True)
    packs = YamlPacks(options.packs)
    good = True
    suites: dict[str, tuple[list[Conversation], Rehearsal]] = {}
    with chat_function(
        packs=options.packs, releases=options.releases, encoder=ENCODER,
        today=REHEARSAL_TIME.date(),
    ) as handler:  # fmt: skip
        for bot in options.bots or packs.names():
            try:
                pack = packs.load(bot)
            except (PackError, PackMissingError) as error:
                print(error, file=sys.stderr)
                good = False
                continue
            chosen = [
                one for one in pack.conversations if not options.only or options.only in one.name
            ]
            rehearsal = rehearse(chosen, partial(_line, handler, bot))
            suites[bot] = (chosen, rehearsal)
            good = good and rehearsal.passed
            _tell(console, pack, chosen, rehearsal)
    if options.junit is not None:
        options.junit.write_bytes(junit(suites))
    return 0 if good else 1


def _line(handler: Handler, bot: str, conversation: Conversation) -> HandlerLine:
    return HandlerLine(handler, bot, conversation.language)


def _tell(
    console: Console, pack: Pack, chosen: Sequence[Conversation], rehearsal: Rehearsal
) -> None:
    for difference in rehearsal.differences:
        console.print(f"- {difference}", style="red", highlight=False, markup=False)
    covered = covered_intents(chosen)
    failed = len(rehearsal.failed)
    passed = rehearsal.played - failed
    console.print(
        f"{pack.bot.name}: {passed} passed, {failed} failed; "
        f"{len(covered)} of {len(pack.bot.intents)} intents expected somewhere",
        highlight=False,
    )


def covered_intents(conversations: Iterable[Conversation]) -> frozenset[str]:
    """Return the intents some step expects, by name or by the reply it must get."""
    found: set[str] = set()
    for conversation in conversations:
        for step in conversation.steps:
            if step.expect.intent is not None:
                found.add(step.expect.intent)
            for key in step.expect.replies or ():
                if key.startswith("intent/"):
                    found.add(key.removeprefix("intent/"))
    return frozenset(found)


def junit(suites: dict[str, tuple[list[Conversation], Rehearsal]]) -> bytes:
    """Return the results in the XML that CI systems read."""
    top = ElementTree.Element("testsuites")
    for bot, (conversations, rehearsal) in suites.items():
        suite = ElementTree.SubElement(
            top, "testsuite", name=bot, tests=str(rehearsal.played),
            failures=str(len(rehearsal.failed)),
        )  # fmt: skip
        for conversation in conversations:
            case = ElementTree.SubElement(
                suite, "testcase", classname=conversation.file, name=conversation.name
            )
            for one in rehearsal.differences:
                if (one.file, one.conversation) == (conversation.file, conversation.name):
                    ElementTree.SubElement(case, "failure", message=str(one))
    data: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return data


if __name__ == "__main__":
    raise SystemExit(main())
