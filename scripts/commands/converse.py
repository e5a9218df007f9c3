"""Replay the conversations of bot packs against their releases and show what differs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console

from sangdam.bots.compiled import read_bot
from sangdam.bots.conversation import Conversation
from sangdam.bots.definition import Bot
from sangdam.bots.reading import PackError
from sangdam.learning.release import BOT, Release, ReleaseError, ReleaseMissingError
from sangdam.ports import PackMissingError
from sangdam.services.coverage import coverage
from sangdam.services.rehearse import Rehearsal, rehearse
from sangdam_adapters import stores
from sangdam_adapters.file_releases import FileRegistry
from sangdam_adapters.nightly import demo_of
from sangdam_adapters.onnx_classifier import OnnxModelOpener
from sangdam_adapters.rehearsal import rehearser
from sangdam_adapters.settings import Address
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.paths import ENCODER, PACKS, RELEASES


def main(argv: Sequence[str] | None = None) -> int:
    """Replay; returns 0 if every conversation went as written."""
    parser = argparse.ArgumentParser(prog="scripts/converse", description=__doc__)
    parser.add_argument("bots", nargs="*", metavar="BOT", help="which bots (default: all)")
    parser.add_argument("--all", action="store_true", help="all bots; what no name means too")
    parser.add_argument("--only", metavar="TEXT", help="conversations whose name has this text")
    parser.add_argument("--missing", action="store_true", help="name what no conversation reached")
    parser.add_argument("--releases", type=Path, default=RELEASES, help="folder of the releases")
    parser.add_argument("--packs", type=Path, default=PACKS, help="folder of the bot packs")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML here")
    options = parser.parse_args(argv)
    console = Console(soft_wrap=True)
    packs = YamlPacks(options.packs)
    registry = FileRegistry(options.releases, clock=stores.now)
    encoders = stores.open_encoders(Address("file", "", str(ENCODER)))
    open_release = rehearser(
        OnnxModelOpener(encoders),
        demo_of(Address("file", "", str(options.packs))),
        stores.open_holidays(),
    )
    good = True
    suites: dict[str, tuple[list[Conversation], Rehearsal]] = {}
    for bot in options.bots or packs.names():
        try:
            pack = packs.load(bot)
            release = _release(registry, bot)
        except (PackError, PackMissingError, ReleaseError) as error:
            print(error, file=sys.stderr)
            good = False
            continue
        chosen = [one for one in pack.conversations if not options.only or options.only in one.name]
        rehearsal = rehearse(chosen, open_release(release))
        suites[bot] = (chosen, rehearsal)
        good = good and rehearsal.passed
        _tell(console, read_bot(release.files[BOT]), rehearsal, with_missing=options.missing)
    if options.junit is not None:
        options.junit.write_bytes(junit(suites))
    return 0 if good else 1


def _release(registry: FileRegistry, bot: str) -> Release:
    pointer = registry.current(bot)
    if pointer is None:
        raise ReleaseMissingError(f"bot '{bot}' has no release: make one with scripts/train {bot}")
    return registry.load(bot, pointer.release)


def _tell(console: Console, bot: Bot, rehearsal: Rehearsal, *, with_missing: bool) -> None:
    for difference in rehearsal.differences:
        console.print(f"- {difference}", style="red", highlight=False, markup=False)
        for line in difference.talk:
            console.print(f"    {line}", highlight=False, markup=False)
    failed = len(rehearsal.failed)
    found = coverage(bot, said=rehearsal.said, intents=rehearsal.intents)
    reached = ", ".join(f"{one.kind} {one.reached} of {one.total}" for one in found)
    console.print(
        f"{bot.name}: {rehearsal.played - failed} passed, {failed} failed; reached: {reached}",
        highlight=False,
    )
    for one in found if with_missing else ():
        for name in one.missing:
            console.print(f"  {one.kind}: {name}", highlight=False, markup=False)


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
                    failure = ElementTree.SubElement(case, "failure", message=str(one))
                    failure.text = "\n".join(one.talk)
    data: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return data


if __name__ == "__main__":
    raise SystemExit(main())
