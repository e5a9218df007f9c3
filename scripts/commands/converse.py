"""Replay the conversations of bot packs and show what differs; or let simulated customers talk.

A pack is played as it is written now, with the classifier of its last release: a change of words,
forms or rules needs no training, one of examples does.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from sangdam.bots.conversation import Conversation
from sangdam.bots.parse import Pack
from sangdam.bots.reading import PackError
from sangdam.learning.release import Release, ReleaseError, ReleaseMissingError
from sangdam.ports import PackMissingError
from sangdam.services.coverage import KINDS, Coverage, coverage
from sangdam.services.edited_release import is_learnt, with_pack
from sangdam.services.rehearse import Rehearsal, rehearse
from sangdam_adapters import stores
from sangdam_adapters.file_releases import FileRegistry
from sangdam_adapters.nightly import demo_of
from sangdam_adapters.onnx_classifier import OnnxModelOpener
from sangdam_adapters.rehearsal import rehearser
from sangdam_adapters.settings import Address
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.paths import ENCODER, PACKS, RELEASES
from scripts.rehearsal.diff import CAME, WANTED, lines_of
from scripts.rehearsal.junit import Suite, junit
from scripts.simulation.persona import personas
from scripts.simulation.stroll import Talk, stroll, talk_again

EXAMPLES = """examples:
  scripts/converse                        the conversations of every bot
  scripts/converse shop --only 반품        those of the shop whose name has this text
  scripts/converse shop --missing         what no conversation has been through
  scripts/converse --least intents=95 --least forms=100 --junit build/talks.xml
  scripts/converse shop --walk 500        500 simulated customers, the same ones every time
  scripts/converse shop --walk-one 123    the talk of customer 123 of such a walk
"""


@dataclass(frozen=True, slots=True)
class Bots:
    """The packs and releases that are played, and what playing them takes."""

    packs: YamlPacks
    registry: FileRegistry
    opener: OnnxModelOpener
    folder: Address

    def load(self, bot: str) -> tuple[Pack, Release]:
        """Return a pack, and its release with the pack's words as they are now.

        Raises PackError, PackMissingError or ReleaseError.
        """
        pack = self.packs.load(bot)
        pointer = self.registry.current(bot)
        if pointer is None:
            raise ReleaseMissingError(
                f"bot '{bot}' has no release: make one with scripts/train {bot}"
            )
        release = self.registry.load(bot, pointer.release)
        if not is_learnt(release, pack):
            print(f"{bot}: examples were changed since: scripts/train {bot}", file=sys.stderr)
        return pack, with_pack(release, pack)


def main(argv: Sequence[str] | None = None) -> int:
    """Replay or walk; returns 0 if everything went as it should."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.walk_one is not None and len(options.bots) != 1:
        parser.error("--walk-one needs the one bot that was walked through")
    console = Console(soft_wrap=True, highlight=False)
    folder = Address.of_folder(options.packs)
    encoders = stores.open_encoders(Address.of_folder(ENCODER))
    bots = Bots(
        YamlPacks(options.packs),
        FileRegistry(options.releases, clock=stores.now),
        OnnxModelOpener(encoders),
        folder,
    )
    least = {kind: share for one in options.least for kind, share in one.items()}
    play = _replayed(bots, options, console, least)
    if options.walk is not None or options.walk_one is not None:
        play = _walked(bots, options, console)
    suites: dict[str, Suite] = {}
    good = True
    for bot in options.bots or bots.packs.names():
        try:
            pack, release = bots.load(bot)
            suites[bot], passed = play(pack, release)
            good = good and passed
        except (PackError, PackMissingError, ReleaseError) as error:
            print(error, file=sys.stderr)
            suites[bot] = Suite(error=str(error))
            good = False
    if options.junit is not None:
        options.junit.parent.mkdir(parents=True, exist_ok=True)
        options.junit.write_bytes(junit(suites))
    return 0 if good else 1


Play = Callable[[Pack, Release], tuple[Suite, bool]]


def _replayed(
    bots: Bots, options: argparse.Namespace, console: Console, least: Mapping[str, float]
) -> Play:
    open_release = rehearser(bots.opener, demo_of(bots.folder), stores.open_holidays())

    def play(pack: Pack, release: Release) -> tuple[Suite, bool]:
        chosen = [one for one in pack.conversations if _is_chosen(one, options.only)]
        if options.only and not chosen:
            print(f"{pack.bot.name}: no conversation's name has '{options.only}'", file=sys.stderr)
        began = time.monotonic()
        rehearsal = rehearse(chosen, open_release(release))
        suite = Suite(chosen, rehearsal, seconds=time.monotonic() - began)
        found = coverage(pack.bot, rehearsal.reached)
        _tell(console, pack.bot.name, rehearsal, found, with_missing=options.missing)
        low = [one for one in found if one.share * 100 < least.get(one.kind, 0)]
        for one in low:
            wanted = f"{least[one.kind]:g} % of its {one.kind} are wanted"
            console.print(f"{pack.bot.name}: {one.share:.1%} reached, {wanted}", style="red")
        return suite, rehearsal.passed and not low

    return play


def _walked(bots: Bots, options: argparse.Namespace, console: Console) -> Play:
    demo, holidays = demo_of(bots.folder), stores.open_holidays()

    def play(pack: Pack, release: Release) -> tuple[Suite, bool]:
        people = personas(options.packs / pack.bot.name)
        talk = Talk(pack, release, bots.opener, demo(pack.bot.name), holidays, people)
        if options.walk_one is not None:
            lines, problems = talk_again(talk, options.walk_one, seed=options.seed)
            for line in (*lines, *(f"! {one}" for one in problems)):
                console.print(line, markup=False)
            return Suite(), not problems
        began = time.monotonic()
        walk = stroll(talk, conversations=options.walk, seed=options.seed)
        for problem in walk.problems:
            console.print(f"! {problem}", style="red", markup=False)
        found = coverage(pack.bot, walk.reached)
        console.print(
            f"{pack.bot.name}: {walk.conversations} customers (seed {options.seed}),"
            f" {walk.turns} turns in {time.monotonic() - began:.0f} s, {len(walk.problems)}"
            f" problems; {_shares(found)}",
        )
        _missing(console, found if options.missing else ())
        return Suite(error="\n".join(walk.problems)), not walk.problems

    return play


def _is_chosen(conversation: Conversation, text: str | None) -> bool:
    return not text or text in conversation.name or text in conversation.tags


def _tell(
    console: Console,
    bot: str,
    rehearsal: Rehearsal,
    found: Sequence[Coverage],
    *,
    with_missing: bool,
) -> None:
    for difference in rehearsal.differences:
        for line in lines_of(difference):
            style = {WANTED: "red", CAME: "green"}.get(line[: len(WANTED)])
            console.print(line, style=style, markup=False)
        console.print()
    failed = len(rehearsal.differences)
    passed = rehearsal.played - failed
    console.print(f"{bot}: {passed} passed, {failed} failed; {_shares(found)}")
    _missing(console, found if with_missing else ())


def _shares(found: Sequence[Coverage]) -> str:
    return "reached: " + ", ".join(f"{one.kind} {one.reached} of {one.total}" for one in found)


def _missing(console: Console, found: Sequence[Coverage]) -> None:
    for one in found:
        for name in one.missing:
            console.print(f"  {one.kind}: {name}", markup=False)


def _least(text: str) -> dict[str, float]:
    kind, _, percent = text.rpartition("=")
    try:
        share = float(percent)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 100 or kind not in ("", *KINDS):
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither a percentage nor KIND=PERCENT with one of {', '.join(KINDS)}"
        )
    return dict.fromkeys([kind] if kind else KINDS, share)


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of conversations")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/converse",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("bots", nargs="*", metavar="BOT", help="which bots (default: all)")
    add("--all", action="store_true", help="all bots; what no name means too")
    add(
        "--only",
        metavar="TEXT",
        help="those whose name has this text, or that have this tag",
    )
    add("--missing", action="store_true", help="name what no conversation reached")
    add(
        "--least", metavar="[KIND=]PERCENT", type=_least, action="append", default=[],
        help=f"fail if less is reached; kinds: {', '.join(KINDS)} (default: each of them)",
    )  # fmt: skip
    add("--junit", type=Path, metavar="FILE", help="write JUnit XML here")
    add("--walk", type=_count, metavar="N", help="let so many simulated customers talk instead")
    add("--walk-one", type=_count, metavar="NUMBER", help="show the talk of one such customer")
    add("--seed", type=int, default=0, help="other customers for each seed (default: 0)")
    add("--releases", type=Path, default=RELEASES, help="folder of the releases")
    add("--packs", type=Path, default=PACKS, help="folder of the bot packs")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
